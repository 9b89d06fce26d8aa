"""Proposed escalations, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.conferences.meetings.models import Conference
from services.conferences.proposals.models import Proposal
from services.conferences.rules.vocabulary import ProposalState

PROPOSALS = JsonRows(
    select(*columns(Proposal, "conference_id")).where(visible(Proposal)),
    filters=equal(Proposal, "id", "state", "chair_id", "reference", "agency_id"),
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
    filters=equal(Proposal, "reference"),
)
