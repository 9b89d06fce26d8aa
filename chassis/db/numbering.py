"""Reference numbers that people can say: ESC-2019-0042."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.database import Base
from chassis.db.statements import Statements

# Outside the caller's transaction, so that nobody waits for another's commit: numbers are unique, not gapless.
TAKE = """
    INSERT INTO chassis.reference_counter AS counter (prefix, year, last) VALUES ($1, $2, $3)
    ON CONFLICT (prefix, year) DO UPDATE SET last = counter.last + excluded.last RETURNING last
"""
RAISE = """
    INSERT INTO chassis.reference_counter AS counter (prefix, year, last) VALUES ($1, $2, $3)
    ON CONFLICT (prefix, year) DO UPDATE SET last = greatest(counter.last, excluded.last)
"""


class ReferenceCounter(Base, table=True):
    """The last number given to a kind of record in a year."""

    prefix: str = Column(primary_key=True)
    year: int = Column(primary_key=True)
    last: int


async def references(statements: Statements, prefix: str, year: int, count: int = 1) -> list[str]:
    """So many fresh references of a kind of record for a calendar year, in ascending order."""
    last = (await statements.first_row(TAKE, prefix, year, count))["last"]
    return [f"{prefix}-{year}-{number:04}" for number in range(last - count + 1, last + 1)]


async def references_of(
    statements: Statements, prefix: str, years: Iterable[int], *, in_vain: bool = False
) -> dict[int, Iterator[str]]:
    """A fresh reference for each time that a year is named, in ascending order.

    Where nothing will be kept no number is used up: what stands in its place is unique as well.
    """
    counts = Counter(years)
    if in_vain:
        return {year: (f"{prefix}-{new_id()}" for _ in range(count)) for year, count in counts.items()}
    return {year: iter(await references(statements, prefix, year, count)) for year, count in counts.items()}


async def start_after(statements: Statements, prefix: str, year: int, last: int) -> None:
    """Give only numbers above this one from now on."""
    await statements.rows(RAISE, prefix, year, last)
