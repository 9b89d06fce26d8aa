"""What cannot be so about a child, what stays where services say different things of one, and who is looked for."""

import re
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


class Wanted(NamedTuple):
    """Whom somebody looks for: by words of a name, the longest first, a day of birth, or the beginning of a number."""

    words: list[str]
    born_on: date | None
    number: str | None


_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"),
    re.compile(r"(?P<day>\d\d?)[./](?P<month>\d\d?)[./](?P<year>\d{4})"),
)
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9-]{2,20}")


def wanted_in(text: str) -> Wanted:
    """What is looked for by a text such as `Merrin Invented 14/05/2012` or `P100001`."""
    words, born_on, number = list[str](), None, None
    for part in text.lower().replace(",", " ").split():
        if day := _day_in(part):
            born_on = day
        elif _NUMBER.fullmatch(part):
            number = part.upper()
        else:
            words += _WORD.findall(part)
    return Wanted(sorted(words, key=len, reverse=True), born_on, number)


def _day_in(text: str) -> date | None:
    for form in _DAYS:
        if said := form.fullmatch(text):
            try:
                return date(*(int(said[part]) for part in ("year", "month", "day")))
            except ValueError:
                return None
    return None
