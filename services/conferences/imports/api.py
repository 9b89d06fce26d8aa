"""History from elsewhere: children, enquiries, past conferences with who was invited to them; submitted censuses."""

import io
from typing import IO, Annotated, Any, cast

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile

from chassis.access.callers import Caller, may
from chassis.base.fields import Slug
from chassis.base.problems import Invalid, TooLarge, UnsupportedMediaType, responses
from chassis.command import Command, commanded_by
from chassis.web.importing import (
    CSV,
    LARGEST_BYTES,
    ImportOut,
    NothingTakenIn,
    UnreadableFile,
    csv_file,
    template,
    text_of,
)
from services.conferences.imports import census as importing_census
from services.conferences.imports import children as importing_children
from services.conferences.imports import conferences as importing_conferences
from services.conferences.imports import enquiries as importing_enquiries
from services.conferences.imports.rows import (
    CHILD_COLUMNS,
    CONFERENCE_COLUMNS,
    ENQUIRY_COLUMNS,
    INVITATION_COLUMNS,
    PLAN_END_COLUMNS,
)
from services.conferences.imports.schemas import CensusImportOut, ConferenceImportOut
from services.conferences.roles import IMPORTERS

routes = APIRouter(prefix="/v1", tags=["administration"])

Importer = Annotated[Command, commanded_by(*IMPORTERS)]
Templates = Annotated[Caller, may(*IMPORTERS)]
CsvFile = Annotated[io.TextIOWrapper, Depends(csv_file)]
DryRun = Annotated[bool, Query(description="Only check; nothing is imported.")]
CSV_BODY = {"requestBody": {"required": True, "content": {CSV: {"schema": {"type": "string"}}}}}
IMPORTED = responses(UnreadableFile, TooLarge, UnsupportedMediaType)
TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "The heading and an example."}
}
CHILD = {
    "person_id": "P100001", "given_name": "Merrin", "family_name": "Invented", "born_on": "2010-05-14", "sex": "F",
    "ethnicity": "WBRI", "disabilities": "LD;VIS", "family_id": "F2001", "area_id": "north",
    "team": "Children's Team 1", "social_worker": "Wren Ravensby", "manager_id": "swm-1", "restricted": "false",
}  # fmt: skip
ENQUIRY = {
    "request_id": "E3001", "person_id": "P100001", "started_on": "2019-01-08", "strategy_discussion_on": "2019-01-09",
    "conference_not_required": "false",
}  # fmt: skip
CONFERENCE = {
    "meeting": "M1", "held_on": "2019-01-28", "chair_id": "chair-01", "person_id": "P100001", "participation": "PN1",
    "attended": "true", "outcome": "plan_made", "category": "NEG", "mode": "in_person", "planned_time": "10:00",
    "family_contacted_on": "2019-01-24", "family_met": "true", "outline_plan_on": "2019-01-29",
    "record_on": "2019-02-11", "distributed_on": "2019-02-12", "distributed_to": "The mother;The school",
    "closed_on": "2019-01-30",
}  # fmt: skip
INVITATION = {
    "meeting": "M1", "invited_as": "professional", "name": "Dr Yarrow Elmsgate", "agency_id": "general-practice",
    "agency_role": "gp", "team": "Mill Lane Surgery", "area_id": "north", "report_expected": "true",
    "attendance": "neither", "proposal": "confirmed", "decided_on": "2019-01-31", "decided_by": "chair-01",
}  # fmt: skip
PLAN_END = {"person_id": "P100001", "ends_on": "2019-06-03", "reason": "transfer_out"}


@routes.get("/children/import-template", response_class=Response, responses=TEMPLATE)
async def get_family_children_import_template(caller: Templates) -> Response:
    """The columns of an import of children as a CSV file with one example row."""
    return template(CHILD_COLUMNS, CHILD, "children.csv")


@routes.post("/children/import", max_body_size=LARGEST_BYTES, responses=IMPORTED, openapi_extra=CSV_BODY)
async def import_family_children(command: Importer, file: CsvFile, dry_run: DryRun = False) -> ImportOut:
    """Import children from CSV: every row, or none if one of them is wrong; the answer says row, field and reason."""
    with file:
        report = await importing_children.import_children(command, file, dry_run=dry_run)
    return await _kept(command, report)


