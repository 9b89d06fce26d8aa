"""Rows put straight into the tables, for histories that would take too long to live through."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.base.fields import new_id
from chassis.children.models import Child
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.children.models import Protection
from services.conferences.contributions.models import Invitation
from services.conferences.core_groups.models import CoreGroup
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.plans.models import ProtectionPlan
from services.conferences.proposals.models import Proposal, RaisedEscalation
from tests.support.conferences.desk import Desk

# In the order in which rows refer to each other.
TABLES = (
    Child,
    Protection,
    Conference,
    ProtectionPlan,
    ConferenceRequest,
    ChildConference,
    Invitation,
    Proposal,
    CoreGroup,
    PlanCheck,
    TwelveMonthDiscussion,
    Feedback,
    RaisedEscalation,
)
A_DAY = date(2018, 1, 1)


async def keep(desk: Desk, rows: Sequence[Any]) -> None:
    """Put these rows into their tables; conferences know of every child among them."""
    protected = {row.person_id for row in rows if isinstance(row, Protection)}
    children = [row.person_id for row in rows if isinstance(row, Child) and row.person_id not in protected]
    rows = [*rows, *map(a_protection, children)]
    for table in TABLES:
        records = [row.model_dump(mode="json") for row in rows if isinstance(row, table)]
        if records:
            name = _name(table)
            insert = f"INSERT INTO {name} SELECT * FROM jsonb_populate_recordset(null::{name}, $1::text::jsonb)"
            await desk.rows(insert, json.dumps(records))


async def forget(desk: Desk) -> None:
    """Empty the tables again, within one test."""
    for table in reversed(TABLES):
        await desk.rows(f"DELETE FROM {_name(table)}")


def _name(table: Any) -> str:
    return str(table.__table__.fullname)


def a_child(person_id: str, **said: Any) -> Child:
    """A child who is known."""
    usual: dict[str, Any] = {"born_on": date(2010, 5, 5), "area_id": "north"}
    return Child(person_id=person_id, **usual | said)


def a_protection(person_id: str, **said: Any) -> Protection:
    """What conferences know of a child."""
    return Protection(person_id=person_id, registered_on=A_DAY, **said)


def a_plan(person_id: str, starts_on: date, ends_on: date | None = None, **said: Any) -> ProtectionPlan:
    """A plan, which a conference ended if anything did."""
    usual: dict[str, Any] = {
        "initial_category": "NEG",
        "latest_category": "NEG",
        "end_reason": None if ends_on is None else "conference",
        "chair_id": "chair-1",
        "area_id": "north",
    }
    return ProtectionPlan(person_id=person_id, starts_on=starts_on, ends_on=ends_on, **usual | said)


def a_conference(number: int, held_on: date | None, person_ids: Sequence[str], **said: Any) -> Conference:
    """A conference that was held on a day, or that is planned for the day said."""
    usual: dict[str, Any] = {
        "reference": f"CONF-{(held_on or A_DAY).year}-{number:04}",
        "state": "planned" if held_on is None else "held",
        "person_ids": list(person_ids),
        "planned_on": held_on or A_DAY,
        "chair_id": "chair-1",
        "area_id": "north",
        "mode": "in_person",
        "report_due_on": held_on or A_DAY,
        "held_on": held_on,
        "quorate": None if held_on is None else True,
    }
    return Conference(**usual | said)


def a_part(conference: Conference, person_id: str, **said: Any) -> ChildConference:
    """A child's part in a conference: when it was due, and a plan made."""
    held_on = conference.held_on
    usual: dict[str, Any] = {
        "kind": "initial",
        "due_on": conference.planned_on,
        "event_on": A_DAY,
        "rule": "A rule",
        "age": None if held_on is None else 10,
        "participation": None if held_on is None else "PN1",
        "attended": None if held_on is None else True,
        "outcome": None if held_on is None else "not_made",
    }
    found = usual | said
    return ChildConference(
        conference_id=conference.id,
        reference=conference.reference,
        person_id=person_id,
        chair_id=conference.chair_id,
        area_id=found.pop("area_id", conference.area_id),
        held_on=held_on,
        in_time=None if held_on is None else held_on <= found["due_on"],
        **found,
    )


def an_invitation(conference: Conference, **said: Any) -> Invitation:
    """Somebody who was invited to a conference about all of its children."""
    usual: dict[str, Any] = {
        "person_ids": conference.person_ids,
        "invited_as": "professional",
        "name": "Wren Ravensby",
        "agency_id": "education",
        "agency_role": "safeguarding-lead",
        "area_id": "north",
        "invited_on": A_DAY,
        "report_expected": False,
        "chair_id": conference.chair_id,
    }
    if said.get("relationship"):
        usual |= {"invited_as": "family", "agency_id": None, "agency_role": None}
    return Invitation(conference_id=conference.id, reference=conference.reference, **usual | said)


def a_proposal(conference: Conference, invitation_id: UUID | None = None, **said: Any) -> Proposal:
    """What a closed conference proposes."""
    usual: dict[str, Any] = {
        "invitation_id": invitation_id or new_id(),
        "person_ids": conference.person_ids,
        "agency_id": "education",
        "agency_role": "safeguarding-lead",
        "professional_name": "Wren Ravensby",
        "area_id": "north",
        "reason": "no_apologies",
        "state": "proposed",
        "chair_id": conference.chair_id,
    }
    return Proposal(conference_id=conference.id, reference=conference.reference, **usual | said)
