"""The rows of an imported file, laid aside on disk until what they belong to comes along in another file.

None of the files fits into memory, and they need not be in the same order.
"""

import json
import sqlite3
from collections.abc import Collection
from typing import IO

from chassis.web.importing import Report, Row, chunks

Lines = list[tuple[int, Row]]


class LaidAside:
    """The rows of a file by what one of their columns says, `key`; whoever is done closes it."""

    def __init__(self, key: str) -> None:
        self._key = key
        # A database without a name is a temporary file of this connection alone.
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE aside (line INTEGER PRIMARY KEY, key TEXT, said TEXT)")
        self._rows.execute("CREATE INDEX by_key ON aside (key, line)")

    async def lay(self, file: IO[str], columns: Collection[str], required: Collection[str], report: Report) -> None:
        """Keep all rows of a file."""
        async for chunk in chunks(file, columns, required, report):
            records = [(number, line.get(self._key, "").strip(), json.dumps(line)) for number, line in chunk]
            self._rows.executemany("INSERT INTO aside VALUES (?, ?, ?)", records)

    def look(self, key: str) -> Lines:
        """The rows of something, in the order of the file."""
        query = "SELECT line, said FROM aside WHERE key = ? ORDER BY line"
        return [(line, json.loads(said)) for line, said in self._rows.execute(query, [key])]

    def take_up(self, key: str) -> Lines:
        """The same; they are taken up once."""
        found = self.look(key)
        self._rows.execute("DELETE FROM aside WHERE key = ?", [key])
        return found

    def done(self, line: int) -> None:
        """Forget a row that was looked at."""
        self._rows.execute("DELETE FROM aside WHERE line = ?", [line])

    def keys(self, count: int) -> list[str]:
        """Some of what rows are still about."""
        return [key for (key,) in self._rows.execute("SELECT DISTINCT key FROM aside ORDER BY key LIMIT ?", [count])]

    def report_left_over(self, report: Report, reason: str) -> None:
        """Report the rows that nothing came along for."""
        for (line,) in self._rows.execute("SELECT line FROM aside ORDER BY line"):
            report.add(line, self._key, reason)

    def close(self) -> None:
        """Give the file back."""
        self._rows.close()
