"""What fails validation is said to people: the field as it was sent, a stable word, a plain sentence, never the value."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import pytest
from pydantic import AwareDatetime, EmailStr, Field, TypeAdapter, ValidationError, model_validator

from chassis.base.fields import Day, Input, PersonId, Slug, Words
from chassis.base.validation import contradiction, violations_of
from chassis.web.pagination import sorted_by


class Colour(StrEnum):
    """A light."""

    RED = "red"
    GREEN = "green"


class Part(Input):
    """A part of what is sent."""

    person_id: PersonId = "P1"
    starts_on: Day | None = None
    ends_on: Day | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            contradiction("ends_before_it_starts", "The last day is before the first.", "starts_on", "ends_on")
        return self


class Sent(Input):
    """What is sent."""

    person_id: PersonId
    colour: Colour = Colour.RED
    part: Part | Literal["none"] = "none"
    parts: list[Part] = Field(default_factory=list)
    held_on: Annotated[Day, Field(ge=date(1901, 1, 1))] | None = None
    at: AwareDatetime | None = None
    words: Words = "x"
    count: int = Field(1, le=3)
    placement: Annotated[str, Field(pattern="^(adoption|special_guardianship)$")] = "adoption"
    email: EmailStr | None = None
    colleague_id: UUID | None = None
    sort: str = sorted_by("-due_on", "person_id")
    agency_id: Slug = "police"
    reference: Annotated[str, Field(pattern=r"^ESC-\d{4}-\d{4,}$")] = "ESC-2019-0001"


class Whole(Input):
    """What says nothing."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        raise ValueError("Give one of both.")


CASES: list[tuple[dict[str, Any], set[tuple[str, str, str]]]] = [
    ({"person_id": None, "x-y": "OLIVER"}, {
        ("person_id", "string_type", "Person number must be text."),
        ("x-y", "extra_forbidden", "x-y is not a field of this request."),
    }),
    ({}, {("person_id", "missing", "Person number is missing.")}),
    ({"colour": "OLIVER"}, {("colour", "enum", "Colour must be one of red, green.")}),
    ({"parts": [{}, {"starts_on": "OLIVER"}]}, {("parts.1.starts_on", "value_error", "Write a day as 2019-04-01.")}),
    ({"part": {"person_id": 7}}, {
        ("part.person_id", "string_type", "Person number must be text."),
        ("part", "literal_error", "Part must be one of none."),
    }),
    ({"held_on": "1900-12-31"}, {("held_on", "greater_than_equal", "Date held must be 1901-01-01 or later.")}),
    ({"held_on": "2019-02-31"}, {
        ("held_on", "date_from_datetime_parsing", "Date held must be a date such as 2019-04-01."),
    }),
    ({"at": "2019-04-01T09:00:00"}, {
        ("at", "timezone_aware", "At must be a date and time such as 2019-04-01T09:30:00Z."),
    }),
    ({"words": ""}, {("words", "string_too_short", "Words must not be empty.")}),
    ({"words": "OLIVER" * 1000}, {("words", "string_too_long", "Words must be at most 4000 characters long.")}),
    ({"count": "OLIVER"}, {("count", "int_parsing", "Count must be a whole number.")}),
    ({"count": 4}, {("count", "less_than_equal", "Count must be 3 or less.")}),
    ({"placement": "OLIVER"}, {
        ("placement", "string_pattern_mismatch", "Placement must be one of adoption, special_guardianship."),
    }),
    ({"sort": "OLIVER"}, {
        ("sort", "string_pattern_mismatch", "Sort must be one of due_on, person_id, or one of them after a hyphen."),
    }),
    ({"agency_id": "OLIVER"}, {
        ("agency_id", "string_pattern_mismatch", "Agency must be made of lower-case letters, digits and hyphens."),
    }),
    ({"reference": "OLIVER"}, {
        ("reference", "string_pattern_mismatch", "Reference must be a reference such as ESC-2019-0042."),
    }),
    ({"email": "OLIVER@OLIVER OLIVER"}, {
        ("email", "value_error", "Email address must be an email address such as name@example.org."),
    }),
    ({"colleague_id": "OLIVER"}, {
        ("colleague_id", "uuid_parsing",
         "Colleague must be an identifier such as 018f6d3c-5a1e-7c4b-9d2e-3f4a5b6c7d8e."),
    }),
    ({"parts": [{"starts_on": "2019-04-02", "ends_on": "2019-04-01"}]}, {
        ("parts.0.starts_on", "ends_before_it_starts", "The last day is before the first."),
        ("parts.0.ends_on", "ends_before_it_starts", "The last day is before the first."),
    }),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), CASES)
def test_each_error_names_the_field_as_it_was_sent(body: dict[str, Any], said: set[tuple[str, str, str]]) -> None:
    sent = body if "person_id" in body or body == {} else {"person_id": "P1"} | body
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(Sent).validate_python(sent)
    errors = [error | {"loc": ("body", *error["loc"])} for error in raised.value.errors()]
    found = {(violation.field, violation.rule, violation.message) for violation in violations_of(errors, sent)}
    assert found == said
    assert "OLIVER" not in str(found)


def test_what_nobody_named_is_the_whole() -> None:
    """As in the row of a file, whose parts contradict each other."""
    with pytest.raises(ValidationError) as raised:
        Whole.model_validate({})
    (violation,) = violations_of(raised.value.errors())
    assert (violation.field, violation.message) == ("", "Give one of both.")
