"""Putting messages into the queue: rendered, with their links, each recipient served once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.jobs.schedule import claim
from chassis.process import ALIVE_SECONDS, Process
from services.notifications.clients import Conferences, ContributionLinkWanted, Escalations, LinkWanted, settings_of
from services.notifications.emails import ANSWER_LINK, render
from services.notifications.models import Colleague, Message, Suppression
from services.notifications.rules import MessageState

AnyLink = LinkWanted | ContributionLinkWanted


@dataclass(frozen=True)
class Addressee:
    """Somebody who is no colleague; without an address they get a letter to print."""

    id: str
    email: str | None


@dataclass(frozen=True)
class Draft:
    """A message that somebody is to get: its template, what it says, and the link to answer by that it needs.

    `occasion` is what they are served for once, where that is not the period of the run: the same core group is due
    soon on several days. `person_ids` are the children whom it is about, where those are known.
    """

    template: str
    recipient: Colleague | Addressee
    context: dict[str, Any]
    link: AnyLink | None = None
    occasion: str | None = None
    person_ids: Sequence[str] | None = None

    def served_for(self, period: str) -> str:
        """What its recipient is served for once, in a run for this period."""
        return self.occasion or period

    def whole_context(self, process: Process) -> dict[str, Any]:
        """What the template is given."""
        return self.context | {"answer_url": ANSWER_LINK, "contact": settings_of(process).mail_contact}


async def serve(process: Process, job: str, period: str, drafts: Sequence[Draft], now: datetime) -> int:
    """Queue each draft whose recipient was not served for this period or occasion of this job yet; how many it was.

    The claim, the link and the message belong to one transaction for each recipient: whoever loses the claim, or
    breaks off, leaves nothing behind that reaches anybody.
    """
    queued = 0
    for draft in drafts:
        process.beat(ALIVE_SECONDS)
        async with process.database.transaction() as session:
            if await claim(session, job, draft.served_for(period), draft.recipient.id, now):
                await queue(process, session, draft, now, schedule=job, period=period)
                queued += 1
    return queued


async def queue(
    process: Process, session: AsyncSession, draft: Draft, now: datetime, *, schedule: str | None, period: str | None
) -> Message:
    """Add a message to the queue; a letter, and what goes to a suppressed address, is only kept in the log."""
    words = render(draft.template, draft.whole_context(process))
    recipient, address = draft.recipient, draft.recipient.email
    is_suppressed = address is not None and await session.get(Suppression, address.lower()) is not None
    state = MessageState.SUPPRESSED if is_suppressed else MessageState.QUEUED
    if address is None:
        state = MessageState.TO_PRINT
    url = await link_url(process, draft.link) if draft.link and not is_suppressed else None
    message = Message(
        template=draft.template,
        recipient_id=recipient.id,
        address=address or "",
        subject=words.subject,
        html=words.html,
        text=words.text,
        schedule=schedule,
        period=period,
        answer_link=draft.link.model_dump(mode="json") if draft.link else None,
        answer_url=url,
        person_ids=None if draft.person_ids is None else [*draft.person_ids],
        state=state,
        queued_at=now,
        due_at=now if state is MessageState.QUEUED else None,
    )
    session.add(message)
    return message


async def link_url(process: Process, wanted: AnyLink) -> str:
    """The address of a fresh link; earlier ones for the same stop working."""
    if isinstance(wanted, ContributionLinkWanted):
        path = await Conferences(process).create_link(wanted)
    else:
        path = f"/answer/{await Escalations(process).create_link(wanted)}"
    return f"{process.settings.public_url.rstrip('/')}{path}"
