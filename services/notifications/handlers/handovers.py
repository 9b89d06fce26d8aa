"""What this service does as others follow a hand-over, or reassign escalations: one email tells the new chair all."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.meetings.handing_over import HandOverRefusal
from services.notifications.directory.models import Colleague
from services.notifications.directory.snapshot import Directory
from services.notifications.hand_overs.models import HandOver, HandOverAbout, HandOverPart
from services.notifications.handlers.sending import send
from services.notifications.messages.queueing import Draft
from services.notifications.settings import settings_of

TELL_OF_HANDOVER = "tell_of_handover"
# What is handed over besides children: how its references begin, where its pages are, and one and several in words.
RECORDS = (
    ("REV-", "reviews", "planned review", "planned reviews"),
    ("CONF-", "conferences", "conference", "conferences"),
    ("ESC-", "escalations", "open escalation", "open escalations"),
    ("CHA-", "challenges", "open challenge", "open challenges"),
)


class HandOverFollowed(ReceivedEvent):
    """A service handed over what it keeps of a chair."""

    hand_over_id: UUID
    person_ids: list[str]
    references: list[str]
    refused: list[HandOverRefusal]


class ReviewsHandedOver(HandOverFollowed):
    """Looked-after children and planned reviews were handed over."""

    source = "reviews"
    type = "reviews.handed_over"


class ConferencesHandedOver(HandOverFollowed):
    """Children and conferences were handed over."""

    source = "conferences"
    type = "conferences.handed_over"


class EscalationsHandedOver(HandOverFollowed):
    """Escalations and positive challenges were handed over."""

    source = "escalations"
    type = "escalations.handed_over"


class EscalationsReassigned(ReceivedEvent):
    """Some escalations of a chair were given to another one."""

    source = "escalations"
    type = "escalations.reassigned"

    reassignment_id: UUID
    earlier_owner_id: str
    owner_id: str
    references: list[str]
    reassigned_on: date


ABOUT = {
    ReviewsHandedOver: HandOverAbout.REVIEW,
    ConferencesHandedOver: HandOverAbout.CONFERENCE,
    EscalationsHandedOver: HandOverAbout.ESCALATION,
}


async def follow(event: HandOverFollowed, receipt: Receipt) -> None:
    """Keep what a service gave: what it says first counts. When all have followed, the new chair is told."""
    # Two that answer at once: the one that is later sees what the other one kept.
    hand_over = await receipt.session.get(HandOver, event.hand_over_id, with_for_update=True)
    if hand_over is None:
        return
    query = select(HandOverPart).where(col(HandOverPart.hand_over_id) == hand_over.id)
    parts = {part.about: part for part in (await receipt.session.exec(query)).all()}
    part = parts[ABOUT[type(event)]]
    if part.finished_at is not None:
        return
    part.person_ids, part.references = event.person_ids, event.references
    part.refused = [refusal.model_dump(mode="json") for refusal in event.refused]
    part.finished_at = receipt.now
    if all(part.finished_at for part in parts.values()):
        hand_over.finished_at = receipt.now
        await _tell(receipt, hand_over, list(parts.values()))


async def _tell(receipt: Receipt, hand_over: HandOver, parts: list[HandOverPart]) -> None:
    """Tell the new chair and their manager all of it, if there was anything to hand over."""
    directory = await Directory.at(receipt)
    chair = directory.colleagues.get(hand_over.to)
    children = {person_id for part in parts for person_id in part.person_ids}
    references = [reference for part in parts for reference in part.references]
    if chair is None or not (children or references):
        return
    manager = directory.colleagues.get(chair.team_manager_id or "")
    context = _context(receipt, directory, hand_over.chair_id, chair, references) | {
        "starts_on": hand_over.starts_on,
        "children": len(children),
        "refused": len({refusal["person_id"] for part in parts for refusal in part.refused}),
    }
    for recipient in [chair, *([manager] if manager else [])]:
        await send(receipt, Draft("handover", recipient, context), TELL_OF_HANDOVER, str(hand_over.id))


async def tell_of_reassigned(event: EscalationsReassigned, receipt: Receipt) -> None:
    """Tell the new owner of all escalations that a manager gave them at once, unless they have left."""
    directory = await Directory.at(receipt)
    owner = directory.colleagues.get(event.owner_id)
    if owner is not None:
        context = _context(receipt, directory, event.earlier_owner_id, owner, event.references) | {
            "starts_on": event.reassigned_on,
            "children": 0,
            "refused": 0,
        }
        await send(receipt, Draft("handover", owner, context), TELL_OF_HANDOVER, str(event.reassignment_id))


def _context(
    receipt: Receipt, directory: Directory, earlier_id: str, chair: Colleague, references: list[str]
) -> dict[str, Any]:
    """What the email says of any hand-over."""
    return {
        "earlier": directory.names.get(earlier_id, earlier_id),
        "chair": chair.name,
        "given": _given(receipt, references),
        "url": settings_of(receipt.process).page_of("", "home"),
    }


def _given(receipt: Receipt, references: list[str]) -> list[dict[str, Any]]:
    """Meetings, escalations and challenges by kind: how many in words, and the page of each."""
    settings = settings_of(receipt.process)
    found = []
    for prefix, place, one, several in RECORDS:
        mine = [reference for reference in references if reference.startswith(prefix)]
        if mine:
            items = [{"reference": reference, "url": settings.page_of(reference, place)} for reference in mine]
            found.append({"words": f"{len(mine)} {one if len(mine) == 1 else several}", "items": items})
    return found


SUBSCRIPTIONS = (
    *(Subscription(event, follow) for event in ABOUT),
    Subscription(EscalationsReassigned, tell_of_reassigned),
)
