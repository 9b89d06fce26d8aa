"""How pages put into words what is kept as a day or as an identifier."""

from datetime import date

# Roles that are written in capitals.
CAPITALS = {"gp": "GP", "camhs": "CAMHS"}


def day_in_words(day: date | None) -> str:
    """A day in words, such as 3 June 2019."""
    return f"{day.day} {day:%B %Y}" if day else "not recorded"


def in_words(identifier: str) -> str:
    """A role or an agency as people write it, by its identifier in the directory."""
    return CAPITALS.get(identifier, identifier.replace("-", " ").capitalize())
