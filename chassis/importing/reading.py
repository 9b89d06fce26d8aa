"""CSV files as anybody may send them: rows with the line in which each begins, and limits that refuse the rest."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO

from chassis.base.cells import text_in
from chassis.base.problems import Problem
from chassis.importing.report import Report

ROWS_AT_ONCE = 500
# Beyond these a file is refused before it takes time or memory; a single cell has at most 131,072 characters.
LONGEST_ROW = 256 * 1024
MOST_LINES = 1_000_000
UNKNOWN_SHOWN = 10


class UnreadableFile(Problem):
    """The file cannot be read."""

    status = 422


Row = dict[str, str]
# A row with the line in which it begins.
Line = tuple[int, Row]


async def chunks(
    file: IO[str], columns: Collection[str], required: Collection[str], report: Report
) -> AsyncIterator[list[Line]]:
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
        (line, None if len(fields) > len(heading) else dict(zip(heading, map(text_in, fields), strict=False)))
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
        wrong = [f"It lacks {', '.join(missing)}."] if missing else []
        wrong += [f"Columns that are unknown: {shown}{more}."] if unknown else []
        raise UnreadableFile(f"The heading is not that of the template. {' '.join(wrong)}")
    if len(set(heading)) < len(heading):
        raise UnreadableFile("The heading names a column twice.")


def text_of(file: IO[bytes]) -> io.TextIOWrapper:
    """A file of UTF-8 as text, its ends of lines as they are; another encoding shows when it is read."""
    return io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
