"""Children who are on a plan, and what is talked about while they are."""

from datetime import date, timedelta

from tests.support.conferences.desk import JSON, Desk, working_days_ago

AGENDA = [
    {"topic": topic, "note": "As written."}
    for topic in ("progress", "impact", "barriers", "visits_and_core_groups", "alternatives", "next_steps")
]


async def on_plan(desk: Desk, *person_ids: str, began: date | None = None) -> JSON:
    """Children who have been on a plan since some weeks ago."""
    ids = person_ids or ("P1",)
    await desk.registered(*ids)
    start = began or working_days_ago(8)
    await desk.enquired(*ids, on=start - timedelta(days=10))
    held = await desk.hold(await desk.planned(*ids, on=start))
    assert held.status_code == 200, held.text
    return dict(held.json())
