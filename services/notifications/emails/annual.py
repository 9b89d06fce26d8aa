"""The annual report to the corporate parenting board and the safeguarding partnership."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.base.clock import london_day
from chassis.law.periods import Period, parse
from chassis.process import Process
from services.notifications.clients.conferences import Conferences
from services.notifications.clients.escalations import Escalations
from services.notifications.clients.figures import ConferenceRow, EscalationRow, PlanRow, ReviewRow, Row, Table
from services.notifications.clients.reviews import Reviews
from services.notifications.directory.snapshot import Directory
from services.notifications.emails import number, share
from services.notifications.messages.queueing import Draft
from services.notifications.rules import Position


@dataclass(frozen=True)
class Line:
    """A line of the report: its words, the field of the figures that it shows, and how."""

    words: str
    field: str
    shown: Callable[[Any], str] = number

    def of(self, row: Row | None) -> str:
        """Its value; a kind without any escalations has no row."""
        return self.shown(getattr(row, self.field) if row else 0)


REVIEWS = (
    Line("Review meetings", "reviews"),
    Line("Children's reviews at them, each time counted", "child_reviews"),
    Line("Different children", "children"),
    Line("In time, of the children's reviews", "timeliness", share),
    Line("Took part, of those aged {age} and over", "participation", share),
)
CONFERENCES = (
    Line("Conferences", "conferences"),
    Line("Children at them, each time counted", "child_conferences"),
    Line("Different children", "children"),
    Line("In time, of the children at them", "timeliness", share),
    Line("Took part, of those aged {age} and over", "participation", share),
    Line("Conferences without their quorum", "inquorate"),
)
PLANS = (
    Line("Plans that began", "started"),
    Line("Of these, second or later plans", "started_repeat"),
    Line("Plans that ended", "ended"),
    Line("Children on a plan on 31 March", "open"),
)
# By the kinds as the escalations service names them; None is all of them.
ESCALATIONS = {
    "care_planning": (Line("About care planning", "raised"), Line("Of these, answered", "answered")),
    "conference_contribution": (
        Line("About reports for conferences and who came", "raised"),
        Line("Of these, answered", "answered"),
    ),
    None: (
        Line("All escalations", "raised"),
        Line("Of these, answered", "answered"),
        Line("Answered, of all", "response_rate", share),
    ),
}


@dataclass(frozen=True)
class Figures:
    """A year's figures beside those of the year before, each counted by the service whose work it is."""

    year: Period
    reviews: Table[ReviewRow]
    conferences: Table[ConferenceRow]
    plans: Table[PlanRow]
    # By kind, this year's and the year's before; and this year's by agency.
    kinds: Table[EscalationRow]
    kinds_before: Table[EscalationRow]
    agencies: Table[EscalationRow]

    @classmethod
    async def asked(cls, process: Process, year: Period) -> "Figures":
        """The figures as the services count them now."""
        before = year.previous()
        both = {"period": before.label, "until": year.label, "by": "financial_year"}
        return cls(
            year,
            await Reviews(process).figures(**both),
            await Conferences(process).figures(**both),
            await Conferences(process).plans(**both),
            await Escalations(process).figures(period=year.label, by="kind"),
            await Escalations(process).figures(period=before.label, by="kind"),
            await Escalations(process).figures(period=year.label, by="agency"),
        )

    def are_nothing(self) -> bool:
        """Whether nothing happened in the year. Small numbers that are left out count as something."""
        reviews, conferences = self.reviews.row(self.year.label), self.conferences.row(self.year.label)
        raised = self.kinds.row(None)
        counts = (
            reviews.child_reviews if reviews else 0,
            conferences.child_conferences if conferences else 0,
            raised.raised if raised else 0,
        )
        return all(count == 0 for count in counts)


async def compose_report(process: Process, period: str, now: datetime) -> list[Draft]:
    """The same draft for every member of both bodies; none about a year in which nothing happened."""
    figures = await Figures.asked(process, parse(period))
    if figures.are_nothing():
        return []
    directory = await Directory.on(process, london_day(now))
    context = _context(figures, directory)
    recipients = directory.in_position(Position.CORPORATE_PARENTING_BOARD, Position.SAFEGUARDING_PARTNERSHIP)
    return [Draft("annual_figures", recipient, context, person_ids=()) for recipient in recipients]


def _context(figures: Figures, directory: Directory) -> dict[str, Any]:
    """The report: three tables beside the year before, and the escalations of each agency."""
    return {
        "year": figures.year.name(),
        "before": figures.year.previous().name(),
        "reviews": _of_years(figures.year, figures.reviews, REVIEWS),
        "conferences": [
            *_of_years(figures.year, figures.conferences, CONFERENCES),
            *_of_years(figures.year, figures.plans, PLANS),
        ],
        "escalations": [
            line
            for kind, lines in ESCALATIONS.items()
            for line in _lines(figures.kinds.row(kind), figures.kinds_before.row(kind), lines)
        ],
        "agencies": [
            {"name": directory.agency_name(row.key), "now": number(row.raised), "before": number(row.answered)}
            for row in figures.agencies.rows
            if row.key is not None
        ],
    }


def _of_years(year: Period, table: Table[Any], lines: Sequence[Line]) -> list[dict[str, str]]:
    """The lines of a table whose rows are years; none where the service is not installed."""
    if not table.rows:
        return []
    worded = [Line(line.words.format(age=table.participation_age), line.field, line.shown) for line in lines]
    return _lines(table.row(year.label), table.row(year.previous().label), worded)


def _lines(now: Row | None, before: Row | None, lines: Sequence[Line]) -> list[dict[str, str]]:
    return [{"name": line.words, "now": line.of(now), "before": line.of(before)} for line in lines]
