"""Lists of answers and of answer links, rendered by PostgreSQL."""

from sqlalchemy import ARRAY, Text, bindparam, exists, func, literal_column, select
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import equal, whether
from chassis.web.pagination import JsonRows
from services.escalations.answers.models import Answer, AnswerLink
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.queries import TO_BE_ANSWERED

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
# An answer is shown with those of its escalations that the caller may see, and not at all if there are none.
ANSWERS = JsonRows(
    select(
        *columns(Answer, "answer_link_id", "references"), _REFERENCES.label("references"), _PEOPLE.label("person_ids")
    )
    .where(exists().where(col(Escalation.reference) == func.any(col(Answer.references)), visible(Escalation)))
    .order_by(col(Answer.id)),
    filters=equal(Answer, "id")
    | {"references": col(Answer.references).contains(bindparam("references", type_=ARRAY(Text)))},
    hidden=["person_ids"],
)

_UNANSWERED = (
    select(func.count())
    .where(
        col(Escalation.reference) == func.any(col(AnswerLink.references)),
        col(Escalation.officer_id) == col(AnswerLink.colleague_id),
        TO_BE_ANSWERED,
    )
    .correlate(AnswerLink)
    .scalar_subquery()
)
ANSWER_LINKS = JsonRows(
    select(*columns(AnswerLink, "token_hash", "shared_from", "unit"), _UNANSWERED.label("unanswered")).where(
        col(AnswerLink.shared_from).is_(None)
    ),
    filters=equal(AnswerLink, "id", "period", "colleague_id")
    | whether("current", col(AnswerLink.superseded_at).is_(None) & col(AnswerLink.revoked_at).is_(None)),
    order=[col(AnswerLink.id).desc()],
)
