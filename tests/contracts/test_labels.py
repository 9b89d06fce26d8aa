"""Every label is of a value that the API has, so that none outlives what it names."""

import pytest

from chassis.law.labels import LABELS, RETURNS
from tests.support.contracts import services

SCHEMAS = services.merged()["components"]["schemas"]


@pytest.mark.parametrize("name", sorted(LABELS))
def test_a_label_is_of_a_value_of_its_enum(name: str) -> None:
    assert set(LABELS[name]) <= set(SCHEMAS[name]["enum"])


@pytest.mark.parametrize("name", sorted(RETURNS))
def test_every_code_of_a_national_return_has_a_label(name: str) -> None:
    assert set(LABELS[name]) == set(SCHEMAS[name]["enum"])
