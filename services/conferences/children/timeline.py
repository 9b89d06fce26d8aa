"""All that happened for a child, as one list that PostgreSQL renders."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, any_, bindparam, func, literal, literal_column, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from chassis.access.visibility import people, visible
from chassis.law.deadlines import About
from chassis.web.pagination import JsonRows
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.children.models import Protection
from services.conferences.core_groups.models import CoreGroup
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.plans.models import ProtectionPlan
from services.conferences.proposals.models import RaisedEscalation
from services.conferences.rules.vocabulary import RequestKind

PERSON = bindparam("person_id", type_=Text)
_OF_PART = col(ChildConference.person_id) == PERSON


def _entry(on: Any, what: str, condition: Any, reference: Any, details: Mapping[str, Any]) -> Any:
    """One kind of entry: what happened on the day of a column, in the rows that fulfil a condition."""
    pairs: list[Any] = []
    for name, value in details.items():
        pairs += [literal_column(f"'{name}'"), value]
    return select(
        on.label("on"),
        literal(what).cast(Text).label("what"),
        (null() if reference is None else reference).cast(Text).label("reference"),
        func.jsonb_build_object(*pairs).cast(JSONB).label("details"),
    ).where(condition, on.is_not(None))


def _of(table: Any, on: str, what: str, *details: str, reference: str | None = None) -> Any:
    """An entry about rows of a table of the child's; `details` are columns that are told."""
    named = None if reference is None else getattr(table, reference)
    told = {name: getattr(table, name) for name in details}
    return _entry(getattr(table, on), what, table.person_id == PERSON, named, told)


def _requested(kind: RequestKind, on: str, what: str, *details: str) -> Any:
    return _of(ConferenceRequest, on, what, "request_id", *details).where(col(ConferenceRequest.kind) == kind)


def _of_meeting(on: str, what: str) -> Any:
    """An entry about a conference in which the child had a part."""
    column = getattr(Conference, on)
    found = _entry(column, what, _OF_PART, col(Conference.reference), {"kind": col(ChildConference.kind)})
    return found.join_from(ChildConference, Conference, col(Conference.id) == col(ChildConference.conference_id))


def _by_reference(table: Any, reference: str, on: str, what: str, *details: str) -> Any:
    """An entry about rows that name a conference in which the child had a part."""
    about = getattr(table, reference)
    told = {name: getattr(table, name) for name in details}
    found = _entry(getattr(table, on), what, _OF_PART, about, told)
    return found.join_from(ChildConference, table, about == col(ChildConference.reference))


def _chaired() -> Any:
    """Who chaired a conference that was held, where it was another one than at the conference before."""
    before = func.lag(col(ChildConference.chair_id)).over(
        order_by=[col(ChildConference.held_on), col(ChildConference.id)]
    )
    held = (
        select(
            col(ChildConference.held_on).label("held_on"),
            col(ChildConference.reference).label("reference"),
            col(ChildConference.chair_id).label("chair_id"),
            before.label("before"),
        )
        .where(_OF_PART, col(ChildConference.held_on).is_not(None))
        .subquery("held")
    )
    changed = held.c.chair_id != held.c.before
    told = {"chair_id": held.c.chair_id, "previous_chair_id": held.c.before}
    return _entry(held.c.held_on, "chair_changed", changed, held.c.reference, told)


_ENQUIRY = RequestKind.SECTION_47_ENQUIRY
_HELD = ("kind", "outcome", "in_time", "category", "participation", "chair_id")
_DISCUSSED = ("led_by", "due_on")
_ENTRIES = union_all(
    _requested(_ENQUIRY, "started_on", "enquiry_started", "conference_not_required"),
    _requested(_ENQUIRY, "strategy_discussion_on", "strategy_discussion_held", "due_on"),
    _requested(RequestKind.TRANSFER_IN, "started_on", "transfer_notified", "due_on", "from_authority"),
    _of(ChildConference, "held_on", "conference_held", *_HELD, reference="reference"),
    _of_meeting("cancelled_on", "conference_cancelled"),
    _of_meeting("outline_plan_on", "outline_plan_sent"),
    _of_meeting("record_on", "record_completed"),
    _of_meeting("distributed_on", "record_distributed"),
    _chaired(),
    _of(ProtectionPlan, "starts_on", "plan_started", "initial_category", "previous_plans", reference="started_by"),
    _of(ProtectionPlan, "ends_on", "plan_ended", "end_reason", "latest_category", reference="ended_by"),
    _of(CoreGroup, "held_on", "core_group_held", "due_on", reference="reference"),
    _of(CoreGroup, "due_on", "core_group_missed", reference="reference").where(col(CoreGroup.held_on).is_(None)),
    _of(PlanCheck, "done_on", "plan_checked", "kind", "due_on", "done_by", "concern_to", reference="reference"),
    _of(TwelveMonthDiscussion, "held_on", "twelve_month_discussion_held", *_DISCUSSED),
    _by_reference(Feedback, "reference", "given_on", "feedback_given", "from_whom", "rating").where(
        any_(col(Feedback.person_ids)) == PERSON
    ),
    _by_reference(RaisedEscalation, "conference_reference", "raised_on", "escalation_raised", "reference", "formal"),
).subquery("entry")
TIMELINE = JsonRows(
    select(
        _ENTRIES.c.on,
        literal(About.CONFERENCE).cast(Text).label("about"),
        _ENTRIES.c.what,
        _ENTRIES.c.reference,
        _ENTRIES.c.details,
        people(Protection.person_id).label("person_ids"),
    )
    .select_from(_ENTRIES)
    .join(Protection, col(Protection.person_id) == PERSON)
    .where(visible(Protection))
    .order_by(_ENTRIES.c.on, _ENTRIES.c.what, _ENTRIES.c.reference),
    hidden=["person_ids"],
)
