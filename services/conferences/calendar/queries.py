"""What is due, planned and missing across conferences, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import Date, bindparam, func, literal_column, select
from sqlmodel import col

from chassis.access.visibility import visible
from chassis.db.columns import between, equal
from chassis.law.deadlines import About, DeadlineKind
from chassis.meetings.diary import diary_rows
from chassis.meetings.open_deadlines import deadline_counts, deadline_rows
from chassis.web.pagination import JsonRows
from services.conferences.children.models import Deadline
from services.conferences.contributions.models import Invitation
from services.conferences.meetings.models import Conference
from services.conferences.proposals.models import Proposal
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs, ProposalState

TODAY = bindparam("today", type_=Date)
DEADLINES = deadline_rows(Deadline, About.CONFERENCE, "conference_reference")
DEADLINE_COUNTS = deadline_counts(Deadline, DEADLINES)
DIARY = diary_rows(Conference, About.CONFERENCE, col(Conference.review_reference))

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

# Without a conference nothing says that two children's deadlines are one.
APART: Any = literal_column("CASE WHEN deadline.conference_reference IS NULL THEN deadline.person_id END")
_PROPOSED = (
    select(func.count())
    .where(
        col(Proposal.reference) == col(Deadline.conference_reference),
        (col(Proposal.state) == ProposalState.PROPOSED) | (col(Proposal.state) == ProposalState.REFUSED),
        col(Deadline.kind) == DeadlineKind.PROPOSALS,
    )
    .correlate(Deadline)
    .scalar_subquery()
)
# What concerns several children of one conference is listed once.
DIGEST = JsonRows(
    select(
        col(Deadline.chair_id),
        func.min(col(Deadline.person_id)).label("person_id"),
        func.count().label("children"),
        col(Deadline.kind),
        col(Deadline.subject),
        col(Deadline.due_on),
        col(Deadline.conference_reference),
        _PROPOSED.label("proposals"),
    )
    .where(col(Deadline.due_on) <= bindparam("until", type_=Date))
    .group_by(
        col(Deadline.chair_id),
        col(Deadline.kind),
        col(Deadline.subject),
        col(Deadline.due_on),
        col(Deadline.conference_reference),
        APART,
    )
    .order_by(col(Deadline.due_on), func.min(col(Deadline.person_id)), col(Deadline.kind)),
)
