"""The record of a review: written, completed and distributed."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis.base.fields import Omittable, PersonId
from chassis.base.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.papers.distribution import PaperLinkOut, papers_given, revoke_link
from chassis.papers.paper import AS_HTML, AS_PDF, Paper, page_of, pdf_of
from chassis.process import ProcessDep
from chassis.web.reading import RecordReader
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch
from services.reviews.endpoints import PART, Decider, Person, Reader, Ref, Writer, part_out
from services.reviews.meetings.meeting import ReviewNotHeld, locked_review
from services.reviews.meetings.schemas import ChildReviewOut
from services.reviews.records import actions as records
from services.reviews.records import document, giving
from services.reviews.records.schemas import CompleteRecordIn, DistributeRecordIn, GiveRecordIn, RecordIn

routes = Routes(prefix="/v1", tags=["reviews"])
links = Routes(prefix="/v1/reviews/papers", tags=["reviews"])
PRINTED = responses(NotFound, Unavailable)
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
    """Complete the full record, within 15 working days of the review. It cannot be changed after that.

    It says something, and the decisions are recorded, or that none were needed.
    """
    done = await records.complete_record(command, reference, person_id, version, wanted.completed_on)
    return part_out(done, response)


@routes.post(f"{PART}/record/distribute", responses=RECORDED)
async def distribute_record(
    reference: Ref, person_id: Person, wanted: DistributeRecordIn, command: Writer, version: IfMatch, response: Response
) -> ChildReviewOut:
    """Record who received the record and when, within 20 working days of the review."""
    return part_out(await records.distribute_record(command, reference, person_id, version, wanted), response)


@links.post("/{link_id}/revoke", status_code=204, responses=responses(NotFound))
async def revoke_review_paper(link_id: UUID, command: Writer) -> None:
    """Stop the link to a record at once. Doing this again changes nothing."""
    await revoke_link(command, link_id)


@routes.post(
    "/reviews/{reference}/papers",
    status_code=201,
    responses=responses(NotFound, Invalid, ReviewNotHeld, records.RecordIncomplete),
)
async def distribute_review_paper(reference: Ref, wanted: GiveRecordIn, command: Writer) -> list[PaperLinkOut]:
    """Send people a link to the complete record, which opens after a code sent to the same address.

    The record counts as distributed.
    """
    return await giving.give_record(command, reference, wanted)


@routes.get("/reviews/{reference}/papers", responses=responses(NotFound))
async def list_review_papers(reference: Ref, command: Writer) -> list[PaperLinkOut]:
    """List to whom the record was given by link, newest first, and when each opened it."""
    review = await locked_review(command, reference, None)
    return await papers_given(command, review.reference)


Child = Annotated[Omittable[PersonId], Query(description="This child alone; all children, if left out.")]


@routes.get("/reviews/{reference}/record.html", response_class=Response, responses=PRINTED | AS_HTML)
async def get_review_record(reference: Ref, reader: Reader, process: ProcessDep, person_id: Child = None) -> Response:
    """Get the record of a review as a page to print or to pass on."""
    return page_of(await _paper(process, reader, reference, person_id))


@routes.get("/reviews/{reference}/record.pdf", response_class=Response, responses=PRINTED | AS_PDF)
async def get_review_record_as_pdf(
    reference: Ref, reader: Reader, process: ProcessDep, person_id: Child = None
) -> Response:
    """Get the record of a review as an accessible PDF (PDF/UA-1)."""
    return await pdf_of(await _paper(process, reader, reference, person_id))


async def _paper(process: ProcessDep, reader: RecordReader, reference: str, person_id: str | None) -> Paper:
    return await document.paper(process, replace(reader, action="print_review"), reference, person_id)
