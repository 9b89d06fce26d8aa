"""What the papers of reviews and of conferences say alike: who the children are, when and where, and who said what."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.law.labels import label
from chassis.papers.directory import Names
from chassis.papers.paper import day

JSON = Mapping[str, Any]
ATTENDANCE = {"attended": "Attended", "apologies": "Apologies", "neither": "Absent"}


def born(child: JSON, births: Mapping[str, JSON]) -> str:
    """A child by name, with the day of birth, or the day on which the child is expected."""
    birth = births.get(child["person_id"], {})
    name = child["person_name"] or f"Number {child['person_id']}"
    if birth.get("born_on"):
        return f"{name}, born on {day(birth['born_on'])}"
    return f"{name}, expected on {day(birth['expected_on'])}" if birth.get("expected_on") else name


def when_and_where(meeting: JSON, names: Names) -> list[tuple[str, str]]:
    """When a meeting was or will be, where, and who chairs it."""
    held, planned, time = meeting["held_on"], meeting["planned_on"], meeting["planned_time"]
    when = day(held or planned, weekday=True)
    if time and held in {None, planned}:
        when += f" at {time[:5]}"
    where = ": ".join(filter(None, (label("Mode", meeting["mode"]), meeting["venue"])))
    return [
        ("Held on" if held else "Planned for", when),
        ("Where", where),
        ("Chair", names.colleague(meeting["chair_id"])),
    ]


def by_person(said: Iterable[JSON]) -> list[str]:
    """What people said, each with who it was."""
    return [f"{statement['by']}: {statement['words']}" for statement in said]
