"""What this service does about reviews: it tells managers, advocates and children."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select, update

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.jobs.schedule import ScheduleClaim
from services.notifications.clients.reviews import LetterChild, Letters, Parent, Reviews
from services.notifications.directory.models import Colleague
from services.notifications.directory.snapshot import Directory
from services.notifications.emails.meetings import calendar_entry, when_and_where
from services.notifications.handlers.sending import advocates, send, was_sent
from services.notifications.letters.words import Letter, Version, version_for
from services.notifications.messages.models import Message, Suppression
from services.notifications.messages.queueing import Addressee, Draft
from services.notifications.rules import MessageState, Position
from services.notifications.settings import settings_of

ASK_MANAGER, INVITE_ADVOCATE, CONSULT_CHILD = "ask_manager", "invite_advocate", "consult_child"
INVITE_PARENT, TELL_PARENT = "invite_parent", "tell_parent"
WRITE_AGAIN = "write_again"
CANCELLED = "cancelled"
COMING = frozenset({"planned", "adjourned"})
# The states of a review in which each kind of news is still true.
STILL_TRUE = {"planned": COMING, "moved": COMING, CANCELLED: frozenset({CANCELLED})}


class ReviewEvent(ReceivedEvent):
    """What this service reads of a review."""

    source = "reviews"

    reference: str
    version: int


class ReviewPlanned(ReviewEvent):
    """A review was planned."""

    type = "review.planned"


class ReviewMoved(ReviewEvent):
    """A review was moved."""

    type = "review.moved"


class ReviewAdjourned(ReviewEvent):
    """A review was adjourned to another day."""

    type = "review.adjourned"


class ReviewCancelled(ReviewEvent):
    """A review was cancelled."""

    type = "review.cancelled"


class ReviewHeld(ReviewEvent):
    """A review was held."""

    type = "review.held"


class ReviewReopened(ReviewEvent):
    """A review was not held after all."""

    type = "review.reopened"


class ParentInvited(ReceivedEvent):
    """A parent without an email was invited to a review."""

    source = "reviews"
    type = "review.parent_invited"

    invitation_id: UUID
    reference: str


class DecisionsRecorded(ReceivedEvent):
    """Decisions were sent to the manager."""

    source = "reviews"
    type = "review.decisions_recorded"

    child_review_id: UUID
    reference: str
    person_id: str | None = None
    manager_id: str | None
    count: int
    respond_by: date


async def ask_manager(event: DecisionsRecorded, receipt: Receipt) -> None:
    """Ask the social work manager to consider decisions; if there is none, every team manager."""
    directory = await Directory.at(receipt)
    manager = directory.colleagues.get(event.manager_id or "")
    context = {
        "reference": event.reference,
        "asked": manager is None,
        "count": event.count,
        "respond_by": event.respond_by,
        "url": settings_of(receipt.process).page_of(event.reference, "reviews"),
    }
    for recipient in [manager] if manager else directory.in_position(Position.TEAM_MANAGER):
        draft = Draft(
            "decisions_to_consider", recipient, context, person_ids=[event.person_id] if event.person_id else None
        )
        await send(receipt, draft, ASK_MANAGER, str(event.child_review_id))


async def announce(event: ReviewPlanned, receipt: Receipt) -> None:
    """Invite the advocate and consult each child about a review that was planned."""
    await _announce(event, receipt, "planned")


async def announce_again(event: ReviewMoved | ReviewAdjourned, receipt: Receipt) -> None:
    """Tell the advocate and each child that a review was moved or adjourned to another day."""
    await keep_from_printing(event, receipt)
    await _announce(event, receipt, "moved")


async def call_off(event: ReviewCancelled, receipt: Receipt) -> None:
    """Tell the advocate and each child that a review was cancelled."""
    await keep_from_printing(event, receipt)
    await _announce(event, receipt, CANCELLED)


async def keep_from_printing(event: ReviewEvent, receipt: Receipt) -> None:
    """Have letters about a review that nobody printed yet never be: what they say is no longer true."""
    about = func.jsonb_extract_path_text(col(Message.letter), "reference")
    waiting = update(Message).where(col(Message.state) == MessageState.TO_PRINT, about == event.reference)
    await receipt.session.exec(waiting.values(state=MessageState.OUTDATED))


async def write_again(event: ReviewReopened, receipt: Receipt) -> None:
    """Write anew to those whose last letter about a review nobody printed, if it is still to come after all."""
    await keep_from_printing(event, receipt)
    letters = await Reviews(receipt.process).letters(event.reference)
    directory = await Directory.at(receipt)
    if letters.state not in COMING or letters.planned_on < directory.day:
        return
    drafts = [draft for _, draft in await _drafts(receipt, letters, directory, "planned") if draft.letter]
    parents = await Reviews(receipt.process).parents(event.reference)
    drafts += [_to_parent(parent, letters, directory, "planned") for parent in parents]
    never_printed = await _never_printed(receipt, event.reference)
    for draft in drafts:
        if draft.recipient.email is None and draft.recipient.id in never_printed:
            await send(receipt, draft, WRITE_AGAIN, f"{event.reference} {event.version}")


async def _never_printed(receipt: Receipt, reference: str) -> set[str]:
    """To whom the last letter about a review was never printed."""
    about = func.jsonb_extract_path_text(col(Message.letter), "reference")
    last = select(Message.recipient_id, Message.state).distinct(col(Message.recipient_id)).where(about == reference)
    ordered = last.order_by(col(Message.recipient_id), col(Message.id).desc())
    found = (await receipt.session.exec(ordered)).all()
    return {recipient_id for recipient_id, state in found if state == MessageState.OUTDATED}


async def invite_parent(event: ParentInvited, receipt: Receipt) -> None:
    """Write a letter to a parent who was invited, if the review is still to come."""
    letters = await Reviews(receipt.process).letters(event.reference)
    directory = await Directory.at(receipt)
    if letters.state in COMING and letters.planned_on >= directory.day:
        for parent in await Reviews(receipt.process).parents(event.reference):
            if parent.invitation_id == event.invitation_id:
                draft = _to_parent(parent, letters, directory, "planned")
                await send(receipt, draft, INVITE_PARENT, event.reference)


async def _tell_parents(receipt: Receipt, letters: Letters, directory: Directory, news: str, version: int) -> None:
    """Write to the parents who had a letter of invitation."""
    for parent in await Reviews(receipt.process).parents(letters.reference):
        if await was_sent(receipt, INVITE_PARENT, letters.reference, str(parent.invitation_id)):
            draft = _to_parent(parent, letters, directory, news)
            await send(receipt, draft, TELL_PARENT, f"{letters.reference} {version}")


def _to_parent(parent: Parent, letters: Letters, directory: Directory, news: str) -> Draft:
    context = _context(letters, directory, news) | {"children": len(parent.person_ids)}
    letter = Letter(Version.PARENT, letters.chair_id, letters.reference, parent_in=letters.reference)
    recipient = Addressee(str(parent.invitation_id), None)
    return Draft("parent_letter", recipient, context, person_ids=parent.person_ids, letter=letter)


async def _announce(event: ReviewEvent, receipt: Receipt, news: str) -> None:
    letters = await Reviews(receipt.process).letters(event.reference)
    directory = await Directory.at(receipt)
    is_over = letters.planned_on < directory.day
    # Events may be late, and reviews recorded afterwards: those that are over or cancelled are not announced.
    if letters.state not in STILL_TRUE[news] or (is_over and news != CANCELLED):
        return
    for job, draft in await _drafts(receipt, letters, directory, news):
        if not is_over or await _is_invited(receipt, job, event.reference, draft.recipient.id):
            await send(receipt, draft, job, f"{event.reference} {event.version}")
    if news != "planned" and not is_over:
        await _tell_parents(receipt, letters, directory, news, event.version)


async def _drafts(receipt: Receipt, letters: Letters, directory: Directory, news: str) -> list[tuple[str, Draft]]:
    """The drafts for the advocate and each child, with the job name for each claim."""
    context, concerned = _context(letters, directory, news), [child.person_id for child in letters.children]
    drafts: list[tuple[str, Draft]] = []
    if any(child.advocate for child in letters.children):
        for recipient in advocates(receipt, letters.advocate_email, directory):
            asked = {"asked": isinstance(recipient, Colleague)}
            entry = calendar_entry(receipt.process, letters, recipient, receipt.now, called_off=news == CANCELLED)
            draft = Draft("advocate_invitation", recipient, context | asked, person_ids=concerned, calendar=entry)
            drafts.append((INVITE_ADVOCATE, draft))
    for child in letters.children:
        addressee = await _child(receipt, child)
        letter = Letter(version_for(child.age), letters.chair_id, letters.reference)
        drafts.append((CONSULT_CHILD, Draft("consultation", addressee, context, person_ids=concerned, letter=letter)))
    return drafts


async def _child(receipt: Receipt, child: LetterChild) -> Addressee:
    """A child as addressee. Without an address that can be used, they get a letter."""
    is_reached = child.email and await receipt.session.get(Suppression, child.email.lower()) is None
    return Addressee(child.person_id, child.email if is_reached else None)


async def _is_invited(receipt: Receipt, job: str, reference: str, recipient: str) -> bool:
    """Whether somebody had a message about a review: only they are told if it is cancelled afterwards."""
    query = select(ScheduleClaim.job).where(
        col(ScheduleClaim.job) == job,
        col(ScheduleClaim.period).startswith(f"{reference} ", autoescape=True),
        col(ScheduleClaim.recipient) == recipient,
    )
    return (await receipt.session.exec(query.limit(1))).first() is not None


def _context(letters: Letters, directory: Directory, news: str) -> dict[str, Any]:
    children = sum(child.advocate for child in letters.children)
    return when_and_where(letters, directory) | {"news": news, "children": children}


SUBSCRIPTIONS = (
    Subscription(DecisionsRecorded, ask_manager),
    Subscription(ReviewPlanned, announce),
    Subscription(ParentInvited, invite_parent),
    Subscription(ReviewMoved, announce_again),
    Subscription(ReviewAdjourned, announce_again),
    Subscription(ReviewCancelled, call_off),
    Subscription(ReviewHeld, keep_from_printing),
    Subscription(ReviewReopened, write_again),
)
