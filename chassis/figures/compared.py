"""A table beside the one of the period before: what each number was, how it changed, and its share of the total."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

Number = int | float


class ComparedOut(BaseModel):
    """A row beside that of the period before. Each number has its field's name; what was left out stays out."""

    key: str | None
    before_key: str | None = Field(description="The row's key a period earlier; null for the total.")
    before: dict[str, Number | None] = Field(description="The same numbers a period earlier.")
    change: dict[str, float | None] = Field(
        description="The growth since then, such as 0.1 for a tenth more; null where it was 0 or is not known."
    )
    share: dict[str, float | None] = Field(description="Of the table's total, between 0 and 1; counts only.")


def compare(rows: Sequence[Any], earlier: Sequence[Any], *, in_order: bool) -> list[ComparedOut]:
    """Rows beside those of the period before: those that are periods in their order, others by key."""
    total = next((row for row in rows if row.key is None), None)
    by_key = {row.key: row for row in earlier}
    pairs = zip(rows, earlier, strict=True) if in_order else ((row, by_key.get(row.key)) for row in rows)
    return [_compared(row, before, total) for row, before in pairs]


def _compared(row: Any, before: Any, total: Any) -> ComparedOut:
    fields = type(row).model_fields
    counts = [name for name, field in fields.items() if field.annotation == int | None and not name.startswith("cumul")]
    numbers = [*counts, *(name for name, field in fields.items() if field.annotation == float | None)]
    was = {name: 0 if before is None and name in counts else getattr(before, name, None) for name in numbers}
    return ComparedOut(
        key=row.key,
        before_key=None if before is None else before.key,
        before=was,
        change={name: _share(_less(getattr(row, name), was[name]), was[name]) for name in numbers},
        share={name: _share(getattr(row, name), getattr(total, name, None)) for name in counts},
    )


def _less(number: Number | None, other: Number | None) -> Number | None:
    return None if number is None or other is None else number - other


def _share(part: Number | None, whole: Number | None) -> float | None:
    return None if part is None or not whole else round(part / whole, 4)
