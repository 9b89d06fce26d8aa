"""Reference numbers that people can say: ESC-2019-0042."""

from chassis.statements import Statements

# Outside the caller's transaction, so that nobody waits for another's commit: numbers are unique, not gapless.
TAKE = """
    INSERT INTO reference_counter AS counter (prefix, year, last) VALUES ($1, $2, $3)
    ON CONFLICT (prefix, year) DO UPDATE SET last = counter.last + excluded.last RETURNING last
"""


async def references(statements: Statements, prefix: str, year: int, count: int = 1) -> list[str]:
    """So many fresh references of a kind of record for a calendar year, in ascending order."""
    last = (await statements.first_row(TAKE, prefix, year, count))["last"]
    return [f"{prefix}-{year}-{number:04}" for number in range(last - count + 1, last + 1)]
