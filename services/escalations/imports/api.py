"""Imports of history, and the templates of their columns."""

import io
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from chassis.access.callers import Caller, may
from chassis.base.clock import Now, Today
from chassis.base.problems import TooLarge, UnsupportedMediaType, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Transaction
from chassis.process import ProcessDep
from chassis.web.importing import CSV, LARGEST_BYTES, ImportOut, UnreadableFile, csv_file, template
from services.escalations.imports import escalations as importing
from services.escalations.imports import outcomes as importing_outcomes
from services.escalations.imports.rows import COLUMNS, OUTCOME_COLUMNS
from services.escalations.roles import IMPORTERS

routes = APIRouter(prefix="/v1", tags=["administration"])

EXAMPLE = {
    "kind": "conference_contribution", "reason": "no_report_no_apologies", "person_ids": "P100001;P100002",
    "meeting_reference": "C-1042", "meeting_on": "2019-06-03", "raised_on": "2019-06-05", "owner_id": "chair-1",
    "agency_id": "general-practice", "agency_role": "gp", "area_id": "north", "answer": "dealt_with",
    "answered_on": "2019-07-15",
}  # fmt: skip


OUTCOME = {
    "reference": "ESC-2019-0042", "answer": "dealt_with", "answered_on": "2019-07-15", "answered_by": "officer-1",
    "state": "resolved", "closed_on": "2019-08-01", "closing_note": "Agreed and put right.",
}  # fmt: skip
CSV_BODY = {"requestBody": {"required": True, "content": {CSV: {"schema": {"type": "string"}}}}}
TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "The column headings and an example."}
}


@routes.get("/escalations/import-template", response_class=Response, responses=TEMPLATE)
async def get_import_template(caller: Annotated[Caller, may(*IMPORTERS)]) -> Response:
    """Get a CSV template for importing past escalations, with an example row.

    Separate `person_ids` with semicolons and use ISO dates. Cells may be empty: without a reference, an escalation
    gets the next one.
    """
    return template(COLUMNS, EXAMPLE, "escalations.csv")


@routes.post(
    "/escalations/import",
    max_body_size=LARGEST_BYTES,
    responses=responses(UnreadableFile, TooLarge, UnsupportedMediaType),
    openapi_extra=CSV_BODY,
)
async def import_escalations(
    caller: Annotated[Caller, may(*IMPORTERS)],
    file: Annotated[io.TextIOWrapper, Depends(csv_file)],
    session: Transaction,
    process: ProcessDep,
    now: Now,
    today: Today,
    dry_run: Annotated[bool, Query(description="Check only, import nothing.")] = False,
) -> ImportOut:
    """Import past escalations from CSV: all rows, or none if a row is wrong.

    The answer lists what is wrong: row, field and reason. No events are published.
    """
    with file:
        report = await importing.import_escalations(
            Command(session, caller, process, now, today), file, dry_run=dry_run
        )
    if not report.imported:
        await session.rollback()
    return report


# These come before the routes of single answers, or a template would be looked for under its identifier.
@routes.get("/answers/import-template", response_class=Response, responses=TEMPLATE)
async def get_outcomes_import_template(caller: Annotated[Caller, may(*IMPORTERS)]) -> Response:
    """Get a CSV template for importing past answers and closings, with an example row."""
    return template(OUTCOME_COLUMNS, OUTCOME, "answers.csv")


@routes.post(
    "/answers/import",
    max_body_size=LARGEST_BYTES,
    responses=responses(UnreadableFile, TooLarge, UnsupportedMediaType),
    openapi_extra=CSV_BODY,
)
async def import_outcomes(
    command: Annotated[Command, commanded_by(*IMPORTERS)],
    file: Annotated[io.TextIOWrapper, Depends(csv_file)],
    dry_run: Annotated[bool, Query(description="Check only, import nothing.")] = False,
) -> ImportOut:
    """Import from CSV how open escalations were answered and closed in the past: all rows or none.

    The days on which it happened are kept. Events are published for closed escalations, but not for answers.
    """
    with file:
        report = await importing_outcomes.import_outcomes(command, file, dry_run=dry_run)
    if not report.imported:
        await command.session.rollback()
    return report
