"""Numbers within words: `{children_reviewed}` stands for the number, so that words and figures cannot drift apart."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from chassis.law.privacy import MESSAGES, identifying
from chassis.law.violations import Violation
from services.reports.documents.content import words
from services.reports.documents.model import Cell, Suppressed
from services.reports.indicators.definitions import INDICATORS

BEFORE = ".before"
NOT_SHOWN = "[number not shown]"
_BRACES = re.compile(r"\{([^{}]*)\}")


def referred(prose: str) -> list[str]:
    """What a text refers to: indicators, with `.before` where their number of the period before is meant."""
    return _BRACES.findall(prose)


def indicator_of(reference: str) -> str:
    """The name of the indicator that a reference means."""
    return reference.removesuffix(BEFORE)


def prose_violations(prose: str, today: date) -> Iterable[Violation]:
    """What is wrong with a text: it names somebody, or refers to what nobody counts."""
    for found in identifying(_BRACES.sub("1", prose), today):
        yield Violation("prose", found, MESSAGES[found])
    if set("{}") & set(_BRACES.sub("", prose)):
        yield Violation(
            "prose", "braces", "A number stands between two braces, such as {reviews}: one of them is missing."
        )
    for reference in dict.fromkeys(referred(prose)):
        if indicator_of(reference) not in INDICATORS:
            message = f"There is no indicator called {reference[:80]}. List the indicators to see their names."
            yield Violation("prose", "known_indicator", message)


def filled(prose: str, figures: Mapping[str, Cell]) -> str:
    """The text with every number in its place."""

    def number(match: re.Match[str]) -> str:
        reference = match.group(1)
        found = figures.get(reference)
        if isinstance(found, Suppressed) and found.fewer_than is None:
            return NOT_SHOWN
        return words(found, INDICATORS[indicator_of(reference)].unit).replace(".0%", "%")

    return _BRACES.sub(number, prose)
