"""Imports of CSV files: rows in chunks with the line where each begins, and what is no such file refused."""

import asyncio
import io

import httpx
import pytest
from pydantic import BaseModel

from chassis.access.callers import Role
from chassis.importing.reading import LONGEST_ROW, MOST_LINES, ROWS_AT_ONCE, UnreadableFile, chunks, text_of
from chassis.importing.report import PROBLEMS_SHOWN, Report
from chassis.importing.rows import values_of
from tests.support.chassis.shelf import SHELF, SaleRow
from tests.support.running import Running
from tests.support.serving import Client

COLUMNS, REQUIRED = ("number", "times"), ("number",)


async def read(text: str, report: Report | None = None) -> list[tuple[int, dict[str, str]]]:
    """All rows of a file."""
    file = io.StringIO(text, newline="")
    return [row async for chunk in chunks(file, COLUMNS, REQUIRED, report or Report()) for row in chunk]


LINES = [
    # As a program writes it.
    ("number,times\na,1\nb,2\n", [2, 3]),
    # As a spreadsheet writes it, and as an old one did.
    ("number,times\r\na,1\r\nb,2\r\n", [2, 3]),
    ("number,times\ra,1\rb,2\r", [2, 3]),
    # Without an end of the last line.
    ("number,times\na,1\nb,2", [2, 3]),
    # With blank lines between, and before everything.
    ("number,times\n\na,1\n\n\nb,2\n\n", [3, 6]),
    ("\n\nnumber,times\na,1\nb,2\n", [4, 5]),
    # With values of several lines, one of them before a blank line.
    ('number,times\n"a\nb\nc",1\nb,2\n', [2, 5]),
    ('number,times\r\n"a\r\n\r\nc",1\r\n\r\nb,2\r\n', [2, 6]),
    # With a heading of several lines.
    ('"number",times\na,1\n"b",2\n', [2, 3]),
]


@pytest.mark.parametrize(("text", "lines"), LINES)
async def test_a_row_has_the_line_in_which_it_begins(text: str, lines: list[int]) -> None:
    report = Report()
    assert [line for line, _ in await read(text, report)] == lines
    assert report.rows == len(lines)


async def test_rows_come_a_few_hundred_at_a_time() -> None:
    report, sizes, counted = Report(), [], []
    text = "number,times\n" + "a,1\n" * (2 * ROWS_AT_ONCE + 1)
    async for chunk in chunks(io.StringIO(text, newline=""), COLUMNS, REQUIRED, report):
        sizes.append(len(chunk))
        counted.append(report.rows)
    assert sizes == [ROWS_AT_ONCE, ROWS_AT_ONCE, 1]
    assert counted == [ROWS_AT_ONCE, 2 * ROWS_AT_ONCE, 2 * ROWS_AT_ONCE + 1]


class Counting(io.StringIO):
    """A file that counts the lines that were read of it."""

    count = 0

    # In typeshed the bases of StringIO disagree about what a line is.
    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        self.count += 1
        return super().readline(size)


async def test_a_file_that_is_refused_is_not_read_on() -> None:
    file = Counting("number,times\n" + "a,1\n" * 10 + "b" * LONGEST_ROW + "\n" + "c,1\n" * 100_000, newline="")
    with pytest.raises(UnreadableFile):
        _ = [chunk async for chunk in chunks(file, COLUMNS, REQUIRED, Report())]
    assert file.count == 12


async def test_others_get_their_turn_while_blank_lines_are_read() -> None:
    turns, ended = 0, asyncio.Event()

    async def read_all() -> None:
        assert await read("number,times\n" + "\n" * (MOST_LINES - 2) + "a,1\n") == [
            (MOST_LINES, {"number": "a", "times": "1"})
        ]
        ended.set()

    async with asyncio.TaskGroup() as together:
        together.create_task(read_all())
        while not ended.is_set():
            await asyncio.sleep(0)
            turns += 1
    # Read at one go there would be a handful.
    assert turns > 20


async def test_a_row_with_too_many_fields_is_reported_and_one_with_too_few_is_read() -> None:
    report = Report()
    rows = await read("number,times\na,1,surplus\nb\n\nc,3,\nd,4\n", report)
    assert rows == [(3, {"number": "b"}), (6, {"number": "d", "times": "4"})]
    assert [(problem.row, problem.field) for problem in report.problems] == [(2, ""), (5, "")]
    assert (report.rows, report.problem_count) == (4, 2)


