"""What happened between conferences, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.meetings.corrections import taken_back_about
from chassis.web.pagination import JsonRows
from services.conferences.calendar.queries import between, equal, whether
from services.conferences.checks.models import CoreGroup, Feedback, PlanCheck, TakenBack, TwelveMonthDiscussion
from services.conferences.children.models import Child
from services.conferences.children.visibility import of_visible_child
from services.conferences.meetings.models import Conference


def _of_child(table: Any, *left_out: str) -> Any:
    """The rows of a table that are about a child whose record whoever asks may see."""
    joined, may_be_seen = of_visible_child(table)
    shown = select(*columns(table, *left_out), concerned(table)).join(Child, joined)
    return shown.where(may_be_seen)


CORE_GROUPS = JsonRows(
    _of_child(CoreGroup, "event_on"),
    filters=equal(CoreGroup, "person_id", "reference")
    | {"chair_id": col(Child.chair_id) == bindparam("chair_id")}
    | between(col(CoreGroup.due_on), "due")
    | whether("held", col(CoreGroup.held_on).is_not(None)),
    order=[col(CoreGroup.due_on).desc(), col(CoreGroup.id).desc()],
    hidden=["person_ids"],
)
PLAN_CHECKS = JsonRows(
    _of_child(PlanCheck),
    filters=equal(PlanCheck, "person_id", "reference", "kind")
    | {"chair_id": col(Child.chair_id) == bindparam("chair_id")}
    | between(col(PlanCheck.done_on), "done")
    | whether("with_concern", col(PlanCheck.concern).is_not(None)),
    order=[col(PlanCheck.done_on).desc(), col(PlanCheck.id).desc()],
    hidden=["person_ids"],
)
DISCUSSIONS = JsonRows(
    _of_child(TwelveMonthDiscussion),
    filters=equal(TwelveMonthDiscussion, "person_id", "led_by") | between(col(TwelveMonthDiscussion.held_on), "held"),
    order=[col(TwelveMonthDiscussion.held_on).desc(), col(TwelveMonthDiscussion.id).desc()],
    hidden=["person_ids"],
)
FEEDBACK = JsonRows(
    select(*columns(Feedback))
    .join(Conference, col(Conference.reference) == col(Feedback.reference))
    .where(visible(Conference)),
    filters=equal(Feedback, "reference", "from_whom", "rating"),
    order=[col(Feedback.id).desc()],
    hidden=["person_ids"],
)
TAKEN_BACK = taken_back_about(TakenBack, Child)
