"""Conferences, escalations and notifications as processes that a test may kill, and the chairs who work with them."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import asyncpg
import httpx

from chassis.base.settings import Settings
from chassis.children.models import ChildIdentityBase
from deploy.local.postgres import Server
from tests.support.children.replica import identity as identity_answered
from tests.support.children.replica import owner
from tests.support.conferences.desk import DIRECTORY, GP, SCHOOL, SOCIAL_WORKER, Desk
from tests.support.faults.load import NOT_NOW, all_rows
from tests.support.faults.processes import Process, process
from tests.support.faults.servers import migrated
from tests.support.serving import Client, free_port
from tests.support.settings import subscriber

NAMES = ("conferences", "escalations", "notifications")
CHAIRS = 8
PAUSE = 0.05
JSON = dict[str, Any]
# Whom the children service of these processes knows.
OUTSIDE: dict[str, ChildIdentityBase] = {}


class DeskOutside(Desk):
    """Somebody who works with a service in another process, which asks who the children are."""

    async def told(self, person_id: str, identity: JSON) -> None:
        """Who a child is: the children service knows, if it is asked."""
        OUTSIDE[person_id] = identity_answered(person_id, version=1, **identity)


@dataclass
class Council:
    """The processes and the settings of each service by its name."""

    settings: dict[str, Settings]
    processes: dict[str, Process]

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """Somebody who works with conferences, and sees no database."""
        address = self.processes["conferences"].address
        async with Client(address, cast("Any", None), self.settings["conferences"]) as client:
            yield DeskOutside(client)

    async def rows(self, name: str, sql: str) -> list[JSON]:
        """What a service's database says."""
        return [dict(row) for row in await all_rows(self.settings[name], sql)]

    async def waiting(self) -> dict[str, int]:
        """How many events of each service somebody has not been told."""
        sql = """
            SELECT (SELECT count(*) FROM chassis.delivery WHERE delivered_at IS NULL)
                + (SELECT count(*) FROM chassis.outgoing WHERE addressed_at IS NULL) AS count
        """
        return {name: (await self.rows(name, sql))[0]["count"] for name in NAMES}


@asynccontextmanager
async def council(server: Server) -> AsyncIterator[Council]:
    """The services on this server, each told of the others, until the block ends."""
    ports = {name: free_port() for name in NAMES}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    settings, running = {}, {}
    async with AsyncExitStack() as stack:
        asked = {f"{name}_url": url for name, url in urls.items()} | {"reviews_url": ""}
        asked["children_url"] = await stack.enter_async_context(owner(OUTSIDE))
        for name in NAMES:
            made = await migrated(server, name)
            others = [subscriber(name, other, urls[other]) for other in NAMES if other != name]
            known = {key: url for key, url in asked.items() if key in type(made).model_fields}
            settings[name] = made.model_copy(update={"webhook_subscribers": others, "worker_in_web": True, **known})
            connection = await asyncpg.connect(made.database_url.get_secret_value())
            await connection.execute(DIRECTORY)
            await connection.close()
            running[name] = await stack.enter_async_context(process("web", settings[name], port=ports[name]))
        yield Council(settings, running)


@dataclass
class Closing:
    """Conferences that were held, chairs who close them and decide, and what was acknowledged to them.

    Whatever is not answered is sent again. They close no more conferences than are `allowed`, so that there is work
    left for whatever a test does next. `confirmed` and `dismissed` are proposals; `trouble` counts what was answered
    that meant: not now.
    """

    desk: Desk
    held: list[JSON] = field(default_factory=list)
    confirmed: set[str] = field(default_factory=set)
    dismissed: set[str] = field(default_factory=set)
    allowed: int = 0
    done: int = 0
    trouble: int = 0

    async def hold(self, count: int) -> None:
        """Have so many conferences held, each about a child of its own; two professionals failed each."""
        numbers = iter(range(count))

        async def one_chair() -> None:
            for number in numbers:
                self.held.append(await self._held(f"P{number}"))

        await asyncio.gather(*(one_chair() for _ in range(CHAIRS)))

    async def _held(self, person_id: str) -> JSON:
        desk = self.desk
        await desk.registered(person_id)
        await desk.enquired(person_id)
        conference = await desk.planned(person_id)
        rows = await desk.invited(conference, SOCIAL_WORKER | {"report_expected": False}, GP, SCHOOL)
        attendance = zip([row["id"] for row in rows], ("attended", "neither", "apologies"), strict=True)
        answer = await desk.hold(conference, attendance=dict(attendance))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def close_all(self) -> None:
        """Close each, and confirm what it proposes; of every third, dismiss one of the two."""
        numbers = iter(range(len(self.held)))

        async def one_chair() -> None:
            for number in numbers:
                while number >= self.allowed:
                    await asyncio.sleep(0.01)
                await self._close(self.held[number], dismiss=number % 3 == 0)
                self.done += 1

        await asyncio.gather(*(one_chair() for _ in range(CHAIRS)))

    async def _close(self, conference: JSON, *, dismiss: bool) -> None:
        path = f"/v1/conferences/{conference['reference']}"
        # Closed by a try whose answer was lost, it is no longer the version that was seen.
        await self._sent("POST", f"{path}/close", None, {200, 409, 412}, version=conference["version"])
        proposals = (await self._sent("GET", path, None, {200})).json()["proposals"]
        first, *others = sorted(proposals, key=lambda proposal: str(proposal["agency_role"]))
        rest = {"confirm": False, "dismissed_because": "It was excused."} if dismiss else {"confirm": True}
        decisions = [{"proposal_id": first["id"], "confirm": True}]
        decisions += [{"proposal_id": proposal["id"]} | rest for proposal in others]
        await self._sent("POST", f"{path}/proposals/decide", {"decisions": decisions}, {200, 409})
        for decision in decisions:
            (self.confirmed if decision["confirm"] else self.dismissed).add(str(decision["proposal_id"]))

    async def _sent(self, method: str, path: str, body: Any, wanted: set[int], **options: Any) -> httpx.Response:
        while True:
            try:
                answer = await self.desk.ask(method, path, body, **options)
            except httpx.TransportError:
                self.trouble += 1
            else:
                if answer.status_code in wanted:
                    return answer
                assert answer.status_code in NOT_NOW, answer.text
                self.trouble += 1
            await asyncio.sleep(PAUSE)

    async def reached(self, count: int) -> None:
        """Wait until so many are closed and decided."""
        while self.done < count:
            await asyncio.sleep(0.01)


async def pause(chance: random.Random, longest: float) -> None:
    """Let something be down for a while."""
    await asyncio.sleep(chance.uniform(0, longest))
