"""When each scheduled email is due, and how it is sent: compose all drafts, then claim and queue each."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chassis.base.clock import LONDON, london_day, today
from chassis.base.settings import Settings
from chassis.jobs.schedule import Due, Job
from chassis.law.periods import NoPeriod, parse
from chassis.process import Process
from services.notifications import rules
from services.notifications.emails import newly_responsible, quarterly, reminders, reports_due, weekly
from services.notifications.messages.queueing import Draft, serve
from services.notifications.settings import NotificationsSettings

Timetable = Callable[[Any, date, date], Sequence[Due]]


@dataclass(frozen=True)
class Sending:
    """An email that is sent on a schedule; `compose` returns the drafts and changes nothing."""

    name: str
    description: str
    timetable: Timetable
    horizon: timedelta
    compose: Callable[[Process, str, datetime], Awaitable[list[Draft]]]

    async def run(self, process: Process, period: str, now: datetime) -> dict[str, Any]:
        """Queue the drafts, except to recipients who had theirs for this period."""
        drafts = await self.compose(process, period, now)
        return {"recipients": len(drafts), "queued": await serve(process, self.name, period, drafts, now)}

    def job(self) -> Job:
        """The job for the scheduler."""
        return Job(self.name, self.description, self.timetable, self.horizon, self.run)


def due_of(job: Job, settings: Settings, period: str) -> Due:
    """The occurrence of a period, past or within a year; `LookupError` if the job has none of that name.

    Ten years back are looked at: a manager may have an old period sent that never was.
    """
    for due in job.timetable(settings, today() - timedelta(days=3653), today() + timedelta(days=366)):
        if due.period == period:
            return due
    raise LookupError(period)


def first_day_to_run(due: Due) -> date:
    """The first day, in Europe/London, on which an occurrence may be run: that on which it is due.

    What is about a period that ends before that day may be run from the day after its end.
    """
    day = london_day(due.at)
    try:
        return min(day, parse(due.period).last + timedelta(days=1))
    except NoPeriod:
        return day


def at(day: date, moment: time) -> datetime:
    """A time of a day in Europe/London, in UTC."""
    return datetime.combine(day, moment, LONDON).astimezone(UTC)


def _dues(days: Iterable[tuple[str, date]], settings: NotificationsSettings) -> list[Due]:
    return [Due(period, at(day, settings.send_at)) for period, day in days]


def quarters(settings: NotificationsSettings, first_day: date, last_day: date) -> list[Due]:
    """The first working day of each quarter, about the quarter that ended."""
    found = rules.quarters_ending(first_day, last_day)
    return _dues(((quarter.label, day) for quarter, day in found), settings)


def quarterly_reminders(settings: NotificationsSettings, first_day: date, last_day: date) -> list[Due]:
    """The days in the settings after each quarterly email."""
    return _dues(rules.reminders_between(settings.reminder_days, first_day, last_day), settings)


def weeks(settings: NotificationsSettings, first_day: date, last_day: date) -> list[Due]:
    """Once a week, on the next working day after a bank holiday."""
    return _dues(rules.weekly_days(settings.weekly_day, first_day, last_day), settings)


def report_days(settings: NotificationsSettings, first_day: date, last_day: date) -> list[Due]:
    """The working days in the settings before each day on which reports can be due."""
    before = settings.report_reminder_working_days
    return _dues(rules.days_to_remind_of(before, first_day, last_day), settings)


def working_days(settings: NotificationsSettings, first_day: date, last_day: date) -> list[Due]:
    """Every working day."""
    return _dues(rules.working_days(first_day, last_day), settings)


SENDINGS = {
    sending.name: sending
    for sending in (
        Sending(
            quarterly.QUARTERLY,
            "Asks each liaison officer what was done about the escalations of the quarter that ended.",
            quarters,
            timedelta(days=45),
            quarterly.compose_quarter,
        ),
        Sending(
            "send_quarterly_reminders",
            "Reminds liaison officers who have not answered.",
            quarterly_reminders,
            timedelta(days=6),
            quarterly.compose_reminder,
        ),
        Sending(
            quarterly.NEWLY_RESPONSIBLE,
            "Asks liaison officers about what has become theirs, or what they are to be asked about again.",
            weeks,
            timedelta(days=6),
            newly_responsible.compose_newly_responsible,
        ),
        Sending(
            weekly.REMINDER,
            "Reminds each chair of escalations to decide on or not answered, and of what is due for their children; "
            "tells business support which escalations officers sent back.",
            weeks,
            timedelta(days=6),
            weekly.compose_reminder,
        ),
        Sending(
            "send_weekly_report",
            "Shows managers and the safeguarding team all open escalations and what is overdue.",
            weeks,
            timedelta(days=6),
            weekly.compose_report,
        ),
        Sending(
            "send_reports_due",
            "Lists for liaison officers who want it the conference reports that their agencies owe within two weeks.",
            weeks,
            timedelta(days=6),
            reports_due.compose_reports_due,
        ),
        Sending(
            "send_report_reminders",
            "Reminds invited professionals of conference reports that are due soon and have not come.",
            report_days,
            # Beyond the longest stretch of days that holds ten working days.
            timedelta(days=21),
            reminders.compose_report_reminders,
        ),
        Sending(
            "send_core_group_reminders",
            "Reminds social workers of core groups that are to meet soon.",
            working_days,
            timedelta(days=6),
            reminders.compose_core_group_reminders,
        ),
    )
}
FOLLOWING = Job(
    "follow_responsibility",
    "Notes which liaison officer is responsible for each open escalation, as the directory says on that day.",
    working_days,
    timedelta(days=1),
    newly_responsible.follow_responsibility,
)
JOBS = (FOLLOWING, *(sending.job() for sending in SENDINGS.values()))
