"""Every label is of a value that the API has, so that none outlives what it names."""

import pytest

from chassis.law.labels import LABELS, RETURNS, field_label
from deploy.described import WORDS
from tests.support.contracts import services

SCHEMAS = services.merged()["components"]["schemas"]


def values_of(name: str) -> set[str]:
    """The values of an enum, which may have a longer name in the document than in the code."""
    return set(SCHEMAS[WORDS["names"].get(name, name)]["enum"])


@pytest.mark.parametrize("name", sorted(LABELS))
def test_a_label_is_of_a_value_of_its_enum(name: str) -> None:
    assert set(LABELS[name]) <= values_of(name)


@pytest.mark.parametrize("name", sorted(RETURNS))
def test_every_code_of_a_national_return_has_a_label(name: str) -> None:
    assert set(LABELS[name]) == values_of(name)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("event_on", "Date of the event"),
        ("q", "What to search for"),
        ("held_on", "Date held"),
        ("starts_on", "Start date"),
        ("area_id", "Area"),
    ],
)
def test_a_field_is_called_what_people_call_it(field: str, words: str) -> None:
    assert field_label(field) == words
