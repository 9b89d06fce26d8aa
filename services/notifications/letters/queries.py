"""The letters of a print run, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import visible
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.notifications.messages.models import Message

PRINTED = JsonRows(
    select(
        *(
            col(getattr(Message, name))
            for name in ("recipient_id", "letter", "printed_at", "print_run_id", "person_ids")
        )
    )
    .where(visible(Message))
    .order_by(col(Message.id)),
    filters=equal(Message, "print_run_id"),
)
