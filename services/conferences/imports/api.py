"""History from elsewhere: enquiries, past conferences with who was invited to them; submitted censuses."""

from typing import IO, Annotated, cast

from fastapi import File, Form, UploadFile

from chassis.base.fields import Slug
from chassis.base.problems import Invalid, TooLarge, responses
from chassis.command import Command, commanded_by
from chassis.importing.api import LARGEST_BYTES, DryRun, csv_import, csv_template
from chassis.importing.reading import UnreadableFile, text_of
from chassis.importing.report import NothingTakenIn
from chassis.web.routes import Routes
from services.conferences.imports import census as submitted
from services.conferences.imports import conferences as past
from services.conferences.imports.enquiries import import_section_47_enquiries
from services.conferences.imports.plan_checks import import_plan_checks
from services.conferences.imports.rows import ConferenceRow, EnquiryRow, InvitationRow, PlanCheckRow, PlanEndRow
from services.conferences.imports.schemas import CensusImportOut, ConferenceImportOut
from services.conferences.roles import IMPORTERS

routes = Routes(prefix="/v1", tags=["administration"])

Importer = Annotated[Command, commanded_by(*IMPORTERS)]
ENQUIRY = {
    "request_id": "E3001", "person_id": "P100001", "started_on": "2019-01-08", "strategy_discussion_on": "2019-01-09",
    "conference_not_required": "false",
}  # fmt: skip
CONFERENCE = {
    "meeting": "M1", "held_on": "2019-01-28", "chair_id": "chair-01", "person_id": "P100001", "participation": "PN1",
    "attended": "true", "outcome": "plan_made", "category": "NEG", "mode": "in_person", "planned_time": "10:00",
    "family_contacted_on": "2019-01-24", "family_met": "true", "outline_plan_on": "2019-01-29",
    "past_harm": "Two appointments were missed.;The home was cold.", "working_well": "The children are in school.",
    "next_steps": "Visit every ten working days.", "next_step_owners": "The social worker",
    "next_steps_due_on": "2019-02-11",
    "record_on": "2019-02-11", "distributed_on": "2019-02-12", "distributed_to": "The mother;The school",
    "closed_on": "2019-01-30",
}  # fmt: skip
INVITATION = {
    "meeting": "M1", "invited_as": "professional", "name": "Dr Yarrow Elmsgate", "agency_id": "general-practice",
    "agency_role": "gp", "team": "Mill Lane Surgery", "area_id": "north", "report_expected": "true",
    "attendance": "neither", "proposal": "confirmed", "decided_on": "2019-01-31", "decided_by": "chair-01",
}  # fmt: skip
PLAN_CHECK = {
    "person_id": "P100001", "done_on": "2019-03-13", "done_by": "chair-01", "visits_in_time": "true",
    "core_groups_held": "true", "progress": "Most steps of the plan are done.",
}  # fmt: skip
PLAN_END = {"person_id": "P100001", "ends_on": "2019-06-03", "reason": "transfer_out"}


csv_import(
    routes,
    "/conferences/section-47-enquiries",
    EnquiryRow,
    import_section_47_enquiries,
    example=ENQUIRY,
    roles=IMPORTERS,
)
csv_import(routes, "/plan-checks", PlanCheckRow, import_plan_checks, example=PLAN_CHECK, roles=IMPORTERS)
csv_template(routes, "/conferences", ConferenceRow, example=CONFERENCE, roles=IMPORTERS)
csv_template(routes, "/invitations", InvitationRow, example=INVITATION, roles=IMPORTERS)
csv_template(routes, "/protection-plans", PlanEndRow, example=PLAN_END, roles=IMPORTERS)


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
    files = [text_of(cast("IO[bytes]", upload.file)) for upload in (conferences, invitations)]
    report = await past.import_conferences(command, files[0], files[1], ends, dry_run=dry_run)
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
    files = [cast("IO[bytes]", upload.file) for upload in census]
    report = await submitted.import_census(command, files, area_id, dry_run=dry_run)
    if dry_run:
        await command.session.rollback()
    return report
