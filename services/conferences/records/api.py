"""After a conference: the outline plan and the record, written, completed, distributed and printed."""

from dataclasses import replace
from uuid import UUID

from fastapi import Response

from chassis.base.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.papers.distribution import PaperLinkOut, papers_given, revoke_link
from chassis.papers.paper import AS_HTML, AS_PDF, Paper, page_of, pdf_of
from chassis.process import ProcessDep
from chassis.web.reading import RecordReader
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.conferences.endpoints import Decider, Reader, Ref, Writer
from services.conferences.meetings.meeting import ConferenceNotHeld, locked_conference
from services.conferences.meetings.models import Conference
from services.conferences.meetings.schemas import ConferenceOut
from services.conferences.records import actions as recording
from services.conferences.records import document, giving
from services.conferences.records.schemas import (
    CompleteConferenceRecordIn,
    ConferenceRecordIn,
    DistributeConferenceRecordIn,
    GiveConferencePaperIn,
    SendOutlinePlanIn,
)

routes = Routes(prefix="/v1/conferences/{reference}", tags=["conferences"])
links = Routes(prefix="/v1/conferences/papers", tags=["conferences"])
PRINTED = responses(NotFound, Unavailable)
RECORDED = responses(
    NotFound,
    Invalid,
    ConferenceNotHeld,
    recording.ConferenceRecordComplete,
    recording.ConferenceRecordIncomplete,
    VersionStale,
    VersionMissing,
)
OUTLINED = responses(
    NotFound,
    Invalid,
    ConferenceNotHeld,
    recording.NoPlanToOutline,
    recording.OutlinePlanAlreadySent,
    VersionStale,
    VersionMissing,
)


def _out(conference: Conference, response: Response) -> ConferenceOut:
    response.headers["ETag"] = etag(conference.version)
    return ConferenceOut.model_validate(conference)


@routes.post("/outline-plan/send", responses=OUTLINED)
async def send_outline_plan(
    reference: Ref, wanted: SendOutlinePlanIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceOut:
    """Record that the outline plan was sent. It is due within 1 working day of the conference."""
    return _out(await recording.send_outline_plan(command, reference, version, wanted.sent_on), response)


@routes.patch("/record", responses=RECORDED)
async def write_conference_record(
    reference: Ref, wanted: ConferenceRecordIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceOut:
    """Write the record, or part of it, in short points in the Signs of Safety order."""
    return _out(await recording.write_record(command, reference, version, wanted), response)


@routes.post("/record/complete", responses=RECORDED)
async def complete_conference_record(
    reference: Ref, wanted: CompleteConferenceRecordIn, command: Decider, version: IfMatch, response: Response
) -> ConferenceOut:
    """Complete the record. It is due within 15 working days of the conference, and cannot be changed once complete.

    The record must say what we are worried about, what is working well and what needs to happen.
    """
    return _out(await recording.complete_record(command, reference, version, wanted.completed_on), response)


@routes.post("/record/distribute", responses=RECORDED)
async def distribute_conference_record(
    reference: Ref, wanted: DistributeConferenceRecordIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceOut:
    """Record who was sent the record, and when. Recipients sent later are added."""
    return _out(await recording.distribute_record(command, reference, version, wanted), response)


@routes.post("/papers", status_code=201, responses=OUTLINED | RECORDED)
async def distribute_conference_paper(
    reference: Ref, wanted: GiveConferencePaperIn, command: Writer
) -> list[PaperLinkOut]:
    """Send people who were invited a link to the record or the outline plan, which opens after a code.

    Both are sent to their address on file. The paper counts as distributed.
    """
    return await giving.give_paper(command, reference, wanted)


@routes.get("/papers", responses=responses(NotFound))
async def list_conference_papers(reference: Ref, command: Writer) -> list[PaperLinkOut]:
    """List to whom papers of the conference were given by link, newest first, and when each was opened."""
    conference = await locked_conference(command, reference, None)
    return await papers_given(command, conference.reference)


@links.post("/{link_id}/revoke", status_code=204, responses=responses(NotFound))
async def revoke_conference_paper(link_id: UUID, command: Writer) -> None:
    """Stop the link to a paper at once. Doing this again changes nothing."""
    await revoke_link(command, link_id)


async def _paper(process: ProcessDep, reader: RecordReader, reference: str, content: document.Content) -> Paper:
    return await document.paper(process, replace(reader, action="print_conference"), reference, content)


@routes.get("/record.html", response_class=Response, responses=PRINTED | AS_HTML)
async def get_conference_record(reference: Ref, reader: Reader, process: ProcessDep) -> Response:
    """Get the record as a page to print or to pass on, with what we are worried about first."""
    return page_of(await _paper(process, reader, reference, document.record))


@routes.get("/record.pdf", response_class=Response, responses=PRINTED | AS_PDF)
async def get_conference_record_as_pdf(reference: Ref, reader: Reader, process: ProcessDep) -> Response:
    """Get the record as an accessible PDF (PDF/UA-1)."""
    return await pdf_of(await _paper(process, reader, reference, document.record))


@routes.get("/outline-plan.html", response_class=Response, responses=PRINTED | AS_HTML)
async def get_outline_plan(reference: Ref, reader: Reader, process: ProcessDep) -> Response:
    """Get the outline plan as a page to print or to pass on. 404 if there is no plan to outline."""
    return page_of(await _paper(process, reader, reference, document.outline_plan))


@routes.get("/outline-plan.pdf", response_class=Response, responses=PRINTED | AS_PDF)
async def get_outline_plan_as_pdf(reference: Ref, reader: Reader, process: ProcessDep) -> Response:
    """Get the outline plan as an accessible PDF (PDF/UA-1)."""
    return await pdf_of(await _paper(process, reader, reference, document.outline_plan))
