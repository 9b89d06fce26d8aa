"""What emails need to know of invitations, rendered by PostgreSQL."""

from sqlalchemy import Date, bindparam, func, select
from sqlmodel import col

from chassis.law.deadlines import About
from chassis.meetings.invitations import invitation_rows
from chassis.web.pagination import JsonRows
from services.conferences.contributions.models import Invitation
from services.conferences.meetings.models import Conference
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs

_INVITED = ("invited_as", "invited_on", "name", "email", "agency_id", "agency_role", "team", "area_id")
_EXPECTED = ("report_expected", "report_due_on", "report_received_on", "apologies_on")
_MEETING = ("reference", "state", "planned_on", "planned_time", "mode", "venue", "join_link", "chair_id")
_MISSING = (
    col(Invitation.report_due_on).is_not(None)
    & col(Invitation.report_received_on).is_(None)
    & col(Invitation.withdrawn_on).is_(None)
    & (col(Conference.state) == ConferenceState.PLANNED)
)
LETTERS = JsonRows(
    select(
        col(Invitation.id).label("invitation_id"),
        *(col(getattr(Conference, name)) for name in _MEETING),
        *(col(getattr(Invitation, name)) for name in (*_INVITED, *_EXPECTED)),
        func.cardinality(col(Invitation.person_ids)).label("children"),
        col(Invitation.withdrawn_on).is_not(None).label("withdrawn"),
        (col(Conference.version) + col(Invitation.version)).label("sequence"),
        col(Invitation.person_ids),
    )
    .join(Conference, col(Conference.id) == col(Invitation.conference_id))
    .where(col(Invitation.invited_as) != InvitedAs.FAMILY)
    .order_by(col(Invitation.id)),
    filters={
        "invitation_id": col(Invitation.id) == bindparam("invitation_id"),
        "reference": col(Conference.reference) == bindparam("reference"),
        "report_missing_on": (col(Invitation.report_due_on) == bindparam("report_missing_on", type_=Date)) & _MISSING,
        "report_missing_until": (col(Invitation.report_due_on) <= bindparam("report_missing_until", type_=Date))
        & _MISSING,
        "planned_from": col(Conference.planned_on) >= bindparam("planned_from", type_=Date),
        "without_address_from": (col(Conference.planned_on) >= bindparam("without_address_from", type_=Date))
        & col(Invitation.email).is_(None)
        & (col(Invitation.invited_as) == InvitedAs.PROFESSIONAL)
        & col(Invitation.withdrawn_on).is_(None)
        & (col(Conference.state) == ConferenceState.PLANNED),
    },
)
INVITATIONS = invitation_rows(Invitation, About.CONFERENCE)
