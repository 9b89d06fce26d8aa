"""What the papers of reviews and of conferences say alike: who the children are, when and where, and who said what."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chassis.law.labels import label
from chassis.papers.directory import Directory, Names
from chassis.papers.paper import day
from chassis.process import Process
from chassis.web.pagination import JsonRows
from chassis.web.reading import RecordReader

JSON = Mapping[str, Any]
ATTENDANCE = {"attended": "Attended", "apologies": "Apologies", "neither": "Absent"}


async def read_meeting(
    process: Process, reader: RecordReader, meetings: JsonRows, reference: str
) -> tuple[JSON, Names]:
    """A meeting and the names in it, for somebody who may see all of its children; `NotFound` for anybody else."""
    found = await reader.one(meetings, reference=reference)
    meeting: JSON = json.loads(bytes(found.body))
    agencies = (invitation["agency_id"] for invitation in meeting["invitations"])
    return meeting, await Directory(process).names([meeting["chair_id"]], agencies)


def status_of_record(completed_on: str | None) -> str:
    """Whether a record is complete."""
    return f"Complete record of {day(completed_on)}" if completed_on else "Draft: the record is not complete"


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
