"""Conferences and the emails about them in one place: three services over real HTTP, and a real SMTP server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Subscriber
from chassis.events.event import SINGLE, Outgoing, envelope
from chassis.events.standard_webhooks import sign
from services.escalations.events import EscalationsHandedOver
from services.reviews.events import ReviewsHandedOver
from tests.support import keys
from tests.support.conferences.desk import DIRECTORY, Desk
from tests.support.conferences.receiving import hand_over
from tests.support.journeys.loop import Loop, smtp_server
from tests.support.running import Running
from tests.support.serving import Client, free_port
from tests.support.settings import subscriber
from tests.support.waiting import eventually

ADVOCACY = "advocacy@example.org"
PEOPLE = (
    ("manager-1", "team_manager"),
    ("chair-1", "chair"),
    ("chair-2", "chair"),
    ("worker-1", "social_worker"),
    ("safe-1", "safeguarding_team"),
    ("partner-1", "safeguarding_partnership"),
    ("board-1", "corporate_parenting_board"),
)


@dataclass
class ConferencesLoop(Loop):
    """The services, the postbox, and the people who work with conferences."""

    conferences: Client = None  # type: ignore[assignment]  # A dataclass wants a default after those of its parent.

    @property
    def desk(self) -> Desk:
        """What people do with conferences."""
        return Desk(self.conferences)

    async def fill_directory(self) -> None:
        """Everybody who has to do with conferences; the conferences service has its copy already."""
        for who, position in PEOPLE:
            manager = "manager-1" if position == "chair" else None
            await self.put(
                f"/v1/colleagues/{who}",
                name=f"Invented {who}",
                email=f"{who}@example.org",
                positions=[position],
                team_manager_id=manager,
                starts_on="2018-01-01",
            )

    async def said(self) -> list[Any]:
        """All events of the conferences service, oldest first."""
        sql = "SELECT id, type, subject, at, data::text AS data, request_id FROM chassis.outgoing ORDER BY id"
        return list(await self.conferences.process.database.statements.rows(sql))

    async def received(self) -> None:
        """Wait until everybody was told everything."""

        async def all_taken() -> bool:
            sql = "SELECT (SELECT count(*) FROM chassis.delivery WHERE delivered_at IS NULL) \
                + (SELECT count(*) FROM chassis.outgoing WHERE addressed_at IS NULL) AS waiting"
            row = await self.conferences.process.database.statements.first_row(sql)
            return bool(row["waiting"] == 0)

        assert await eventually(all_taken)

    async def publish(self, row: Any, *, anew: bool = False, source: str = "conferences") -> int:
        """Tell an event by hand, as the relay would, even as if it were another one; what was answered."""
        body = envelope(source, dict(row) | ({"id": uuid4()} if anew else {}))
        signed = sign([keys.webhook_secret(source, "notifications")], str(uuid4()), clock.machine_now(), body)
        headers = signed | {"Content-Type": SINGLE}
        return (await self.notifications.post("/webhooks/events", content=body, headers=headers)).status_code

    async def hand_over(self) -> None:
        """Give everything of the first chair to the second; only conferences has anything to hand over."""
        headers = self.notifications.as_(Role.TEAM_MANAGER, subject="manager-1")
        body = {"to": "chair-2", "reason": "She leaves."}
        answer = await self.notifications.post("/v1/chairs/chair-1/hand-over", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        number = answer.json()["id"]
        await hand_over(self.desk, hand_over_id=number)
        nothing: dict[str, Any] = {"person_ids": [], "references": [], "refused": []}
        for source, kind in (("reviews", ReviewsHandedOver), ("escalations", EscalationsHandedOver)):
            event = kind(hand_over_id=number, **nothing)
            row = Outgoing.record(event, clock.now()) | {"data": event.model_dump_json()}
            assert await self.publish(row, source=source) == 204
        await self.received()

    async def kept(self) -> dict[str, int]:
        """How many messages and claims there are."""
        sql = (
            "SELECT (SELECT count(*) FROM message) AS messages, (SELECT count(*) FROM chassis.schedule_claim) AS claims"
        )
        return dict(await self.notifications.process.database.statements.first_row(sql))


@asynccontextmanager
async def conferences_loop(running: Running) -> AsyncIterator[ConferencesLoop]:
    """Conferences, escalations, notifications and a postbox."""
    ports = {name: free_port() for name in ("conferences", "escalations", "notifications")}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}

    def to_notifications(publisher: str) -> list[Subscriber]:
        return [subscriber(publisher, "notifications", urls["notifications"])]

    async def started(name: str, **more: Any) -> Client:
        return await running(name, port=ports[name], worker_in_web=True, public_url=urls["conferences"], **more)

    async with smtp_server() as (postbox, smtp_port):
        conferences = await started(
            "conferences",
            webhook_subscribers=to_notifications("conferences"),
            notifications_url=urls["notifications"],
            names_on_invitations=True,
        )
        await conferences.process.database.statements.rows(DIRECTORY)
        escalations = await started("escalations", conferences_url="")
        notifications = await started(
            "notifications",
            conferences_url=urls["conferences"],
            escalations_url=urls["escalations"],
            reviews_url="",
            smtp_port=smtp_port,
            smtp_security="none",
            mails_per_second=0,
            advocacy_email=ADVOCACY,
        )
        loop = ConferencesLoop(escalations, notifications, postbox, conferences=conferences)
        await loop.fill_directory()
        yield loop
