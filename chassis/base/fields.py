"""What fields hold that callers send, and the parent of what they send."""

from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chassis.base.dates import Day

T = TypeVar("T")


def _without_null(schema: dict[str, Any]) -> None:
    schema |= schema.pop("anyOf")[0]


# A parameter of an address that may be left out: nobody can send null there, so the document does not offer it.
Omittable = Annotated[T | None, Field(json_schema_extra=_without_null)]


def without_nul(text: str) -> str:
    """The text, which PostgreSQL can keep."""
    if "\x00" in text:
        raise ValueError("No NUL characters.")
    return text


def once_each(many: list[Any]) -> list[Any]:
    """The list, if nothing is in it twice."""
    if len(set(many)) != len(many):
        raise ValueError("Name each one once.")
    return many


PersonId = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9-]{1,20}$", description="A child's case-management person number; never a name."),
]


PersonIds = Annotated[list[PersonId], Field(min_length=1, max_length=20), AfterValidator(once_each)]


Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Lower case, digits and hyphens.")]


ColleagueId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]


MeetingReference = Annotated[str, Field(pattern=r"^[A-Za-z0-9/-]{1,40}$")]


Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(without_nul)]


Words = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(without_nul)]


# Before it there are no periods, and a year in a reference would not have four digits.
FIRST_DAY = date(1901, 1, 1)


def not_too_early(day: date) -> date:
    """The day, unless it is before the first one that has periods."""
    if day < FIRST_DAY:
        raise ValueError(f"No day before {FIRST_DAY}.")
    return day


PastDay = Annotated[Day, AfterValidator(not_too_early)]


# What is due after it still has a date.
LAST_DAY = date(2999, 12, 31)


def not_too_late(day: date) -> date:
    """The day, unless it is after the last one from which anything is counted."""
    if day > LAST_DAY:
        raise ValueError(f"No day after {LAST_DAY}.")
    return day


CountedDay = Annotated[PastDay, AfterValidator(not_too_late)]


class Input(BaseModel):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


def dumped(model: BaseModel) -> dict[str, Any]:
    """What a caller did send, without what they left out."""
    return model.model_dump(exclude_unset=True)
