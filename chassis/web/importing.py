"""What every import of a CSV file needs: the file, its rows a few hundred at a time, and the report about them.

A file is imported whole or not at all: after a correction, all of it is sent again.
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

from fastapi import Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.problems import Problem, UnsupportedMediaType

CSV = "text/csv"
IN_MEMORY_BYTES = 1024 * 1024
LARGEST_BYTES = 100 * 1024 * 1024
ROWS_AT_ONCE = 500
PROBLEMS_SHOWN = 1000
# Beyond these a file is refused before it takes time or memory; a single cell has at most 131,072 characters.
LONGEST_ROW = 256 * 1024
MOST_LINES = 1_000_000
UNKNOWN_SHOWN = 10

Model = TypeVar("Model")
# A row as COPY takes it: its columns by name.
Record = dict[str, Any]


class UnreadableFile(Problem):
    """The file cannot be read."""

    status = 422


class NothingTakenIn(Problem):
    """Nothing was taken in, since something in the files does not fit."""

    status = 422


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

    They are read in a thread, so that other requests are answered meanwhile. `UnreadableFile` is raised for what is no
    such file at all; rows with more fields than the heading are reported and left out.
    """
    found = records(file)
    _, heading = await asyncio.to_thread(next, found, (1, []))
    _check_heading(heading, columns, required)
    while several := await asyncio.to_thread(_several, found, heading):
        report.rows += len(several)
        for line, row in several:
            if row is None:
                report.add(line, "", "The row has more fields than the heading.")
        if fitting := [(line, row) for line, row in several if row is not None]:
            yield fitting
        await asyncio.sleep(0)


def _several(found: Iterator[tuple[int, list[str]]], heading: Sequence[str]) -> list[tuple[int, Row | None]]:
    """The next rows; nothing in place of one that has more fields than the heading."""
    return [
        (line, None if len(fields) > len(heading) else dict(zip(heading, fields, strict=False)))
        for line, fields in islice(found, ROWS_AT_ONCE)
    ]


def records(file: IO[str]) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file that are no blank lines, each with the line in which it begins.

    `UnreadableFile` is raised where it is no CSV in UTF-8, a record has more than `LONGEST_ROW` characters, or the file
    more than `MOST_LINES` lines.
    """
    lines = _Lines(file)
    reader = csv.reader(lines, strict=True)
    begins = 1
    try:
        for fields in reader:
            lines.in_record = 0
            if fields:
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"What begins in line {begins} is not CSV: {error}.") from None
    except UnicodeDecodeError:
        raise UnreadableFile("The file is not in UTF-8.") from None


@dataclass
class _Lines:
    """The lines of a file, as many and as long as an import may have."""

    file: IO[str]
    number: int = 0
    in_record: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.number += 1
        self.in_record += len(line)
        if self.in_record >= LONGEST_ROW:
            raise UnreadableFile(f"The row around line {self.number} is longer than {LONGEST_ROW:,} characters.")
        if self.number > MOST_LINES:
            raise UnreadableFile(f"A file has at most {MOST_LINES:,} lines, blank ones included.")
        if "\0" in line:
            raise UnreadableFile(f"Line {self.number} is no text: the file is not in UTF-8.")
        return line


def _check_heading(heading: Sequence[str], columns: Collection[str], required: Collection[str]) -> None:
    missing, unknown = sorted(set(required) - set(heading)), sorted(set(heading) - set(columns))
    if missing or unknown:
        shown = ", ".join(column[:40] for column in unknown[:UNKNOWN_SHOWN])
        more = f" and {len(unknown) - UNKNOWN_SHOWN} more" if len(unknown) > UNKNOWN_SHOWN else ""
        raise UnreadableFile(f"The heading lacks {', '.join(missing) or 'nothing'}; unknown: {shown or 'none'}{more}.")
    if len(set(heading)) < len(heading):
        raise UnreadableFile("The heading names a column twice.")


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
        raise UnreadableFile("The file is empty.")
    file.seek(0)
    return text_of(cast("IO[bytes]", file))


def text_of(file: IO[bytes]) -> io.TextIOWrapper:
    """A file of UTF-8 as text, its ends of lines as they are; another encoding shows when it is read."""
    return io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


def template(columns: Sequence[str], example: Mapping[str, str], filename: str) -> Response:
    """The columns of an import as a CSV file with one example row."""
    content = io.StringIO()
    writer = csv.DictWriter(content, columns)
    writer.writeheader()
    writer.writerow(example)
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content.getvalue(), media_type=CSV, headers=headers)


async def copy_rows(session: AsyncSession, table: Any, rows: Sequence[Record]) -> None:
    """Write records into a table by COPY, in the session's transaction; a column that a record leaves out is null.

    Some hundred at a time: a COPY holds up everything else until all its records are encoded.
    """
    connection = await session.connection()
    # SQLAlchemy opens the transaction with the first statement that it sees, and it does not see the COPY.
    await connection.exec_driver_sql("SELECT 1")
    driver = cast("Any", (await connection.get_raw_connection()).driver_connection)
    names = [column.name for column in table.__table__.c]
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        several = ([row.get(name) for name in names] for row in rows[begin : begin + ROWS_AT_ONCE])
        await driver.copy_records_to_table(
            table.__tablename__, records=several, columns=names, schema_name=table.__table__.schema
        )


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
