"""Printing letters in one go."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from chassis.base.problems import NotFound, Unavailable, responses
from chassis.command import Command, commanded_by
from chassis.papers.paper import AS_PDF, PDF
from chassis.process import ProcessDep
from chassis.web.pages import DOCUMENT_HEADERS
from chassis.web.pagination import NOTHING
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from services.notifications.letters import actions
from services.notifications.letters.printing import letters_pdf
from services.notifications.letters.queries import PRINTED
from services.notifications.letters.schemas import PrintRunOut
from services.notifications.messages.actions import NothingToPrint
from services.notifications.roles import PRINTERS

routes = Routes(prefix="/v1/messages/print-runs", tags=["emails"])


@routes.post("", status_code=201, responses=responses(NothingToPrint, Unavailable))
async def print_letters(command: Annotated[Command, commanded_by(*PRINTERS)], response: Response) -> PrintRunOut:
    """Print the letters that wait, at most 200 at once, in one go: each is marked as printed once.

    A letter to a child without a name or an address on record goes on waiting.
    """
    made = await actions.print_letters(command)
    response.headers["Location"] = made.path
    return made


@routes.get("/{print_run_id}/letters.pdf", response_class=Response, responses=responses(NotFound, Unavailable) | AS_PDF)
async def get_printed_letters(
    print_run_id: Annotated[UUID, Path(description="The print run's identifier.")],
    reader: Annotated[RecordReader, read_by(*PRINTERS)],
    process: ProcessDep,
) -> Response:
    """Get the letters of a print run as one accessible PDF (PDF/UA-1), as often as it is needed."""
    found = await reader.all(PRINTED, print_run_id=print_run_id)
    if found.body == NOTHING:
        raise NotFound
    content = await letters_pdf(process, json.loads(bytes(found.body)))
    named = {"Content-Disposition": f'inline; filename="letters-{print_run_id}.pdf"'}
    return Response(content, media_type=PDF, headers=DOCUMENT_HEADERS | named)
