"""How rows that were counted become a table: every period has its row, and small numbers can be left out."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, TypeVar

from chassis.figures.disclosure import leave_out_small
from chassis.figures.rows import Figures
from chassis.law.periods import Period

T = TypeVar("T", bound=Figures)


def table(
    shape: type[T],
    found: Sequence[Any],
    periods: Sequence[Period] | None,
    *,
    suppress_below: int | None,
    apart: Collection[str] = (),
) -> list[T]:
    """The rows of a table, the total last: what was not found is 0, and what has no key is in the total alone.

    `found` are rows with `key`, `total` and the counts; where rows are `periods`, each of these has one, and counts are
    added up over them. `suppress_below` leaves out counts that could identify somebody; `apart` names the fields whose
    rows do not add up to the total.
    """
    by_key = {one["key"]: one for one in found if not one["total"]}
    keys = [key for key in by_key if key is not None] if periods is None else [one.label for one in periods]
    rows = [_row(shape, key, by_key.get(key)) for key in keys]
    if periods is not None:
        so_far = 0
        for row in rows:
            so_far += getattr(row, shape.ADDED_UP)
            row.cumulative = so_far
    rows.append(_row(shape, None, next((one for one in found if one["total"]), None)))
    if suppress_below is not None:
        leave_out_small(rows, suppress_below, apart=apart)
    return rows


def _row(shape: type[T], key: str | None, found: Any) -> T:
    nothing = _nothing(shape)
    numbers = nothing if found is None else {name: found[name] for name in nothing}
    unknown = dict.fromkeys(shape.model_fields.keys() - nothing.keys())
    return shape(**unknown | {"key": key} | numbers)


@cache
def _nothing(shape: type[Figures]) -> dict[str, int | None]:
    """What a row says that counted nothing: 0, and no rate."""
    counts = dict.fromkeys((name for name, one in shape.model_fields.items() if one.annotation == int | None), 0)
    rates = dict.fromkeys(name for name, one in shape.model_fields.items() if one.annotation == float | None)
    added_up = {name for name in counts if name.startswith("cumulative")}
    return {name: value for name, value in (counts | rates).items() if name not in added_up}
