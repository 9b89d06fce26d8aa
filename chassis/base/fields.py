"""What fields hold that callers send, the parent of what they send, and how pages put identifiers and days in words."""

import re
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A version 7 UUID: unique, and sorted by the moment it was made.

    It is made in Python, so that a row and the event about it leave in one flush.
    """
    return uuid7()


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso(value: Any) -> Any:
    """What the framework would take for seconds since 1970 is refused; it reads everything else."""
    if isinstance(value, int | float) or (isinstance(value, str) and not _ISO.fullmatch(value)):
        raise ValueError("Write a day as 2019-04-01.")
    return value


# A day as ISO 8601 alone, never a bare number that would be read as seconds.
Day = Annotated[date, BeforeValidator(_iso)]

T = TypeVar("T")


def _without_null(schema: dict[str, Any]) -> None:
    schema |= schema.pop("anyOf")[0]


# A parameter of an address that may be left out: nobody can send null there, so the document does not offer it.
Omittable = Annotated[T | None, Field(json_schema_extra=_without_null)]
# The same for one that is repeated to choose several values, such as `state=open&state=answered`.
MOST_VALUES = 200
Several = Omittable[Annotated[list[T], Field(min_length=1, max_length=MOST_VALUES)]]


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
PastDay = Annotated[Day, Field(ge=date(1901, 1, 1))]
# What is due after the last one still has a date.
CountedDay = Annotated[PastDay, Field(le=date(2999, 12, 31))]


class Input(BaseModel):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


# Roles that are written in capitals.
CAPITALS = {"gp": "GP", "camhs": "CAMHS"}


def day_in_words(day: date | None) -> str:
    """A day in words, such as 3 June 2019."""
    return f"{day.day} {day:%B %Y}" if day else "not recorded"


def weekday_in_words(day: date) -> str:
    """A day with its weekday, such as Monday 3 June 2019."""
    return f"{day:%A} {day_in_words(day)}"


def in_words(identifier: str) -> str:
    """A role as people write it, by its identifier in the directory, which has no other name for it."""
    return CAPITALS.get(identifier, identifier.replace("-", " ").capitalize())
