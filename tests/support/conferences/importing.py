"""Files of history to import, and what one asks to import them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import httpx

from chassis.access.callers import Role
from chassis.law.working_days import add_working_days
from tests.support.conferences.desk import HEALTH_VISITOR, JSON, SCHOOL, SOCIAL_WORKER, Desk, working_days_ago
from tests.support.csv_files import csv_of

Row = dict[str, Any]
DISCUSSED = working_days_ago(230)
HELD = add_working_days(DISCUSSED, 12)
QUORATE = (SOCIAL_WORKER, SCHOOL, HEALTH_VISITOR)


async def ask_import(
    desk: Desk, what: str, content: str, *, role: Role = Role.ADMINISTRATOR, **query: Any
) -> httpx.Response:
    """Ask for an import of one CSV file."""
    headers = desk.client.as_(role, subject="admin-1") | {"Content-Type": "text/csv"}
    return await desk.client.post(f"/v1/{what}/import", content=content, headers=headers, params=query)


async def import_rows(desk: Desk, what: str, rows: Sequence[Row], **query: Any) -> JSON:
    """The report of an import of children or of enquiries."""
    answer = await ask_import(desk, what, csv_of(rows), **query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def import_conferences(
    desk: Desk,
    conferences: Sequence[Row],
    invitations: Sequence[Row] = (),
    plan_ends: Sequence[Row] | None = None,
    **query: Any,
) -> JSON:
    """The report of an import of past conferences."""
    contents = {
        "conferences": csv_of(conferences, ("meeting", "held_on", "chair_id", "person_id", "outcome")),
        "invitations": csv_of(invitations, ("meeting", "invited_as", "name")),
    }
    if plan_ends is not None:
        contents["plan_ends"] = csv_of(plan_ends, ("person_id", "ends_on", "reason"))
    files = {name: (f"{name}.csv", content, "text/csv") for name, content in contents.items()}
    headers = desk.client.as_(Role.ADMINISTRATOR, subject="admin-1")
    answer = await desk.client.post("/v1/conferences/import", files=files, headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def enquiry(person_id: str, day: date, **more: Any) -> Row:
    """An enquiry that a strategy discussion initiated."""
    begun = {"started_on": day.isoformat(), "strategy_discussion_on": day.isoformat()}
    return {"request_id": f"E-{person_id}", "person_id": person_id} | begun | more


def conference(meeting: str, person_id: str, held_on: date, **more: Any) -> Row:
    """A child's part in a past conference that made a plan."""
    row = {"meeting": meeting, "held_on": held_on.isoformat(), "chair_id": "chair-1", "person_id": person_id}
    return row | {"participation": "PN1", "attended": "true", "outcome": "plan_made", "category": "NEG"} | more


def review(meeting: str, person_id: str, held_on: date, **more: Any) -> Row:
    """The same of a review after which the plan goes on."""
    return conference(meeting, person_id, held_on, outcome="continues", category="") | more


def guest(meeting: str, wanted: JSON, **more: Any) -> Row:
    """Somebody who was invited to a past conference."""
    return {"meeting": meeting} | wanted | more


def attended(meeting: str, **more: Any) -> list[Row]:
    """Everybody whom a quorum needs."""
    return [
        guest(meeting, person, attendance="attended", report_received_on=HELD - timedelta(days=9)) | more
        for person in QUORATE
    ]
