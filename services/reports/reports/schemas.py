"""Reports."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from chassis.access.moves import can
from chassis.base.fields import ColleagueId, Input, Words
from chassis.web.pagination import Page
from services.reports.indicators.gathering import LeftOut
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

    can: list[str] = can()


class ReportPage(Page[ReportOut]):
    """One page of reports, those about the latest periods first."""


class SectionIn(Input):
    """The words of a section."""

    prose: str = Field(
        max_length=20_000,
        description="Markdown. `{children_reviewed}` becomes the number of that indicator, and "
        "`{children_reviewed.before}` that of the period before.",
    )


class SectionOut(BaseModel):
    """A section of a report, as it is being written."""

    key: str = Field(description="The section's name in addresses.")
    heading: str = Field(description="Its heading.")
    guidance: str = Field(description="What to write there.")
    source: str = Field(description="Whose heading it is.")
    prose: str = Field(description="The words, as Markdown, before numbers are filled in.")
    from_last_report: bool = Field(description="Whether these are still the words of the report before.")
    written_by: str | None = Field(description="Who wrote them.")
    written_at: datetime | None = Field(description="When they were written.")
    missing: bool = Field(description="Whether words have to be written before a reviewer is asked.")
    version: int = Field(description="The version of the words, to be sent as `If-Match`; 0 while there are none.")


class SectionsOut(BaseModel):
    """The sections of a report, in the order of reading."""

    sections: list[SectionOut] = Field(description="The sections.")
    missing: list[str] = Field(description="The headings of sections whose words are still missing.")


class ReviewerIn(Input):
    """Who reviews the report."""

    reviewer_id: ColleagueId = Field(
        description="A team manager by the directory, who is not the author and has written none of the words."
    )


class ReturnReportIn(Input):
    """Why the report goes back to its author."""

    reason: Words


class ChangedFigureOut(BaseModel):
    """A figure of an approved report that is another one by now."""

    figure: str = Field(description="The indicator, by its name.")
    title: str = Field(description="The indicator, for people.")
    reported: str = Field(description="What the report says.")
    now: str = Field(description="What it is now.")


class ReportFiguresOut(BaseModel):
    """How the figures of a report stand."""

    figures_as_of: date = Field(description="The day of the figures in the report.")
    changed: list[ChangedFigureOut] = Field(description="What has changed since then; the report keeps its figures.")
    left_out: list[LeftOut] = Field(description="What the report leaves out since it is small, or would reveal it.")
