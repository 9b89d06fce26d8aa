"""Reminders a few working days before something: of a report that has not come, of a core group that is to meet."""

from datetime import date, datetime

from chassis.base.clock import london_day
from chassis.law.working_days import add_working_days
from chassis.process import Process
from services.notifications.clients import Conferences, ContributionLinkWanted, CoreGroupDue, settings_of
from services.notifications.directory.snapshot import Directory
from services.notifications.emails.meetings import when_and_where
from services.notifications.messages.queueing import Addressee, Draft


async def compose_report_reminders(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each professional with an address whose report is due on the day that the period names.

    Of a day that has gone by nobody is reminded. Whoever was invited today was told today, and a second email would
    take the place of the link in the first.
    """
    today, due_on = london_day(now), date.fromisoformat(period)
    if due_on < today:
        return []
    directory = await Directory.on(process, today)
    return [
        Draft(
            "report_reminder",
            Addressee(str(letter.invitation_id), letter.email),
            when_and_where(letter, directory) | {"children": letter.children, "report_due_on": due_on},
            ContributionLinkWanted(invitation_id=letter.invitation_id),
            person_ids=letter.person_ids,
        )
        for letter in await Conferences(process).reports_due(due_on)
        if letter.email is not None and letter.invited_on < today
    ]


async def compose_core_group_reminders(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for the social worker of each core group that is due within the setting's working days.

    Whichever day the run is about, it looks ahead from today: a run that was missed is caught up by the next.
    """
    today = london_day(now)
    last = add_working_days(today, settings_of(process).core_group_reminder_working_days)
    directory = await Directory.on(process, today)
    return [
        Draft(
            "core_group_reminder", directory.colleagues[one.owner_id], _context(process, one), occasion=_occasion(one)
        )
        for one in await Conferences(process).core_groups_due(today, last)
        if one.owner_id is not None and one.owner_id in directory.colleagues
    ]


def _occasion(one: CoreGroupDue) -> str:
    return f"{one.conference_reference or one.person_id} {one.due_on}"


def _context(process: Process, one: CoreGroupDue) -> dict[str, object]:
    what, page = one.conference_reference, "conferences"
    if what is None:
        what, page = one.person_id, "children"
    return {
        "reference": one.conference_reference,
        "children": one.children,
        "due_on": one.due_on,
        "url": settings_of(process).page_of(what, page),
    }
