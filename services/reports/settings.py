"""The settings of this service, besides those that every service has."""

from pydantic import Field

from chassis.figures.asking import FiguresSettings
from chassis.process import Process


class ReportsSettings(FiguresSettings):
    """The settings of the reports service, which asks the services that own figures for them."""

    reviews_url: str = Field(default="http://127.0.0.1:8001", description="The address of the reviews service.")
    conferences_url: str = Field(default="http://127.0.0.1:8002", description="The address of the conferences service.")
    escalations_url: str = Field(default="http://127.0.0.1:8003", description="The address of the escalations service.")


def settings_of(process: Process) -> ReportsSettings:
    """This service's settings."""
    assert isinstance(process.settings, ReportsSettings)
    return process.settings
