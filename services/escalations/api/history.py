"""History from elsewhere: its import, and the template of the columns."""

import csv
import io
import tempfile
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.acting import Acting
from chassis.callers import Caller, may
from chassis.clock import Now, Today
from chassis.db import Transaction
from chassis.problems import Malformed, TooLarge, UnsupportedMediaType, responses
from chassis.work import WorkDep
from services.escalations.actions import importing
from services.escalations.actions.import_rows import COLUMNS
from services.escalations.api.roles import IMPORTERS
from services.escalations.schemas import ImportOut

routes = APIRouter(prefix="/v1/escalations", tags=["escalations"])

CSV = "text/csv"
IN_MEMORY_BYTES = 1024 * 1024
LARGEST_BYTES = 100 * 1024 * 1024
EXAMPLE = {
    "kind": "conference_contribution", "reason": "no_report_no_apologies", "person_ids": "P100001;P100002",
    "meeting_reference": "C-1042", "meeting_on": "2019-06-03", "raised_on": "2019-06-05", "owner_id": "chair-1",
    "agency_id": "general-practice", "agency_role": "gp", "area_id": "north", "answer": "dealt_with",
    "answered_on": "2019-07-15",
}  # fmt: skip


@routes.get(
    "/import-template",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "The heading and an example."}},
)
async def get_import_template(caller: Annotated[Caller, may(*IMPORTERS)]) -> Response:
    """The columns of an import as a CSV file with one example row.

    `person_ids` are separated by semicolons; dates are ISO dates; what is empty is left out. References that are left
    out are given.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerow(EXAMPLE)
    headers = {"Content-Disposition": 'attachment; filename="escalations.csv"'}
    return Response(text.getvalue(), media_type=CSV, headers=headers)


async def _file(request: Request) -> io.TextIOWrapper:
    """The request's body as a file, on disk where it is large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != CSV:
        raise UnsupportedMediaType("Send text/csv.")
    file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 -- it is closed with the request.
    async for chunk in request.stream():
        file.write(chunk)
    if not file.tell():
        raise Malformed("The file is empty.")
    file.seek(0)
    return io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


@routes.post(
    "/import",
    max_body_size=LARGEST_BYTES,
    responses=responses(Malformed, TooLarge, UnsupportedMediaType),
    openapi_extra={"requestBody": {"required": True, "content": {CSV: {"schema": {"type": "string"}}}}},
)
async def import_escalations(
    caller: Annotated[Caller, may(*IMPORTERS)],
    file: Annotated[io.TextIOWrapper, Depends(_file)],
    session: Transaction,
    work: WorkDep,
    now: Now,
    today: Today,
    dry_run: Annotated[bool, Query(description="Only check; nothing is imported.")] = False,
) -> ImportOut:
    """Import past escalations from CSV: every row, or none if one of them is wrong.

    The answer lists what is wrong: row, field and reason. Imported escalations are told to no subscriber.
    """
    with file:
        report = await importing.import_escalations(Acting(session, caller, work, now, today), file, dry_run=dry_run)
    if not report.imported:
        await session.rollback()
    return report
