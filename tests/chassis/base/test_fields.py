"""What callers may write in the fields that several services share."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis.base import fields

FINE: list[tuple[Any, Any]] = [
    (fields.PersonId, "P100001"),
    (fields.PersonIds, ["P1", "P2"]),
    (fields.Slug, "health-visitor"),
    (fields.ColleagueId, "robin.invented@example.org"),
    (fields.MeetingReference, "C/2019-42"),
    (fields.Line, "Bridge Surgery"),
    (fields.Words, "Nobody\nwrote."),
    (fields.PastDay, "1901-01-01"),
]
WRONG: list[tuple[Any, Any]] = [
    # A name is no number, and neither is a very long one.
    (fields.PersonId, "Robin Planted"),
    (fields.PersonId, "P" * 21),
    (fields.PersonId, "P1\n"),
    # Nobody, somebody twice, and more than any family has.
    (fields.PersonIds, []),
    (fields.PersonIds, ["P1", "P1"]),
    (fields.PersonIds, [f"P{number}" for number in range(21)]),
    (fields.Slug, "Health Visitor"),
    (fields.Slug, "-gp"),
    (fields.Slug, "g" * 61),
    (fields.ColleagueId, ".robin"),
    (fields.MeetingReference, "C 42"),
    (fields.MeetingReference, ""),
    # What PostgreSQL cannot keep, nothing, and too much.
    (fields.Line, "a\x00b"),
    (fields.Line, ""),
    (fields.Line, "a" * 201),
    (fields.Words, "a\x00b"),
    (fields.Words, "a" * 4001),
    # Before the first period, no ISO date, and seconds.
    (fields.PastDay, "1900-12-31"),
    (fields.PastDay, "31/12/2019"),
    (fields.PastDay, 1554076800),
]


@pytest.mark.parametrize(("field", "value"), FINE)
def test_what_is_meant_is_taken(field: Any, value: Any) -> None:
    assert TypeAdapter(field).dump_python(TypeAdapter(field).validate_python(value), mode="json") == value


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_anything_else_is_refused(field: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(field).validate_python(value)


class WishIn(fields.Input):
    """A wish."""

    wish: str | None = None
    by: str = "nobody"


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        WishIn.model_validate({"wish": "A bicycle.", "colour": "red"})


def test_what_was_left_out_is_not_what_was_emptied() -> None:
    assert WishIn.model_validate({"wish": None}).model_dump(exclude_unset=True) == {"wish": None}
    assert WishIn.model_validate({"by": "P1"}).model_dump(exclude_unset=True) == {"by": "P1"}


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("gp", "GP"),
        ("health-visitor", "Health visitor"),
    ],
)
def test_roles_are_said_as_people_write_them(identifier: str, words: str) -> None:
    assert fields.in_words(identifier) == words
