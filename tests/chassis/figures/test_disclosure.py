"""What published tables leave out: small numbers, and whatever they could be worked out from."""

from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.figures.tables import Figures, leave_out_small

BELOW = 5


class Children(Figures):
    """Children by the colour of their shoes, and how many of them wear a hat."""

    KNOWN_BY = ADDED_UP = "children"
    OF_PEOPLE = frozenset({"red", "green", "blue", "hats"})
    SUMS = (("children", ("red", "green", "blue")),)
    RATES: ClassVar = {"hat_rate": ("hats",)}

    children: int | None
    red: int | None
    green: int | None
    blue: int | None
    hats: int | None
    hat_rate: float | None


def row(key: str | None, red: int, green: int = 0, blue: int = 0, hats: int = 0) -> Children:
    """A row; everybody has shoes."""
    many = red + green + blue
    rate = hats / many if many else None
    return Children(key=key, cumulative=many, children=many, red=red, green=green, blue=blue, hats=hats, hat_rate=rate)


def table(*counts: tuple[int, ...]) -> list[Children]:
    """Rows and their total."""
    sums = [sum(column) for column in zip(*counts, strict=True)] or [0]
    return [*(row(str(at), *count) for at, count in enumerate(counts)), row(None, *sums)]


ROWS: list[tuple[list[int], list[int | None]]] = [
    ([9, 8, 7], [9, 8, 7, 24]),
    # One small count could be worked out from the total, so that the next smallest goes as well.
    ([9, 4, 7], [9, None, None, 20]),
    # Two small counts that are small together would still be known to be so.
    ([9, 4, 3], [9, None, None, 16]),
    ([9, 1, 2], [None, None, None, 12]),
    # The next smallest is none of nobody.
    ([9, 4, 0], [None, None, 0, 13]),
    # The threshold itself is not below it.
    ([5, 5], [5, 5, 10]),
    # A total as small as its parts says as much as they do.
    ([3], [None, None]),
    ([1, 2, 0], [None, None, 0, None]),
    ([], [0]),
]


@pytest.mark.parametrize(("counts", "shown"), ROWS)
def test_a_row_about_so_few_keeps_its_key_alone(counts: list[int], shown: list[int | None]) -> None:
    rows = table(*((count,) for count in counts))
    leave_out_small(rows, BELOW)
    assert [row.children for row in rows] == shown
    for row in rows:
        gone = {name for name, value in row.model_dump().items() if value is None} - {"key", "cumulative", "hat_rate"}
        assert gone == ({"children", "red", "green", "blue", "hats"} if row.children is None else set())
        assert (None in shown) == (row.cumulative is None), "what is counted up would give the gap away"


def test_a_small_number_in_a_row_goes_with_the_next_smallest_in_it_and_in_its_column() -> None:
    rows = table((20, 30, 2), (20, 30, 10), (0, 30, 40))
    leave_out_small(rows, BELOW)
    shown = [(row.red, row.green, row.blue, row.children, row.cumulative) for row in rows]
    assert shown == [
        (None, 30, None, 52, 52),
        (None, 30, None, 60, 60),
        (0, 30, 40, 70, 70),
        (40, 90, 52, 182, 182),
    ]


def test_a_rate_goes_with_what_it_is_made_of() -> None:
    rows = table((20, 0, 0, 3), (20, 0, 0, 10), (20, 0, 0, 12))
    leave_out_small(rows, BELOW)
    assert [(row.hats, row.hat_rate) for row in rows] == [(None, None), (None, None), (12, 0.6), (25, 25 / 60)]


def test_what_does_not_add_up_to_the_total_is_left_out_by_itself() -> None:
    rows = table((20, 0, 0, 3), (20, 0, 0, 10), (20, 0, 0, 12))
    leave_out_small(rows, BELOW, apart={"hats"})
    assert [row.hats for row in rows] == [None, 10, 12, 25]


COUNT = st.one_of(st.integers(0, 8), st.integers(0, 200))
COUNTS = st.tuples(COUNT, COUNT, COUNT).flatmap(
    lambda shoes: st.integers(0, sum(shoes)).map(lambda hats: (*shoes, hats))
)


@given(st.lists(COUNTS, max_size=6))
def test_no_small_number_is_shown_or_left_alone_in_a_sum(counts: list[tuple[int, ...]]) -> None:
    true, rows = table(*counts), table(*counts)
    leave_out_small(rows, BELOW)
    fields = ("children", "red", "green", "blue", "hats")
    for at, row in enumerate(rows):
        for field in fields:
            value = getattr(row, field)
            assert value is None or (value in (0, getattr(true[at], field)) and not 0 < value < BELOW)
        check_sum([(at, "red"), (at, "green"), (at, "blue")], (at, "children"), true, rows)
    for field in fields:
        check_sum([(at, field) for at in range(len(counts))], (len(counts), field), true, rows)


def check_sum(parts: list[tuple[int, str]], whole: tuple[int, str], true: list[Children], rows: list[Children]) -> None:
    """What is hidden in a sum is at least two, who are not few together, unless the whole is hidden too."""
    hidden = [(at, field) for at, field in parts if getattr(rows[at], field) is None]
    if getattr(rows[whole[0]], whole[1]) is None:
        assert hidden
    elif hidden:
        together = sum(getattr(true[at], field) for at, field in hidden)
        assert len(hidden) > 1 and (together == 0 or together >= BELOW)


@given(st.lists(st.tuples(*[st.integers(5, 99)] * 3, st.integers(5, 15)), min_size=1, max_size=6))
def test_where_nothing_is_small_all_is_shown(counts: list[tuple[int, ...]]) -> None:
    rows = table(*counts)
    leave_out_small(rows, BELOW)
    assert rows == table(*counts)
