"""A conference's record and outline plan as a document to print."""

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Response

from chassis.access.audit import Look
from chassis.access.callers import Caller
from chassis.access.visibility import seen_by
from chassis.base.problems import NotFound, responses
from chassis.db.database import Reading
from services.conferences.endpoints import Reader, Ref
from services.conferences.meetings.queries import WHOLE_CONFERENCE
from services.conferences.records import document

routes = APIRouter(prefix="/v1/conferences/{reference}", tags=["after the conference"])
HTML, PDF = "text/html; charset=utf-8", "application/pdf"
# Nothing is loaded and nothing runs; what was typed into the record is text.
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Cache-Control": "no-store"}
AS_HTML: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
AS_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}


async def _conference(reference: str, reading: Any, caller: Caller) -> Any:
    look = Look(caller, "print_conference", reference)
    found = await WHOLE_CONFERENCE.one(reading, look=look, reference=reference, **seen_by(caller))
    if found is None:
        raise NotFound
    return json.loads(bytes(found.body))


@routes.get("/document.html", response_class=Response, responses=responses(NotFound) | AS_HTML)
async def get_conference_document(reference: Ref, reading: Reading, caller: Reader) -> Response:
    """The record and the outline plan as a page to print: what we are worried about stands first. No child's name."""
    conference = await _conference(reference, reading, caller)
    return Response(document.as_html(conference), media_type=HTML, headers=HEADERS)


@routes.get("/document.pdf", response_class=Response, responses=responses(NotFound) | AS_PDF)
async def get_conference_document_as_pdf(reference: Ref, reading: Reading, caller: Reader) -> Response:
    """The same as PDF, tagged so that it can be read aloud (PDF/UA-1)."""
    conference = await _conference(reference, reading, caller)
    named = {"Content-Disposition": f'inline; filename="{reference}.pdf"'}
    content = await asyncio.to_thread(document.as_pdf, conference)
    return Response(content, media_type=PDF, headers=HEADERS | named)
