"""Queueing messages: rendered, with their links, once for each recipient."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.jobs.schedule import claim
from chassis.process import ALIVE_SECONDS, Process
from services.notifications.clients.conferences import Conferences, ContributionLinkWanted
from services.notifications.clients.escalations import Escalations, LinkWanted
from services.notifications.clients.papers import PaperLinks, PaperLinkWanted
from services.notifications.directory.models import Colleague
from services.notifications.emails import ANSWER_LINK, Words, render
from services.notifications.letters.words import Letter, blocks
from services.notifications.messages.models import Message, Suppression
from services.notifications.rules import MessageState
from services.notifications.settings import settings_of

AnyLink = LinkWanted | ContributionLinkWanted | PaperLinkWanted


@dataclass(frozen=True)
class Addressee:
    """A recipient who is not a colleague. Without an address they get a letter."""

    id: str
    email: str | None


@dataclass(frozen=True)
class Draft:
    """A message to send: its template, the template's context, and the answer link that it needs.

    Each recipient gets it once for an `occasion` or, without that, for the period of the run: the same core group is
    due soon on several days. `person_ids` are the children that it is about, if known; `calendar` is attached; `counts`
    are the numbers that the next one shows beside its own; `secret` is the link if it was made before, or what stands
    in its place. Who has no address gets the `letter`.
    """

    template: str
    recipient: Colleague | Addressee
    context: dict[str, Any]
    link: AnyLink | None = None
    occasion: str | None = None
    person_ids: Sequence[str] | None = None
    calendar: str | None = None
    counts: dict[str, int] | None = None
    letter: Letter | None = None
    secret: str | None = None

    def served_for(self, period: str) -> str:
        """The occasion or period for which its recipient gets it once."""
        return self.occasion or period

    def letter_blocks(self) -> list[dict[str, str]] | None:
        """What the letter says; nothing if there is none."""
        return blocks(self.letter.version, self.context) if self.letter else None

    def words(self, process: Process, letter: list[dict[str, str]] | None = None) -> Words:
        """The words of the message, with a placeholder for its link; those of the letter, if it is one."""
        council = settings_of(process).council
        if letter:
            return render("letter", self.context | {"title": letter[0]["words"], "blocks": letter}, council)
        return render(self.template, self.context | {"answer_url": ANSWER_LINK}, council)


async def serve(process: Process, job: str, period: str, drafts: Sequence[Draft], now: datetime) -> int:
    """Queue the drafts, except to recipients who had theirs for this period or occasion; returns the number queued.

    The claim, the link and the message of a recipient are one transaction: if the claim is lost or the process stops,
    nothing is left that could be sent.
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
    """Add a message to the queue. Letters and messages to suppressed addresses are only logged."""
    recipient, address = draft.recipient, draft.recipient.email
    letter = draft.letter_blocks() if address is None else None
    words = draft.words(process, letter)
    is_suppressed = address is not None and await session.get(Suppression, address.lower()) is not None
    state = MessageState.SUPPRESSED if is_suppressed else MessageState.QUEUED
    if address is None:
        state = MessageState.TO_PRINT
    secret = None
    if not is_suppressed:
        secret = draft.secret or (await link_url(process, draft.link) if draft.link else None)
    message = Message(
        template=draft.template,
        recipient_id=recipient.id,
        address=address or "",
        subject=words.subject,
        html=words.html,
        text=words.text,
        calendar=draft.calendar,
        schedule=schedule,
        period=period,
        answer_link=draft.link.model_dump(mode="json") if draft.link else None,
        answer_url=secret,
        letter=asdict(draft.letter) | {"blocks": letter} if draft.letter and letter else None,
        person_ids=None if draft.person_ids is None else [*draft.person_ids],
        counts=draft.counts,
        state=state,
        queued_at=now,
        due_at=now if state is MessageState.QUEUED else None,
    )
    session.add(message)
    return message


async def link_url(process: Process, wanted: AnyLink) -> str | None:
    """The address of a new link; none if what it was for has ended.

    Earlier links for the same purpose still work, except to papers: each has one link.
    """
    if isinstance(wanted, PaperLinkWanted):
        owner = settings_of(process).url_of(wanted.service)
        path = (await PaperLinks(process, owner).issue(wanted.link_id)).path
        if path is None:
            return None
    elif isinstance(wanted, ContributionLinkWanted):
        path = await Conferences(process).create_link(wanted)
    else:
        path = f"/answer/{await Escalations(process).create_link(wanted)}"
    return f"{process.settings.public_url.rstrip('/')}{path}"
