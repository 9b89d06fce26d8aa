"""The lines of an imported file, laid aside on disk until what they belong to comes along in another file.

None of the files fits into memory, and they need not be in the same order.
"""

import json
import sqlite3
from typing import Generic

from chassis.importing.reading import Line
from chassis.importing.rows import CsvImport, Row, cell


class LaidAside(Generic[Row]):
    """The lines of a file by what one of their columns says, `key`; whoever is done closes it."""

    def __init__(self, file: CsvImport[Row], key: str) -> None:
        self.file, self.report = file, file.report
        self._key = key
        # A database without a name is a temporary file of this connection alone.
        self._lines = sqlite3.connect("", isolation_level=None)
        self._lines.execute("PRAGMA journal_mode = OFF")
        self._lines.execute("CREATE TABLE aside (line INTEGER PRIMARY KEY, key TEXT, said TEXT)")
        self._lines.execute("CREATE INDEX by_key ON aside (key, line)")

    async def lay(self) -> None:
        """Keep all lines of the file."""
        async for lines in self.file.lines():
            records = [(line[0], cell(line, self._key), json.dumps(line[1])) for line in lines]
            self._lines.executemany("INSERT INTO aside VALUES (?, ?, ?)", records)

    def look(self, key: str) -> list[Line]:
        """The lines about something, in the order of the file."""
        query = "SELECT line, said FROM aside WHERE key = ? ORDER BY line"
        return [(line, json.loads(said)) for line, said in self._lines.execute(query, [key])]

    def take_up(self, key: str) -> list[Line]:
        """The same; they are taken up once."""
        found = self.look(key)
        self._lines.execute("DELETE FROM aside WHERE key = ?", [key])
        return found

    def forget(self, line: int) -> None:
        """Forget a line that was looked at."""
        self._lines.execute("DELETE FROM aside WHERE line = ?", [line])

    def keys(self, count: int) -> list[str]:
        """Some of what lines are still about."""
        return [key for (key,) in self._lines.execute("SELECT DISTINCT key FROM aside ORDER BY key LIMIT ?", [count])]

    def refuse_rest(self, reason: str) -> None:
        """Report the lines that nothing came along for."""
        for (line,) in self._lines.execute("SELECT line FROM aside ORDER BY line"):
            self.report.add(line, self._key, reason)

    def close(self) -> None:
        """Give the file back."""
        self._lines.close()
