"""Core groups, rendered by PostgreSQL."""

from sqlalchemy import Date, bindparam, func, select
from sqlmodel import col

from chassis.db.columns import between, equal, whether
from chassis.law.deadlines import DeadlineKind
from chassis.web.pagination import JsonRows
from services.conferences.calendar.queries import APART
from services.conferences.children.models import Deadline, Protection
from services.conferences.children.queries import about_visible
from services.conferences.core_groups.models import CoreGroup

CORE_GROUPS_DUE = JsonRows(
    select(
        func.min(col(Deadline.person_id)).label("person_id"),
        func.count().label("children"),
        col(Deadline.owner_id),
        col(Deadline.due_on),
        col(Deadline.conference_reference),
    )
    .where(
        col(Deadline.kind) == DeadlineKind.CORE_GROUP,
        col(Deadline.due_on).between(bindparam("due_from", type_=Date), bindparam("due_to", type_=Date)),
    )
    .group_by(col(Deadline.owner_id), col(Deadline.due_on), col(Deadline.conference_reference), APART)
    .order_by(col(Deadline.due_on), func.min(col(Deadline.person_id))),
)

CORE_GROUPS = JsonRows(
    about_visible(CoreGroup, "event_on"),
    filters=equal(CoreGroup, "person_id", "reference")
    | equal(Protection, "chair_id")
    | between(col(CoreGroup.due_on), "due")
    | whether("held", col(CoreGroup.held_on).is_not(None)),
    order=[col(CoreGroup.due_on).desc(), col(CoreGroup.id).desc()],
    hidden=["person_ids"],
)
