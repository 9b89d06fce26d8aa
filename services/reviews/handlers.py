"""The events this service receives, and what it does with them."""

from datetime import date, time
from typing import Any

from sqlalchemy import case, delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from chassis.access import visibility
from chassis.children.events import ChildMergedReceived, ChildMergeUndoneReceived
from chassis.children.replica import following
from chassis.command import command_for
from chassis.events.directory_replica import AREAS, COLLEAGUES, keep_entry
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.law.deadlines import DeadlineKind
from chassis.meetings.handing_over import ChairHandedOver
from chassis.meetings.raised import ChallengeRaised, EscalationClosed, EscalationRaised, Raised, keep_raised
from services.reviews.calendar.models import ConferenceInDiary
from services.reviews.chairs import actions as allocating
from services.reviews.children import merging
from services.reviews.children.actions import follow_identity
from services.reviews.children.models import Deadline
from services.reviews.children.queries import PROTECTION_PLAN
from services.reviews.meetings.models import RaisedEscalation


class ConferenceEvent(ReceivedEvent):
    """Something happened to a conference."""

    source = "conferences"

    reference: str
    chair_id: str
    version: int


class ConferencePlanned(ConferenceEvent):
    """A conference was planned."""

    type = "conference.planned"

    planned_on: date
    planned_time: time | None
    mode: str
    person_ids: list[str]
    review_reference: str | None


class ConferenceMoved(ConferenceEvent):
    """A conference was moved."""

    type = "conference.moved"

    planned_on: date
    planned_time: time | None
    mode: str
    review_reference: str | None


class ConferenceCancelled(ConferenceEvent):
    """A conference was cancelled."""

    type = "conference.cancelled"

    planned_on: date


class ConferenceHeld(ConferenceEvent):
    """A conference was held."""

    type = "conference.held"

    held_on: date
    person_ids: list[str]


class ConferenceCorrected(ConferenceHeld):
    """The record of a conference that was held was corrected."""

    type = "conference.corrected"


class ConferenceReopened(ConferenceEvent):
    """A conference that was not held after all was reopened."""

    type = "conference.reopened"

    planned_on: date
    person_ids: list[str]


class ChildPlanChanged(ReceivedEvent):
    """A child is on a child protection plan since a day, or is no longer on one."""

    source = "conferences"
    type = "child.protection_plan_changed"

    person_id: str
    protection_plan_since: date | None
    version: int


# No event leaves these empty on purpose: where they are empty, an older event may fill them.
NOT_ALWAYS_SAID = frozenset({"children", "mode"})


async def keep_planned(event: ConferencePlanned, receipt: Receipt) -> None:
    """A planned conference is shown in its chair's calendar."""
    said = event.model_dump(exclude={"person_ids"})
    await _keep_in_diary(said | {"state": "planned", "children": len(event.person_ids)}, receipt)


async def keep_moved(event: ConferenceMoved, receipt: Receipt) -> None:
    """The calendar follows a conference to another day, or another chair."""
    await _keep_in_diary(event.model_dump() | {"state": "planned"}, receipt)


async def keep_cancelled(event: ConferenceCancelled, receipt: Receipt) -> None:
    """A cancelled conference leaves the calendar."""
    await _keep_in_diary(event.model_dump() | {"state": "cancelled"}, receipt)


async def keep_held(event: ConferenceHeld, receipt: Receipt) -> None:
    """A held conference is shown on the day it was held."""
    said = event.model_dump(include={"reference", "chair_id", "version"})
    row = {"state": "held", "planned_on": event.held_on, "children": len(event.person_ids)}
    await _keep_in_diary(said | row, receipt)


async def keep_reopened(event: ConferenceReopened, receipt: Receipt) -> None:
    """A reopened conference is shown on the day it is planned for."""
    said = event.model_dump(exclude={"person_ids"})
    await _keep_in_diary(said | {"state": "planned", "children": len(event.person_ids)}, receipt)


async def _keep_in_diary(row: dict[str, Any], receipt: Receipt) -> None:
    """The newest version counts, in whichever order events arrive; an older event only fills what is empty."""
    table = ConferenceInDiary.__table__  # type: ignore[attr-defined]
    kept = insert(ConferenceInDiary).values(row)
    is_newer = table.c.version < kept.excluded.version
    changes: dict[str, Any] = {
        name: case(
            (is_newer, kept.excluded[name]),
            else_=func.coalesce(table.c[name], kept.excluded[name]) if name in NOT_ALWAYS_SAID else table.c[name],
        )
        for name in row
        if name not in {"reference", "version"}
    }
    changes["version"] = func.greatest(table.c.version, kept.excluded.version)
    await receipt.session.exec(kept.on_conflict_do_update(index_elements=["reference"], set_=changes))


async def keep_plan(event: ChildPlanChanged, receipt: Receipt) -> None:
    """Keep since when a child is on a child protection plan, whether or not the child is known here."""
    attributes = event.model_dump(mode="json", include={"protection_plan_since"})
    await keep_entry(receipt.session, PROTECTION_PLAN, event.person_id, event.version, attributes)


async def keep_escalation(event: EscalationRaised | ChallengeRaised, receipt: Receipt) -> None:
    """Keep the link from a review to what was raised from it; by that a missing plan is escalated."""
    if await _keep(event, receipt):
        escalated = delete(Deadline).where(
            col(Deadline.review_reference) == event.meeting_reference, col(Deadline.kind) == DeadlineKind.MISSING_PLAN
        )
        await receipt.session.exec(escalated)


async def close_escalation(event: EscalationClosed, receipt: Receipt) -> None:
    """Remember that an escalation was closed, even if it was not known yet that it was raised."""
    await _keep(event, receipt)


async def _keep(event: Raised, receipt: Receipt) -> bool:
    return await keep_raised(event, receipt, RaisedEscalation, "review_reference", "REV-")


async def hand_over(event: ChairHandedOver, receipt: Receipt) -> None:
    """Hand over a chair's children and coming reviews, in the name of the manager who asked for it."""
    await allocating.hand_over(command_for(receipt, event.handed_over_by), event)


async def follow_merge(event: ChildMergedReceived, receipt: Receipt) -> None:
    """What is here about a number that was merged moves to the number that is kept."""
    await merging.follow_merge(command_for(receipt, event.merged_by), event)


async def follow_undoing(event: ChildMergeUndoneReceived, receipt: Receipt) -> None:
    """What was moved by a merge that was undone returns."""
    await merging.follow_undoing(command_for(receipt, event.undone_by), event)


SUBSCRIPTIONS = (
    *following(follow_identity),
    Subscription(ChildMergedReceived, follow_merge),
    Subscription(ChildMergeUndoneReceived, follow_undoing),
    Subscription(ChairHandedOver, hand_over),
    visibility.BY_CONFERENCES,
    COLLEAGUES,
    AREAS,
    Subscription(EscalationRaised, keep_escalation),
    Subscription(ChallengeRaised, keep_escalation),
    Subscription(EscalationClosed, close_escalation),
    Subscription(ConferencePlanned, keep_planned),
    Subscription(ConferenceMoved, keep_moved),
    Subscription(ConferenceCancelled, keep_cancelled),
    Subscription(ConferenceHeld, keep_held),
    Subscription(ConferenceCorrected, keep_held),
    Subscription(ConferenceReopened, keep_reopened),
    Subscription(ChildPlanChanged, keep_plan),
)
