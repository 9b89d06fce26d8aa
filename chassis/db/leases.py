"""Rows taken by lease: several workers share a queue, and what one took and lost comes back by itself.

A queue is a table with a column `due_at`, the moment from which anybody may take a row; it is null once nothing is
left to do. Taking a row moves that moment into the future, which is the lease.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis.db.statements import Statements

# In the list of a statement's tables: its commit waits for the disk, although the pool's others do not.
DURABLY = ", (SELECT set_config('synchronous_commit', 'on', true)) AS durably"


@dataclass(frozen=True)
class Queue:
    """A table whose due rows are taken by lease: its key columns, what a taker needs, and the lease's length.

    In `columns` the table is called `queued`; `joined` is a join to `taken`, for what else a taker needs.
    `durable` where a lease must outlive a crash of the database, because what is done under it cannot be done twice.

    The names are the program's own, never a caller's.
    """

    table: str
    key: str
    columns: str
    lease: timedelta
    durable: bool = False
    joined: str = ""

    async def take(
        self, statements: Statements, now: datetime, limit: int, *, where: str = "true", given: tuple[Any, ...] = ()
    ) -> list[Any]:
        """At most so many due rows, the longest due first, ours until the lease ends; each try is counted."""
        statement = f"""
            WITH taken AS (
                SELECT {self.key}, due_at AS was_due_at FROM {self.table} WHERE due_at <= $1 AND {where}
                ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
            ), ours AS (
                UPDATE {self.table} queued SET due_at = $2, tries = tries + 1
                FROM taken {self.joined} {DURABLY if self.durable else ""} WHERE {self._same("queued", "taken")}
                RETURNING {self.columns}, was_due_at
            )
            SELECT * FROM ours ORDER BY was_due_at
        """
        return await statements.rows(statement, now, now + self.lease, limit, *given)

    def _same(self, one: str, other: str) -> str:
        return " AND ".join(f"{one}.{key.strip()} = {other}.{key.strip()}" for key in self.key.split(","))