REFUSED = [
    # No heading at all, one without what is needed, one with more than is known.
    ("", "number"),
    ("times\n1\n", "lacks number"),
    ("number,colour\na,red\n", "that of the template. Columns that are unknown"),
    ("number,colour\na,red\n", "unknown: colour"),
    # A quotation that never ends, and one in the wrong place.
    ('number,times\na,1\n\n"b,2\nc,3\n', "line 4 is not CSV"),
    ('number,times\n"a"b,1\n', "line 2 is not CSV"),
    # A column that is named twice, and so many that an answer shows the first.
    ("number,number\na,b\n", "twice"),
    ("number," + ",".join(f"c{number}" for number in range(5000)), "and 4990 more"),
    # More than any import has: lines, a row of one line or of many, a cell.
    ("number,times\n" + "\n" * MOST_LINES, "at most 1,000,000 lines"),
    ("number,times\n" + "a" * LONGEST_ROW, "line 2 is longer than"),
    ("number,times\n" + '"a\n",' * LONGEST_ROW, "is longer than"),
    ("number,times\n" + "a" * (LONGEST_ROW - 100), "field larger than"),
    ("number,times\na\0,1\n", "Line 2 is no text"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED, ids=[says for _, says in REFUSED])
async def test_what_is_no_such_file_is_refused(text: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        await read(text)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp500"])
async def test_another_encoding_is_refused(encoding: str) -> None:
    file = text_of(io.BytesIO("number,times\nCafé,1\n".encode(encoding)))
    with pytest.raises(UnreadableFile, match="UTF-8"):
        _ = [chunk async for chunk in chunks(file, COLUMNS, REQUIRED, Report())]


def test_what_is_given_has_no_blanks_around_it() -> None:
    assert values_of(SaleRow, {"number": " a b ", "times": " \t", "more": ""}) == {"number": "a b"}


def test_a_list_is_separated_by_semicolons() -> None:
    class Together(BaseModel):
        numbers: list[str]

    assert values_of(Together, {"numbers": "a; b;;c;", "more": "a;b"}) == {"numbers": ["a", "b", "c"], "more": "a;b"}


def test_a_report_counts_every_problem_and_shows_the_first_thousand() -> None:
    report = Report(rows=5)
    for row in range(PROBLEMS_SHOWN + 7):
        report.add(row, "number", "Wrong.")
    out = report.out(0, True)
    assert (out.rows, out.imported, out.dry_run, out.problem_count) == (5, 0, True, PROBLEMS_SHOWN + 7)
    assert [problem.row for problem in out.problems] == list(range(PROBLEMS_SHOWN))


@pytest.fixture
async def shelf(running: Running) -> Client:
    return await running(SHELF)


async def send(shelf: Client, body: bytes, media_type: str = "text/csv", role: Role = Role.CHAIR) -> httpx.Response:
    headers = shelf.as_(role) | {"Content-Type": media_type}
    return await shelf.post("/v1/sales/import", content=body, headers=headers)


async def sales(shelf: Client) -> dict[str, int]:
    return {
        row["number"]: row["times"]
        for row in await shelf.process.database.statements.rows("SELECT number, times FROM sale")
    }


async def test_a_file_is_imported_as_a_whole_or_not_at_all(shelf: Client) -> None:
    bad = await send(shelf, b"number,times\nA-1,2\n\nA-2,0\n")
    assert bad.json() == {
        "rows": 2,
        "imported": 0,
        "dry_run": False,
        "problems": [{"row": 4, "field": "times", "reason": "Not sold."}],
        "problem_count": 1,
        "warnings": [],
        "warning_count": 0,
    }
    assert await sales(shelf) == {}
    good = await send(shelf, "\ufeffnumber,times\nA-1,2\n“A”,\n".encode(), "Text/CSV; charset=utf-8")
    assert (good.json()["imported"], good.json()["problem_count"]) == (2, 0)
    assert await sales(shelf) == {"A-1": 2, "“A”": 1}


async def test_only_csv_that_holds_something_is_taken(shelf: Client) -> None:
    assert (await send(shelf, b"number\nA-1\n", "text/plain")).status_code == 415
    assert (await send(shelf, b"")).status_code == 422
    assert (await send(shelf, b"number\nA-1\n", role=Role.BUSINESS_SUPPORT)).status_code == 403
    assert await sales(shelf) == {}


async def test_the_template_can_be_imported_as_it_is(shelf: Client) -> None:
    answer = await shelf.get("/v1/sales/import-template", headers=shelf.as_(Role.CHAIR))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sales.csv"'
    assert (await send(shelf, answer.content)).json()["imported"] == 1
    assert await sales(shelf) == {"A-1": 1}
