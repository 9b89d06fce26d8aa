"""After a conference: the outline plan and the record, written, completed, distributed and printed."""

import asyncio
import json
from dataclasses import replace
from typing import Any

from fastapi import Response

from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.web.reading import RecordReader
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.conferences.endpoints import Decider, Reader, Ref, Writer
from services.conferences.meetings.meeting import ConferenceNotHeld
from services.conferences.meetings.models import Conference
from services.conferences.meetings.queries import WHOLE_CONFERENCE
from services.conferences.meetings.schemas import ConferenceOut
from services.conferences.records import actions as recording
from services.conferences.records import document
from services.conferences.records.schemas import (
    CompleteConferenceRecordIn,
    ConferenceRecordIn,
    DistributeConferenceRecordIn,
    SendOutlinePlanIn,
)

routes = Routes(prefix="/v1/conferences/{reference}", tags=["conferences"])
HTML, PDF = "text/html; charset=utf-8", "application/pdf"
# Nothing is loaded and nothing runs; what was typed into the record is text.
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Cache-Control": "no-store"}
AS_HTML: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
AS_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}
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


async def _printed(reference: str, reader: RecordReader) -> Any:
    found = await replace(reader, action="print_conference").one(WHOLE_CONFERENCE, reference=reference)
    return json.loads(bytes(found.body))


@routes.get("/document.html", response_class=Response, responses=responses(NotFound) | AS_HTML)
async def get_conference_document(reference: Ref, reader: Reader) -> Response:
    """Get the record and outline plan as a page to print, with what we are worried about first and no child's name."""
    conference = await _printed(reference, reader)
    return Response(document.as_html(conference), media_type=HTML, headers=HEADERS)


@routes.get("/document.pdf", response_class=Response, responses=responses(NotFound) | AS_PDF)
async def get_conference_document_as_pdf(reference: Ref, reader: Reader) -> Response:
    """Get the record and outline plan as an accessible PDF (PDF/UA-1)."""
    conference = await _printed(reference, reader)
    named = {"Content-Disposition": f'inline; filename="{reference}.pdf"'}
    content = await asyncio.to_thread(document.as_pdf, conference)
    return Response(content, media_type=PDF, headers=HEADERS | named)
