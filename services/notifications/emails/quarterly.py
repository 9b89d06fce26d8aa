"""The quarterly email to each liaison officer, and its reminders to those who have not answered."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.clock import london_day
from chassis.base.fields import in_words
from chassis.jobs.schedule import claims
from chassis.law.periods import Period, parse
from chassis.process import Process
from services.notifications.clients.escalations import Escalations, Item, LinkWanted
from services.notifications.directory.models import Colleague
from services.notifications.directory.snapshot import Directory
from services.notifications.messages.models import Message
from services.notifications.messages.queueing import Draft
from services.notifications.rules import (
    ANSWERS,
    MessageState,
    Position,
    link_expires_on,
    may_be_reminded,
    reminded_quarter,
)
from services.notifications.settings import settings_of

QUARTERLY = "send_quarterly_escalations"
NEWLY_RESPONSIBLE = "send_newly_responsible"
# The schedules whose emails ask an officer something for the first time; reminders ask again.
ASKING = (QUARTERLY, NEWLY_RESPONSIBLE)
CARE_PLANNING = "care_planning"
# The escalations service takes this many for one link; late ones beyond that wait for the next email.
MOST_ASKED = 1000
_NOT_READ = (MessageState.SUPPRESSED, MessageState.FAILED, MessageState.BOUNCED)


async def compose_quarter(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each officer with something to answer, and for managers if nobody covers something.

    An escalation belongs in the email about the quarter in which it was raised. If it is still unanswered and no email
    has asked the officer about it, it belongs in the officer's next email, marked as late.
    """
    quarter, today = parse(period), london_day(now)
    escalations = Escalations(process)
    items = await escalations.quarter(quarter.label)
    before = await escalations.quarter(quarter.previous().label)
    waiting = [item for item in await escalations.open() if item.raised_on < quarter.first and item.to_be_answered]
    async with process.database.reading() as session:
        directory = await Directory.of(session, today)
        asked = await Asked.before(session, but_for=(QUARTERLY, quarter.label))
    by_officer, earlier = directory.by_officer(items), directory.by_officer(before)
    all_late = directory.by_officer(waiting)
    uncovered, uncovered_late = by_officer.pop(None, []), all_late.pop(None, [])
    drafts = []
    for officer_id in sorted(key for key in by_officer.keys() | all_late if key is not None):
        mine, late = (
            [item for item in found.get(officer_id, []) if item.returned_on is None and not asked.has(officer_id, item)]
            for found in (by_officer, all_late)
        )
        late = late[: max(MOST_ASKED - len(mine), 0)]
        if not late and not any(item.to_be_answered for item in mine):
            continue
        context = _context(process, directory, quarter, mine, earlier.get(officer_id, []), late)
        expires_on = link_expires_on(quarter, today)
        # Escalations closed without an answer are not asked about: if they are reopened, they will be late.
        references = [item.reference for item in (*mine, *late) if item.answered or item.state == "open"]
        link = LinkWanted(colleague_id=officer_id, period=quarter.label, references=references, expires_on=expires_on)
        recipient = directory.colleagues[officer_id]
        drafts.append(Draft("quarterly", recipient, context | {"expires_on": expires_on}, link))
    return drafts + _uncovered(directory, quarter, uncovered, uncovered_late)


@dataclass(frozen=True)
class Asked:
    """When emails asked each officer about each escalation."""

    emails: dict[str, dict[str, datetime]]

    @classmethod
    async def before(cls, session: AsyncSession, *, but_for: tuple[str, str] = ("", "")) -> "Asked":
        """What the emails of this service asked, except those of one schedule and period.

        Messages say what they ask about, and are written in the transaction that claims the recipient, so a link that
        was created but never sent does not count. Nor does a message that could not be delivered.
        """
        messages = select(Message).where(
            col(Message.schedule).in_(ASKING),
            tuple_(col(Message.schedule), col(Message.period)) != but_for,
            col(Message.answer_link).is_not(None),
            col(Message.state).not_in(_NOT_READ),
        )
        emails: dict[str, dict[str, datetime]] = defaultdict(dict)
        for message in (await session.exec(messages.order_by(col(Message.queued_at)))).all():
            references = LinkWanted.model_validate(message.answer_link).references
            emails[message.recipient_id].update(dict.fromkeys(references, message.queued_at))
        return cls(emails)

    def has(self, officer_id: str | None, item: Item) -> bool:
        """Whether an officer was asked about an escalation, and need not be asked again."""
        at = self.emails.get(officer_id or "", {}).get(item.reference)
        return at is not None and (item.ask_from is None or at >= item.ask_from)

    def officers(self, item: Item) -> list[str]:
        """The officers who were ever asked about an escalation, the latest first."""
        at = {officer: asked[item.reference] for officer, asked in self.emails.items() if item.reference in asked}
        return sorted(at, key=lambda officer: at[officer], reverse=True)


def _context(
    process: Process,
    directory: Directory,
    quarter: Period,
    items: Sequence[Item],
    before: Sequence[Item],
    late: Sequence[Item],
) -> dict[str, Any]:
    teams = _counts((*items, *late), before, lambda item: item.team)
    at_least = settings_of(process).repeat_at_least
    agencies = sorted({directory.agency_name(item.agency_id) for item in (*items, *late) if item.kind != CARE_PLANNING})
    return {
        "quarter": quarter.name(),
        "total": len(items),
        "unanswered": sum(item.to_be_answered for item in (*items, *late)),
        "settled": sum(not item.to_be_answered for item in items),
        "total_before": len(before),
        "conference": sum(item.kind != CARE_PLANNING for item in items),
        "care_planning": sum(item.kind == CARE_PLANNING for item in items),
        "agencies": agencies[0] if len(agencies) == 1 else "your agencies",
        "choices_offered": ANSWERS,
        "themes": _counts(items, before, lambda item: item.subject),
        "teams": teams,
        "repeats": [team for team in teams if min(team["now"], team["before"]) >= at_least][:5],
        "late": len(late),
    }


def _counts(items: Sequence[Item], before: Sequence[Item], name: Callable[[Item], str]) -> list[dict[str, Any]]:
    counts, counts_before = Counter(map(name, items)), Counter(map(name, before))
    names = sorted(counts | counts_before, key=lambda name: (-counts[name], name))
    return [{"name": name, "now": counts[name], "before": counts_before[name]} for name in names]


def _uncovered(directory: Directory, quarter: Period, items: Sequence[Item], late: Sequence[Item]) -> list[Draft]:
    """Drafts for the managers about escalations that nobody covers, of the quarter and from before."""
    if not items and not late:
        return []
    places = Counter(
        f"{directory.agency_name(item.agency_id)}, {in_words(item.agency_role)}, {directory.area_name(item.area_id)}"
        for item in (*items, *late)
    )
    rows = [{"name": name, "count": count} for name, count in places.most_common()]
    context = {"quarter": quarter.name(), "total": len(items) + len(late), "late": len(late), "places": rows}
    # A manager may also cover something, and then has another email for the same quarter.
    occasion = f"{quarter.label}, uncovered"
    managers = directory.in_position(Position.TEAM_MANAGER)
    return [Draft("uncovered", manager, context, occasion=occasion) for manager in managers]


async def compose_reminder(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each officer who has unanswered escalations.

    Nobody is reminded of an email that they got only a few days ago.
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
