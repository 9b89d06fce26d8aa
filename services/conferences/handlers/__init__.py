"""What this service does when another one says something."""

from chassis.access import visibility
from chassis.command import command_for
from chassis.events.directory_replica import AGENCIES, AREAS, COLLEAGUES
from chassis.events.inbox import Receipt, Subscription
from chassis.meetings.handing_over import ChairHandedOver
from services.conferences.children import handing_over
from services.conferences.handlers import children, escalations, reviews


async def hand_over(event: ChairHandedOver, receipt: Receipt) -> None:
    """Hand over a chair's children and conferences, in the name of the manager who asked for it."""
    await handing_over.hand_over(command_for(receipt, event.handed_over_by), event)


SUBSCRIPTIONS = (
    Subscription(ChairHandedOver, hand_over),
    COLLEAGUES,
    AGENCIES,
    AREAS,
    *children.SUBSCRIPTIONS,
    *escalations.SUBSCRIPTIONS,
    *reviews.SUBSCRIPTIONS,
    visibility.BY_REVIEWS,
)
