"""Whoever is killed under load, a system outside is told everything that happened, each event under its own number."""

import json
import random
from contextlib import AsyncExitStack

from chassis.base.settings import Subscriber
from tests.support import keys
from tests.support.faults.load import all_rows, fill_directory, load
from tests.support.faults.processes import process
from tests.support.notifications.webhooks import Listener
from tests.support.running import DatabaseOf
from tests.support.serving import listening
from tests.support.waiting import eventually

SEED = 20190401
FEWEST, MOST = 10, 40
# What a killed process held comes back when its lease ends: the clock is moved beyond that, and beyond every pause.
LATER = 3600.0
ENDPOINT = """
    INSERT INTO webhook_endpoint (id, url, description, event_types, secret, created_at, created_by, version)
    VALUES (gen_random_uuid(), $1, '', '{}', $2, now(), 'admin-1', 1)
"""
TOLD = "SELECT id::text, subject FROM chassis.outgoing"


async def test_a_system_outside_is_told_everything_whoever_is_killed(database_of: DatabaseOf) -> None:
    chance, listener = random.Random(SEED), Listener()
    told_by = await database_of("escalations")
    passed_on_by = await database_of("notifications", allow_private_webhook_addresses=True)
    await fill_directory(told_by)
    async with AsyncExitStack() as stack:
        outside = await stack.enter_async_context(listening(listener.app))
        await all_rows(passed_on_by, ENDPOINT, f"{outside}/hook", keys.webhook_secret("notifications", "outside"))
        notifications = await stack.enter_async_context(process("web", passed_on_by, worker_in_web=True))
        url, secrets = f"{notifications.address}/webhooks/events", [keys.webhook_secret("escalations", "notifications")]
        subscribers = [Subscriber(name="notifications", url=url, secrets=secrets)]
        settings = told_by.model_copy(update={"webhook_subscribers": subscribers})
        escalations = await stack.enter_async_context(process("web", settings, worker_in_web=True))
        async with load(escalations.address) as at_work:
            for victim in (notifications, escalations) * 3:
                await at_work.reached(len(at_work.acknowledged) + chance.randint(FEWEST, MOST))
                victim.kill()
                await victim.start()
            await at_work.reached(len(at_work.acknowledged) + FEWEST)
        for victim in (escalations, notifications):
            victim.kill()
            await victim.start(later=LATER)
        told = {row["id"]: row["subject"] for row in await all_rows(told_by, TOLD)}
        assert sorted(told.values()) == sorted(at_work.acknowledged.values())

        async def all_are_received() -> bool:
            return len({headers["webhook-id"] for headers, _ in listener.requests}) >= len(told)

        await eventually(all_are_received)
        received = [json.loads(body) for _, body in listener.requests]
        assert {event["id"]: event["subject"] for event in received} == told
        assert {(event["source"], event["type"]) for event in received} == {("escalations", "escalation.raised")}
