"""The settings of this service, besides those that every service has."""

from pydantic import Field

from chassis.base.settings import Settings
from chassis.process import Process


class OwnerSettings(Settings):
    """The settings of the children service."""

    reviews_url: str = Field(
        default="http://127.0.0.1:8001", description="The address of the reviews service. Empty if there is none."
    )
    conferences_url: str = Field(
        default="http://127.0.0.1:8002", description="The address of the conferences service. Empty if there is none."
    )

    def found_by(self) -> dict[str, str]:
        """The addresses of the services that find children in what is imported, by name."""
        known = {"conferences": self.conferences_url, "reviews": self.reviews_url}
        return {name: url for name, url in known.items() if url}


def settings_of(process: Process) -> OwnerSettings:
    """This service's settings."""
    assert isinstance(process.settings, OwnerSettings)
    return process.settings
