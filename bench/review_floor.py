"""The floor of the reviews: FastAPI routes with the bare driver, for a page, one record, and holding a review."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from uuid_utils.compat import uuid7

from bench.bare import as_json, bare

COLUMNS = """reference, state, person_ids, planned_on, planned_time, chair_id, area_id, mode, venue, early_trigger,
    panel, sat_on, resumes_on, held_on, cancelled_on, cancelled_because, version"""
HELD = """
    UPDATE child_review SET held_on = $2, participation = 'PN1', attended = true, seen_alone = true,
        next_step = 'continue', in_time = true, age = 10, next_due_on = $3, decisions_due_on = $4, record_due_on = $4,
        distribution_due_on = $4 WHERE id = $1
"""
OWED = """
    INSERT INTO deadline (id, person_id, kind, subject, due_on, event_on, rule, owner_role, owner_id, chair_id, area_id,
        review_reference, restricted) VALUES ($1, $2, $3, $3, $4, $5, 'A rule', 'chair', $6, $6, $7, $8, false)
"""


def raw_reviews(given: dict[str, Any]) -> FastAPI:
    """The least that could do the same work."""
    app = bare(given)

    @app.get("/page")
    async def page() -> Response:
        rows = await app.state.pool.fetch(f"SELECT {COLUMNS} FROM review ORDER BY planned_on DESC, id DESC LIMIT 50")
        return as_json([dict(row) for row in rows])

    @app.get("/one/{person_id}")
    async def one(person_id: str) -> Response:
        row = await app.state.pool.fetchrow("SELECT * FROM looked_after_child WHERE person_id = $1", person_id)
        return as_json(dict(row))

    @app.post("/hold/{reference}")
    async def hold(reference: str, request: Request) -> Response:
        body = orjson.loads(await request.body())
        async with app.state.pool.acquire() as connection, connection.transaction():
            await held(connection, reference, date.fromisoformat(body["held_on"]))
        return as_json({"reference": reference})

    return app


async def held(connection: Any, reference: str, day: date) -> None:
    """The same rows as holding a review of three children writes: its parts, what is owed, the event, the audit."""
    review = await connection.fetchrow("SELECT * FROM review WHERE reference = $1 FOR UPDATE", reference)
    people = review["person_ids"]
    await connection.fetch("SELECT * FROM looked_after_child WHERE person_id = ANY ($1) FOR UPDATE", people)
    parts = await connection.fetch("SELECT * FROM child_review WHERE review_id = $1", review["id"])
    await connection.execute(
        "UPDATE review SET state = 'held', held_on = $2, version = version + 1 WHERE id = $1", review["id"], day
    )
    later = day + timedelta(days=90)
    await connection.executemany(HELD, [(part["id"], day, later, day + timedelta(days=20)) for part in parts])
    await connection.execute("DELETE FROM deadline WHERE person_id = ANY ($1) AND kind = 'review'", people)
    kinds = ("decisions", "record", "distribution", "review", "midpoint", "prompt")
    rows = [
        (uuid7(), one, kind, later, day, review["chair_id"], review["area_id"], reference)
        for one in people
        for kind in kinds
    ]
    await connection.executemany(OWED, rows)
    now = datetime.now(UTC)
    await connection.execute(
        "INSERT INTO chassis.outgoing (id, type, subject, at, data) VALUES ($1,'review.held',$2,$3,'{}')",
        *(uuid7(), reference, now),
    )
    await connection.execute(
        "INSERT INTO chassis.audit_entry (id, at, caller, roles, action, person_ids, record) "
        "VALUES ($1,$2,'chair-0',ARRAY['chair'],'hold_review',$3,$4)",
        *(uuid7(), now, people, reference),
    )
