"""Lists of messages and of suppressed addresses, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import ARRAY, DateTime, Text, bindparam, func, literal, select, type_coerce
from sqlmodel import col, or_

from chassis.access.visibility import SEES, columns, visible
from chassis.web.pagination import JsonRows
from services.notifications.messages.models import Message, Suppression


def _text(column: Any) -> Any:
    """A sort key of text: SQLModel's own type does not say that its values are text, which a cursor has to know."""
    return type_coerce(column, Text)


_WORDS = ("html", "text", "attempts")
_NEVER = ("person_ids", "answer_link", "answer_url", "provider_reference")
# Of a message that lists many nothing can be left out: it is for those who see every record.
_IS_SEEN = or_(SEES, col(Message.person_ids).is_not(None)) & visible(Message)
_CHILDREN = func.coalesce(col(Message.person_ids), literal([], ARRAY(Text))).label("person_ids")
MESSAGES = JsonRows(
    select(*columns(Message, *_WORDS, *_NEVER), _CHILDREN).where(_IS_SEEN),
    filters={
        "recipient_id": col(Message.recipient_id) == bindparam("recipient_id"),
        "schedule": col(Message.schedule) == bindparam("schedule"),
        "period": col(Message.period) == bindparam("period"),
        "template": col(Message.template) == bindparam("template"),
        "state": col(Message.state) == bindparam("state"),
        "queued_from": col(Message.queued_at) >= bindparam("queued_from", type_=DateTime(timezone=True)),
        "queued_to": col(Message.queued_at) < bindparam("queued_to", type_=DateTime(timezone=True)),
    },
    order=[col(Message.id).desc()],
    hidden=["person_ids"],
)
WHOLE_MESSAGE = JsonRows(
    select(*columns(Message, *_NEVER), _CHILDREN).where(_IS_SEEN),
    filters={"id": col(Message.id) == bindparam("id")},
    hidden=["person_ids"],
)
SUPPRESSIONS = JsonRows(
    select(*columns(Suppression)),
    filters={"address": col(Suppression.address) == bindparam("address")},
    order=[_text(col(Suppression.address))],
)
