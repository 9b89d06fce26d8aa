"""What fields hold that are this service's own, and the parent of what has a first and a last day."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from chassis.base.fields import Day, Input
from chassis.base.validation import contradiction


def one_line(text: str) -> str:
    """The text without spaces around it, if it is a single line."""
    if any(ord(character) < 32 for character in text):
        raise ValueError("One line, without control characters.")
    if not (stripped := text.strip()):
        raise ValueError("Not empty.")
    return stripped


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
Telephone = Annotated[str, Field(pattern=r"^[0-9+() -]{5,30}$")]


class WithDays(Input):
    """Something that begins on a day and may end on another."""

    starts_on: Day
    ends_on: Day | None = Field(default=None, description="The last day, if there is one.")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            contradiction(
                "ends_before_it_starts",
                "The last day, ends_on, is not before the first, starts_on.",
                "starts_on",
                "ends_on",
            )
        return self
