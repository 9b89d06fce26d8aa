"""Invented escalations, put straight into the database."""

import random
from datetime import date, timedelta
from typing import Any

from chassis.base.fields import new_id
from services.escalations.rules import Kind, Reason, State, Theme, due_on
from tests.support.escalations.desk import Desk

COLUMNS = (
    "id, reference, kind, state, theme, reason, person_ids, raised_on, raised_by, owner_id, agency_id, agency_role, "
    "professional_team, professional_name, area_id, stage, stage_due_on, due_on, answer, first_answered_on, closed_on, "
    "closed_by, version"
)
Record = dict[str, Any]


def invented(chance: random.Random, number: int, first: date, days: int) -> Record:
    """One escalation that could have been."""
    kind = chance.choice(list(Kind))
    raised_on = first + timedelta(days=chance.randrange(days))
    state = chance.choice(list(State))
    closed = state in {State.RESOLVED, State.WITHDRAWN}
    answered = state is State.ANSWERED or (closed and chance.random() < 0.5)
    due = due_on(kind, raised_on)
    return {
        "id": new_id(),
        "reference": f"ESC-{raised_on.year}-{number:04}",
        "kind": kind,
        "state": state,
        "theme": chance.choice(list(Theme)) if kind is Kind.CARE_PLANNING else None,
        "reason": chance.choice(list(Reason)) if kind is not Kind.CARE_PLANNING else None,
        "person_ids": [f"P{number}"],
        "raised_on": raised_on,
        "raised_by": "chair-1",
        "owner_id": chance.choice(["chair-1", "chair-2"]),
        "agency_id": chance.choices(["surgeries", "schools", "police", "housing"], [60, 30, 9, 1])[0],
        "agency_role": chance.choice(["gp", "head-teacher"]),
        "professional_team": chance.choice([None, "Bridge", "Mill"]),
        "professional_name": chance.choice([None, "Robin Planted", "Kim Sown"]),
        "area_id": chance.choice(["north", "south"]),
        "stage": chance.choice([1, 2, 3]) if kind is Kind.CARE_PLANNING else 1,
        "stage_due_on": due,
        "due_on": due,
        "answer": "dealt_with" if answered else None,
        "first_answered_on": raised_on + timedelta(days=chance.randrange(90)) if answered else None,
        "closed_on": raised_on + timedelta(days=90 + chance.randrange(30)) if closed else None,
        "closed_by": "chair-1" if closed else None,
        "version": 1,
    }


async def keep(desk: Desk, records: list[Record]) -> None:
    """Put records into the database as they are."""
    names = COLUMNS.split(", ")
    connection = await desk.client.process.database.listen_connection()
    rows = [[record[name] for name in names] for record in records]
    await connection.copy_records_to_table("escalation", records=rows, columns=names)
    await connection.close()
