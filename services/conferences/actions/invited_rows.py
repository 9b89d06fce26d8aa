"""The rows of an imported file of invitations, laid aside on disk until their conference comes along.

Neither file fits into memory, and they need not have the conferences in the same order.
"""

import json
import sqlite3
from typing import IO

from chassis.importing import Report, Row, chunks
from services.conferences.actions.import_rows import INVITATION_COLUMNS, INVITATION_REQUIRED

Lines = list[tuple[int, Row]]


class InvitedRows:
    """The rows of a file by meeting; whoever is done closes it."""

    def __init__(self) -> None:
        # A database without a name is a temporary file of this connection alone.
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE invited (meeting TEXT, line INTEGER, said TEXT)")

    async def lay_aside(self, file: IO[str], report: Report) -> None:
        """Keep all rows of a file."""
        async for chunk in chunks(file, INVITATION_COLUMNS, INVITATION_REQUIRED, report):
            records = [(line.get("meeting", "").strip(), number, json.dumps(line)) for number, line in chunk]
            self._rows.executemany("INSERT INTO invited VALUES (?, ?, ?)", records)
        self._rows.execute("CREATE INDEX by_meeting ON invited (meeting, line)")

    def take_up(self, meeting: str) -> Lines:
        """The rows of a meeting, in the order of the file; they are taken up once."""
        query = "SELECT line, said FROM invited WHERE meeting = ? ORDER BY line"
        found = [(line, json.loads(said)) for line, said in self._rows.execute(query, [meeting])]
        self._rows.execute("DELETE FROM invited WHERE meeting = ?", [meeting])
        return found

    def report_left_over(self, report: Report) -> None:
        """Report the rows whose meeting the other file does not have."""
        for (line,) in self._rows.execute("SELECT line FROM invited ORDER BY line"):
            report.add(line, "meeting", "The other file has no such meeting.")

    def close(self) -> None:
        """Give the file back."""
        self._rows.close()
