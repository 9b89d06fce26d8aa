"""The settings that only this service has."""

from pydantic import Field

from chassis.base.settings import Settings
from services.reviews.rules.timescales import USUAL, Practice, UntilPlaced


class ReviewsSettings(Settings):
    """The settings of the reviews service."""

    participation_age: int = Field(
        default=4, ge=0, le=17, description="The default age from which figures count participation."
    )
    due_soon_days: int = Field(
        default=14, ge=1, le=60, description="How many days ahead a chair's weekly reminder looks for deadlines."
    )
    small_number_threshold: int = Field(
        default=5, ge=2, description="Counts below this could identify people: figures leave them out on request."
    )
    authorised_for_adoption: UntilPlaced = Field(
        default=USUAL.until_placed,
        description="Until a child who may be placed for adoption is: `sooner` of both sequences, or `adoption_only`.",
    )

    def practice(self) -> Practice:
        """What varies from council to council, as the rules take it."""
        return Practice(until_placed=self.authorised_for_adoption)
