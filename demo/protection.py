"""The invented families with child protection conferences of April 2018 to March 2020, as rows of imports."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from chassis.base.cells import cell, list_in
from demo.tables import Row, read, read_by

EVERYBODY = "Everybody who was invited"
# In how many ways records tell of a reason for a plan.
WAYS = 3
STEPS_WITHIN_WEEKS = (2, 4, 6)


def conferences() -> list[Row]:
    """Every child's part in every conference, the children of a conference one after another."""
    names, categories = defaultdict[str, list[str]](list), defaultdict[str, str](str)
    for row in invitations():
        if row["invited_as"] in {"professional", "family"}:
            names[row["meeting"]].append(row["name"])
    children = read("protection/child_conferences")
    for row in children:
        categories[row["meeting"]] = max(categories[row["meeting"]], row["category"])
    meetings, records = read_by("protection/conferences", "meeting"), _records()
    for key, meeting in meetings.items():
        recipients = cell(list(dict.fromkeys(names[key]))) or EVERYBODY
        meeting["distributed_to"] = recipients if meeting["distributed_on"] else ""
        if meeting["record_on"]:
            meeting.update(records[categories[key], int(key.removeprefix("C")) % WAYS])
            held_on, steps = date.fromisoformat(meeting["held_on"]), len(list_in(meeting["next_steps"]))
            days = [held_on + timedelta(weeks=weeks) for weeks in STEPS_WITHIN_WEEKS[:steps]]
            meeting["next_steps_due_on"] = cell(list(map(str, days)))
    return [meetings[row["meeting"]] | row for row in children]


def _records() -> dict[tuple[str, int], Row]:
    """What the records of conferences say, by the reason for a plan, or none, and by the way in which it is told."""
    said = defaultdict[tuple[str, int], dict[str, list[str]]](lambda: defaultdict(list))
    for row in read("protection/records"):
        told = said[row["category"], int(row["told"])]
        told[row["part"]].append(row["point"])
        if row["owner"]:
            told["next_step_owners"].append(row["owner"])
    return {key: {part: cell(points) for part, points in told.items()} for key, told in said.items()}


def invitations() -> list[Row]:
    """Everybody who was invited, what they contributed, and what became of what was missing.

    Of conferences before April 2018 nobody knows any more who was invited.
    """
    return _invited("protection/invitations", read_by("protection/conferences", "meeting"))


def planned_invitations() -> list[Row]:
    """Who is invited to the conferences of the next two weeks, and what has come from them already."""
    return _invited("protection/planned_invitations", read_by("protection/planned_conferences", "meeting"))


def _invited(table: str, meetings: Mapping[str, Row]) -> list[Row]:
    """The rows of a table of invitations, with what is known of each professional, who is of the chair's area."""
    professionals = read_by("protection/professionals", "professional")
    areas = {row["id"]: row["area_id"] for row in read("directory/colleagues")}
    rows = read(table)
    for row in rows:
        if known := professionals.get(row["professional"]):
            row.update(known | {"area_id": areas[meetings[row["meeting"]]["chair_id"]]})
        del row["professional"]
    return rows
