"""Child protection plans, and which of them are to be watched, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import ARRAY, Date, Text, any_, bindparam, literal, literal_column, or_
from sqlmodel import col

from chassis.db.columns import between, equal, matching
from chassis.web.pagination import JsonRows
from services.conferences.children.models import Protection
from services.conferences.children.queries import about_visible
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.plans import SHORT_MONTHS, SOON_AGAIN_MONTHS, WATCHED_AFTER_MONTHS, Watch

DAY = bindparam("day", type_=Date)


def _months(count: int) -> Any:
    """So many calendar months, which PostgreSQL adds as the rules do: the corresponding date, or the month's last."""
    return literal_column(f"interval '{count} months'")


def _is_open_on(day: Any) -> Any:
    ends_on = col(ProtectionPlan.ends_on)
    return (col(ProtectionPlan.starts_on) <= day) & or_(ends_on.is_(None), ends_on > day)


# The same as the functions of `rules.plans`, which tests hold against these; `day` is the day on which one looks.
WATCHED = {
    Watch.LONG: _is_open_on(DAY) & (col(ProtectionPlan.starts_on) + _months(WATCHED_AFTER_MONTHS) <= DAY),
    Watch.REPEAT: col(ProtectionPlan.previous_plans) > 0,
    Watch.REPEAT_WITHIN_TWO_YEARS: col(ProtectionPlan.starts_on)
    <= col(ProtectionPlan.previous_ended_on) + _months(SOON_AGAIN_MONTHS),
    Watch.ENDED_WITHIN_THREE_MONTHS: col(ProtectionPlan.ends_on)
    <= col(ProtectionPlan.starts_on) + _months(SHORT_MONTHS),
    Watch.ALSO_LOOKED_AFTER: col(ProtectionPlan.ends_on).is_(None) & col(Protection.looked_after_since).is_not(None),
}
_ANY_WATCH = any_(bindparam("any_watch", type_=ARRAY(Text)))
_SHOWN = about_visible(ProtectionPlan, "imported", "reviewed_before_on")
PLANS = JsonRows(
    _SHOWN,
    filters=equal(ProtectionPlan, "id", "person_id", "chair_id", "area_id", "team")
    | matching(col(ProtectionPlan.latest_category), "category")
    | {"open_on": _is_open_on(bindparam("open_on", type_=Date))}
    | between(col(ProtectionPlan.starts_on), "started")
    | between(col(ProtectionPlan.ends_on), "ended")
    | {str(watch): condition for watch, condition in WATCHED.items()}
    | {"any_watch": or_(*(condition & (literal(str(watch)) == _ANY_WATCH) for watch, condition in WATCHED.items()))},
    order=[col(ProtectionPlan.starts_on).desc(), col(ProtectionPlan.id).desc()],
    hidden=["person_ids"],
)
PLAN = JsonRows(_SHOWN, filters=equal(ProtectionPlan, "id"), hidden=["person_ids"])
