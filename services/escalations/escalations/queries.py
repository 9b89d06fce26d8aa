"""Lists of escalations, rendered by PostgreSQL."""

from sqlalchemy import Date, Integer, Text, and_, bindparam, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import between, equal, holding, whether
from chassis.web.pagination import JsonRows
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.escalations.unknown import about_unknown
from services.escalations.moves import OF_ESCALATION
from services.escalations.rules import CARE_PLANNING_STAGES, SUBJECT_NAMES, State
from services.escalations.settings import EscalationsSettings

IS_OPEN = col(Escalation.closed_on).is_(None)
TODAY = bindparam("today", type_=Date)
_WHAT = ("reference", "kind", "state", "theme", "reason", "meeting_reference")
_ABOUT = (*_WHAT, "owner_id", "agency_id", "agency_role", "area_id")
# Somebody is to be asked about it now: nobody was told to wait, and nobody has to say first where it belongs.
TO_BE_ANSWERED = and_(
    col(Escalation.state) == State.OPEN,
    col(Escalation.returned_on).is_(None),
    or_(col(Escalation.waiting_until).is_(None), col(Escalation.waiting_until) < TODAY),
)
IS_OVERDUE = and_(IS_OPEN, col(Escalation.due_on) < TODAY)
_STAGES = bindparam("care_planning_stages", len(CARE_PLANNING_STAGES), type_=Integer)
_STAGE = case((col(Escalation.stage) < _STAGES, literal("1", Text)), else_=literal("2", Text))
_STANDING = func.concat_ws(literal(" ", Text), col(Escalation.kind), col(Escalation.state), _STAGE)


def stages_of(settings: EscalationsSettings) -> dict[str, int]:
    """The parameter by which escalations say what can be done with them: how many stages there are is a setting."""
    return {"care_planning_stages": len(settings.care_planning_stages)}


ESCALATIONS = JsonRows(
    select(*columns(Escalation, "id", "ask_from"), OF_ESCALATION.column(_STANDING)).where(visible(Escalation)),
    filters=equal(Escalation, *_ABOUT)
    | between(col(Escalation.raised_on), "raised")
    | whether("overdue", IS_OVERDUE)
    | whether("unanswered", col(Escalation.state) == State.OPEN)
    | whether("person_unknown", about_unknown(col(Escalation.person_ids)))
    | holding(Escalation.person_ids, "person_id")
    | {
        "text": col(Escalation.reference).contains(func.upper(bindparam("text")), autoescape=False),
    },
    order=[col(Escalation.raised_on).desc(), col(Escalation.id).desc()],
    moves=OF_ESCALATION,
)

MOVES = JsonRows(
    select(*columns(EscalationMove, "id", "escalation_id"), col(Escalation.person_ids), col(Escalation.reference))
    .join(Escalation, col(Escalation.id) == col(EscalationMove.escalation_id))
    .where(visible(Escalation))
    .order_by(col(EscalationMove.id)),
    filters=equal(Escalation, "reference"),
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
    TO_BE_ANSWERED.label("to_be_answered"),
    col(Escalation.due_on),
    col(Escalation.officer_id),
    col(Escalation.waiting_until),
    col(Escalation.returned_on),
    col(Escalation.ask_from),
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
        col(Escalation.answer),
        about_unknown(col(Escalation.person_ids)).label("person_unknown"),
    )
    .where(
        col(Escalation.raised_on) <= bindparam("on", type_=Date),
        or_(IS_OPEN, col(Escalation.closed_on) > bindparam("on", type_=Date)),
    )
    .order_by(col(Escalation.raised_on), col(Escalation.id)),
)
