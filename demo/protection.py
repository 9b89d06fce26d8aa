"""The invented families with child protection conferences of April 2018 to March 2020, as rows of imports."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from demo.tables import Row, read, read_by

EVERYBODY = "Everybody who was invited"
# The earlier system kept what records say until then; later ones are written here.
WRITTEN_FROM = "2020-03-02"


def conferences() -> list[Row]:
    """Every child's part in every conference, the children of a conference one after another."""
    names = defaultdict[str, list[str]](list)
    for row in invitations():
        if row["invited_as"] in {"professional", "family"}:
            names[row["meeting"]].append(row["name"])
    meetings = read_by("protection/conferences", "meeting")
    for key, meeting in meetings.items():
        recipients = ";".join(dict.fromkeys(names[key])) or EVERYBODY
        meeting["distributed_to"] = recipients if meeting["distributed_on"] else ""
    return [meetings[row["meeting"]] | row for row in read("protection/child_conferences")]


def without_record(row: Row) -> Row:
    """A child's part in a conference as it is before the record of a later conference is written."""
    later = row["held_on"] >= WRITTEN_FROM
    return row | dict.fromkeys(("record_on", "distributed_on", "distributed_to"), "") if later else row


def written() -> list[Row]:
    """The later conferences whose record is complete, each with a child: one with a plan if there is any."""
    rows = sorted(conferences(), key=lambda row: row["category"])
    later = {row["meeting"]: row for row in rows if row["record_on"] and row["held_on"] >= WRITTEN_FROM}
    return list(later.values())


def record(category: str) -> dict[str, list[Any]]:
    """What the record of a conference says when a plan is for this reason, or for none."""
    said = defaultdict[str, list[Any]](list)
    for row in read("protection/records"):
        if row["category"] == category:
            step = {"step": row["point"], "owner": row["owner"]}
            said[row["part"]].append(step if row["owner"] else row["point"])
    return said


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
