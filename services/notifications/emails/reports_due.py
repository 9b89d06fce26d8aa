"""What the people of an agency owe: the reports that are due for conferences, for officers who want the list."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from chassis.base.clock import london_day
from chassis.base.fields import in_words
from chassis.process import Process
from services.notifications.clients.conferences import ConferenceLetter, Conferences
from services.notifications.directory.snapshot import Directory
from services.notifications.messages.queueing import Draft

AHEAD = timedelta(days=14)


async def compose_reports_due(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each officer who wants the list, and whose people owe a report now or within two weeks."""
    today = london_day(now)
    directory = await Directory.on(process, today)
    owed: defaultdict[str, list[ConferenceLetter]] = defaultdict(list)
    for letter in await Conferences(process).reports_owed(today + AHEAD):
        if letter.agency_id is not None and letter.agency_role is not None:
            officer = directory.officer_of(letter.agency_id, letter.agency_role, letter.area_id)
            if officer is not None and officer.reports_due_weekly:
                owed[officer.id].append(letter)
    return [
        Draft("reports_due", directory.colleagues[officer_id], _context(directory, letters, today))
        for officer_id, letters in sorted(owed.items())
    ]


def _context(directory: Directory, letters: Sequence[ConferenceLetter], today: date) -> dict[str, Any]:
    rows = [_row(directory, letter, today) for letter in letters]
    return {
        "until": today + AHEAD,
        "overdue": sum(row["days_left"] < 0 for row in rows),
        "rows": sorted(rows, key=lambda row: (row["due_on"], row["reference"], row["name"])),
    }


def _row(directory: Directory, letter: ConferenceLetter, today: date) -> dict[str, Any]:
    due_on = letter.report_due_on or letter.planned_on
    unit = letter.team or in_words(letter.agency_role or "")
    return {
        "name": letter.name,
        "unit": f"{unit}, {directory.agency_name(letter.agency_id or '')}",
        "due_on": due_on,
        "days_left": (due_on - today).days,
        "reference": letter.reference,
        "planned_on": letter.planned_on,
        "has_address": letter.email is not None,
    }
