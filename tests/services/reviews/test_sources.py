"""Every rule says where it is written."""

import re

import pytest

from deploy.rules_document import functions_of, modules_of

SOURCE = re.compile(r"Source: \S|Regulations \d{4}|Act \d{4}|IRO Handbook")
FUNCTIONS = {
    f"{module.__name__}.{name}": function
    for module in modules_of("reviews")
    for name, function in functions_of(module).items()
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_public_rule_cites_its_source(name: str) -> None:
    assert SOURCE.search(" ".join((FUNCTIONS[name].__doc__ or "").split()))


def test_the_rules_are_found() -> None:
    assert "services.reviews.rules.sequence.reviews_due" in FUNCTIONS
    assert len(FUNCTIONS) > 25
