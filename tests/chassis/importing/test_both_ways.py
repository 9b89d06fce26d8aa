"""What an export writes into a file, an import reads again: texts, lists, numbers, and nothing that is a formula."""

import asyncio
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from chassis.base.cells import FORMULAS, cell, list_in, text_in
from chassis.base.problems import Invalid
from chassis.importing.reading import chunks, text_of
from chassis.importing.report import Report
from chassis.importing.rows import values_of
from chassis.web.spreadsheets import Sheet

# What files, lists and spreadsheets have for themselves, and any other character that a text may have.
CHARACTERS = st.sampled_from([*";,\"'=+-@\t\r\n {["]) | st.characters(blacklist_categories=["Cs", "Cc"])
# A text has no blanks around it here, and is not empty.
TEXTS = st.text(CHARACTERS, min_size=1, max_size=12).map(str.strip).filter(bool)


class Told(BaseModel):
    """A row, as it is answered and as it is imported."""

    text: str | None = None
    several: list[str] = []
    numbers: list[int] = []
    number: float | None = None
    sound: bool | None = None


ROWS = st.builds(
    Told,
    text=TEXTS | st.none(),
    several=st.lists(TEXTS, max_size=4),
    numbers=st.lists(st.integers(), max_size=4),
    number=st.floats(allow_nan=False, allow_infinity=False) | st.none(),
    sound=st.booleans() | st.none(),
)


async def read(file: bytes) -> list[dict[str, Any]]:
    """What an import reads in a file."""
    found = chunks(text_of(io.BytesIO(file)), Told.model_fields, (), Report())
    return [values_of(Told, cells) async for several in found for _, cells in several]


@given(st.lists(ROWS, max_size=4))
def test_an_import_reads_what_an_export_wrote(rows: list[Told]) -> None:
    sheet = Sheet(list(Told.model_fields))
    sheet.add(row.model_dump(mode="json") for row in rows)
    told = asyncio.run(read(bytes(sheet.response().body)))
    # A row of nothing but empty cells is still a row.
    assert [Told.model_validate(values) for values in told] == rows


@given(st.lists(TEXTS, min_size=1, max_size=4) | TEXTS)
def test_no_cell_of_texts_begins_like_a_formula(value: list[str] | str) -> None:
    assert not cell(value).startswith(FORMULAS)


CELLS: list[tuple[Any, str]] = [
    (["a", "b c"], "a;b c"),
    (["Call; then write.", 'She said "no".', "two\nlines"], '"Call; then write.";"She said ""no"".";"two\nlines"'),
    (["=P2", "-1"], "'=P2;-1"),
    ([], ""),
    (None, ""),
    ([1, 2.5, True], "1;2.5;true"),
    (-1, "-1"),
    ([{"a": ["b"]}], '[{"a": ["b"]}]'),
    ({"a": 1}, '{"a": 1}'),
    ("'=1", "''=1"),
    ("'quoted'", "'quoted'"),
]


@pytest.mark.parametrize(("value", "written"), CELLS)
def test_how_a_value_is_written(value: Any, written: str) -> None:
    assert cell(value) == written


def test_a_list_is_read_as_people_type_it() -> None:
    assert list_in('a; "b; c";;') == ["a", "b; c"]
    assert list_in('5" pipe;two') == ['5" pipe', "two"]
    assert text_in("'a'") == "'a'"


@pytest.mark.parametrize("text", ['"never ends; b', '"Be kind" was the rule', "one\ntwo; three"])
def test_a_list_that_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        values_of(Told, {"several": text})
    (error,) = refused.value.members["errors"]
    assert (error["field"], error["rule"]) == ("several", "list")
