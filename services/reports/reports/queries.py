"""Reports, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import Boolean, and_, bindparam, case, or_, select
from sqlmodel import col

from chassis.access.callers import Caller
from chassis.access.visibility import VIEWER, columns
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.reports.moves import OF_REPORT
from services.reports.reports.models import Report
from services.reports.roles import AUTHORS, WRITERS
from services.reports.rules import ReportState, Turn

_WRITES, _MAKES = (bindparam(name, type_=Boolean) for name in ("writes", "makes"))
_PUBLISHED = col(Report.published_at).is_not(None)
# Whoever makes reports sees all of them; a chair's page is for that chair besides, once it is published.
SEEN = or_(
    _MAKES,
    and_(col(Report.chair_id).is_(None), or_(_WRITES, _PUBLISHED)),
    and_(col(Report.chair_id) == VIEWER, _PUBLISHED),
)
_REVIEWS, _WROTE = col(Report.reviewer_id) == VIEWER, col(Report.author_id) == VIEWER
# `rules.standing` in SQL.
_STANDING = case(
    (and_(col(Report.state) == ReportState.WITH_REVIEWER, _REVIEWS), Turn.TO_REVIEW),
    (and_(col(Report.state) == ReportState.APPROVED, or_(_REVIEWS, _WROTE)), Turn.TO_PUBLISH),
    else_=col(Report.state),
)

REPORTS = JsonRows(
    select(*columns(Report), OF_REPORT.column(_STANDING)).where(SEEN),
    filters=equal(Report, "reference", "kind", "period", "chair_id", "state", "author_id", "reviewer_id"),
    order=[col(Report.last_day).desc(), col(Report.id).desc()],
    hidden=["id"],
    moves=OF_REPORT,
)


def seen_by(caller: Caller) -> dict[str, Any]:
    """The values by which reports are shown to somebody or not."""
    return {"viewer": caller.subject, "writes": caller.is_any(*WRITERS), "makes": caller.is_any(*AUTHORS)}
