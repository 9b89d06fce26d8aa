"""Pages of the long list while it changes."""

import json
from datetime import date
from typing import Any

from chassis.pagination import PageRequest, paging
from chassis.statements import Statements
from services.reviews.queries.meetings import REVIEWS
from tests.conftest import Running

SEES = {"viewer": "chair-1", "sees_restricted": False}
FIVE = """
    INSERT INTO review (id, reference, state, person_ids, planned_on, chair_id, area_id, mode, panel, restricted,
        imported, version)
    SELECT gen_random_uuid(), 'REV-' || day, 'planned', ARRAY['P' || day], make_date(2019, 4, day), 'chair-1', 'north',
        'in_person', '[]', false, false, 1
    FROM generate_series(1, 5) AS day
"""
MOVED = "UPDATE review SET planned_on = $1, version = version + 1 WHERE reference = $2"


class MovingMeanwhile:
    """Finds the rows of a page, and has one of them move before they are rendered."""

    def __init__(self, reading: Statements, reference: str, to: date) -> None:
        self.first_row = reading.first_row
        self._reading = reading
        self._moves = [(to, reference)]

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        while self._moves:
            await self._reading.rows(MOVED, *self._moves.pop())
        return await self._reading.rows(statement, *values)


async def followed(reading: Statements, first: dict[str, Any], limit: int) -> list[str]:
    """The references of a page and of those that come after it."""
    found, page = [one["reference"] for one in first["items"]], first
    while page["next"]:
        answer = await REVIEWS.page(reading, await paging(limit, page["next"]), **SEES)
        page = json.loads(answer.body)
        found += [one["reference"] for one in page["items"]]
    return found


async def test_nothing_is_left_out_when_the_last_row_of_a_page_moves_while_it_is_rendered(running: Running) -> None:
    reading = (await running("reviews")).work.database.statements
    await reading.rows(FIVE)
    moving: Any = MovingMeanwhile(reading, "REV-3", date(2001, 1, 1))
    first = json.loads((await REVIEWS.page(moving, PageRequest(limit=3, after=None), **SEES)).body)
    assert await followed(reading, first, 3) == ["REV-5", "REV-4", "REV-2", "REV-1", "REV-3"]


async def test_another_row_that_moves_is_shown_as_it_is_now(running: Running) -> None:
    reading = (await running("reviews")).work.database.statements
    await reading.rows(FIVE)
    moving: Any = MovingMeanwhile(reading, "REV-4", date(2019, 4, 30))
    first = json.loads((await REVIEWS.page(moving, PageRequest(limit=3, after=None), **SEES)).body)
    assert [one["planned_on"] for one in first["items"]] == ["2019-04-05", "2019-04-30", "2019-04-03"]
    assert await followed(reading, first, 3) == ["REV-5", "REV-4", "REV-3", "REV-2", "REV-1"]
