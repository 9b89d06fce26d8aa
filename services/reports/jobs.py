"""The job of this service: a report is begun when its period has ended, and its author is told."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from chassis.access.callers import Caller, Role
from chassis.base.clock import LONDON, london_day
from chassis.command import Command
from chassis.jobs.schedule import Due, Job
from chassis.law.periods import period_of
from chassis.process import Process
from services.reports.reports.actions import ReportBeingMade, draft_report
from services.reports.reports.schemas import ReportIn
from services.reports.rules import PERIODS, ReportKind
from services.reports.settings import ReportsSettings, settings_of

AT = time(7)


def ended(settings: ReportsSettings, first: date, last: date) -> Sequence[Due]:
    """The first day after each period, for the kinds of report that have an author."""
    found = []
    for kind in settings.report_authors:
        period = period_of(PERIODS[kind], first)
        while (day := period.first) <= last:
            if day >= first:
                found.append(Due(f"{kind} {period.previous().label}", datetime.combine(day, AT, LONDON)))
            period = period.next()
    return sorted(found, key=lambda due: due.at)


async def begin_report(process: Process, occasion: str, now: datetime) -> dict[str, Any]:
    """Begin the report of a kind about a period, unless somebody has begun it."""
    kind, _, period = occasion.partition(" ")
    caller = Caller(process.settings.service_name, frozenset({Role.SERVICE}))
    author = settings_of(process).report_authors.get(ReportKind(kind))
    wanted = ReportIn(kind=ReportKind(kind), period=period, author_id=author)
    try:
        async with process.database.transaction() as session:
            report = await draft_report(Command(session, caller, process, now, london_day(now)), wanted)
    except ReportBeingMade:
        return {"begun": 0}
    return {"begun": 1, "reference": report.reference}


JOBS = (
    Job(
        name="begin_reports",
        description="Begins each kind of report that has an author when its period has ended, and tells the author.",
        timetable=ended,
        horizon=timedelta(days=45),
        run=begin_report,
    ),
)
