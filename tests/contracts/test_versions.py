"""A change that its version does not count is refused: `If-Match` would let somebody undo it without having seen it."""

import asyncpg
import pytest

from tests.support.running import Running

VERSIONED = {"reviews": "review", "conferences": "conference", "escalations": "escalation"}
GUARDED = """
    SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'chassis.refuse_uncounted_change'::regproc
"""
REVIEW = """
    INSERT INTO review (id, reference, state, person_ids, planned_on, chair_id, area_id, mode, panel, version)
    VALUES (gen_random_uuid(), 'REV-1', 'planned', '{P1}', '2019-04-01', 'chair-1', 'north', 'in_person', '[]', 1)
"""


@pytest.mark.parametrize(("service", "table"), VERSIONED.items())
async def test_the_database_guards_the_version(running: Running, service: str, table: str) -> None:
    statements = (await running(service)).process.database.statements
    assert [row[0] for row in await statements.rows(GUARDED)] == [table]


async def test_a_change_that_is_not_counted_is_refused(running: Running) -> None:
    statements = (await running("reviews")).process.database.statements
    await statements.rows(REVIEW)
    with pytest.raises(asyncpg.CheckViolationError):
        await statements.rows("UPDATE review SET area_id = 'south'")
    counted = await statements.first_row("UPDATE review SET area_id = 'south', version = version + 1 RETURNING version")
    assert counted[0] == 2
