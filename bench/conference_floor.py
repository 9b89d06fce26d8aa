"""The floor of the conferences: FastAPI routes with the bare driver, for a page, one record, and holding."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from uuid_utils.compat import uuid7

from bench.bare import as_json, bare

COLUMNS = """reference, state, person_ids, planned_on, planned_time, chair_id, area_id, mode, venue, minute_taker,
    review_reference, report_due_on, held_on, family_contacted_on, family_met, quorate, inquorate_because,
    outline_plan_due_on, outline_plan_on, record_due_on, record_on, distributed_on, distributed_to, closed_on,
    cancelled_on, cancelled_because, version"""
HELD = """
    UPDATE child_conference SET held_on = $2, participation = 'PN1', attended = true, outcome = 'plan_made',
        category = 'NEG', plan_id = $3, in_time = true, age = 10, next_due_on = $4 WHERE id = $1
"""
PLAN = """
    INSERT INTO protection_plan (id, person_id, starts_on, initial_category, latest_category, previous_plans,
        started_by, chair_id, area_id, restricted, imported, version)
    VALUES ($1, $2, $3, 'NEG', 'NEG', 0, $4, $5, $6, false, false, 1)
"""
OWED = """
    INSERT INTO deadline (id, person_id, kind, subject, due_on, event_on, rule, owner_role, owner_id, chair_id, area_id,
        conference_reference, restricted) VALUES ($1, $2, $3, $3, $4, $5, 'A rule', 'chair', $6, $6, $7, $8, false)
"""
TOLD = "INSERT INTO chassis.outgoing (id, type, subject, at, data) VALUES ($1, $2, $3, $4, '{}')"


def raw_conferences(given: dict[str, Any]) -> FastAPI:
    """The least that could do the same work."""
    app = bare(given)

    @app.get("/page")
    async def page() -> Response:
        query = f"SELECT {COLUMNS} FROM conference ORDER BY planned_on DESC, id DESC LIMIT 50"
        return as_json([dict(row) for row in await app.state.pool.fetch(query)])

    @app.get("/one/{person_id}")
    async def one(person_id: str) -> Response:
        async with app.state.pool.acquire() as connection:
            row = await connection.fetchrow("SELECT * FROM child WHERE person_id = $1", person_id)
            found = dict(row)
            for table in ("conference_request", "protection_plan"):
                rows = await connection.fetch(f"SELECT * FROM {table} WHERE person_id = $1", person_id)
                found[table] = [dict(one) for one in rows]
        return as_json(found)

    @app.post("/hold/{reference}")
    async def hold(reference: str, request: Request) -> Response:
        body = orjson.loads(await request.body())
        async with app.state.pool.acquire() as connection, connection.transaction():
            await held(connection, reference, date.fromisoformat(body["held_on"]))
        return as_json({"reference": reference})

    return app


async def held(connection: Any, reference: str, day: date) -> None:
    """The same rows as holding a conference that makes three plans writes."""
    meeting = await connection.fetchrow("SELECT * FROM conference WHERE reference = $1 FOR UPDATE", reference)
    people, chair_id, area_id = meeting["person_ids"], meeting["chair_id"], meeting["area_id"]
    await connection.fetch("SELECT * FROM child WHERE person_id = ANY ($1) FOR UPDATE", people)
    parts = await connection.fetch("SELECT * FROM child_conference WHERE conference_id = $1", meeting["id"])
    change = "UPDATE conference SET state = 'held', held_on = $2, version = version + 1 WHERE id = $1"
    await connection.execute(change, meeting["id"], day)
    later = day + timedelta(days=90)
    plans = [(uuid7(), one, day, reference, chair_id, area_id) for one in people]
    await connection.executemany(PLAN, plans)
    await connection.executemany(
        HELD, [(part["id"], day, plan[0], later) for part, plan in zip(parts, plans, strict=True)]
    )
    await connection.execute(
        "UPDATE child SET plan_since = $2, category = 'NEG', version = version + 1 WHERE person_id = ANY ($1)",
        *(people, day),
    )
    await connection.execute(
        "UPDATE conference_request SET answered_on = $2, conference_reference = $3, version = version + 1 "
        "WHERE person_id = ANY ($1)",
        *(people, day, reference),
    )
    await connection.execute("DELETE FROM deadline WHERE person_id = ANY ($1)", people)
    kinds = ("conference", "core_group", "midway_check", "twelve_month_discussion", "outline_plan", "record")
    rows = [(uuid7(), one, kind, later, day, chair_id, area_id, reference) for one in people for kind in kinds]
    await connection.executemany(OWED, rows)
    now = datetime.now(UTC)
    kinds_told = ("conference.held", *["protection_plan.started"] * 3)
    await connection.executemany(TOLD, [(uuid7(), kind, reference, now) for kind in kinds_told])
    await connection.execute(
        "INSERT INTO chassis.audit_entry (id, at, caller, roles, action, person_ids, record) "
        "VALUES ($1,$2,'chair-0',ARRAY['chair'],'hold_conference',$3,$4)",
        *(uuid7(), now, people, reference),
    )