@routes.get("/section-47-enquiries/import-template", response_class=Response, responses=TEMPLATE)
async def get_enquiries_import_template(caller: Templates) -> Response:
    """The columns of an import of section 47 enquiries as a CSV file with one example row."""
    return template(ENQUIRY_COLUMNS, ENQUIRY, "section-47-enquiries.csv")


@routes.post("/section-47-enquiries/import", max_body_size=LARGEST_BYTES, responses=IMPORTED, openapi_extra=CSV_BODY)
async def import_section_47_enquiries(command: Importer, file: CsvFile, dry_run: DryRun = False) -> ImportOut:
    """Import section 47 enquiries about children who are known here from CSV: every row, or none."""
    with file:
        report = await importing_enquiries.import_enquiries(command, file, dry_run=dry_run)
    return await _kept(command, report)


@routes.get("/conferences/import-template", response_class=Response, responses=TEMPLATE)
async def get_conferences_import_template(caller: Templates) -> Response:
    """The columns of the file of past conferences with one example row: a row for each child."""
    return template(CONFERENCE_COLUMNS, CONFERENCE, "conferences.csv")


@routes.get("/invitations/import-template", response_class=Response, responses=TEMPLATE)
async def get_invitations_import_template(caller: Templates) -> Response:
    """The columns of the file of who was invited to them with one example row: a row for each person."""
    return template(INVITATION_COLUMNS, INVITATION, "invitations.csv")


@routes.get("/protection-plans/import-template", response_class=Response, responses=TEMPLATE)
async def get_plan_ends_import_template(caller: Templates) -> Response:
    """The columns of the file of plans that ended without a conference, with one example row."""
    return template(PLAN_END_COLUMNS, PLAN_END, "plan-ends.csv")


@routes.post("/conferences/import", max_body_size=LARGEST_BYTES, responses=responses(UnreadableFile, TooLarge))
async def import_conferences(
    command: Importer,
    conferences: Annotated[UploadFile, File(description="CSV: a row for each child of each past conference.")],
    invitations: Annotated[UploadFile, File(description="CSV: a row for each person who was invited to one.")],
    plan_ends: Annotated[
        UploadFile | None, File(description="CSV: a row for each plan that ended without a conference.")
    ] = None,
    dry_run: DryRun = False,
) -> ConferenceImportOut:
    """Import past conferences: every row of all files, or none; what each was, and the plans, follow by the rules.

    Rows of one conference stand together, and a child's conferences come in the order in which they were held. What
    chairs confirmed is raised by the escalations service on the day on which they decided.
    """
    ends = None if plan_ends is None else text_of(cast("IO[bytes]", plan_ends.file))
    files = [text_of(cast("IO[bytes]", one.file)) for one in (conferences, invitations)]
    report = await importing_conferences.import_conferences(command, files[0], files[1], ends, dry_run=dry_run)
    if not report.imported:
        await command.session.rollback()
    return report


@routes.post(
    "/returns/cin-census/import",
    max_body_size=LARGEST_BYTES,
    responses=responses(Invalid, NothingTakenIn, TooLarge, UnreadableFile),
)
async def import_cin_census(
    command: Importer,
    census: Annotated[list[UploadFile], File(description="XML as submitted; one file for each year, in any order.")],
    area_id: Annotated[Slug, Form(description="The area that the children are put into; the census has none.")],
    dry_run: DryRun = False,
) -> CensusImportOut:
    """Take in children in need censuses as submitted: children, enquiries, plans, past conferences, what is due next.

    All of it, or nothing: if something does not fit or a child is known here, the answer is a problem that says how
    many `children` with an enquiry or a plan were read, how many things do not fit, `left_out_count`, and of the
    first thousand, `left_out`, what and why. A dry run answers the same and keeps nothing.
    """
    files = [cast("IO[bytes]", one.file) for one in census]
    report = await importing_census.import_census(command, files, area_id, dry_run=dry_run)
    if dry_run:
        await command.session.rollback()
    return report


async def _kept(command: Command, report: ImportOut) -> ImportOut:
    """The report of an import, undone where nothing was imported."""
    if not report.imported:
        await command.session.rollback()
    return report
