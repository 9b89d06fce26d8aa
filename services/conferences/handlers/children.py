"""What this service does when a child is another one now, or two numbers turn out to be one child's."""

from chassis.children.events import ChildMergedReceived, ChildMergeUndoneReceived
from chassis.children.replica import following
from chassis.command import command_for
from chassis.events.inbox import Receipt, Subscription
from services.conferences.children.cases import cases_of
from services.conferences.children.deadlines import refresh
from services.conferences.children.merging import merge, undo_merge
from services.conferences.children.models import Protection


async def follow_child(receipt: Receipt, person_id: str) -> None:
    """What is due follows from a birth, a death or another worker; the answers about the child have changed."""
    protection = await receipt.session.get(Protection, person_id, with_for_update=True)
    if protection is not None:
        protection.version += 1
        await refresh(command_for(receipt), await cases_of(receipt.session, [protection]))


async def keep_merged(event: ChildMergedReceived, receipt: Receipt) -> None:
    """Move everything about a number to the other number of the same child."""
    command = command_for(receipt, event.merged_by)
    await merge(command, event.merge_id, event.from_person_id, event.into_person_id)


async def keep_merge_undone(event: ChildMergeUndoneReceived, receipt: Receipt) -> None:
    """Return what was moved to the number that it is about."""
    command = command_for(receipt, event.undone_by)
    await undo_merge(command, event.merge_id, event.from_person_id, event.into_person_id)


SUBSCRIPTIONS = (
    *following(follow_child),
    Subscription(ChildMergedReceived, keep_merged),
    Subscription(ChildMergeUndoneReceived, keep_merge_undone),
)
