"""Checks of plans and 12-month discussions, rendered by PostgreSQL."""

from sqlmodel import col

from chassis.db.columns import between, equal, whether
from chassis.web.pagination import JsonRows
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.children.models import Protection
from services.conferences.children.queries import about_visible

PLAN_CHECKS = JsonRows(
    about_visible(PlanCheck),
    filters=equal(PlanCheck, "person_id", "reference", "kind")
    | equal(Protection, "chair_id")
    | between(col(PlanCheck.done_on), "done")
    | whether("with_concern", col(PlanCheck.concern).is_not(None)),
    order=[col(PlanCheck.done_on).desc(), col(PlanCheck.id).desc()],
    hidden=["person_ids"],
)
DISCUSSIONS = JsonRows(
    about_visible(TwelveMonthDiscussion),
    filters=equal(TwelveMonthDiscussion, "person_id", "led_by") | between(col(TwelveMonthDiscussion.held_on), "held"),
    order=[col(TwelveMonthDiscussion.held_on).desc(), col(TwelveMonthDiscussion.id).desc()],
    hidden=["person_ids"],
)
