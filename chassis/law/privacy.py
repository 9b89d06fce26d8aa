"""Words that people write freely, checked for what identifies a child or a family before they are kept or sent.

The checks are cautious: they may take an innocent word for a name, and whoever wrote it words it differently.
"""

import re
from datetime import date
from enum import StrEnum


class Identifies(StrEnum):
    """What a text seems to hold."""

    NHS_NUMBER = "nhs_number"
    DATE_OF_BIRTH = "date_of_birth"
    NAME = "name"


MESSAGES = {
    Identifies.NHS_NUMBER: "This looks like an NHS number. Please take it out.",
    Identifies.DATE_OF_BIRTH: "This looks like a date of birth. Please take it out.",
    Identifies.NAME: "This looks like somebody's name. Please write “the child”, “the worker” or a role instead.",
}
# A person whose birthday a note could give away is a child or a young adult.
OLDEST_YEARS = 25
YOUNGEST_DAYS = 120

_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)|(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_BIRTH = re.compile(r"\b(?:d\.?o\.?b\.?|born|date of birth|birthday)\b", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Miss|Ms|Mx|Dr|Master)\.?\s+[A-Z][a-z]+")
_TWO_CAPITALISED = re.compile(r"\b([A-Z][a-z'’]+)\s+([A-Z][a-z'’]+)\b")
# Words that are written with a capital and are nobody's name.
_NO_NAMES = frozenset(
    [
        "a", "academy", "act", "after", "all", "an", "and", "annual", "april", "as", "assurance", "at",
        "august", "authority", "board", "boards", "both", "by", "cafcass", "care", "centre", "chair", "chairs",
        "child", "children", "clinic", "college", "community", "conference", "conferences", "core", "corporate",
        "council", "county", "cross", "dear", "december", "director", "during", "each", "early", "east",
        "england", "family", "february", "for", "friday", "from", "general", "group", "groups", "handbook",
        "head", "health", "help", "home", "homes", "hospital", "housing", "i", "if", "in", "independent",
        "initial", "it", "january", "july", "june", "key", "lead", "liaison", "life", "links", "local",
        "looked", "manager", "managers", "many", "march", "may", "mental", "midwife", "midwifery", "monday",
        "most", "national", "no", "north", "november", "number", "numbers", "nurse", "nursery", "october", "of",
        "officer", "officers", "ofsted", "on", "our", "parenting", "partner", "partnership", "partnerships",
        "pathway", "people", "per", "performance", "permanency", "person", "plan", "plans", "police",
        "practice", "practitioner", "primary", "priorities", "priority", "probation", "protection", "quality",
        "quarter", "record", "records", "regulation", "report", "reports", "resource", "review", "reviewing",
        "reviews", "safeguarding", "safety", "saturday", "school", "secondary", "senior", "september",
        "service", "services", "signs", "since", "social", "south", "staff", "strengthening", "sunday",
        "support", "surgery", "team", "term", "the", "their", "there", "these", "they", "this", "thursday",
        "to", "together", "trust", "tuesday", "visitor", "we", "wednesday", "west", "when", "with", "worker",
        "workers", "working", "year", "yes", "you", "young", "your",
    ]
)  # fmt: skip


def identifying(text: str, today: date) -> list[Identifies]:
    """What in a text seems to identify somebody: NHS numbers (with a valid check digit), dates of birth and names."""
    found = []
    if any(_is_nhs_number(match.group()) for match in _TEN_DIGITS.finditer(text)):
        found.append(Identifies.NHS_NUMBER)
    if (_BIRTH.search(text) and _DAY.search(text)) or any(_may_be_a_birth(one, today) for one in _days(text)):
        found.append(Identifies.DATE_OF_BIRTH)
    if _TITLED.search(text) or any(_is_name(*match.groups()) for match in _TWO_CAPITALISED.finditer(text)):
        found.append(Identifies.NAME)
    return found


def _is_nhs_number(text: str) -> bool:
    """Whether the tenth digit is the check digit of the first nine (modulus 11, NHS Data Dictionary)."""
    digits = [int(character) for character in text if character.isdigit()]
    check = 11 - sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check != 10 and check % 11 == digits[9]


def _days(text: str) -> list[date]:
    days = []
    for match in _DAY.finditer(text):
        day, month, year, iso_year, iso_month, iso_day = match.groups()
        numbers = (iso_year, iso_month, iso_day) if iso_year else (year, month, day)
        century = 2000 if len(numbers[0]) == 2 else 0
        try:
            days.append(date(int(numbers[0]) + century, int(numbers[1]), int(numbers[2])))
        except ValueError:
            continue
    return days


def _may_be_a_birth(day: date, today: date) -> bool:
    return YOUNGEST_DAYS < (today - day).days < OLDEST_YEARS * 366


def _is_name(first: str, second: str) -> bool:
    return first.lower() not in _NO_NAMES and second.lower() not in _NO_NAMES
