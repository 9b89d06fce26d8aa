"""The record of a review: written, completed and distributed."""

from fastapi import Response

from chassis.base.problems import NotFound, VersionMissing, VersionStale, responses
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch
from services.reviews.endpoints import PART, Decider, Person, Ref, Writer, part_out
from services.reviews.meetings.meeting import ReviewNotHeld
from services.reviews.meetings.schemas import ChildReviewOut
from services.reviews.records import actions as records
from services.reviews.records.schemas import CompleteRecordIn, DistributeRecordIn, RecordIn

routes = Routes(prefix="/v1", tags=["reviews"])


RECORDED = responses(
    NotFound, ReviewNotHeld, records.RecordComplete, records.RecordIncomplete, VersionStale, VersionMissing
)


@routes.patch(f"{PART}/record", responses=RECORDED)
async def write_record(
    reference: Ref, person_id: Person, wanted: RecordIn, command: Writer, version: IfMatch, response: Response
) -> ChildReviewOut:
    """Write or continue the record of a review for a child, with a text for the child."""
    return part_out(await records.write_record(command, reference, person_id, version, wanted), response)


@routes.post(f"{PART}/record/complete", responses=RECORDED)
async def complete_record(
    reference: Ref, person_id: Person, wanted: CompleteRecordIn, command: Decider, version: IfMatch, response: Response
) -> ChildReviewOut:
    """Complete the full record, within 15 working days of the review. It cannot be changed after that."""
    done = await records.complete_record(command, reference, person_id, version, wanted.completed_on)
    return part_out(done, response)


@routes.post(f"{PART}/record/distribute", responses=RECORDED)
async def distribute_record(
    reference: Ref, person_id: Person, wanted: DistributeRecordIn, command: Writer, version: IfMatch, response: Response
) -> ChildReviewOut:
    """Record who received the record and when, within 20 working days of the review."""
    return part_out(await records.distribute_record(command, reference, person_id, version, wanted), response)
