"""The settings of this service, besides those that every service has."""

from pathlib import Path

from pydantic import Field

from chassis.base.council import CouncilSettings
from chassis.figures.asking import FiguresSettings
from chassis.papers.directory import DirectorySettings
from chassis.process import Process
from services.reports.rules import ReportKind


class ReportsSettings(FiguresSettings, CouncilSettings, DirectorySettings):
    """The settings of the reports service, which asks the services that own figures for them."""

    reviews_url: str = Field(default="http://127.0.0.1:8001", description="The address of the reviews service.")
    conferences_url: str = Field(default="http://127.0.0.1:8002", description="The address of the conferences service.")
    escalations_url: str = Field(default="http://127.0.0.1:8003", description="The address of the escalations service.")
    report_templates: Path | None = Field(
        default=None, description="A folder with the council's own templates of reports, such as `annual.toml`."
    )
    published_tables: Path | None = Field(
        default=None,
        description="A folder with tables published before, and `published.toml`: what has to add up in them.",
    )
    report_authors: dict[ReportKind, str] = Field(
        default_factory=dict,
        description="Who writes each kind of report, by the directory: JSON. It is begun when its period has ended.",
    )


def settings_of(process: Process) -> ReportsSettings:
    """This service's settings."""
    assert isinstance(process.settings, ReportsSettings)
    return process.settings
