"""The weekly reminder to each chair, and the weekly report to managers and the safeguarding team."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from chassis.base.clock import london_day
from chassis.law.labels import label
from chassis.law.periods import parse
from chassis.process import Process
from services.notifications.clients.conferences import ConferenceLetter, Conferences
from services.notifications.clients.escalations import Escalations, OpenItem
from services.notifications.clients.reports import Reports
from services.notifications.directory.snapshot import Directory
from services.notifications.emails.deadlines import MOST_SHOWN, Deadlines, sentences, tables
from services.notifications.emails.routing import to_route
from services.notifications.messages.models import Message
from services.notifications.messages.queueing import Draft
from services.notifications.rules import Position
from services.notifications.settings import settings_of

REMINDER, REPORT = "send_weekly_reminder", "send_weekly_report"
OPEN = "open"
# The kinds of escalations as a table shows them.
KINDS = {"care_planning": "care planning", "conference_contribution": "conferences"}
WEEK = timedelta(days=7)
MOST_NAMED = 5
TROUBLED = "SELECT state, count(*) AS count FROM message WHERE state IN ('failed', 'bounced', 'suppressed') \
    AND queued_at > $1::timestamptz - interval '7 days' GROUP BY state"


async def compose_reminder(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each chair who has an open escalation or something due for a child, and for business support."""
    today = london_day(now)
    owned = await _owned(process, today)
    owned_before = await _owned(process, today - WEEK)
    deadlines = await Deadlines.asked(process)
    before = await _counts_before(process, REMINDER, period)
    directory = await Directory.on(process, today)
    drafts = []
    for chair in sorted(owned.keys() | deadlines.chairs()):
        if chair in directory.colleagues:
            due = deadlines.of(chair).context(process, today, before.get(chair))
            context = _reminder(process, directory, owned[chair], owned_before[chair], today) | due
            counts = {kind["name"]: kind["count"] for kind in due["overdue_kinds"]}
            drafts.append(Draft("weekly_reminder", directory.colleagues[chair], context, counts=counts))
    items = [item for items in owned.values() for item in items]
    return drafts + to_route(process, directory, period, items)


async def _counts_before(process: Process, schedule: str, period: str) -> dict[str, dict[str, int]]:
    """How much of each kind was overdue in the email of the week before, by its recipient."""
    query = select(col(Message.recipient_id), col(Message.counts)).where(
        col(Message.schedule) == schedule,
        col(Message.period) == parse(period).previous().label,
        col(Message.counts).is_not(None),
    )
    async with process.database.reading() as session:
        return {recipient: counts or {} for recipient, counts in (await session.exec(query)).all()}


async def _owned(process: Process, day: date) -> defaultdict[str, list[OpenItem]]:
    """The escalations that were open at the end of a day, by their owner."""
    owned: defaultdict[str, list[OpenItem]] = defaultdict(list)
    for item in await Escalations(process).open(day):
        owned[item.owner_id].append(item)
    return owned


def _reminder(
    process: Process, directory: Directory, items: Sequence[OpenItem], before: Sequence[OpenItem], today: date
) -> dict[str, Any]:
    """What a chair's email shows of their escalations: answered ones first, since only the chair can go on."""
    oldest_first = sorted(items, key=lambda item: (item.raised_on, item.reference))
    overdue = [item for item in oldest_first if _is_asked(item) and item.stage_due_on < today]
    # What became overdue since the last reminder stands first: the rest was there a week ago.
    overdue.sort(key=lambda item: item.stage_due_on + WEEK < today)
    groups = (
        ("Answered: close it, or go on", [item for item in oldest_first if item.state != OPEN]),
        ("Sent back: say where it belongs", [item for item in oldest_first if item.returned_on is not None]),
        ("Overdue", overdue),
        ("Not answered yet", [item for item in oldest_first if _is_asked(item) and item.stage_due_on >= today]),
    )
    return {
        "open": len(items),
        "open_before": len(before),
        "oldest": max(((today - item.raised_on).days for item in items), default=0),
        "groups": [
            {
                "name": name,
                "count": len(mine),
                "items": [_row_of(process, directory, item, today) for item in mine[:MOST_SHOWN]],
                "more": len(mine[MOST_SHOWN:]),
            }
            for name, mine in groups
            if mine
        ],
        "all_url": settings_of(process).page_of("", "home"),
    }


def _is_asked(item: OpenItem) -> bool:
    """Whether it is for the agency to answer."""
    return item.state == OPEN and item.returned_on is None


def _row_of(process: Process, directory: Directory, item: OpenItem, today: date) -> dict[str, Any]:
    return {
        "reference": item.reference,
        "subject": item.subject,
        "agency": directory.agency_name(item.agency_id),
        "stage": item.stage_name,
        "age": (today - item.raised_on).days,
        "days_left": (item.stage_due_on - today).days if _is_asked(item) else None,
        "answer": label("Choice", item.answer) if item.answer else None,
        "waiting_until": item.waiting_until,
        "url": settings_of(process).page_of(item.reference),
    }


