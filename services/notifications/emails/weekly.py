"""The weekly reminder to each chair, and the weekly report to managers and the safeguarding team."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from chassis.base.clock import london_day
from chassis.process import Process
from services.notifications.clients.conferences import ConferenceLetter, Conferences
from services.notifications.clients.escalations import Escalations, OpenItem
from services.notifications.directory.snapshot import Directory
from services.notifications.emails.deadlines import Deadlines, sentences
from services.notifications.messages.queueing import Draft
from services.notifications.rules import Position
from services.notifications.settings import settings_of

OPEN = "open"
MOST_NAMED = 5
TROUBLED = "SELECT state, count(*) AS count FROM message WHERE state IN ('failed', 'bounced', 'suppressed') \
    AND queued_at > $1::timestamptz - interval '7 days' GROUP BY state"


async def compose_reminder(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each chair who has an unanswered escalation or something due for a child."""
    today = london_day(now)
    owned: dict[str, list[OpenItem]] = defaultdict(list)
    for item in await Escalations(process).open():
        if item.state == OPEN:
            owned[item.owner_id].append(item)
    deadlines = await Deadlines.asked(process)
    directory = await Directory.on(process, today)
    return [
        Draft(
            "weekly_reminder",
            directory.colleagues[chair],
            _reminder(process, directory, owned[chair], today) | deadlines.of(chair).context(process, today),
        )
        for chair in sorted(owned.keys() | deadlines.chairs())
        if chair in directory.colleagues
    ]


def _reminder(process: Process, directory: Directory, items: Sequence[OpenItem], today: date) -> dict[str, Any]:
    return {
        "items": [
            {
                "reference": item.reference,
                "subject": item.subject,
                "agency": directory.agency_name(item.agency_id),
                "stage": item.stage_name,
                "age": (today - item.raised_on).days,
                "days_left": (item.stage_due_on - today).days,
                "url": settings_of(process).page_of(item.reference),
            }
            for item in sorted(items, key=lambda item: (item.raised_on, item.reference))
        ],
        "overdue": sum(item.stage_due_on < today for item in items),
    }


async def compose_report(process: Process, period: str, now: datetime) -> list[Draft]:
    """The same draft for every team manager and the safeguarding team; none if there is nothing to report."""
    today = london_day(now)
    items = await Escalations(process).open()
    deadlines = await Deadlines.asked(process)
    overdue = deadlines.overdue(today)
    unreachable = await Conferences(process).without_address()
    directory = await Directory.on(process, today)
    troubled = {row["state"]: row["count"] for row in await process.database.statements.rows(TROUBLED, now)}
    tasks = deadlines.tasks(directory, today) + _ask_otherwise(unreachable) + _tasks(directory, items, troubled)
    if not (items or overdue.reviews or overdue.conferences or tasks):
        return []
    context = {
        "total": len(items),
        "unanswered": sum(item.state == OPEN for item in items),
        "overdue": sum(item.due_on < today for item in items),
        "oldest": max(((today - item.raised_on).days for item in items), default=0),
        "tasks": tasks,
        "by_owner": _rows(items, lambda item: directory.names.get(item.owner_id, item.owner_id), today),
        "by_agency": _rows(items, lambda item: directory.agency_name(item.agency_id), today),
    } | overdue.by_kind()
    recipients = directory.in_position(Position.TEAM_MANAGER, Position.SAFEGUARDING_TEAM)
    return [Draft("weekly_report", recipient, context) for recipient in recipients]


def _ask_otherwise(unreachable: Sequence[ConferenceLetter]) -> list[str]:
    """The task to ask professionals by other means who have no email address."""
    if not unreachable:
        return []
    references = sorted({letter.reference for letter in unreachable})
    named = ", ".join(references[:MOST_NAMED]) + (" and more" if len(references) > MOST_NAMED else "")
    who = "1 invited professional has" if len(unreachable) == 1 else f"{len(unreachable)} invited professionals have"
    return [f"{who} no email address: please find it, or ask them by other means ({named})."]


def _tasks(directory: Directory, items: Sequence[OpenItem], troubled: dict[str, int]) -> list[str]:
    """Tasks about escalations without an owner or an officer, and about emails that did not arrive."""
    gone = sum(item.owner_id not in directory.colleagues for item in items)
    uncovered = sum(item.state == OPEN and directory.officer_for(item) is None for item in items)
    emails = ("email of the last week", "emails of the last week")
    return sentences(
        (gone, "escalation belongs", "escalations belong", "to somebody who left: please reassign."),
        (uncovered, "escalation is", "escalations are", "covered by no liaison officer: please name one."),
        (troubled.get("failed", 0), *emails, "could not be sent: see the message log."),
        (troubled.get("bounced", 0), *emails, "came back: please find the right address."),
        (troubled.get("suppressed", 0), *emails, "went to nobody, as the address is suppressed: please find another."),
    )


def _rows(items: Sequence[OpenItem], name: Callable[[OpenItem], str], today: date) -> list[dict[str, Any]]:
    grouped: dict[str, list[OpenItem]] = defaultdict(list)
    for item in items:
        grouped[name(item)].append(item)
    return [
        {
            "name": key,
            "open": len(mine),
            "unanswered": sum(item.state == OPEN for item in mine),
            "overdue": sum(item.due_on < today for item in mine),
            "oldest": max((today - item.raised_on).days for item in mine),
        }
        for key, mine in sorted(grouped.items(), key=lambda row: (-len(row[1]), row[0]))
    ]
