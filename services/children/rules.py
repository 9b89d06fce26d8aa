"""What cannot be so about a child, and what stays where two services say different things of one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from chassis.law.violations import Violation, future_violation

RESTRICTED = "restricted"


def child_violations(
    person_id: str, born_on: date | None, died_on: date | None, family: tuple[list[str], str | None], today: date
) -> list[Violation | None]:
    """What is wrong with a child's days and relations; `family` are the siblings and the mother."""
    siblings, mother_person_id = family
    found = [future_violation("born_on", born_on, today), future_violation("died_on", died_on, today)]
    if born_on is not None and died_on is not None and died_on < born_on:
        found.append(Violation("died_on", "after_birth", f"The child was born on {born_on}."))
    if person_id in siblings:
        found.append(Violation("siblings", "other_children", "A child is not their own sibling."))
    if person_id == mother_person_id:
        found.append(Violation("mother_person_id", "other_child", "A child is not their own mother."))
    return found


class Disagreement(NamedTuple):
    """What a service says of a child in a field that has another value."""

    field: str
    source: str
    kept: Any
    found: Any


def combined(
    known: Mapping[str, Any], source: str, found: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Disagreement]]:
    """What is known of a child with what another service says, and what these disagree about.

    What is known stays, and what is said fills what is empty.
    """
    whole, disagreements = dict(known), list[Disagreement]()
    for field, value in found.items():
        if value in (None, []) or value == known[field]:
            continue
        if known[field] in (None, []):
            whole[field] = value
        else:
            disagreements.append(Disagreement(field, source, known[field], value))
    return whole, disagreements