async def compose_report(process: Process, period: str, now: datetime) -> list[Draft]:
    """The same draft for every team manager and the safeguarding team; none if there is nothing to report."""
    today = london_day(now)
    items = await Escalations(process).open(today)
    before = await Escalations(process).open(today - WEEK)
    deadlines = await Deadlines.asked(process)
    overdue = deadlines.overdue(today).counts()
    # All recipients were told the same.
    overdue_before = next(iter((await _counts_before(process, REPORT, period)).values()), None)
    unreachable = await Conferences(process).without_address()
    directory = await Directory.on(process, today)
    troubled = {row["state"]: row["count"] for row in await process.database.statements.rows(TROUBLED, now)}
    quality = Counter(due.kind for due in await Reports(process).quality_due())
    tasks = (
        deadlines.tasks(directory, today)
        + _of_quality(quality)
        + _ask_otherwise(unreachable)
        + _tasks(directory, items, troubled)
    )
    if not (items or overdue or tasks):
        return []
    context = {
        "total": len(items),
        "unanswered": sum(item.state == OPEN for item in items),
        "overdue": sum(item.due_on < today for item in items),
        "oldest": max(((today - item.raised_on).days for item in items), default=0),
        "tasks": tasks,
        "total_before": len(before),
        "by_owner": _rows(items, before, lambda item: f"{_owner(directory, item)}, {KINDS[item.kind]}", today),
        "by_agency": _rows(items, before, lambda item: directory.agency_name(item.agency_id), today),
    } | tables(overdue, overdue_before)
    recipients = directory.in_position(Position.TEAM_MANAGER, Position.SAFEGUARDING_TEAM)
    return [Draft("weekly_report", recipient, context, counts=overdue) for recipient in recipients]


def _of_quality(due: Mapping[str, int]) -> list[str]:
    """Tasks about the quality of the work that are due within 30 days or overdue."""
    soon = "due within 30 days or overdue."
    return sentences(
        (due.get("observation", 0), "chair is to be observed:", "chairs are to be observed:", soon),
        (due.get("home_visit", 0), "visit to a home is", "visits to homes are", soon),
        (
            due.get("audit_outcome", 0),
            "audit awaits",
            "audits await",
            f"an outcome {soon}",
        ),
        (due.get("priority", 0), "priority of the year is", "priorities of the year are", soon),
    )


def _ask_otherwise(unreachable: Sequence[ConferenceLetter]) -> list[str]:
    """The task to ask professionals by other means who have no email address."""
    if not unreachable:
        return []
    references = sorted({letter.reference for letter in unreachable})
    named = ", ".join(references[:MOST_NAMED]) + (" and more" if len(references) > MOST_NAMED else "")
    who = "1 invited professional has" if len(unreachable) == 1 else f"{len(unreachable)} invited professionals have"
    return [f"{who} no email address: please find it, or ask them by other means ({named})."]


def _tasks(directory: Directory, items: Sequence[OpenItem], troubled: dict[str, int]) -> list[str]:
    """Tasks about escalations without an owner, an officer or a known child, and about emails that did not arrive."""
    gone = sum(item.owner_id not in directory.colleagues for item in items)
    uncovered = sum(item.state == OPEN and directory.officer_for(item) is None for item in items)
    unknown = sum(item.person_unknown for item in items)
    emails = ("email of the last week", "emails of the last week")
    return sentences(
        (gone, "escalation belongs", "escalations belong", "to somebody who left: please reassign."),
        (uncovered, "escalation is", "escalations are", "covered by no liaison officer: please name one."),
        (unknown, "escalation is", "escalations are", "about a number of no known child: please check it."),
        (troubled.get("failed", 0), *emails, "could not be sent: see the message log."),
        (troubled.get("bounced", 0), *emails, "came back: please find the right address."),
        (troubled.get("suppressed", 0), *emails, "went to nobody, as the address is suppressed: please find another."),
    )


def _owner(directory: Directory, item: OpenItem) -> str:
    return directory.names.get(item.owner_id, item.owner_id)


def _rows(
    items: Sequence[OpenItem], before: Sequence[OpenItem], name: Callable[[OpenItem], str], today: date
) -> list[dict[str, Any]]:
    """What is open now, beside how much was open a week ago."""
    grouped: dict[str, list[OpenItem]] = defaultdict(list)
    for item in items:
        grouped[name(item)].append(item)
    counts_before = Counter(map(name, before))
    rows = [
        {
            "name": key,
            "open": len(grouped.get(key, [])),
            "before": counts_before[key],
            "unanswered": sum(item.state == OPEN for item in grouped.get(key, [])),
            "overdue": sum(item.due_on < today for item in grouped.get(key, [])),
            "oldest": max(((today - item.raised_on).days for item in grouped.get(key, [])), default=0),
        }
        for key in grouped.keys() | counts_before.keys()
    ]
    return sorted(rows, key=lambda row: (-row["open"], row["name"]))
