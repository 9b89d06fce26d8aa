"""Small numbers, which identify people, are left out so that none can be worked out."""

from datetime import date

import pytest

from tests.support.conferences.counting import rows_of
from tests.support.conferences.desk import JSON, Desk
from tests.support.conferences.invented import HISTORY
from tests.support.conferences.kept import a_child, a_plan, keep

SHAPES = [
    ("", "child_conferences", ("month", "quarter", "kind", "participation", "category", "age_band")),
    ("/plans", "open", ("category", "team", "chair", "quarter")),
    ("/contributions", "invited", ("agency_and_role", "month", "area")),
]
# Some of an agency's and a role's names are their key.
NAMES = {"key", "agency_id", "agency_role"}
A_FEW = [("NEG", 9), ("EMO", 7), ("SAB", 1), ("PHY", 6)]


@pytest.mark.parametrize(("which", "counted", "shapes"), SHAPES)
async def test_small_numbers_are_left_out_so_that_none_can_be_worked_out(
    desk: Desk, which: str, counted: str, shapes: tuple[str, ...]
) -> None:
    await keep(desk, HISTORY)
    seen = 0
    for by in shapes:
        for query in ({"period": "2019"}, {"period": "2018-H2", "area_id": "south"}, {"period": "2019-Q1"}):
            open_rows = await rows_of(desk, which, by=by, **query)
            rows = await rows_of(desk, which, by=by, suppress=True, **query)
            hidden = [row["key"] for row in rows if row[counted] is None]
            small = [row["key"] for row in open_rows if row["key"] and 0 < row[counted] < 5]
            assert set(small) <= set(hidden)
            assert len(hidden) != 1, "the total would give a single one away"
            seen += len(hidden)
            check_left_out(rows, hidden)
    assert seen, "nothing was small"


def check_left_out(rows: list[JSON], hidden: list[str]) -> None:
    """A row that is left out says nothing but its key, and then nothing is counted up either."""
    for row in rows:
        if row["key"] in hidden:
            assert {value for name, value in row.items() if name not in NAMES} == {None}
        if hidden:
            assert row["cumulative"] is None and row.get("cumulative_conferences") is None


async def test_one_child_under_a_category_is_hidden_with_the_next_smallest(desk: Desk) -> None:
    number, rows = 0, []
    for category, many in A_FEW:
        for _ in range(many):
            number += 1
            said: JSON = {"initial_category": category, "latest_category": category}
            rows += [a_child(f"P{number}"), a_plan(f"P{number}", date(2019, 5, 1), **said)]
    await keep(desk, rows)
    found = await rows_of(desk, "/plans", on="2019-06-01", by="category", suppress=True)
    assert {row["key"]: row["open"] for row in found} == {"NEG": 9, "EMO": 7, "SAB": None, "PHY": None, None: 23}
    (of_day,) = await rows_of(desk, "/plans", on="2019-06-01", suppress=True)
    names = ("neglect", "emotional", "sexual", "physical", "multiple")
    assert [of_day[name] for name in names] == [9, 7, None, None, 0]
    for team in await rows_of(desk, "/plans", on="2019-06-01", by="team", suppress=True):
        assert [team[name] for name in ("open", *names)] == [23, 9, 7, None, None, 0]
    (shown,) = await rows_of(desk, "/plans", on="2019-06-01")
    assert [shown[name] for name in names] == [9, 7, 1, 6, 0]
