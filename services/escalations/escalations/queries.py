"""Lists and single records, rendered by PostgreSQL."""

from sqlalchemy import (
    ARRAY,
    Date,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    not_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import holds
from chassis.web.pagination import JsonRows
from services.escalations.answers.models import Answer, AnswerLink
from services.escalations.challenges.models import Challenge, GoodPractice
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

_ANSWERED = (
    select(col(Escalation.reference), col(Escalation.person_ids))
    .where(col(Escalation.reference) == func.any(col(Answer.references)), visible(Escalation))
    .order_by(col(Escalation.reference))
    .correlate(Answer)
    .subquery("answered")
)
_REFERENCES = func.array(select(_ANSWERED.c.reference).scalar_subquery(), type_=ARRAY(Text))
_PEOPLE = func.array(
    select(literal_column("person"))
    .select_from(_ANSWERED, func.unnest(_ANSWERED.c.person_ids).alias("person"))
    .scalar_subquery(),
    type_=ARRAY(Text),
)
# An answer to many escalations is shown with those that whoever asks may see, and to nobody who sees none of them.
ANSWERS = JsonRows(
    select(
        *columns(Answer, "answer_link_id", "references"), _REFERENCES.label("references"), _PEOPLE.label("person_ids")
    )
    .where(exists().where(col(Escalation.reference) == func.any(col(Answer.references)), visible(Escalation)))
    .order_by(col(Answer.id)),
    filters={
        "references": col(Answer.references).contains(bindparam("references", type_=ARRAY(Text))),
        "id": col(Answer.id) == bindparam("id"),
    },
    hidden=["person_ids"],
)

CHALLENGES = JsonRows(
    select(*columns(Challenge)).where(visible(Challenge)),
    filters={
        "reference": col(Challenge.reference) == bindparam("reference"),
        "state": col(Challenge.state) == bindparam("state"),
        "owner_id": col(Challenge.owner_id) == bindparam("owner_id"),
        "area_id": col(Challenge.area_id) == bindparam("area_id"),
        "theme": col(Challenge.theme) == bindparam("theme"),
        "meeting_reference": col(Challenge.meeting_reference) == bindparam("meeting_reference"),
        "raised_from": col(Challenge.raised_on) >= bindparam("raised_from"),
        "raised_to": col(Challenge.raised_on) <= bindparam("raised_to"),
    },
    order=[col(Challenge.raised_on).desc(), col(Challenge.id).desc()],
    hidden=["id"],
)

GOOD_PRACTICES = JsonRows(
    select(*columns(GoodPractice)).where(visible(GoodPractice)),
    filters={
        "reference": col(GoodPractice.reference) == bindparam("reference"),
        "area_id": col(GoodPractice.area_id) == bindparam("area_id"),
        "noted_from": col(GoodPractice.noted_on) >= bindparam("noted_from"),
        "noted_to": col(GoodPractice.noted_on) <= bindparam("noted_to"),
    },
    order=[col(GoodPractice.noted_on).desc(), col(GoodPractice.id).desc()],
    hidden=["id"],
)

_UNANSWERED = (
    select(func.count())
    .where(col(Escalation.reference) == func.any(col(AnswerLink.references)), col(Escalation.state) == State.OPEN)
    .correlate(AnswerLink)
    .scalar_subquery()
)
_CURRENT = and_(col(AnswerLink.superseded_at).is_(None), col(AnswerLink.revoked_at).is_(None))
ANSWER_LINKS = JsonRows(
    select(*columns(AnswerLink, "token_hash"), _UNANSWERED.label("unanswered")),
    filters={
        "period": col(AnswerLink.period) == bindparam("period"),
        "colleague_id": col(AnswerLink.colleague_id) == bindparam("colleague_id"),
        "is_current": _CURRENT,
        "is_not_current": not_(_CURRENT),
    },
    order=[col(AnswerLink.id).desc()],
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
