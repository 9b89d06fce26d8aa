"""The record of a review for each child: written in stages, completed and distributed."""

from collections.abc import Iterator
from datetime import date

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation, step_violation
from services.reviews.children.deadlines import settle
from services.reviews.events import RecordCompleted, RecordDistributed
from services.reviews.meetings.meeting import check_held, locked_part
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.records.schemas import DistributeRecordIn, RecordIn
from services.reviews.rules.vocabulary import Track


class RecordComplete(Conflict):
    """This record is complete and cannot be changed."""


class RecordIncomplete(Conflict):
    """This record is not complete yet, so it cannot be distributed."""


async def write_record(
    command: Command, reference: str, person_id: str, version: int, wanted: RecordIn
) -> tuple[Review, ChildReview]:
    """Write or continue the record of a review for a child."""
    review, part = await locked_part(command, reference, person_id, version)
    check_held(review)
    if part.record_on is not None:
        raise RecordComplete
    for name, value in wanted.model_dump(exclude_unset=True).items():
        setattr(part, name, value)
    return await _done(command, review, part, "write_record")


async def complete_record(
    command: Command, reference: str, person_id: str, version: int, completed_on: date | None
) -> tuple[Review, ChildReview]:
    """Complete the record; it cannot be changed after that."""
    review, part = await locked_part(command, reference, person_id, version)
    check_held(review)
    if part.record_on is not None:
        raise RecordComplete
    day = completed_on or command.today
    refuse([step_violation("completed_on", day, part.held_on, command.today), *_unsaid(part)])
    part.record_on = day
    await settle(command.session, reference, [person_id], DeadlineKind.RECORD)
    command.publish(
        RecordCompleted(child_review_id=part.id, reference=reference, person_id=person_id, completed_on=day)
    )
    return await _done(command, review, part, "complete_record")


def _unsaid(part: ChildReview) -> Iterator[Violation]:
    if not (part.record_text or "").strip():
        yield Violation("record_text", "required", "A record is written before it is complete.")
    # A panel on a secure placement writes no decisions.
    if part.decisions_on is None and part.track != Track.SECURE:
        message = "Record the decisions first, or that none were needed."
        yield Violation("decisions_on", "required", message)


async def distribute_record(
    command: Command, reference: str, person_id: str, version: int, wanted: DistributeRecordIn
) -> tuple[Review, ChildReview]:
    """Record who received the record, and when; later calls add recipients."""
    review, part = await locked_part(command, reference, person_id, version)
    if part.record_on is None:
        raise RecordIncomplete
    day = wanted.distributed_on or command.today
    refuse([step_violation("distributed_on", day, part.record_on, command.today)])
    part.distributed_on = part.distributed_on or day
    part.distributed_to = list(dict.fromkeys([*part.distributed_to, *wanted.recipients]))
    await settle(command.session, reference, [person_id], DeadlineKind.DISTRIBUTION)
    command.publish(
        RecordDistributed(child_review_id=part.id, reference=reference, person_id=person_id, distributed_on=day)
    )
    return await _done(command, review, part, "distribute_record")


async def _done(command: Command, review: Review, part: ChildReview, action: str) -> tuple[Review, ChildReview]:
    review.version += 1
    await command.audit(action, [part.person_id], review.reference)
    return review, part
