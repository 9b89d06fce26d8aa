"""Lists and single records, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import ARRAY, Date, DateTime, Text, bindparam, func, literal, select, type_coerce
from sqlmodel import col, or_

from chassis.access.visibility import SEES, columns, visible
from chassis.db.columns import holds
from chassis.web.pagination import JsonRows
from services.notifications.models import Agency, Area, Colleague, Coverage, Message, Suppression


def _text(column: Any) -> Any:
    """A sort key of text: SQLModel's own type does not say that its values are text, which a cursor has to know."""
    return type_coerce(column, Text)


ON = bindparam("on", type_=Date)

AREAS = JsonRows(select(*columns(Area)), filters={"id": col(Area.id) == bindparam("id")}, order=[_text(col(Area.id))])
AGENCIES = JsonRows(
    select(*columns(Agency)), filters={"id": col(Agency.id) == bindparam("id")}, order=[_text(col(Agency.id))]
)
COLLEAGUES = JsonRows(
    select(*columns(Colleague)),
    filters={
        "id": col(Colleague.id) == bindparam("id"),
        "position": holds(Colleague.positions, "position"),
        "team_manager_id": col(Colleague.team_manager_id) == bindparam("team_manager_id"),
        "area_id": col(Colleague.area_id) == bindparam("area_id"),
        "on": (col(Colleague.starts_on) <= ON) & or_(col(Colleague.ends_on).is_(None), col(Colleague.ends_on) >= ON),
    },
    order=[_text(col(Colleague.id))],
)
COVERAGE = JsonRows(
    select(*columns(Coverage)),
    filters={
        "id": col(Coverage.id) == bindparam("id"),
        "colleague_id": col(Coverage.colleague_id) == bindparam("colleague_id"),
        "agency_id": col(Coverage.agency_id) == bindparam("agency_id"),
        "on": (col(Coverage.starts_on) <= ON) & or_(col(Coverage.ends_on).is_(None), col(Coverage.ends_on) >= ON),
    },
    order=[col(Coverage.id)],
)
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
