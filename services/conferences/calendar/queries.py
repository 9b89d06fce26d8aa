"""What is due, planned, held and missing across conferences, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import Date, Text, bindparam, func, not_, select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.web.pagination import JsonRows
from services.conferences.children.models import Child, ConferenceRequest, Deadline
from services.conferences.children.visibility import of_visible_child
from services.conferences.meetings.models import ChildConference, Conference, Invitation
from services.conferences.meetings.queries import PARTICULARS, UNSEEN
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs, RequestKind

TODAY = bindparam("today", type_=Date)


def equal(table: Any, *names: str) -> dict[str, Any]:
    """Filters by these columns: each equal to the value given under its name."""
    return {name: getattr(table, name) == bindparam(name) for name in names}


def between(column: Any, name: str) -> dict[str, Any]:
    """Filters by a day: from the one given under `<name>_from` on, until that of `<name>_to`."""
    return {
        f"{name}_from": column >= bindparam(f"{name}_from", type_=Date),
        f"{name}_to": column <= bindparam(f"{name}_to", type_=Date),
    }


def whether(name: str, condition: Any) -> dict[str, Any]:
    """Filters `is_<name>` and `is_not_<name>` by a condition that is never null."""
    return {f"is_{name}": condition, f"is_not_{name}": not_(condition)}


_ABOUT = ("person_id", "kind", "subject", "owner_role", "owner_id", "chair_id", "area_id", "team")
DEADLINES = JsonRows(
    select(
        *columns(Deadline, "restricted", "told_missed_on"),
        (col(Deadline.due_on) - TODAY).label("days_left"),
        concerned(Deadline),
    ).where(visible(Deadline)),
    filters=equal(Deadline, *_ABOUT, "conference_reference")
    | between(col(Deadline.due_on), "due")
    | whether("overdue", col(Deadline.due_on) < TODAY),
    order=[col(Deadline.due_on), col(Deadline.id)],
    hidden=["person_ids"],
)
OWED = JsonRows(
    DEADLINES.statement.order_by(col(Deadline.due_on), col(Deadline.id)),
    filters={"person_id": DEADLINES.filters["person_id"]},
    hidden=["person_ids"],
)
DIARY = JsonRows(
    select(*columns(Conference, *UNSEEN, *PARTICULARS))
    .where(
        visible(Conference),
        col(Conference.chair_id) == bindparam("chair_id", type_=Text),
        col(Conference.planned_on).between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
    .order_by(col(Conference.planned_on), col(Conference.planned_time), col(Conference.id)),
)

_IS_MISSING = (
    visible(Invitation),
    col(Invitation.invited_as) == InvitedAs.PROFESSIONAL,
    col(Invitation.report_expected),
    col(Invitation.report_received_on).is_(None),
    col(Invitation.withdrawn_on).is_(None),
    col(Conference.state) == ConferenceState.PLANNED,
)
_OF_CONFERENCE = col(Conference.id) == col(Invitation.conference_id)
_MISSING_FILTERS = equal(Invitation, "agency_id", "agency_role", "area_id", "chair_id") | between(
    col(Conference.planned_on), "planned"
)
_WHO = ("reference", "chair_id", "area_id", "agency_id", "agency_role", "name", "team", "email")
MISSING_REPORTS = JsonRows(
    select(
        col(Invitation.id).label("invitation_id"),
        *(col(getattr(Invitation, name)) for name in (*_WHO, "report_due_on", "apologies_on")),
        col(Conference.planned_on),
        col(Conference.planned_time),
        func.cardinality(col(Invitation.person_ids)).label("children"),
        (col(Invitation.report_due_on) - TODAY).label("days_left"),
        col(Invitation.person_ids),
    )
    .join(Conference, _OF_CONFERENCE)
    .where(*_IS_MISSING),
    filters=_MISSING_FILTERS,
    order=[col(Conference.planned_on), col(Invitation.id)],
    hidden=["person_ids"],
)
_MISSING = func.count()
MISSING_BY_AGENCY = JsonRows(
    select(
        col(Invitation.agency_id),
        col(Invitation.agency_role),
        _MISSING.label("missing"),
        _MISSING.filter(col(Invitation.report_due_on) < TODAY).label("overdue"),
        func.count(col(Conference.id).distinct()).label("conferences"),
        func.min(col(Conference.planned_on)).label("soonest_on"),
    )
    .join(Conference, _OF_CONFERENCE)
    .where(*_IS_MISSING)
    .group_by(col(Invitation.agency_id), col(Invitation.agency_role))
    .order_by(_MISSING.desc(), col(Invitation.agency_id), col(Invitation.agency_role)),
    filters=_MISSING_FILTERS,
)

CHILD_CONFERENCES = JsonRows(
    select(
        *columns(ChildConference, "conference_id", "restricted", "cancelled", "request_id"),
        concerned(ChildConference),
    )
    .join(Child, of_visible_child(ChildConference)[0])
    .where(of_visible_child(ChildConference)[1], col(ChildConference.held_on).is_not(None)),
    filters=equal(ChildConference, "person_id", "kind", "outcome", "category", "chair_id", "area_id", "team")
    | between(col(ChildConference.held_on), "held")
    | whether("late", col(ChildConference.in_time).is_(False)),
    order=[col(ChildConference.held_on).desc(), col(ChildConference.id).desc()],
    hidden=["person_ids"],
)


def _requests(kind: RequestKind) -> JsonRows:
    """What asks for a first conference, of one kind."""
    is_waiting = (
        col(ConferenceRequest.event_on).is_not(None)
        & col(ConferenceRequest.answered_on).is_(None)
        & not_(col(ConferenceRequest.conference_not_required))
    )
    return JsonRows(
        select(*columns(ConferenceRequest, "id"), concerned(ConferenceRequest))
        .join(Child, of_visible_child(ConferenceRequest)[0])
        .where(of_visible_child(ConferenceRequest)[1], col(ConferenceRequest.kind) == kind),
        filters=equal(ConferenceRequest, "person_id")
        | between(col(ConferenceRequest.started_on), "started")
        | whether("waiting", is_waiting),
        order=[col(ConferenceRequest.started_on).desc(), col(ConferenceRequest.id).desc()],
        hidden=["person_ids"],
    )


ENQUIRIES, TRANSFERS_IN = _requests(RequestKind.SECTION_47_ENQUIRY), _requests(RequestKind.TRANSFER_IN)
