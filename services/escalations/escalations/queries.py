"""Lists of escalations, rendered by PostgreSQL."""

from sqlalchemy import Date, Text, and_, bindparam, case, cast, func, literal, not_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import holds
from chassis.web.pagination import JsonRows
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.rules import SUBJECT_NAMES, State

IS_OPEN = col(Escalation.closed_on).is_(None)
TODAY = bindparam("today", type_=Date)
IS_OVERDUE = and_(IS_OPEN, col(Escalation.due_on) < TODAY)

ESCALATIONS = JsonRows(
    select(*columns(Escalation, "id", "imported")).where(visible(Escalation)),
    filters={
        "reference": col(Escalation.reference) == bindparam("reference"),
        "kind": col(Escalation.kind) == bindparam("kind"),
        "state": col(Escalation.state) == bindparam("state"),
        "owner_id": col(Escalation.owner_id) == bindparam("owner_id"),
        "agency_id": col(Escalation.agency_id) == bindparam("agency_id"),
        "agency_role": col(Escalation.agency_role) == bindparam("agency_role"),
        "area_id": col(Escalation.area_id) == bindparam("area_id"),
        "theme": col(Escalation.theme) == bindparam("theme"),
        "reason": col(Escalation.reason) == bindparam("reason"),
        "person_id": holds(Escalation.person_ids, "person_id"),
        "meeting_reference": col(Escalation.meeting_reference) == bindparam("meeting_reference"),
        "raised_from": col(Escalation.raised_on) >= bindparam("raised_from"),
        "raised_to": col(Escalation.raised_on) <= bindparam("raised_to"),
        "text": col(Escalation.reference).contains(func.upper(bindparam("text")), autoescape=False),
        # A filter for each answer to yes or no: an index serves a condition, not its comparison with a parameter.
        "is_overdue": IS_OVERDUE,
        "is_not_overdue": not_(IS_OVERDUE),
        "is_unanswered": col(Escalation.state) == State.OPEN,
        "is_not_unanswered": col(Escalation.state) != State.OPEN,
    },
    order=[col(Escalation.raised_on).desc(), col(Escalation.id).desc()],
)

MOVES = JsonRows(
    select(*columns(EscalationMove, "id", "escalation_id"), col(Escalation.person_ids), col(Escalation.reference))
    .join(Escalation, col(Escalation.id) == col(EscalationMove.escalation_id))
    .where(visible(Escalation))
    .order_by(col(EscalationMove.id)),
    filters={"reference": col(Escalation.reference) == bindparam("reference")},
    hidden=["person_ids", "reference"],
)

_SUBJECT = case(SUBJECT_NAMES, value=func.coalesce(col(Escalation.theme), col(Escalation.reason)), else_=literal(""))
_FOR_EMAILS = [
    col(Escalation.reference),
    col(Escalation.kind),
    _SUBJECT.label("subject"),
    col(Escalation.raised_on),
    col(Escalation.meeting_on),
    col(Escalation.agency_id),
    col(Escalation.agency_role),
    col(Escalation.professional_team),
    col(Escalation.area_id),
    col(Escalation.state),
    col(Escalation.answer).is_not(None).label("answered"),
    col(Escalation.due_on),
]
# The names of the stages are settings, so they come with each question: {kind: [name, …]}.
_STAGE_NAME = func.jsonb_extract_path_text(
    bindparam("stages", type_=JSONB), col(Escalation.kind), cast(col(Escalation.stage) - 1, Text)
)
RAISED_BETWEEN = JsonRows(
    select(*_FOR_EMAILS)
    .where(
        col(Escalation.raised_on).between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
        col(Escalation.state) != State.WITHDRAWN,
    )
    .order_by(col(Escalation.raised_on), col(Escalation.id)),
)
OPEN = JsonRows(
    select(
        *_FOR_EMAILS,
        col(Escalation.owner_id),
        col(Escalation.stage),
        func.coalesce(_STAGE_NAME, "").label("stage_name"),
        col(Escalation.stage_due_on),
    )
    .where(IS_OPEN)
    .order_by(col(Escalation.raised_on), col(Escalation.id)),
)
