"""What is recorded of the work's quality, rendered by PostgreSQL; what was voided is left out."""

from typing import Any

from sqlalchemy import Boolean, bindparam, or_, select
from sqlmodel import col

from chassis.access.callers import Caller
from chassis.access.visibility import VIEWER, columns
from chassis.db.columns import between, equal
from chassis.web.pagination import JsonRows
from services.reports.quality.models import CaseAudit, Development, Home, HomeVisit, Observation, Priority, Recorded
from services.reports.roles import AUTHORS

_MANAGES = bindparam("manages", type_=Boolean)
_VOIDED = {name for name in Recorded.model_fields if name.startswith("voided_")}


def _current(table: Any, *conditions: Any) -> Any:
    shown = [column for column in columns(table) if column.key not in _VOIDED]
    return select(*shown).where(table.voided_on.is_(None), *conditions)


def _newest(day: Any, table: Any) -> list[Any]:
    return [col(day).desc(), table.id.desc()]


# Managers see those of all; a chair sees their own.
OBSERVATIONS = JsonRows(
    _current(Observation, or_(_MANAGES, col(Observation.chair_id) == VIEWER)),
    filters=equal(Observation, "chair_id", "observer_id", "grade") | between(col(Observation.observed_on), "observed"),
    order=_newest(Observation.observed_on, Observation),
)
DEVELOPMENT = JsonRows(
    _current(Development, or_(_MANAGES, col(Development.colleague_id) == VIEWER)),
    filters=equal(Development, "colleague_id", "kind") | between(col(Development.held_on), "held"),
    order=_newest(Development.held_on, Development),
)
CASE_AUDITS = JsonRows(
    _current(CaseAudit),
    filters=equal(CaseAudit, "auditor_id", "grade") | between(col(CaseAudit.audited_on), "audited"),
    order=_newest(CaseAudit.audited_on, CaseAudit),
)
HOMES = JsonRows(
    select(*columns(Home)),
    filters=equal(Home, "id", "kind"),
    order=[col(Home.name), col(Home.id)],
)
HOME_VISITS = JsonRows(
    _current(HomeVisit),
    filters=equal(HomeVisit, "home_id") | between(col(HomeVisit.visited_on), "visited"),
    order=_newest(HomeVisit.visited_on, HomeVisit),
)
PRIORITIES = JsonRows(
    _current(Priority),
    filters=equal(Priority, "year", "owner_id", "state"),
    order=_newest(Priority.year, Priority),
)


def seen_by(caller: Caller) -> dict[str, Any]:
    """The values by which records about a colleague are shown to somebody or not."""
    return {"viewer": caller.subject, "manages": caller.is_any(*AUTHORS)}
