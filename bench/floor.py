"""The floors: the least that could do the same work, without anything that a system needs besides."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response
from uuid_utils.compat import uuid7

from bench.bare import as_json, bare
from bench.conference_floor import raw_conferences
from bench.review_floor import raw_reviews
from chassis.db.connecting import plain_url

COLUMNS = """reference, kind, state, theme, reason, person_ids, meeting_reference, meeting_on, raised_on, raised_by,
    owner_id, agency_id, agency_role, professional_name, professional_team, area_id, stage, stage_due_on, due_on,
    answer, first_answered_on, cafcass_referred_on, legal_advice_requested_on, closed_on, closed_by, resolution,
    withdrawn_because, challenge_reference, version"""


def application(what: str, given: dict[str, Any]) -> Any:
    """A floor by its name."""
    return {
        "raw": raw,
        "raw_reviews": raw_reviews,
        "raw_conferences": raw_conferences,
        "trivial": lambda _: trivial,
        "hook": hook,
        "sink": sink,
    }[what](given)


def raw(given: dict[str, Any]) -> FastAPI:
    """FastAPI routes with the bare driver: a page of 50, one record, and the inserts of raising one."""
    app = bare(given)

    @app.get("/page")
    async def page() -> Response:
        statement = f"SELECT {COLUMNS} FROM escalation ORDER BY raised_on DESC, id DESC LIMIT 50"
        rows = await app.state.pool.fetch(statement)
        return as_json([dict(row) for row in rows])

    @app.get("/one/{reference}")
    async def one(reference: str) -> Response:
        row = await app.state.pool.fetchrow(f"SELECT {COLUMNS} FROM escalation WHERE reference = $1", reference)
        return as_json(dict(row))

    @app.post("/raise", status_code=201)
    async def raise_one(request: Request) -> Response:
        body = orjson.loads(await request.body())
        async with app.state.pool.acquire() as connection, connection.transaction():
            answered = await insert(connection, body)
        return as_json(answered)

    return app


async def insert(connection: Any, body: dict[str, Any]) -> dict[str, Any]:
    """The same four inserts, and the number, as raising an escalation makes."""
    today, now = date(2020, 4, 6), datetime.now(UTC)
    key = uuid7()
    reference = f"RAW-2020-{key.hex}"
    await connection.execute(
        "INSERT INTO escalation (id, reference, kind, state, reason, person_ids, raised_on, raised_by, owner_id, "
        "agency_id, agency_role, area_id, stage, stage_due_on, due_on, imported, version) "
        "VALUES ($1,$2,$3,'open',$4,$5,$6,$7,$7,$8,$9,$10,1,$6,$6,false,1)",
        key, reference, body["kind"], body["reason"], body["person_ids"], today, "chair-1", body["agency_id"],
        body["agency_role"], body["area_id"],
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO escalation_move (id, escalation_id, at, actor, owner_id, move, state, stage) "
        "VALUES ($1,$2,$3,'chair-1','chair-1','raise','open',1)",
        uuid7(), key, now,
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO chassis.outgoing (id, type, subject, at, data) VALUES ($1,'escalation.raised',$2,$3,$4)",
        uuid7(), reference, now, json.dumps({"reference": reference}),
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO chassis.audit_entry (id, at, caller, roles, action, person_ids, record) "
        "VALUES ($1,$2,'chair-1',ARRAY['chair'],'raise_escalation',$3,$4)",
        uuid7(), now, body["person_ids"], reference,
    )  # fmt: skip
    return {"reference": reference} | body


async def trivial(scope: Any, receive: Any, send: Any) -> None:
    """The least upstream: it says hello."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    headers = [(b"content-type", b"application/json"), (b"content-length", b"15")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"hello":"you"}'})


def hook(given: dict[str, Any]) -> FastAPI:
    """A subscriber's floor: a signed request is verified and one row inserted."""
    from chassis.events.signing import publisher_of

    app = FastAPI()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await asyncpg.create_pool(plain_url(given["database_url"]), min_size=10, max_size=10)
        await app.state.pool.execute("CREATE TABLE IF NOT EXISTS heard (id uuid PRIMARY KEY, at timestamptz NOT NULL)")
        yield
        await app.state.pool.close()

    app.router.lifespan_context = lifespan

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {}

    @app.post("/webhooks/events", status_code=204)
    async def hear(request: Request) -> Response:
        body = await request.body()
        publisher_of({"bench": [given["secret"]]}, request.headers, body)
        told = orjson.loads(body)
        events = told if isinstance(told, list) else [told]
        rows = [(event["id"], datetime.now(UTC)) for event in events]
        async with app.state.pool.acquire() as connection, connection.transaction():
            await connection.executemany("INSERT INTO heard VALUES ($1, $2) ON CONFLICT DO NOTHING", rows)
        return Response(status_code=204)

    return app


def sink(_: dict[str, Any]) -> Any:
    """The least SMTP server, on the port after this one's: it takes everything."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 kept\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 sink\r\n")
        writer.close()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with await asyncio.start_server(speak, "127.0.0.1", int(sys.argv[2]) + 1, limit=2**20):
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def hello() -> dict[str, str]:
        return {}

    return app
