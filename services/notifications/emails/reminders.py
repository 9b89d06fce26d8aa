"""Reminders a few working days ahead: of conference reports not received yet, and of core groups."""

from datetime import date, datetime

from chassis.base.clock import london_day
from chassis.law.working_days import add_working_days
from chassis.process import Process
from services.notifications.clients.conferences import (
    ConferenceLetter,
    Conferences,
    ContributionLinkWanted,
    CoreGroupDue,
)
from services.notifications.directory.snapshot import Directory
from services.notifications.emails.meetings import calendar_entry, when_and_where
from services.notifications.messages.queueing import Addressee, Draft
from services.notifications.settings import settings_of


async def compose_report_reminders(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each professional with an address whose report is due on the day that the period names.

    Nobody is reminded of a day in the past, or on the day of the invitation.
    """
    today, due_on = london_day(now), date.fromisoformat(period)
    if due_on < today:
        return []
    directory = await Directory.on(process, today)
    return [
        _reminder(process, directory, letter, due_on, now)
        for letter in await Conferences(process).reports_due(due_on)
        if letter.email is not None and letter.invited_on < today
    ]


def _reminder(process: Process, directory: Directory, letter: ConferenceLetter, due_on: date, now: datetime) -> Draft:
    recipient = Addressee(str(letter.invitation_id), letter.email)
    return Draft(
        "report_reminder",
        recipient,
        when_and_where(letter, directory) | {"children": letter.children, "report_due_on": due_on},
        ContributionLinkWanted(invitation_id=letter.invitation_id),
        person_ids=letter.person_ids,
        calendar=calendar_entry(process, letter, recipient, now),
    )


async def compose_core_group_reminders(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for the social worker of each core group that is due within the setting's working days.

    Whichever day the run is about, it looks ahead from today: a run that was missed is caught up by the next.
    """
    today = london_day(now)
    last = add_working_days(today, settings_of(process).core_group_reminder_working_days)
    directory = await Directory.on(process, today)
    return [
        Draft(
            "core_group_reminder",
            directory.colleagues[core_group.owner_id],
            _context(process, core_group),
            occasion=_occasion(core_group),
        )
        for core_group in await Conferences(process).core_groups_due(today, last)
        if core_group.owner_id is not None and core_group.owner_id in directory.colleagues
    ]


def _occasion(core_group: CoreGroupDue) -> str:
    return f"{core_group.conference_reference or core_group.person_id} {core_group.due_on}"


def _context(process: Process, core_group: CoreGroupDue) -> dict[str, object]:
    what, page = core_group.conference_reference, "conferences"
    if what is None:
        what, page = core_group.person_id, "children"
    return {
        "reference": core_group.conference_reference,
        "children": core_group.children,
        "due_on": core_group.due_on,
        "url": settings_of(process).page_of(what, page),
    }
