"""Conferences and escalations side by side: what one of them says is told to the other by hand, in any order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from chassis.base import clock
from chassis.events.event import SINGLE, envelope
from chassis.events.standard_webhooks import sign
from deploy.local.postgres import Server
from tests.support import keys
from tests.support.conferences import desk as conferences_desk
from tests.support.conferences.desk import GP, HEALTH_VISITOR, SCHOOL, SOCIAL_WORKER
from tests.support.escalations.desk import Desk as EscalationsDesk
from tests.support.serving import Client
from tests.support.sharing import Shared, shared_service

JSON = dict[str, Any]
CONFIRMED = "conference.escalations_confirmed"
EVENTS = """
    SELECT id, type, subject, at, data::text AS data, request_id FROM chassis.outgoing
    WHERE type = ANY ($1) ORDER BY id
"""


@dataclass
class Proposing:
    """Both services, and the people who work with them."""

    conferences: conferences_desk.Desk
    escalations: EscalationsDesk

    async def closed(self, person_id: str = "P1") -> tuple[JSON, list[JSON]]:
        """A conference that is closed, and its proposals by role: of three professionals two failed it.

        The school's lead neither reported nor came; the practice's doctor sent apologies and no report; the social
        worker and the health visitor did all that was asked of them.
        """
        desk = self.conferences
        await desk.registered(person_id)
        await desk.enquired(person_id)
        conference = await desk.planned(person_id)
        rows = await desk.invited(conference, SOCIAL_WORKER | REPORTS, HEALTH_VISITOR | REPORTS, SCHOOL, GP)
        done = zip(rows, ("attended", "attended", "neither", "apologies"), strict=True)
        answer = await desk.hold(conference, attendance={row["id"]: attendance for row, attendance in done})
        assert answer.status_code == 200, answer.text
        conference = answer.json()
        return conference, await desk.closed(conference)

    async def confirmed(self, person_id: str = "P1") -> tuple[JSON, list[JSON]]:
        """The same, with all that was proposed confirmed by the chair."""
        conference, proposals = await self.closed(person_id)
        return conference, await self.conferences.decided(conference, *proposals)

    async def said(self, by: Client, *types: str) -> list[JSON]:
        """The events of these types that a service said, oldest first."""
        return [dict(row) for row in await by.process.database.statements.rows(EVENTS, list(types))]

    async def tell_escalations(self, *, anew: bool = False, to: Client | None = None) -> list[int]:
        """Tell escalations every confirmation so far; what was answered to each."""
        published = await self.said(self.conferences.client, CONFIRMED)
        return [await publish(to or self.escalations.client, "conferences", event, anew=anew) for event in published]

    async def tell_conferences(self, *types: str) -> list[int]:
        """Tell conferences what became of what was confirmed; what was answered to each."""
        published = await self.said(
            self.escalations.client, *(types or ("escalation.raised", "escalation.refused", "escalation.closed"))
        )
        return [await publish(self.conferences.client, "escalations", event) for event in published]

    async def raised(self) -> list[JSON]:
        """Every escalation, by its reference."""
        return await self.escalations.rows("SELECT * FROM escalation ORDER BY reference")

    async def proposals(self) -> dict[str, JSON]:
        """Every proposal as it stands, by the role that it is about."""
        rows = await self.conferences.get("/v1/conferences/proposals")
        return {row["agency_role"]: row for row in rows["items"]}


# A report that nobody expects is not missed.
REPORTS: JSON = {"report_expected": False}


async def publish(to: Client, source: str, event: JSON, *, anew: bool = False) -> int:
    """Tell an event by hand, as the relay would, even as if it were another one; what was answered."""
    body = envelope(source, event | ({"id": uuid4()} if anew else {}))
    signed = sign([keys.webhook_secret(source, to.settings.service_name)], str(uuid4()), clock.machine_now(), body)
    headers = signed | {"Content-Type": SINGLE}
    return (await to.post("/webhooks/events", content=body, headers=headers)).status_code


async def tell_at_once(times: int, to: Client, source: str, event: JSON) -> list[int]:
    """Tell an event many times at the same moment, each time as if it were another one."""
    return list(await asyncio.gather(*(publish(to, source, event, anew=True) for _ in range(times))))


@dataclass
class Both:
    """Both services, running, and the way to empty them."""

    conferences: Shared
    escalations: Shared

    @asynccontextmanager
    async def begun_anew(self) -> AsyncIterator[Proposing]:
        """Nothing is left of the test before."""
        await self.conferences.begin_anew()
        await self.escalations.begin_anew()
        async with self.conferences.client() as conferences, self.escalations.client() as escalations:
            yield Proposing(conferences_desk.Desk(conferences), EscalationsDesk(escalations))


@asynccontextmanager
async def both_services(postgres: Server) -> AsyncIterator[Both]:
    """Both services with the same directory; escalations ask conferences over HTTP."""
    directory = conferences_desk.DIRECTORY
    async with (
        shared_service(postgres, "conferences", directory) as conferences,
        shared_service(postgres, "escalations", directory, conferences_url=conferences.address) as escalations,
    ):
        yield Both(conferences, escalations)
