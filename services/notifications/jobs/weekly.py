"""The weekly reminder to each chair, and the weekly report to managers and the safeguarding team."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from chassis.clock import london_day
from chassis.work import Work
from services.notifications.actions.queueing import Draft
from services.notifications.clients import Deadline, Escalations, OpenItem, Reviews, settings_of
from services.notifications.queries.snapshot import Directory
from services.notifications.rules import Position, deadline_words

OPEN = "open"
ALLOCATION = "allocation"
MOST_SHOWN = 20
TROUBLED = "SELECT state, count(*) AS count FROM message WHERE state IN ('failed', 'bounced') \
    AND queued_at > $1::timestamptz - interval '7 days' GROUP BY state"


async def compose_reminder(work: Work, period: str, now: datetime) -> list[Draft]:
    """A draft for each chair with an escalation that is open and not answered, or with something due for a child."""
    today = london_day(now)
    owned: dict[str, list[OpenItem]] = defaultdict(list)
    for item in await Escalations(work).open():
        if item.state == OPEN:
            owned[item.owner_id].append(item)
    due: dict[str, list[Deadline]] = defaultdict(list)
    for one in await Reviews(work).digest():
        due[one.chair_id or ""].append(one)
    directory = await Directory.on(work, today)
    return [
        Draft(
            "weekly_reminder",
            directory.colleagues[chair],
            _reminder(work, directory, owned[chair], today) | _due(work, due[chair], today),
        )
        for chair in sorted(owned.keys() | due.keys())
        if chair in directory.colleagues
    ]


def _due(work: Work, deadlines: Sequence[Deadline], today: date) -> dict[str, Any]:
    """What is due for a chair's children: the number of each child and no name, soonest first."""
    shown = sorted(deadlines, key=lambda one: (one.due_on, one.person_id))[:MOST_SHOWN]
    return {
        "deadlines": [
            {
                "what": deadline_words(one.kind, one.subject),
                "person_id": one.person_id,
                "days_left": (one.due_on - today).days,
                "url": settings_of(work).page_of(one.person_id, "looked-after-children"),
            }
            for one in shown
        ],
        "more_deadlines": len(deadlines) - len(shown),
        "deadlines_overdue": sum(one.due_on < today for one in deadlines),
        "deadlines_soon": sum(one.due_on >= today for one in deadlines),
    }


def _reminder(work: Work, directory: Directory, items: Sequence[OpenItem], today: date) -> dict[str, Any]:
    return {
        "items": [
            {
                "reference": item.reference,
                "subject": item.subject,
                "agency": directory.agency_name(item.agency_id),
                "stage": item.stage_name,
                "age": (today - item.raised_on).days,
                "days_left": (item.stage_due_on - today).days,
                "url": settings_of(work).page_of(item.reference),
            }
            for item in sorted(items, key=lambda one: (one.raised_on, one.reference))
        ],
        "overdue": sum(item.stage_due_on < today for item in items),
    }


async def compose_report(work: Work, period: str, now: datetime) -> list[Draft]:
    """The same draft for every team manager and the safeguarding team; none if there is nothing to see to."""
    today = london_day(now)
    items = await Escalations(work).open()
    due = await Reviews(work).digest()
    deadlines = [one for one in due if one.due_on < today]
    directory = await Directory.on(work, today)
    left_behind = {one.person_id for one in due if one.chair_id and one.chair_id not in directory.colleagues}
    troubled = {row["state"]: row["count"] for row in await work.database.statements.rows(TROUBLED, now)}
    if not (items or deadlines or left_behind):
        return []
    context = {
        "total": len(items),
        "unanswered": sum(item.state == OPEN for item in items),
        "overdue": sum(item.due_on < today for item in items),
        "oldest": max(((today - item.raised_on).days for item in items), default=0),
        "tasks": _tasks_for_children(sum(one.kind == ALLOCATION for one in deadlines), len(left_behind))
        + _tasks(directory, items, troubled),
        "by_deadline": [
            {"name": name, "overdue": count}
            for name, count in Counter(deadline_words(one.kind, one.subject) for one in deadlines).most_common()
        ],
        "by_owner": _rows(items, lambda item: directory.names.get(item.owner_id, item.owner_id), today),
        "by_agency": _rows(items, lambda item: directory.agency_name(item.agency_id), today),
    }
    recipients = directory.in_position(Position.TEAM_MANAGER, Position.SAFEGUARDING_TEAM)
    return [Draft("weekly_report", recipient, context) for recipient in recipients]


def _tasks_for_children(unallocated: int, left_behind: int) -> list[str]:
    """What somebody has to put right for children: they have no chair, or one who left."""

    def children(count: int, words: str) -> list[str]:
        return [f"{count} {'child has' if count == 1 else 'children have'} {words}"] if count else []

    return [
        *children(unallocated, "had no chair for more than 5 working days: please allocate one."),
        *children(left_behind, "a chair who left: please hand them over."),
    ]


def _tasks(directory: Directory, items: Sequence[OpenItem], troubled: dict[str, int]) -> list[str]:
    """What somebody has to put right: nobody covers it, its owner left, or emails do not arrive."""
    gone = sum(item.owner_id not in directory.colleagues for item in items)
    uncovered = sum(item.state == OPEN and directory.officer_for(item) is None for item in items)
    counted = (
        (gone, "belong to somebody who left: please reassign them."),
        (uncovered, "are covered by no liaison officer: please name one."),
        (troubled.get("failed", 0), "emails of the last week could not be sent: see the message log."),
        (troubled.get("bounced", 0), "emails of the last week came back: please find the right address."),
    )
    return [f"{count} {words}" for count, words in counted if count]


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
        for key, mine in sorted(grouped.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
