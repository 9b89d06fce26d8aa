"""Chairs who raise escalations all the time, and send again under the same key whatever was not answered."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import httpx

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Settings
from tests.support.serving import GATEWAY_TOKENS
from tests.support.waiting import PATIENCE

CLIENTS = 8
PAUSE = 0.05
FINISH_SECONDS = 5 * PATIENCE
DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, version, attributes) VALUES ('colleague', 'chair-1', 1, '{"roles": ["chair"]}'),
        ('agency', 'surgeries', 1, '{"roles": ["gp"]}'), ('area', 'north', 1, '{}')
"""
# An answer of these kinds means: not now. Anything else that is no success is a mistake of the test's or ours.
NOT_NOW = {502, 503, 504}


def wanted() -> dict[str, object]:
    """An escalation to raise."""
    day = clock.today().isoformat()
    return {
        "kind": "conference_contribution",
        "reason": "no_report_no_apologies",
        "person_ids": ["P100001"],
        "raised_on": day,
        "agency_id": "surgeries",
        "agency_role": "gp",
        "area_id": "north",
    }


def chair() -> dict[str, str]:
    """The headers of a chair's request."""
    return {"Authorization": f"Bearer {GATEWAY_TOKENS.token('chair-1', [Role.CHAIR])}"}


async def fill_directory(settings: Settings) -> None:
    """Let the service know whom and what the escalations name."""
    connection = await asyncpg.connect(settings.database_url.get_secret_value())
    await connection.execute(DIRECTORY)
    await connection.close()


async def all_rows(settings: Settings, statement: str, *values: object) -> list[asyncpg.Record]:
    """The rows of a statement, on a connection of the test's own."""
    connection = await asyncpg.connect(settings.database_url.get_secret_value())
    try:
        found: list[asyncpg.Record] = await connection.fetch(statement, *values)
    finally:
        await connection.close()
    return found


@dataclass
class Load:
    """What the chairs were told."""

    address: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    stopping: bool = False

    async def one_chair(self, number: int) -> None:
        """Raise one after another; each is sent until it is answered."""
        async with httpx.AsyncClient(base_url=self.address, timeout=PATIENCE) as client:
            turn = 0
            while not self.stopping:
                turn += 1
                key = f"chair-{number}-turn-{turn}"
                self.acknowledged[key] = await self._raised(client, key)

    async def _raised(self, client: httpx.AsyncClient, key: str) -> str:
        body = wanted()
        while True:
            try:
                answer = await client.post("/v1/escalations", json=body, headers=chair() | {"Idempotency-Key": key})
            except httpx.TransportError as error:
                self.answers[type(error).__name__] += 1
            else:
                self.answers[str(answer.status_code)] += 1
                if answer.status_code == 201:
                    return str(answer.json()["reference"])
                assert answer.status_code in NOT_NOW, answer.text
            await asyncio.sleep(PAUSE)

    async def reached(self, count: int) -> None:
        """Wait until so many are acknowledged."""
        while len(self.acknowledged) < count:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def load(address: str) -> AsyncIterator[Load]:
    """Chairs at work for the length of a block; at its end each still gets the answer that it waits for."""
    at_work = Load(address)
    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(at_work.one_chair(number))
        async with asyncio.timeout(FINISH_SECONDS):
            yield at_work
        at_work.stopping = True
