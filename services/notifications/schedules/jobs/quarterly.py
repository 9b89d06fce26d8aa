"""The quarterly email to each liaison officer, and its reminders to those who have not answered."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chassis.base.clock import london_day
from chassis.base.fields import in_words
from chassis.jobs.schedule import claims
from chassis.law.periods import Period, parse
from chassis.process import Process
from services.notifications.clients import Escalations, Item, LinkWanted, settings_of
from services.notifications.directory.snapshot import Directory
from services.notifications.messages.asked import asked_elsewhere
from services.notifications.messages.queueing import Draft
from services.notifications.models import Colleague
from services.notifications.rules import ANSWERS, Position, link_expires_on, may_be_reminded, reminded_quarter

QUARTERLY = "send_quarterly_escalations"
CARE_PLANNING = "care_planning"
# As many as the escalations service takes for one link; what is late beyond that is asked about in the next email.
MOST_ASKED = 1000


async def compose_quarter(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each officer with something to answer, and one for the managers if nobody covers something.

    An escalation belongs to the email of the quarter in which it was raised. If it waits for an answer still, and no
    email has asked the officer about it, it belongs to the next one that is made for them, marked as late.
    """
    quarter, today = parse(period), london_day(now)
    escalations = Escalations(process)
    items = await escalations.quarter(quarter.label)
    before = await escalations.quarter(quarter.previous().label)
    waiting = [item for item in await escalations.open() if item.raised_on < quarter.first and _waits(item)]
    async with process.database.reading() as session:
        directory = await Directory.of(session, today)
        asked = await asked_elsewhere(session, QUARTERLY, quarter.label)
    by_officer, earlier = directory.by_officer(items), directory.by_officer(before)
    all_late = directory.by_officer(waiting)
    uncovered, uncovered_late = by_officer.pop(None, []), all_late.pop(None, [])
    drafts = []
    for officer_id in sorted(one for one in by_officer.keys() | all_late if one is not None):
        mine, late = (
            [item for item in found.get(officer_id, []) if item.reference not in asked[officer_id]]
            for found in (by_officer, all_late)
        )
        late = late[: max(MOST_ASKED - len(mine), 0)]
        if not late and not any(_waits(item) for item in mine):
            continue
        context = _context(process, directory, quarter, mine, earlier.get(officer_id, []), late)
        expires_on = link_expires_on(quarter, today)
        # What was closed without an answer is not asked about: reopened, it would be late.
        references = [item.reference for item in (*mine, *late) if item.answered or _waits(item)]
        link = LinkWanted(colleague_id=officer_id, period=quarter.label, references=references, expires_on=expires_on)
        recipient = directory.colleagues[officer_id]
        drafts.append(Draft("quarterly", recipient, context | {"expires_on": expires_on}, link))
    return drafts + _uncovered(directory, quarter, uncovered, uncovered_late)


def _waits(item: Item) -> bool:
    """Whether an escalation is to be answered: it is open, and nobody has answered it."""
    return item.state == "open" and not item.answered


def _context(
    process: Process,
    directory: Directory,
    quarter: Period,
    items: Sequence[Item],
    before: Sequence[Item],
    late: Sequence[Item],
) -> dict[str, Any]:
    teams = _counts(items, before, lambda item: item.professional_team or in_words(item.agency_role))
    at_least = settings_of(process).repeat_at_least
    agencies = sorted({directory.agency_name(item.agency_id) for item in (*items, *late) if item.kind != CARE_PLANNING})
    return {
        "quarter": quarter.name(),
        "total": len(items),
        "unanswered": sum(_waits(item) for item in (*items, *late)),
        "total_before": len(before),
        "conference": sum(item.kind != CARE_PLANNING for item in items),
        "care_planning": sum(item.kind == CARE_PLANNING for item in items),
        "agencies": agencies[0] if len(agencies) == 1 else "your agencies",
        "choices_offered": ANSWERS,
        "themes": _counts(items, before, lambda item: item.subject),
        "teams": teams,
        "repeats": [one for one in teams if one["now"] >= at_least and one["before"] >= at_least][:5],
        "items": [_item(item) for item in items],
        "late": [_item(item) for item in late],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "reference": item.reference,
        "on": item.meeting_on or item.raised_on,
        "who": in_words(item.agency_role) + (f", {item.professional_team}" if item.professional_team else ""),
        "subject": item.subject,
        "answered": item.answered,
    }


def _counts(items: Sequence[Item], before: Sequence[Item], name: Callable[[Item], str]) -> list[dict[str, Any]]:
    now_counted, counted_before = Counter(map(name, items)), Counter(map(name, before))
    names = sorted(now_counted | counted_before, key=lambda one: (-now_counted[one], one))
    return [{"name": one, "now": now_counted[one], "before": counted_before[one]} for one in names]


def _uncovered(directory: Directory, quarter: Period, items: Sequence[Item], late: Sequence[Item]) -> list[Draft]:
    """For the managers: what nobody covers of the quarter, and what waits from before it."""
    if not items and not late:
        return []
    places = Counter(
        f"{directory.agency_name(item.agency_id)}, {in_words(item.agency_role)}, {directory.area_name(item.area_id)}"
        for item in (*items, *late)
    )
    rows = [{"name": name, "count": count} for name, count in places.most_common()]
    context = {"quarter": quarter.name(), "total": len(items) + len(late), "late": len(late), "places": rows}
    # A manager may cover something as well, and has an email about that of the same quarter.
    occasion = f"{quarter.label}, uncovered"
    managers = directory.in_position(Position.TEAM_MANAGER)
    return [Draft("uncovered", manager, context, occasion=occasion) for manager in managers]


async def compose_reminder(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each officer who has not answered everything; the link of the earlier email is replaced.

    Nobody is reminded of an email that they have had for a few days only.
    """
    quarter, _ = reminded_quarter(period)
    today = london_day(now)
    async with process.database.reading() as session:
        directory = await Directory.of(session, today)
        emailed = await claims(session, QUARTERLY, quarter.label)
    emailed_on = {officer_id: london_day(at) for officer_id, at in emailed.items()}
    days = settings_of(process).reminder_days
    drafts = []
    for link in await Escalations(process).current_links(quarter.label):
        officer: Colleague | None = directory.colleagues.get(link.colleague_id)
        if officer is None or not link.unanswered or link.expires_on < today:
            continue
        if not may_be_reminded(emailed_on.get(officer.id), days, today):
            continue
        wanted = LinkWanted(
            colleague_id=officer.id,
            period=quarter.label,
            references=link.references,
            expires_on=link_expires_on(quarter, today),
        )
        context = {
            "quarter": quarter.name(),
            "unanswered": link.unanswered,
            "choices_offered": ANSWERS,
            "expires_on": wanted.expires_on,
        }
        drafts.append(Draft("quarterly_reminder", officer, context, wanted))
    return sorted(drafts, key=lambda draft: draft.recipient.id)
