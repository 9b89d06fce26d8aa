"""Conferences, who is invited to them and what they propose, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import Date, bindparam, func, literal_column, not_, select, true
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import holds
from chassis.web.pagination import JsonRows
from services.conferences.checks.models import RaisedEscalation
from services.conferences.children.models import Deadline
from services.conferences.meetings.models import ChildConference, Conference, Correction, Invitation, Proposal
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs, OwedKind, ProposalState

# What only the whole conference shows, and what nobody is shown.
PARTICULARS = ("core_group", "safety_scores", "dissent", "record", "record_template")
UNSEEN = ("id", "restricted", "imported")
IS_COMBINED = col(Conference.review_reference).is_not(None)

CONFERENCES = JsonRows(
    select(*columns(Conference, *UNSEEN, *PARTICULARS)).where(visible(Conference)),
    filters={
        "state": col(Conference.state) == bindparam("state"),
        "chair_id": col(Conference.chair_id) == bindparam("chair_id"),
        "area_id": col(Conference.area_id) == bindparam("area_id"),
        "person_id": holds(Conference.person_ids, "person_id"),
        "planned_from": col(Conference.planned_on) >= bindparam("planned_from", type_=Date),
        "planned_to": col(Conference.planned_on) <= bindparam("planned_to", type_=Date),
        "is_combined": IS_COMBINED,
        "is_not_combined": not_(IS_COMBINED),
    },
    order=[col(Conference.planned_on).desc(), col(Conference.id).desc()],
)


def _of_conference(table: Any, name: str, order: str, *hidden: str, only: Any = None) -> Any:
    """The rows of a table that belong to a conference, as one JSON list."""
    rows = (
        select(*columns(table, "conference_id", "restricted", *hidden))
        .where(table.conference_id == col(Conference.id), true() if only is None else only)
        .order_by(literal_column(order))
        .correlate(Conference)
        .lateral(name)
    )
    listed = func.json_agg(literal_column(f"row_to_json({name})"))
    return select(func.coalesce(listed, literal_column("'[]'::json"))).select_from(rows).scalar_subquery()


_ESCALATIONS = (
    select(func.coalesce(func.json_agg(col(RaisedEscalation.reference)), literal_column("'[]'::json")))
    .where(col(RaisedEscalation.conference_reference) == col(Conference.reference))
    .correlate(Conference)
    .scalar_subquery()
)
_CORRECTIONS = (
    select(func.coalesce(func.json_agg(literal_column("row_to_json(corrected)")), literal_column("'[]'::json")))
    .select_from(
        select(*columns(Correction, "id", "reference"))
        .where(col(Correction.reference) == col(Conference.reference))
        .order_by(col(Correction.id))
        .correlate(Conference)
        .lateral("corrected")
    )
    .scalar_subquery()
)
# Who was left out of a conference has a part in it that is cancelled.
IS_ABOUT = col(ChildConference.person_id) == func.any(col(Conference.person_ids))
WHOLE_CONFERENCE = JsonRows(
    select(
        *columns(Conference, *UNSEEN),
        _of_conference(ChildConference, "part", "person_id", "cancelled", "request_id", only=IS_ABOUT).label(
            "children"
        ),
        _of_conference(Invitation, "invited", "id", "chair_id").label("invitations"),
        _of_conference(Proposal, "proposed", "id").label("proposals"),
        _ESCALATIONS.label("escalations"),
        _CORRECTIONS.label("corrections"),
    ).where(visible(Conference)),
    filters={"reference": col(Conference.reference) == bindparam("reference")},
)

PROPOSALS = JsonRows(
    select(*columns(Proposal, "conference_id", "restricted")).where(visible(Proposal)),
    filters={
        "state": col(Proposal.state) == bindparam("state"),
        "chair_id": col(Proposal.chair_id) == bindparam("chair_id"),
        "reference": col(Proposal.reference) == bindparam("reference"),
        "agency_id": col(Proposal.agency_id) == bindparam("agency_id"),
    },
    order=[col(Proposal.id).desc()],
)
_RAISED = ("agency_id", "agency_role", "professional_name", "professional_team", "area_id", "reason")
CONFIRMED = JsonRows(
    select(
        *(col(getattr(Proposal, name)) for name in ("id", "reference", "person_ids", *_RAISED)),
        col(Proposal.chair_id).label("owner_id"),
        col(Proposal.decided_by),
        col(Proposal.decided_on),
        col(Conference.held_on).label("meeting_on"),
    )
    .join(Conference, col(Conference.id) == col(Proposal.conference_id))
    .where(col(Proposal.state) == ProposalState.CONFIRMED)
    .order_by(col(Proposal.id)),
    filters={"reference": col(Proposal.reference) == bindparam("reference")},
)

_INVITED = ("invited_as", "invited_on", "name", "email", "agency_id", "agency_role", "area_id")
_EXPECTED = ("report_expected", "report_due_on", "report_received_on", "apologies_on")
_MEETING = ("reference", "state", "planned_on", "planned_time", "mode", "venue", "chair_id")
LETTERS = JsonRows(
    select(
        col(Invitation.id).label("invitation_id"),
        *(col(getattr(Conference, name)) for name in _MEETING),
        *(col(getattr(Invitation, name)) for name in (*_INVITED, *_EXPECTED)),
        func.cardinality(col(Invitation.person_ids)).label("children"),
        col(Invitation.withdrawn_on).is_not(None).label("withdrawn"),
        col(Invitation.person_ids),
    )
    .join(Conference, col(Conference.id) == col(Invitation.conference_id))
    .where(col(Invitation.invited_as) != InvitedAs.FAMILY)
    .order_by(col(Invitation.id)),
    filters={
        "invitation_id": col(Invitation.id) == bindparam("invitation_id"),
        "reference": col(Conference.reference) == bindparam("reference"),
        "report_missing_on": (col(Invitation.report_due_on) == bindparam("report_missing_on", type_=Date))
        & col(Invitation.report_received_on).is_(None)
        & col(Invitation.withdrawn_on).is_(None)
        & (col(Conference.state) == ConferenceState.PLANNED),
        "without_address_from": (col(Conference.planned_on) >= bindparam("without_address_from", type_=Date))
        & col(Invitation.email).is_(None)
        & (col(Invitation.invited_as) == InvitedAs.PROFESSIONAL)
        & col(Invitation.withdrawn_on).is_(None)
        & (col(Conference.state) == ConferenceState.PLANNED),
    },
)

# Without a conference nothing says that two children's deadlines are one.
_APART: Any = literal_column("CASE WHEN deadline.conference_reference IS NULL THEN deadline.person_id END")
_PROPOSED = (
    select(func.count())
    .where(
        col(Proposal.reference) == col(Deadline.conference_reference),
        (col(Proposal.state) == ProposalState.PROPOSED) | (col(Proposal.state) == ProposalState.REFUSED),
        col(Deadline.kind) == OwedKind.PROPOSALS,
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
        _APART,
    )
    .order_by(col(Deadline.due_on), func.min(col(Deadline.person_id)), col(Deadline.kind)),
)

CORE_GROUPS_DUE = JsonRows(
    select(
        func.min(col(Deadline.person_id)).label("person_id"),
        func.count().label("children"),
        col(Deadline.owner_id),
        col(Deadline.due_on),
        col(Deadline.conference_reference),
    )
    .where(
        col(Deadline.kind) == OwedKind.CORE_GROUP,
        col(Deadline.due_on).between(bindparam("due_from", type_=Date), bindparam("due_to", type_=Date)),
    )
    .group_by(col(Deadline.owner_id), col(Deadline.due_on), col(Deadline.conference_reference), _APART)
    .order_by(col(Deadline.due_on), func.min(col(Deadline.person_id))),
)
