"""Reports."""

from pydantic import Field

from chassis.base.fields import ColleagueId, Input
from chassis.web.pagination import Page
from services.reports.reports.models import ReportBase
from services.reports.rules import ReportKind


class ReportIn(Input):
    """A new report."""

    kind: ReportKind
    period: str = Field(max_length=10, description="The period: `2019-20`, `2019-H1` or `2019-Q2`.")
    chair_id: ColleagueId | None = Field(default=None, description="Whose page it is, where it is a chair's own.")
    author_id: ColleagueId | None = Field(default=None, description="Who writes it; the caller by default.")


class ReportOut(ReportBase):
    """A report."""


class ReportPage(Page[ReportOut]):
    """One page of reports, those about the latest periods first."""
