"""What this service does when a chair hands over: it tells the new chair and their manager."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from services.notifications.directory.snapshot import Directory
from services.notifications.handlers.sending import send
from services.notifications.messages.queueing import Draft
from services.notifications.settings import settings_of

TELL_OF_HANDOVER, TELL_OF_CONFERENCES = "tell_of_handover", "tell_of_conferences_handed_over"


class HandedOver(ReceivedEvent):
    """A chair gave children to another chair."""

    hand_over_id: UUID
    from_chair_id: str
    to_chair_id: str
    children: int
    starts_on: date


class ChairHandedOver(HandedOver):
    """A chair gave looked-after children and planned reviews to another chair."""

    source = "reviews"
    type = "chair.handed_over"

    reviews: int


class ConferencesHandedOver(HandedOver):
    """A chair gave children on plans and conferences to another chair."""

    source = "conferences"
    type = "conferences.handed_over"

    conferences: int


async def tell_of_reviews(event: ChairHandedOver, receipt: Receipt) -> None:
    """Tell a chair, and their manager, that children and reviews are theirs now."""
    await _tell(receipt, event, "handover", TELL_OF_HANDOVER, reviews=event.reviews)


async def tell_of_conferences(event: ConferencesHandedOver, receipt: Receipt) -> None:
    """Tell a chair, and their manager, that children on plans and conferences are theirs now."""
    await _tell(receipt, event, "conferences_handover", TELL_OF_CONFERENCES, conferences=event.conferences)


async def _tell(receipt: Receipt, event: HandedOver, template: str, job: str, **meetings: int) -> None:
    directory = await Directory.at(receipt)
    chair = directory.colleagues.get(event.to_chair_id)
    # If every child was refused, nothing was handed over.
    if chair is None or not (event.children or any(meetings.values())):
        return
    manager = directory.colleagues.get(chair.team_manager_id or "")
    context: dict[str, Any] = {
        "earlier": directory.names.get(event.from_chair_id, event.from_chair_id),
        "chair": chair.name,
        "children": event.children,
        "starts_on": event.starts_on,
        "url": settings_of(receipt.process).page_of("", "home"),
    }
    for recipient in [chair, *([manager] if manager else [])]:
        await send(receipt, Draft(template, recipient, context | meetings, person_ids=()), job, str(event.hand_over_id))


SUBSCRIPTIONS = (
    Subscription(ChairHandedOver, tell_of_reviews),
    Subscription(ConferencesHandedOver, tell_of_conferences),
)
