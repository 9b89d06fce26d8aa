"""What this service does when the directory changes, when others say who chairs, and when they find a child."""

from chassis.access import visibility
from chassis.command import command_for
from chassis.events.directory_replica import AREAS, COLLEAGUES
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from services.children.conflicts.gathering import take_in


class FoundReceived(ReceivedEvent):
    """An import somewhere names a child who was not known there."""

    type = "child.found"

    person_id: str


class FoundByReviews(FoundReceived):
    """A return that reviews imported names a child."""

    source = "reviews"


class FoundByConferences(FoundReceived):
    """A census that conferences imported names a child."""

    source = "conferences"


async def take_in_found(event: FoundReceived, receipt: Receipt) -> None:
    """Ask who the child is. If a service cannot be reached, nothing is done and the event is delivered again."""
    await take_in(command_for(receipt), [event.person_id])


SUBSCRIPTIONS = (
    COLLEAGUES,
    AREAS,
    Subscription(FoundByReviews, take_in_found),
    Subscription(FoundByConferences, take_in_found),
    visibility.BY_REVIEWS,
    visibility.BY_CONFERENCES,
)
