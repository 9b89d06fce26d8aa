"""What this service does when reviews say something: who is looked after, and which meetings may be held together."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from chassis.command import command_for
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import ReplicaEntry, keep_entry
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from services.conferences.children.cases import REVIEW
from services.conferences.children.models import Protection
from services.conferences.children.replica import LOOKED_AFTER, looked_after_lock
from services.conferences.meetings.moving import follow_review, part_from_review
from services.conferences.meetings.planning import OPEN_REVIEW

JSON = dict[str, Any]
# Under this name a copy keeps which version each of its attributes is from.
VERSIONS = "versions"


class ReviewsEvent(ReceivedEvent):
    """Something that the reviews service says."""

    source = "reviews"

    version: int


class ChildRegistered(ReviewsEvent):
    """A child is looked after, since this day."""

    type = "looked_after_child.registered"

    person_id: str
    looked_after_since: date


class ChildCeased(ReviewsEvent):
    """A child stopped being looked after."""

    type = "looked_after_child.ceased"

    person_id: str


class ReviewEvent(ReviewsEvent):
    """What is read of a review."""

    reference: str
    chair_id: str


class ReviewPlanned(ReviewEvent):
    """A review was planned."""

    type = "review.planned"

    planned_on: date
    person_ids: list[str]


class ReviewMoved(ReviewEvent):
    """A review was moved, or has another chair."""

    type = "review.moved"

    planned_on: date


class ReviewHandedOver(ReviewEvent):
    """A review has another chair, because the one before left."""

    type = "review.handed_over"


class ReviewAdjourned(ReviewEvent):
    """A review was begun, and goes on on another day."""

    type = "review.adjourned"

    resumes_on: date


class ReviewCancelled(ReviewEvent):
    """A review was cancelled."""

    type = "review.cancelled"

    planned_on: date


class ReviewWasHeld(ReviewEvent):
    """A review was held."""

    type = "review.held"

    person_ids: list[str]


class ReviewReopened(ReviewEvent):
    """A review was not held after all."""

    type = "review.reopened"

    state: str
    planned_on: date
    person_ids: list[str]


async def keep_registered(event: ChildRegistered, receipt: Receipt) -> None:
    """Keep since when a child is looked after."""
    await _keep_looked_after(receipt, event.person_id, event.looked_after_since, event.version)


async def keep_ceased(event: ChildCeased, receipt: Receipt) -> None:
    """Keep that a child is looked after no more."""
    await _keep_looked_after(receipt, event.person_id, None, event.version)


async def _keep_looked_after(receipt: Receipt, person_id: str, since: date | None, version: int) -> None:
    """A child who is not known here yet gets it when registered; what is older than what is known changes nothing."""
    await advisory_lock(receipt.session, looked_after_lock(person_id))
    attributes = {"since": None if since is None else since.isoformat()}
    await keep_entry(receipt.session, LOOKED_AFTER, person_id, version, attributes)
    protection = await receipt.session.get(Protection, person_id, with_for_update=True)
    if protection is not None and protection.looked_after_version < version:
        protection.version += protection.looked_after_since != since
        protection.looked_after_since, protection.looked_after_version = since, version


async def keep_planned(event: ReviewPlanned, receipt: Receipt) -> None:
    """Keep a review with which a conference may be one meeting."""
    await _keep_review(event, receipt, planned_on=event.planned_on, person_ids=event.person_ids, state="planned")


async def keep_moved(event: ReviewMoved, receipt: Receipt) -> None:
    """The conferences that are one meeting with a review follow it to its day and its chair."""
    await _follow(event, receipt, await _keep_review(event, receipt, planned_on=event.planned_on))


async def keep_handed_over(event: ReviewHandedOver, receipt: Receipt) -> None:
    """The conferences that are one meeting with a review follow it to its chair."""
    await _follow(event, receipt, await _keep_review(event, receipt))


async def keep_adjourned(event: ReviewAdjourned, receipt: Receipt) -> None:
    """Conferences are not adjourned: those that were one meeting with the review stand alone, on their own day."""
    await _keep_review(event, receipt, planned_on=event.resumes_on, state="adjourned")
    await part_from_review(command_for(receipt), event.reference)


async def keep_cancelled(event: ReviewCancelled, receipt: Receipt) -> None:
    """The conferences that were one meeting with a review stand alone."""
    await _keep_review(event, receipt, planned_on=event.planned_on, state="cancelled")
    await part_from_review(command_for(receipt), event.reference)


async def keep_held(event: ReviewWasHeld, receipt: Receipt) -> None:
    """No conference can be combined with a review that was held."""
    await _keep_review(event, receipt, person_ids=event.person_ids, state="held")


async def keep_reopened(event: ReviewReopened, receipt: Receipt) -> None:
    """A conference may be one meeting again with a review that was not held after all."""
    said = event.model_dump(include={"state", "planned_on", "person_ids"})
    await _keep_review(event, receipt, **said)


async def _follow(event: ReviewEvent, receipt: Receipt, review: Mapping[str, Any]) -> None:
    """Follow a review as it is known now, which may be newer than the event."""
    if review.get("state") in OPEN_REVIEW:
        day = date.fromisoformat(review["planned_on"])
        await follow_review(command_for(receipt), event.reference, day, review["chair_id"])


async def _keep_review(event: ReviewEvent, receipt: Receipt, **said: Any) -> Mapping[str, Any]:
    """Keep what an event says of a review; what is known of it now."""
    session, key = receipt.session, {"kind": REVIEW, "id": event.reference}
    blank = insert(ReplicaEntry).values(**key, version=0, attributes={})
    await session.exec(blank.on_conflict_do_nothing())
    query = (
        select(ReplicaEntry)
        .where(col(ReplicaEntry.kind) == REVIEW, col(ReplicaEntry.id) == event.reference)
        .with_for_update()
    )
    copy = (await session.exec(query)).one()
    said = event.model_dump(mode="json", include={"chair_id"}) | {
        name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()
    }
    copy.attributes = merged(copy.attributes, said, event.version)
    copy.version = max(copy.version, event.version)
    return copy.attributes


def merged(known: JSON, said: JSON, version: int) -> JSON:
    """What is known after an event of this version: of each attribute the newest, in whichever order events come."""
    versions = known.get(VERSIONS, {})
    newer = {name: value for name, value in said.items() if versions.get(name, 0) < version}
    return known | newer | {VERSIONS: versions | dict.fromkeys(newer, version)}


SUBSCRIPTIONS = (
    Subscription(ChildRegistered, keep_registered),
    Subscription(ChildCeased, keep_ceased),
    Subscription(ReviewPlanned, keep_planned),
    Subscription(ReviewMoved, keep_moved),
    Subscription(ReviewHandedOver, keep_handed_over),
    Subscription(ReviewAdjourned, keep_adjourned),
    Subscription(ReviewCancelled, keep_cancelled),
    Subscription(ReviewWasHeld, keep_held),
    Subscription(ReviewReopened, keep_reopened),
)
