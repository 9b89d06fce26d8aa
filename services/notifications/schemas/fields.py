"""What fields hold, and the parents of what callers send."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chassis.dates import Day


def one_line(text: str) -> str:
    """The text without blanks around it, if it is one line."""
    if any(ord(character) < 32 for character in text):
        raise ValueError("One line, without control characters.")
    if not (stripped := text.strip()):
        raise ValueError("Not empty.")
    return stripped


def once_each(many: list[Any]) -> list[Any]:
    """The list, if nothing is in it twice."""
    if len(set(many)) != len(many):
        raise ValueError("Name each one once.")
    return many


Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Lower case, digits and hyphens.")]


ColleagueId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]


class Input(BaseModel):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class WithDays(Input):
    """Something that begins on a day and may end on another."""

    starts_on: Day
    ends_on: Day | None = Field(default=None, description="The last day, if there is one.")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("The last day, ends_on, is not before the first, starts_on.")
        return self
