"""Every rule says where it is written."""

import re

import pytest

from chassis.law import participation
from deploy.documents import functions_of, modules_of

SOURCE = re.compile(r"Sources?: \S|Regulations \d{4}|Act \d{4}|IRO Handbook")
MODULES = [*modules_of("reviews"), *modules_of("conferences"), participation]
FUNCTIONS = {
    f"{module.__name__}.{name}": function for module in MODULES for name, function in functions_of(module).items()
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_public_rule_cites_its_source(name: str) -> None:
    assert SOURCE.search(" ".join((FUNCTIONS[name].__doc__ or "").split()))


def test_the_rules_are_found() -> None:
    assert {"services.reviews.rules.sequence.reviews_due", "chassis.law.participation.possible_codes"} <= set(FUNCTIONS)
    assert "services.conferences.rules.plans.previous_plans" in FUNCTIONS
