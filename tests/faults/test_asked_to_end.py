"""A process that is asked to end finishes what it began, and leaves nothing held that somebody else could do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
from fastapi import FastAPI, Request, Response

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Subscriber
from tests.support import keys
from tests.support.faults.load import all_rows, chair, fill_directory, wanted
from tests.support.faults.processes import process
from tests.support.running import DatabaseOf
from tests.support.serving import GATEWAY_TOKENS, listening
from tests.support.waiting import PATIENCE, eventually

HEADING = b"kind,reason,person_ids,raised_on,owner_id,agency_id,agency_role,area_id\n"


async def test_a_request_under_way_is_answered(database_of: DatabaseOf) -> None:
    """An import whose second half arrives after the process was asked to end is imported."""
    settings = await database_of("escalations")
    await fill_directory(settings)
    begun, go_on = asyncio.Event(), asyncio.Event()
    row = b"conference_contribution,no_report_no_apologies,P1,2019-06-05,chair-1,surgeries,gp,north\n"

    async def halves() -> AsyncIterator[bytes]:
        yield HEADING
        begun.set()
        await go_on.wait()
        yield row

    token = GATEWAY_TOKENS.token("admin-1", [Role.ADMINISTRATOR])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv"}
    async with (
        process("web", settings) as service,
        httpx.AsyncClient(base_url=service.address, timeout=PATIENCE) as client,
    ):
        asking = asyncio.ensure_future(client.post("/v1/escalations/import", content=halves(), headers=headers))
        await begun.wait()
        await asyncio.sleep(0.2)
        ending = asyncio.ensure_future(service.end())
        await eventually(lambda: refused(service.address))
        go_on.set()
        answer = await asking
        assert answer.status_code == 200, answer.text
        assert answer.json()["imported"] == 1
        assert await ending in {0, -15}
    assert len(await all_rows(settings, "SELECT 1 FROM escalation")) == 1


async def refused(address: str) -> bool:
    """Whether nobody listens there any more."""
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            await client.get(f"{address}/health/live")
    except httpx.TransportError:
        return True
    return False


async def test_what_was_being_told_is_free_for_the_next_process_at_once(database_of: DatabaseOf) -> None:
    """Its lease is given back, and the try is not counted, since nobody heard how it ended."""
    settings = await database_of("escalations")
    await fill_directory(settings)
    asked = asyncio.Event()
    deaf = FastAPI()

    @deaf.post("/webhooks/events")
    async def hang(request: Request) -> Response:
        asked.set()
        while not await request.is_disconnected():
            await asyncio.sleep(0.05)
        return Response(status_code=503)

    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(deaf))
        secrets = [keys.webhook_secret("escalations", "tally")]
        subscriber = Subscriber(name="tally", url=f"{address}/webhooks/events", secrets=secrets)
        subscribed = settings.model_copy(update={"webhook_subscribers": [subscriber]})
        service = await stack.enter_async_context(process("web", subscribed, worker_in_web=True))
        async with httpx.AsyncClient(base_url=service.address, timeout=PATIENCE) as client:
            for _ in range(5):
                answer = await client.post("/v1/escalations", json=wanted(), headers=chair())
                assert answer.status_code == 201, answer.text
        await asyncio.wait_for(asked.wait(), PATIENCE)
        held = await all_rows(settings, "SELECT 1 FROM chassis.delivery WHERE due_at > $1", clock.now())
        assert held, "it is being told at this moment"
        assert await service.end() in {0, -15}
        left = await all_rows(settings, "SELECT due_at, tries FROM chassis.delivery WHERE delivered_at IS NULL")
        assert len(left) == 5
        assert [row for row in left if row["due_at"] > clock.now()] == []
        assert {row["tries"] for row in left} == {0}
