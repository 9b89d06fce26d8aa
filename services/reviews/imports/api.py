"""History from elsewhere: children, their past reviews, and submitted statutory returns."""

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
from services.reviews.imports import children as importing_children
from services.reviews.imports import returns as importing_returns
from services.reviews.imports import reviews as importing_reviews
from services.reviews.imports.rows import CHILDREN_COLUMNS, REVIEW_COLUMNS
from services.reviews.returns.schemas import ReturnImportOut
from services.reviews.roles import IMPORTERS

routes = APIRouter(prefix="/v1", tags=["administration"])

Importer = Annotated[Command, commanded_by(*IMPORTERS)]
CsvFile = Annotated[io.TextIOWrapper, Depends(csv_file)]
DryRun = Annotated[bool, Query(description="Check only. Nothing is imported.")]
CSV_BODY = {"requestBody": {"required": True, "content": {CSV: {"schema": {"type": "string"}}}}}
IMPORTED = responses(TooLarge, UnreadableFile, UnsupportedMediaType)
TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "The heading and an example."}
}
CHILD = {
    "person_id": "P100001", "given_name": "Merrin", "family_name": "Invented", "born_on": "2010-05-14",
    "area_id": "north", "team": "Children's Team 1", "manager_id": "swm-1", "chair_id": "chair-01",
    "siblings": "P100002;P100003", "period_starts_on": "2019-01-08", "reviews_before": "0",
    "episode_starts_on": "2019-01-08", "legal_status": "V2", "placement": "U4",
}  # fmt: skip
REVIEW = {
    "meeting": "M1", "held_on": "2019-02-01", "chair_id": "chair-01", "person_id": "P100001",
    "participation": "PN1", "attended": "true", "seen_alone": "true", "mode": "in_person",
    "decisions_on": "2019-02-06", "manager": "agreed", "record_on": "2019-02-20", "distributed_on": "2019-02-26",
    "next_step": "continue",
}  # fmt: skip


@routes.get("/looked-after-children/import-template", response_class=Response, responses=TEMPLATE)
async def get_children_import_template(caller: Annotated[Caller, may(*IMPORTERS)]) -> Response:
    """Get a CSV template for importing children, with an example row: one row for each episode of care."""
    return template(CHILDREN_COLUMNS, CHILD, "looked-after-children.csv")


@routes.post("/looked-after-children/import", max_body_size=LARGEST_BYTES, responses=IMPORTED, openapi_extra=CSV_BODY)
async def import_looked_after_children(command: Importer, file: CsvFile, dry_run: DryRun = False) -> ImportOut:
    """Import children from CSV: all rows, or none if one is wrong. The answer says row, field and reason.

    Give one row for each episode. A child's rows are together and repeat the child's details.
    """
    with file:
        report = await importing_children.import_children(command, file, dry_run=dry_run)
    if not report.imported:
        await command.session.rollback()
    return report


@routes.get("/reviews/import-template", response_class=Response, responses=TEMPLATE)
async def get_reviews_import_template(caller: Annotated[Caller, may(*IMPORTERS)]) -> Response:
    """Get a CSV template for importing past reviews, with an example row: one row for each child."""
    return template(REVIEW_COLUMNS, REVIEW, "reviews.csv")


@routes.post("/reviews/import", max_body_size=LARGEST_BYTES, responses=IMPORTED, openapi_extra=CSV_BODY)
async def import_reviews(command: Importer, file: CsvFile, dry_run: DryRun = False) -> ImportOut:
    """Import past reviews from CSV: all rows, or none. The rules say what each was and when it was due.

    Rows of one meeting are together, and a child's reviews are in the order in which they were held.
    """
    with file:
        report = await importing_reviews.import_reviews(command, file, dry_run=dry_run)
    if not report.imported:
        await command.session.rollback()
    return report


@routes.post(
    "/returns/ssda903/import",
    max_body_size=LARGEST_BYTES,
    responses=responses(Invalid, NothingTakenIn, TooLarge, UnreadableFile),
)
async def import_ssda903_return(
    command: Importer,
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
    report = await importing_returns.import_return(command, files, area_id, dry_run=dry_run)
    if dry_run:
        await command.session.rollback()
    return report
