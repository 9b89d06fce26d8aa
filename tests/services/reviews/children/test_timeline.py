"""A child's timeline says each thing as its kind is described, and is read as quickly among all of England's children."""

import asyncpg

from chassis.meetings.timeline import TimelineEntryOut
from tests.support.plans import plans_of
from tests.support.reviews.office import Office

OTHERS = """
    INSERT INTO looked_after_child
    SELECT (jsonb_populate_record(child, jsonb_build_object('person_id', 'X' || n))).*
    FROM looked_after_child child, generate_series(1, 1000) n;
    ANALYZE looked_after_child
"""


async def test_the_child_of_a_timeline_is_found_by_their_number(office: Office) -> None:
    """By its index and once: not for each entry, nor among all children."""
    await office.registered("P1")
    owner = await asyncpg.connect(office.client.settings.migration_database_url.get_secret_value())
    await owner.execute(OTHERS)
    await owner.close()
    steps = await plans_of(office.client.process, lambda: office.get("/internal/children/P1/timeline"))
    (child,) = [step for step in steps if step.get("Relation Name") == "looked_after_child"]
    assert "'P1'" in child.get("Index Cond", ""), child


async def test_each_entry_says_what_its_kind_says(office: Office) -> None:
    await office.registered("P1", chair="chair-1")
    await office.held("P1")
    rows = await office.get("/internal/children/P1/timeline")
    kinds = {row["what"]: type(TimelineEntryOut.model_validate(row).details).__name__ for row in rows}
    assert kinds == {
        "became_looked_after": "NothingMore",
        "chair_allocated": "ChairDetails",
        "review_held": "ReviewHeldDetails",
    }
