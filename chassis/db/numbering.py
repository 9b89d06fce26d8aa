"""Reference numbers that people can say: ESC-2019-0042."""

from weakref import WeakKeyDictionary

from sqlmodel import Field as Column

from chassis.db.database import Base
from chassis.db.statements import Statements

# Numbers are unique, not gapless: a process takes some ahead, and loses at most these when it ends.
TAKEN_AHEAD = 10
# Outside the caller's transaction, so that nobody waits for another's commit.
TAKE = """
    INSERT INTO chassis.reference_counter AS counter (prefix, year, last) VALUES ($1, $2, $3)
    ON CONFLICT (prefix, year) DO UPDATE SET last = counter.last + excluded.last RETURNING last
"""
RAISE = """
    INSERT INTO chassis.reference_counter AS counter (prefix, year, last) VALUES ($1, $2, $3)
    ON CONFLICT (prefix, year) DO UPDATE SET last = greatest(counter.last, excluded.last)
"""
_ahead: WeakKeyDictionary[Statements, dict[tuple[str, int], list[int]]] = WeakKeyDictionary()


class ReferenceCounter(Base, table=True):
    """The last number given to a kind of record in a year."""

    prefix: str = Column(primary_key=True)
    year: int = Column(primary_key=True)
    last: int


async def references(statements: Statements, prefix: str, year: int, count: int = 1) -> list[str]:
    """So many fresh references of a kind of record for a calendar year, in ascending order."""
    ahead = _ahead.setdefault(statements, {}).setdefault((prefix, year), [])
    if len(ahead) < count:
        wanted = count + TAKEN_AHEAD
        last = (await statements.first_row(TAKE, prefix, year, wanted))["last"]
        ahead.extend(range(last - wanted + 1, last + 1))
        # Whoever asked at the same time may have been answered in another order.
        ahead.sort()
    numbers, ahead[:count] = ahead[:count], []
    return [f"{prefix}-{year}-{number:04}" for number in numbers]


async def start_after(statements: Statements, prefix: str, year: int, last: int) -> None:
    """Give only numbers above this one from now on; those that this process took ahead are given up."""
    await statements.rows(RAISE, prefix, year, last)
    ahead = _ahead.setdefault(statements, {}).setdefault((prefix, year), [])
    ahead[:] = [number for number in ahead if number > last]


def give_up(statements: Statements, prefix: str, year: int) -> None:
    """Give up what this process took ahead: numbers from elsewhere may have come among them."""
    _ahead.get(statements, {}).pop((prefix, year), None)
