"""The weekly email to officers who have become responsible since the quarter's email, or are to be asked again."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from chassis.base.clock import london_day
from chassis.law.periods import Period, PeriodKind, period_of
from chassis.process import Process
from services.notifications.clients.escalations import Escalations, Item, LinkWanted
from services.notifications.directory.snapshot import Directory
from services.notifications.emails.quarterly import MOST_ASKED, NEWLY_RESPONSIBLE, Asked
from services.notifications.messages.queueing import Draft
from services.notifications.rules import ANSWERS, day_after, link_expires_on


async def follow_responsibility(process: Process, _period: str, now: datetime) -> dict[str, Any]:
    """Tell the escalations service who is responsible for each open escalation that somebody was asked about.

    Officers leave, coverage changes, and a fallback begins and ends by the directory's days alone.
    """
    escalations = Escalations(process)
    directory = await Directory.on(process, london_day(now))
    async with process.database.reading() as session:
        asked = await Asked.before(session)
    officers: dict[str | None, list[str]] = defaultdict(list)
    for item in await escalations.open():
        before, officer = asked.officers(item), directory.officer_for(item)
        # Who was not asked yet sees it with the email that asks; until then nobody else does.
        responsible = officer.id if officer and officer.id in before else None
        if before and item.officer_id != responsible:
            officers[responsible].append(item.reference)
    return {"changed": await escalations.name_officers(officers)} if officers else {"changed": 0}


def asked_quarter(today: date) -> Period:
    """The last quarter whose own email was due before today: nothing later is asked about in between."""
    quarter = period_of(PeriodKind.QUARTER, today).previous()
    return quarter if day_after(quarter) < today else quarter.previous()


async def compose_newly_responsible(process: Process, period: str, now: datetime) -> list[Draft]:
    """A draft for each officer whom no email has asked about an escalation that is theirs now, or is to be asked again.

    While a quarter's own email is still to be sent it comes first, and holds all of these.
    """
    today = london_day(now)
    quarter = asked_quarter(today)
    items = [
        item for item in await Escalations(process).open() if item.raised_on <= quarter.last and item.to_be_answered
    ]
    async with process.database.reading() as session:
        directory = await Directory.of(session, today)
        asked = await Asked.before(session, but_for=(NEWLY_RESPONSIBLE, period))
    drafts = []
    for officer_id, theirs in directory.by_officer(items).items():
        new = [item for item in theirs if not asked.has(officer_id, item)][:MOST_ASKED]
        if officer_id is None or not new:
            continue
        expires_on = link_expires_on(quarter, today)
        references = [item.reference for item in new]
        link = LinkWanted(colleague_id=officer_id, period=quarter.label, references=references, expires_on=expires_on)
        context = {
            "total": len(new),
            "reasons": _reasons(directory, asked, officer_id, new),
            "teams": _teams(new),
            "choices_offered": ANSWERS,
            "expires_on": expires_on,
        }
        drafts.append(Draft("newly_responsible", directory.colleagues[officer_id], context, link))
    return sorted(drafts, key=lambda draft: draft.recipient.id)


def _reasons(directory: Directory, asked: Asked, officer_id: str, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Why they come now, in sentences with their number, the most first."""
    counts = Counter(_reason(directory, asked, officer_id, item) for item in items)
    return [{"sentence": sentence, "count": count} for sentence, count in counts.most_common()]


def _reason(directory: Directory, asked: Asked, officer_id: str, item: Item) -> str:
    before = next((officer for officer in asked.officers(item) if officer != officer_id), None)
    if item.waiting_until is not None:
        return "You were still looking, and the day that you named has passed."
    if item.ask_from is not None:
        return "The chair has decided that this belongs with you."
    if before is None:
        return "This was entered after the email about its quarter."
    if before not in directory.colleagues:
        return "The officer who was asked before you has left."
    if not directory.is_covered(item):
        return "Nobody else covers this at present."
    return "You cover this now; another officer was asked before."


def _teams(items: Sequence[Item]) -> list[dict[str, Any]]:
    counts = Counter(item.team for item in items)
    return [{"name": name, "count": count} for name, count in counts.most_common()]
