"""Lists of messages and of suppressed addresses, rendered by PostgreSQL."""

from sqlalchemy import ARRAY, DateTime, Text, bindparam, case, func, literal, select
from sqlmodel import col, or_

from chassis.access.visibility import SEES, columns, visible
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.notifications.messages.models import Message, Suppression
from services.notifications.moves import CODE, OF_MESSAGE

_WORDS = ("html", "text", "calendar", "attempts")
_NEVER = ("person_ids", "answer_link", "answer_url", "letter", "counts", "outcome_at", "provider_reference")
# Of a message that lists many nothing can be left out: it is for those who see every record.
_IS_SEEN = or_(SEES, col(Message.person_ids).is_not(None)) & visible(Message)
_CHILDREN = func.coalesce(col(Message.person_ids), literal([], ARRAY(Text))).label("person_ids")
_CAN = OF_MESSAGE.column(case((col(Message.template) == CODE, CODE), else_=col(Message.state)))
MESSAGES = JsonRows(
    select(*columns(Message, *_WORDS, *_NEVER), _CAN, _CHILDREN).where(_IS_SEEN),
    filters=equal(Message, "id", "recipient_id", "schedule", "period", "template", "state")
    | {
        "queued_from": col(Message.queued_at) >= bindparam("queued_from", type_=DateTime(timezone=True)),
        "queued_to": col(Message.queued_at) < bindparam("queued_to", type_=DateTime(timezone=True)),
    },
    order=[col(Message.id).desc()],
    hidden=["person_ids"],
    moves=OF_MESSAGE,
)
WHOLE_MESSAGE = JsonRows(
    select(*columns(Message, *_NEVER), _CAN, _CHILDREN).where(_IS_SEEN),
    filters=equal(Message, "id"),
    hidden=["person_ids"],
    moves=OF_MESSAGE,
)
SUPPRESSIONS = JsonRows(
    select(*columns(Suppression)), filters=equal(Suppression, "address"), order=[col(Suppression.address)]
)
