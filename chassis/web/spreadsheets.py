"""Lists and figures as CSV for spreadsheets, with `Accept: text/csv`: the rows that are otherwise answered as JSON."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.base.cells import cell
from chassis.base.problems import Invalid
from chassis.web.pagination import JSON, MAX_LIMIT

CSV = "text/csv"
# Excel takes UTF-8 without it for a Windows code page.
BYTE_ORDER_MARK = "\ufeff"
# They are held in memory, some ten megabytes, so that a file is sent whole or not at all.
MOST_ROWS = 20_000
DESCRIPTION = (
    "The rows for a spreadsheet, with the names of the fields as the first one: of a list all that pass its filters, "
    f"whatever `limit` says, but at most {MOST_ROWS:,}. UTF-8 with a byte order mark; days and moments as in JSON. "
    "The values of a list are separated by semicolons; one with a semicolon, a quotation mark or a line break stands "
    "within quotation marks, those in it doubled. A record within a row is JSON, and so is a list of records. A text "
    "that begins like a formula has an apostrophe before it. Imports read cells by the same rules."
)


class Spreadsheets:
    """Answers as CSV, where that is asked for, what the application answers as a list or a table in JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; for a spreadsheet, read the answer to its last page."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _is_wanted(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        asked = dict(scope)
        answer = await self._answer(scope, receive)
        route = scope.get("route")
        row = row_of(route.response_model) if isinstance(route, APIRoute) else None
        if row is not None and _is_json(answer):
            answer = await self._sheet(asked, receive, Sheet([*row.model_fields, *row.model_computed_fields]), answer)
        await answer(scope, receive, send)

    async def _sheet(self, asked: Scope, receive: Receive, sheet: "Sheet", answer: Response) -> Response:
        """All rows from the first page on; a page that fails is the answer to the whole."""
        while _is_json(answer):
            found = json.loads(bytes(answer.body))
            if "items" in found and found.get("total") is not None:
                return Invalid.field("limit", "whole", "A file has all rows of a list. Leave the limit out.").response()
            sheet.add(found if isinstance(found, list) else found.get("items", found.get("rows")))
            if sheet.rows > MOST_ROWS:
                message = f"This list has more than {MOST_ROWS:,} rows. Filter it, or read its pages as JSON."
                return Invalid.field("limit", "most_rows", message).response()
            if isinstance(found, list) or found.get("next") is None:
                return sheet.response()
            given = parse_qsl(asked["query_string"].decode("latin-1"))
            query = [(name, value) for name, value in given if name not in {"limit", "cursor"}]
            query += [("limit", str(MAX_LIMIT)), ("cursor", found["next"])]
            answer = await self._answer({**asked, "query_string": urlencode(query).encode()}, receive)
        return answer

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        """What the application answers, held back."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        answer = Response(b"".join(message.get("body", b"") for message in messages[1:]), messages[0]["status"])
        answer.raw_headers = list(messages[0]["headers"])
        return answer


class Sheet:
    """The rows of a file as they come."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.rows = 0
        self._file = io.StringIO(BYTE_ORDER_MARK, newline="")
        self._file.seek(0, io.SEEK_END)
        self._writer = csv.DictWriter(self._file, columns)
        self._writer.writeheader()

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows of JSON."""
        for row in rows:
            self._writer.writerow({name: cell(value) for name, value in row.items()})
            self.rows += 1

    def response(self) -> Response:
        """The file."""
        return Response(
            self._file.getvalue(),
            media_type=f"{CSV}; charset=utf-8; header=present",
            headers={"Content-Disposition": "attachment"},
        )


def row_of(answered: Any) -> type[BaseModel] | None:
    """The schema of the rows of a list, a page or a table of figures; nothing if an answer is none of them."""
    if get_origin(answered) is list:
        (row,) = get_args(answered)
        return row if hasattr(row, "model_fields") else None
    fields = getattr(answered, "model_fields", {})
    rows = fields.get("items") or fields.get("rows")
    return row_of(rows.annotation) if rows else None


def describe(document: Mapping[str, Any], app: FastAPI) -> None:
    """Say in an application's document which operations answer as CSV."""
    for route in iter_route_contexts(app.routes):
        original = route.original_route
        if (
            not isinstance(original, APIRoute)
            or "GET" not in (original.methods or ())
            or not original.include_in_schema
        ):
            continue
        if row_of(original.response_model) is not None:
            answer = document["paths"][route.path_format]["get"]["responses"]["200"]
            answer["content"][CSV] = {"schema": {"$ref": "#/components/schemas/Spreadsheet"}}
    document["components"]["schemas"]["Spreadsheet"] = {"type": "string", "description": DESCRIPTION}


def _is_wanted(headers: Headers) -> bool:
    """Whether CSV is asked for, before JSON if that is as well."""
    return CSV in headers.get("accept", "").partition(JSON)[0]


def _is_json(answer: Response) -> bool:
    return answer.status_code == 200 and answer.headers.get("content-type") == JSON
