"""Endpoints that import a CSV file, and those that give its template, both made from the model of its rows."""

import csv
import inspect
import io
import tempfile
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import IO, Annotated, Any, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from chassis.access.callers import Role, may
from chassis.base.problems import TooLarge, UnsupportedMediaType, responses
from chassis.command import Command, commanded_by
from chassis.importing.reading import UnreadableFile, text_of
from chassis.importing.report import ImportOut
from chassis.importing.rows import CsvImport, Known, Row

CSV = "text/csv"
IN_MEMORY_BYTES = 1024 * 1024
LARGEST_BYTES = 100 * 1024 * 1024
HOW_TO_FILL = (
    "Separate several values in a cell with semicolons; put one with a semicolon or a line break within quotation "
    "marks, and double those in it. An apostrophe before what begins like a formula is taken off. Use ISO dates. Cells "
    "that are not required may be empty."
)
DryRun = Annotated[bool, Query(description="Check only. Nothing is imported.")]


def csv_content(**more: str) -> dict[str, Any]:
    """What the document says of a body or an answer that is a CSV file."""
    # A file, not a text: generated clients then send and give it as it is.
    return {CSV: {"schema": {"type": "string", "format": "binary"}} | more}


async def csv_file(request: Request) -> io.TextIOWrapper:
    """The request's body as a file, on disk where it is large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != CSV:
        raise UnsupportedMediaType("Send text/csv.")
    file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 -- it is closed with the request.
    async for chunk in request.stream():
        file.write(chunk)
    if not file.tell():
        raise UnreadableFile("The file is empty.")
    file.seek(0)
    return text_of(cast("IO[bytes]", file))


CsvFile = Annotated[io.TextIOWrapper, Depends(csv_file)]


def csv_import(
    routes: APIRouter,
    path: str,
    model: type[Row],
    take_in: Callable[[CsvImport[Row]], Awaitable[None]],
    *,
    example: Mapping[str, str],
    roles: Collection[Role],
) -> None:
    """Offer the import of a CSV file with rows of a model, and its template.

    `take_in` checks the rows and writes them; where it reports a problem, all is undone. Its name is the
    operation's, its docstring what the document says.
    """

    async def import_file(
        command: Annotated[Command, commanded_by(*roles)], file: CsvFile, *, dry_run: DryRun = False
    ) -> ImportOut:
        with file:
            importing = CsvImport(command, model, file, await Known.by(command), dry_run)
            await take_in(importing)
        report = importing.report.out(importing.report.rows if importing.writes else 0, dry_run)
        if not report.imported:
            await command.session.rollback()
        return report

    text = csv_template(routes, path, model, example=example, roles=roles)
    routes.add_api_route(
        f"{path}/import",
        import_file,
        methods=["POST"],
        name=take_in.__name__,
        description=inspect.getdoc(take_in),
        responses=responses(TooLarge, UnreadableFile, UnsupportedMediaType),
        openapi_extra={"requestBody": {"required": True, "content": csv_content(example=text)}},
        max_body_size=LARGEST_BYTES,
    )


def csv_template(
    routes: APIRouter, path: str, model: type[BaseModel], *, example: Mapping[str, str], roles: Collection[Role]
) -> str:
    """Offer the template of a file: the model's columns, those of the example first, and the example; return it."""
    what = path.rsplit("/", 1)[1]
    text = io.StringIO()
    writer = csv.DictWriter(text, dict.fromkeys([*example, *model.model_fields]))
    writer.writeheader()
    writer.writerow(example)

    async def get_template() -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{what}.csv"'}
        return Response(text.getvalue(), media_type=CSV, headers=headers)

    content = csv_content(example=text.getvalue())
    routes.add_api_route(
        f"{path}/import-template",
        get_template,
        name=f"get_{what.replace('-', '_')}_import_template",
        description=f"Get a CSV template for importing {what.replace('-', ' ')}, with an example row.\n\n{HOW_TO_FILL}",
        dependencies=[may(*roles)],
        response_class=Response,
        responses={200: {"content": content, "description": "The column headings and an example."}},
    )
    return text.getvalue()
