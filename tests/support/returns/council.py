"""A council with a running reviews service: what it imports, exports and is owed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from httpx import Response

from chassis.access.callers import Role
from chassis.base import clock
from demo.tables import Row, read
from tests.support.csv_files import csv_of
from tests.support.reviews.known import care_of
from tests.support.serving import Serving


def chair_ids() -> list[str]:
    """The demo's chairs."""
    return [row["id"] for row in read("directory/colleagues") if row["positions"] == "chair"]


_ENTRIES = (
    [("colleague", key, '{"roles": ["chair"]}') for key in chair_ids()]
    + [("colleague", key, "{}") for key in ("swm-1", "manager-north")]
    + [("area", row["id"], "{}") for row in read("directory/areas")]
)
DIRECTORY = "INSERT INTO chassis.copy (kind, id, version, attributes) VALUES " + ", ".join(
    f"('{kind}', '{key}', 1, '{attributes}')" for kind, key, attributes in _ENTRIES
)
IMPORT = "/v1/returns/ssda903/import"
# By the main clock alone: the return tells nothing of panels on secure placements.
DUE = "SELECT person_id, due_on FROM deadline WHERE kind = 'review' AND track <> 'secure'"
PERIODS = "SELECT person_id, starts_on, ends_on, episodes FROM period_of_care ORDER BY person_id, starts_on"
# The demo's present day.
PRESENT_DAY = date(2020, 4, 3)
JSON = dict[str, Any]
Files = Mapping[str, str]


def until(day: date) -> timedelta:
    """How far the council's time moves for it to be nine o'clock on a day."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC) - clock.now()


class Council(Serving):
    """One service, and the people who import and export there."""

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        return int((await self.rows(f"SELECT count(*) AS count FROM {table}"))[0]["count"])

    async def takes_in(self, children: Sequence[Row], reviews: Sequence[Row]) -> None:
        """Import children and their past reviews from CSV; all of it is right."""
        for kind, rows in (("care", children), ("reviews", reviews)):
            headers = self.client.as_(Role.ADMINISTRATOR) | {"Content-Type": "text/csv"}
            sent = await care_of(self, rows) if kind == "care" else rows
            answer = await self.client.post(f"/v1/{kind}/import", content=csv_of(sent), headers=headers)
            assert answer.status_code == 200, answer.text
            assert answer.json()["problems"] == []
            assert answer.json()["imported"] == len(rows)

    async def sends_return(self, files: Mapping[str, str | bytes], *, dry_run: bool = False) -> Response:
        """Send a return as submitted: its header, episodes and reviews."""
        return await self.client.post(
            IMPORT,
            params={"dry_run": dry_run},
            data={"area_id": "north"},
            files={
                name: (f"{name}.csv", text.encode() if isinstance(text, str) else text, "text/csv")
                for name, text in files.items()
            },
            headers=self.client.as_(Role.ADMINISTRATOR),
            timeout=120,
        )

    async def takes_in_return(self, files: Files, *, dry_run: bool = False) -> JSON:
        """Import a return of which all fits."""
        answer = await self.sends_return(files, dry_run=dry_run)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def refuses_return(self, files: Mapping[str, str | bytes], *, dry_run: bool = False) -> JSON:
        """Send a return that is refused: nothing of it is kept."""
        tables = ("looked_after_child", "period_of_care", "review", "child_review", "deadline", "chassis.outgoing")
        before = [await self.count(table) for table in tables]
        answer = await self.sends_return(files, dry_run=dry_run)
        assert answer.status_code == 422, answer.text
        assert [await self.count(table) for table in tables] == before
        return dict(answer.json())

    async def exported(self, year: str) -> str:
        """The Reviews file of a year, as business support fetches it."""
        headers = self.client.as_(Role.TEAM_MANAGER)
        answer = await self.client.get(f"/v1/returns/ssda903/{year}/reviews.csv", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def checked(self, year: str) -> JSON:
        """What is wrong with a year's return."""
        headers = self.client.as_(Role.TEAM_MANAGER)
        answer = await self.client.get(f"/v1/returns/ssda903/{year}/checks", headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def due(self) -> dict[str, date]:
        """When each child's next review is due."""
        return {row["person_id"]: row["due_on"] for row in await self.rows(DUE)}
