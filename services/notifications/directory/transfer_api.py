"""The directory as CSV files, in and out."""

import io
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis.access.callers import Role
from chassis.base.problems import UnsupportedMediaType, responses
from chassis.command import Command, commanded_by
from chassis.web.importing import CSV, ImportOut, UnreadableFile, csv_file
from services.notifications.directory import transfer
from services.notifications.directory.transfer import Part

routes = APIRouter(prefix="/v1/directory", tags=["directory"])

LARGEST_BYTES = 10 * 1024 * 1024
Administrator = Annotated[Command, commanded_by(Role.ADMINISTRATOR)]


@routes.get(
    "/{part}",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "The part as CSV."}},
)
async def export_directory(part: Part, command: Administrator) -> Response:
    """A part of the directory as CSV, in the columns in which it can be imported; lists are separated by semicolons."""
    text = await transfer.export_part(command, part)
    headers = {"Content-Disposition": f'attachment; filename="{part}.csv"'}
    return Response(text, media_type=CSV, headers=headers)


@routes.post(
    "/{part}",
    max_body_size=LARGEST_BYTES,
    responses=responses(UnreadableFile, UnsupportedMediaType),
    openapi_extra={"requestBody": {"required": True, "content": {CSV: {"schema": {"type": "string"}}}}},
)
async def import_directory(
    part: Part,
    command: Administrator,
    file: Annotated[io.TextIOWrapper, Depends(csv_file)],
    dry_run: Annotated[bool, Query(description="Only check; nothing is imported.")] = False,
) -> ImportOut:
    """Import a part of the directory from CSV: every row, or none if one of them is wrong.

    Areas and agencies come before colleagues, and those before coverage. A row with a known identifier replaces what
    is there; a row of coverage that is known already only sets its last day.
    """
    with file:
        report = await transfer.import_part(command, part, file, dry_run=dry_run)
    if not report.imported:
        await command.session.rollback()
    return report
