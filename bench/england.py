"""All of England's councils in one system, each a copy of the demonstration's: `make bench-england`."""

import asyncio
import os
from itertools import cycle

import asyncpg

from bench.copies import copy
from bench.load import CONNECTIONS, SECONDS, Ask, Door, Took, load
from bench.reading import AUDIT, CHILD
from bench.system import running
from bench.table import HEADING, Line, conditions, publish

COUNCILS = int(os.environ.get("COUNCILS", "152"))
# Of all councils together those of a month.
AUDIT_ENTRIES = COUNCILS * 66_000
TABLES = (
    "chassis.child",
    "looked_after_child",
    "period_of_care",
    "allocation",
    "contact",
    "midpoint_check",
    "leaving_care_decision",
    "review",
    "child_review",
    "deadline",
    "decision",
)
ENTRIES = f"""
    INSERT INTO chassis.audit_entry (id, at, caller, roles, action, person_ids, record)
    SELECT gen_random_uuid(), TIMESTAMPTZ '2020-04-01' + n * INTERVAL '5 days' / $1, 'chair-' || n % 3000, '{{chair}}',
        'get_care',
        ARRAY[CASE WHEN n % 100000 = 0 THEN '{CHILD}' ELSE 'L' || n % 200000 || '-' || n % $2 END], 'record'
    FROM generate_series(1, $1::int) n
"""


async def main() -> None:
    """Ask about one child of one council, then of England, and write the report."""
    said = conditions()
    async with running() as system:
        manager, administrator = await system.gateway("team_manager"), await system.gateway("administrator")
        timeline = f"/v1/children/{CHILD}/timeline"
        council = await _asked(manager, timeline)
        connection = await asyncpg.connect(system.database("reviews"))
        await connection.execute("SET synchronous_commit = off")
        for table in TABLES:
            print(f"{COUNCILS} councils: {table} …", flush=True)
            await copy(connection, table, COUNCILS - 1, beside=COUNCILS)
        print(f"{AUDIT_ENTRIES:,} entries of the audit …", flush=True)
        await connection.execute(ENTRIES, AUDIT_ENTRIES, COUNCILS)
        await connection.execute("VACUUM ANALYZE")
        children = await connection.fetchval("SELECT count(*) FROM looked_after_child")
        await connection.close()
        england = await _asked(manager, timeline)
        audit = await _asked(administrator, AUDIT)
    lines = [
        Line("a child's timeline, one council", *council),
        Line(
            "the same, England", *england, budget="≤ 1.5 times one council", found=england[0].p(50) / council[0].p(50)
        ),
        Line("who looked at a child's records", *audit, budget="p95 ≤ 50 ms alone", found=audit[0].p(95)),
    ]
    size = f"{COUNCILS} councils: {children:,} children, {AUDIT_ENTRIES:,} entries of the audit."
    publish("england", "\n".join([said, size, "", HEADING, *map(str, lines)]))


async def _asked(door: Door, path: str) -> tuple[Took, Took]:
    asks = cycle([Ask("GET", path)])
    await load(door, asks, CONNECTIONS, min(SECONDS, 2))
    return await load(door, asks, 1, SECONDS), await load(door, asks, CONNECTIONS, SECONDS)


if __name__ == "__main__":
    asyncio.run(main())
