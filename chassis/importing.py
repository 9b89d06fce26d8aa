"""What every import of a CSV file needs: the file, its rows a few hundred at a time, and the report about them.

A file is imported whole or not at all, so that whoever mends it sends all of it again.
"""

import asyncio
import csv
import io
import json
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import SimpleNamespace
from typing import IO, Any, TypeVar, cast

import asyncpg
from fastapi import Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.dialects.postgresql import JSONB

from chassis.problems import Malformed, UnsupportedMediaType
from chassis.rows import Record, update_of

CSV = "text/csv"
IN_MEMORY_BYTES = 1024 * 1024
LARGEST_BYTES = 100 * 1024 * 1024
ROWS_AT_ONCE = 500
PROBLEMS_SHOWN = 1000

Model = TypeVar("Model")


class ImportProblemOut(BaseModel):
    """What is wrong with one row of an import."""

    row: int = Field(description="The line of the file in which the row begins; the heading is in line 1.")
    field: str
    reason: str


class ImportOut(BaseModel):
    """What became of an import."""

    rows: int = Field(description="How many rows were read.")
    imported: int = Field(description="All of them, or none.")
    dry_run: bool
    problems: list[ImportProblemOut] = Field(description="The first thousand problems.")
    problem_count: int


@dataclass
class Report:
    """What became of an import so far."""

    rows: int = 0
    problem_count: int = 0
    problems: list[ImportProblemOut] = field(default_factory=list)

    def add(self, row: int, where: str, reason: str) -> None:
        """Note what is wrong with a row."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(ImportProblemOut(row=row, field=where, reason=reason))

    def out(self, imported: int, dry_run: bool) -> ImportOut:  # noqa: FBT001 -- both are fields of the answer.
        """The report as it is answered."""
        return ImportOut(
            rows=self.rows,
            imported=imported,
            dry_run=dry_run,
            problems=self.problems,
            problem_count=self.problem_count,
        )


Row = dict[str, str]


async def chunks(
    file: IO[str], columns: Collection[str], required: Collection[str], report: Report
) -> AsyncIterator[list[tuple[int, Row]]]:
    """The rows, each with the line in which it begins, a few hundred at a time.

    Other requests get their turn in between. `Malformed` is raised for what is no such file at all; rows with more
    fields than the heading are reported and left out.
    """
    records = _records(file)
    _, heading = next(records, (1, []))
    _check_heading(heading, columns, required)
    while several := list(islice(records, ROWS_AT_ONCE)):
        report.rows += len(several)
        fitting = []
        for line, fields in several:
            if len(fields) > len(heading):
                report.add(line, "", "The row has more fields than the heading.")
            else:
                fitting.append((line, dict(zip(heading, fields, strict=False))))
        if fitting:
            yield fitting
        await asyncio.sleep(0)


def _records(file: IO[str]) -> Iterator[tuple[int, list[str]]]:
    """The records that are no blank lines, each with the line in which it begins."""
    reader = csv.reader(file, strict=True)
    begins = 1
    try:
        for fields in reader:
            if fields:
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Malformed(f"What begins in line {begins} is not CSV: {error}.") from None
    except UnicodeDecodeError:
        raise Malformed("The file is not in UTF-8.") from None


def _check_heading(heading: Sequence[str], columns: Collection[str], required: Collection[str]) -> None:
    missing, unknown = sorted(set(required) - set(heading)), sorted(set(heading) - set(columns))
    if missing or unknown:
        raise Malformed(
            f"The heading lacks {', '.join(missing) or 'nothing'}; unknown: {', '.join(unknown) or 'none'}."
        )


def given(line: Mapping[str, str]) -> Row:
    """What a row does say: its values without blanks around them, where something is left."""
    return {name: stripped for name, value in line.items() if (stripped := value.strip())}


async def csv_file(request: Request) -> io.TextIOWrapper:
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


def template(columns: Sequence[str], example: Mapping[str, str], filename: str) -> Response:
    """The columns of an import as a CSV file with one example row."""
    content = io.StringIO()
    writer = csv.DictWriter(content, columns)
    writer.writeheader()
    writer.writerow(example)
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content.getvalue(), media_type=CSV, headers=headers)


async def copy_rows(connection: asyncpg.Connection, table: Any, rows: Sequence[Record]) -> None:
    """Write records into a table by COPY; a column that a record leaves out is null."""
    names = [column.name for column in table.__table__.c]
    records = ([row.get(name) for name in names] for row in rows)
    await connection.copy_records_to_table(
        table.__tablename__, records=records, columns=names, schema_name=table.__table__.schema
    )


async def update_rows(connection: asyncpg.Connection, table: Any, names: Sequence[str], rows: Sequence[Record]) -> None:
    """Bring these columns of rows, found by their key, to what the records say; one statement for all of them."""
    if not rows:
        return
    key, statement = update_of(table.__table__, tuple(names))
    values = json.dumps([{name: row[name] for name in (key, *names)} for row in rows], default=str)
    await connection.execute(statement, values)


def plain(table: type[Model], **values: Any) -> Model:
    """A row to be written by COPY, with only what columns say: what is left out is null, not the column's default.

    Making an object that follows its changes takes longer than all else in an import of many rows.
    """
    row = SimpleNamespace(**dict.fromkeys(_columns(table)), __table__=cast("Any", table).__table__)
    row.__dict__.update(values)
    return cast("Model", row)


def columns_of(row: Any) -> Record:
    """The columns of a row, by name and as COPY takes them: JSON as text."""
    return {
        name: json.dumps(getattr(row, name)) if is_json else getattr(row, name)
        for name, is_json in _columns(row).items()
    }


def _columns(row: Any) -> Mapping[str, bool]:
    """The names of a table's columns, and whether each is JSON."""
    table = row.__table__
    if table not in _COLUMNS:
        _COLUMNS[table] = {column.name: isinstance(column.type, JSONB) for column in table.c}
    return _COLUMNS[table]


_COLUMNS: dict[Any, Mapping[str, bool]] = {}
