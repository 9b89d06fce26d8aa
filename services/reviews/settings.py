"""The settings that only this service has."""

from pydantic import Field

from chassis.base.council import CouncilSettings
from chassis.children.settings import ChildrenSettings
from chassis.figures.asking import FiguresSettings
from chassis.papers.directory import DirectorySettings
from chassis.papers.distribution import PaperSettings
from chassis.process import Process
from services.reviews.rules.timescales import USUAL, Practice, UntilPlaced


class ReviewsSettings(CouncilSettings, FiguresSettings, ChildrenSettings, DirectorySettings, PaperSettings):
    """The settings of the reviews service."""

    participation_age: int = Field(
        default=4, ge=0, le=17, description="The default age from which figures count participation."
    )
    due_soon_days: int = Field(
        default=14, ge=1, le=60, description="How many days ahead a chair's weekly reminder looks for deadlines."
    )
    authorised_for_adoption: UntilPlaced = Field(
        default=USUAL.until_placed,
        description="Until a child who may be placed for adoption is: `sooner` of both sequences, or `adoption_only`.",
    )

    def practice(self) -> Practice:
        """What varies from council to council, as the rules take it."""
        return Practice(until_placed=self.authorised_for_adoption)


def settings_of(process: Process) -> ReviewsSettings:
    """The settings of this service's process."""
    assert isinstance(process.settings, ReviewsSettings)
    return process.settings
