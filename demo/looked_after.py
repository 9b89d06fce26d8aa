"""The invented looked-after children of April 2018 to March 2020 and their reviews, as rows of imports."""

from collections.abc import Mapping
from datetime import date, timedelta

from chassis.base.cells import cell, list_in
from chassis.law.participation import PARTICIPATED
from demo.tables import Row, read, read_by

# Objections to decisions of before that day were settled.
SETTLED_UNTIL = "2020-03-01"
RECIPIENTS = "The parents;The carers;The social worker"


def care() -> list[Row]:
    """The care of every looked-after child, in one row for each episode of each period of care."""
    known = read_by("looked_after/children", "person_id")
    periods = {(row["person_id"], row["period_starts_on"]): row for row in read("looked_after/periods")}
    return [
        known[row["person_id"]] | periods[row["person_id"], row["period_starts_on"]] | row
        for row in read("looked_after/episodes")
    ]


def children() -> list[Row]:
    """The same rows, each with who the child is."""
    known = read_by("children", "person_id")
    return [known[row["person_id"]] | row for row in care()]


def reviews() -> list[Row]:
    """Every child's part in every review, the children of a meeting one after another."""
    meetings, topics = read_by("looked_after/meetings", "meeting"), read_by("looked_after/topics", "topic")
    return [_told(meetings[row["meeting"]] | row, topics) for row in read("looked_after/child_reviews")]


def _told(row: Row, known: Mapping[str, Row]) -> Row:
    """A child's part with what was said of its topics and decided, as far as that was written down by then."""
    topics = [known[name] for name in list_in(row.pop("topics"))]
    decided = [topic for topic in topics if topic["decision"] and row["decisions_on"]]
    due_on = [date.fromisoformat(row["held_on"]) + timedelta(weeks=int(topic["weeks"])) for topic in decided]
    told = {
        "decisions": cell([topic["decision"] for topic in decided]),
        "decision_owners": cell([topic["owner"] for topic in decided]),
        "decisions_due_on": cell(list(map(str, due_on))),
    }
    if row["participation"] in PARTICIPATED:
        told["views"] = " ".join(topic["view"] for topic in topics if topic["view"])
    if decided and row["manager"] == "objected":
        told["objection"] = decided[0]["objection"]
        told["settlement"] = decided[0]["settlement"] if row["decisions_on"] < SETTLED_UNTIL else ""
    if row["record_on"]:
        told["record_text"] = "\n\n".join(topic["said"] for topic in topics)
        told["child_text"] = " ".join(topic["for_child"] for topic in topics) if row["participation"] != "PN0" else ""
    if row["distributed_on"]:
        told["distributed_to"] = RECIPIENTS
    return row | told
