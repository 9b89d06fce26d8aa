"""History from elsewhere: care, past reviews and what was between them, and submitted statutory returns."""

from typing import IO, Annotated, cast

from fastapi import File, Form, UploadFile

from chassis.base.fields import Slug
from chassis.base.problems import Invalid, TooLarge, responses
from chassis.command import Command, commanded_by
from chassis.importing.api import LARGEST_BYTES, DryRun, csv_import
from chassis.importing.reading import UnreadableFile, text_of
from chassis.importing.report import NothingTakenIn
from chassis.web.routes import Routes
from services.reviews.imports.between_reviews import import_contacts, import_midpoint_checks
from services.reviews.imports.children import import_care
from services.reviews.imports.returns import import_return
from services.reviews.imports.reviews import import_reviews
from services.reviews.imports.rows import ContactRow, EpisodeRow, MidpointCheckRow, ReviewRow
from services.reviews.returns.schemas import ReturnImportOut
from services.reviews.roles import IMPORTERS

routes = Routes(prefix="/v1", tags=["administration"])

EPISODE = {
    "person_id": "P100001", "chair_id": "chair-01", "period_starts_on": "2019-01-08", "reviews_before": "0",
    "episode_starts_on": "2019-01-08", "legal_status": "V2", "placement": "U4",
}  # fmt: skip
REVIEW = {
    "meeting": "M1", "held_on": "2019-02-01", "chair_id": "chair-01", "person_id": "P100001",
    "participation": "PN1", "attended": "true", "seen_alone": "true", "mode": "in_person",
    "views": "Wants to stay at this school.", "decisions_on": "2019-02-06",
    "decisions": "Renew the plan for education.;Book an eye test.", "decision_owners": "The virtual school;The carers",
    "decisions_due_on": "2019-03-15;2019-03-01", "manager": "agreed",
    "record_text": "They are settled and well cared for.", "record_on": "2019-02-20", "distributed_on": "2019-02-26",
    "distributed_to": "The parents;The carers", "next_step": "continue",
}  # fmt: skip

CONTACT = {
    "person_id": "P100001", "kind": "visit", "happened_on": "2019-01-29", "made_by": "chair-01", "seen_alone": "true",
}  # fmt: skip
MIDPOINT_CHECK = {
    "person_id": "P100001", "done_on": "2019-03-18", "done_by": "chair-01", "on_track": "true",
    "note": "The decisions of the review are being carried out.",
}  # fmt: skip

csv_import(routes, "/care", EpisodeRow, import_care, example=EPISODE, roles=IMPORTERS)
csv_import(routes, "/reviews", ReviewRow, import_reviews, example=REVIEW, roles=IMPORTERS)
csv_import(routes, "/contacts", ContactRow, import_contacts, example=CONTACT, roles=IMPORTERS)
csv_import(
    routes, "/midpoint-checks", MidpointCheckRow, import_midpoint_checks, example=MIDPOINT_CHECK, roles=IMPORTERS
)


@routes.post(
    "/returns/ssda903/import",
    max_body_size=LARGEST_BYTES,
    responses=responses(Invalid, NothingTakenIn, TooLarge, UnreadableFile),
)
async def import_ssda903_return(
    command: Annotated[Command, commanded_by(*IMPORTERS)],
    header: Annotated[UploadFile, File(description="Header.csv as submitted; several years one after another.")],
    episodes: Annotated[UploadFile, File(description="Episodes.csv as submitted.")],
    reviews: Annotated[UploadFile, File(description="Reviews.csv as submitted.")],
    area_id: Annotated[Slug, Form(description="The children's area, which the return does not have.")],
    dry_run: DryRun = False,
) -> ReturnImportOut:
    """Import SSDA903 returns as submitted: children, periods of care, past reviews and the next due dates.

    All rows, or none: if one does not fit or is about a child who is known here, the answer is a problem that says how
    many `rows` were read, how many do not fit, `left_out_count`, and of the first thousand, `left_out`, what and why. A
    dry run answers the same and keeps nothing.
    """
    files = [text_of(cast("IO[bytes]", upload.file)) for upload in (header, episodes, reviews)]
    report = await import_return(command, files, area_id, dry_run=dry_run)
    if dry_run:
        await command.session.rollback()
    return report
