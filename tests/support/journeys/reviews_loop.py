"""Reviews and the emails about them in one place: three services over real HTTP, and a real SMTP server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Subscriber
from chassis.events.event import SINGLE, Outgoing, envelope
from chassis.events.standard_webhooks import sign
from chassis.law.working_days import add_working_days
from services.conferences.events import ConferencesHandedOver
from tests.support import keys
from tests.support.journeys.loop import Loop, smtp_server
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.running import Running
from tests.support.serving import Client, free_port
from tests.support.settings import subscriber
from tests.support.waiting import eventually

ADVOCACY, CHILD = "advocacy@example.org", "child-1@example.org"
# Each stands nowhere else: whatever they are found in must not have them.
GIVEN, FAMILY, BORN = "Plantedgiven", "Plantedfamily", days_ago(11 * 366 + 17).isoformat()
DECISION, REASON = "plantedwords of a decision", "plantedreason to cancel"
PEOPLE = (
    ("manager-1", "team_manager"),
    ("manager-2", "team_manager"),
    ("chair-1", "chair"),
    ("chair-2", "chair"),
    ("swm-1", "social_work_manager"),
    ("safe-1", "safeguarding_team"),
)


def coming(days: int) -> date:
    """So many working days from now."""
    return add_working_days(clock.today(), days)


@dataclass
class ReviewsLoop(Loop):
    """The services, the postbox, and the people who work with reviews."""

    reviews: Client = None  # type: ignore[assignment]  # A dataclass wants a default after those of its parent.

    @property
    def office(self) -> Office:
        """What people do with reviews."""
        return Office(self.reviews)

    async def fill_directory(self) -> None:
        """An area and everybody who has to do with reviews, known to the services that copy them."""
        await self.put("/v1/areas/north", name="North")
        await self.put("/v1/agencies/surgeries", name="Surgeries", roles=["gp"])
        for who, position in PEOPLE:
            await self.put(f"/v1/colleagues/{who}", **person(who, position))

        async def copied() -> bool:
            known = [
                await service.process.database.statements.rows(COPIED) for service in (self.reviews, self.escalations)
            ]
            return [len(rows) for rows in known] == [len(PEOPLE) + 1, len(PEOPLE) + 2]

        assert await eventually(copied)

    async def leave(self, who: str, position: str) -> None:
        """Have somebody leave the directory yesterday."""
        headers = self.notifications.as_(Role.ADMINISTRATOR) | {"If-Match": '"1"'}
        body = person(who, position) | {"ends_on": days_ago(1).isoformat()}
        answer = await self.notifications.put(f"/v1/colleagues/{who}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    async def child(self, person_id: str = "P1", **more: Any) -> None:
        """A child of eleven years with a name and a birthday, and with a chair; with an email unless told otherwise."""
        given: JSON = {
            "given_name": GIVEN,
            "family_name": FAMILY,
            "born_on": BORN,
            "email": CHILD,
            "since": days_ago(10),
        }
        await self.office.registered(person_id, **given | more)

    async def change(self, review: JSON, how: str, body: JSON) -> JSON:
        """Move a review (PATCH), or cancel it."""
        path = f"/v1/reviews/{review['reference']}"
        method, path = ("PATCH", path) if how == "move" else ("POST", f"{path}/{how}")
        answer = await self.office.ask(method, path, body, version=review["version"])
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def move(self, review: JSON, to: date) -> JSON:
        """Move a review to another day."""
        return await self.change(review, "move", {"planned_on": to.isoformat()})

    async def cancel(self, review: JSON) -> JSON:
        """Cancel a review."""
        return await self.change(review, "cancel", {"reason": REASON})

    async def decide(self, review: JSON, count: int = 2) -> None:
        """Write down the decisions of a review that was held, for its first child."""
        path = f"/v1/reviews/{review['reference']}/children/{review['person_ids'][0]}/decisions"
        body = {"decisions": [{"decision": DECISION, "owner": "social worker"}] * count}
        answer = await self.office.ask("POST", path, body, version=review["version"])
        assert answer.status_code == 201, answer.text

    async def hand_over(self, to: str = "chair-2") -> None:
        """Give everything of the first chair to another one; there are no conferences to be handed over."""
        headers = self.notifications.as_(Role.TEAM_MANAGER, subject="manager-1")
        body = {"to": to, "reason": "She leaves."}
        answer = await self.notifications.post("/v1/chairs/chair-1/hand-over", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        nothing: JSON = {"person_ids": [], "references": [], "refused": []}
        event = ConferencesHandedOver(hand_over_id=answer.json()["id"], **nothing)
        row = Outgoing.record(event, clock.now()) | {"data": event.model_dump_json()}
        assert await self.publish(row, source="conferences") == 204

        async def followed() -> bool:
            page = await self.notifications.get("/v1/chairs/hand-overs", params={"finished": False}, headers=headers)
            return bool(page.json()["items"] == [])

        assert await eventually(followed)

    async def log(self, **wanted: str) -> list[JSON]:
        """The message log as business support reads it."""
        answer = await self.notifications.get("/v1/messages", params=wanted, headers=self.support())
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def support(self) -> dict[str, str]:
        """The headers of business support's request."""
        return self.notifications.as_(Role.BUSINESS_SUPPORT, subject="support-1")

    async def said(self, *types: str) -> list[Any]:
        """The events of the reviews service of these types, oldest first."""
        sql = "SELECT id, type, subject, at, data::text AS data, request_id FROM chassis.outgoing \
            WHERE type = ANY ($1) ORDER BY id"
        return list(await self.reviews.process.database.statements.rows(sql, list(types)))

    async def received(self, *types: str) -> None:
        """Wait until notifications took in every event of these types."""

        async def all_taken() -> bool:
            rows = await self.notifications.process.database.statements.rows("SELECT event_id FROM chassis.received")
            return {row["id"] for row in await self.said(*types)} <= {row["event_id"] for row in rows}

        assert await eventually(all_taken)

    async def publish(self, row: Any, *, to: Client | None = None, anew: bool = False, source: str = "reviews") -> int:
        """Tell an event by hand, as the relay would, even as if it were another one; what was answered."""
        body = envelope(source, dict(row) | ({"id": uuid4()} if anew else {}))
        client = to or self.notifications
        secret = keys.webhook_secret(source, client.settings.service_name)
        headers = sign([secret], str(uuid4()), clock.machine_now(), body) | {"Content-Type": SINGLE}
        return (await client.post("/webhooks/events", content=body, headers=headers)).status_code

    async def kept(self) -> dict[str, int]:
        """How many messages and claims there are, and how many events of reviews took effect."""
        sql = "SELECT (SELECT count(*) FROM message) AS messages, (SELECT count(*) FROM chassis.schedule_claim) \
            AS claims, (SELECT count(*) FROM chassis.received WHERE source = 'reviews') AS heard"
        (row,) = await self.notifications.process.database.statements.rows(sql)
        return dict(row)

    def subjects(self, address: str) -> Sequence[str]:
        """The subjects of the messages to an address."""
        return [str(mail["Subject"]) for mail in self.postbox.to(address)]


COPIED = "SELECT id FROM chassis.copy"


def person(who: str, position: str) -> JSON:
    """Somebody in the directory; chairs have a manager."""
    return {
        "name": f"Invented {who}",
        "email": f"{who}@example.org",
        "positions": [position],
        "team_manager_id": "manager-1" if position == "chair" else None,
        "starts_on": "2018-01-01",
    }


@asynccontextmanager
async def reviews_loop(running: Running, *, by_hand: bool = False, **changes: Any) -> AsyncIterator[ReviewsLoop]:
    """Reviews, escalations, notifications and a postbox; with `by_hand`, reviews tell nobody what happens there."""
    ports = {name: free_port() for name in ("reviews", "escalations", "notifications")}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}

    def to(*names: str, of: str) -> list[Subscriber]:
        return [subscriber(of, name, urls[name]) for name in names]

    async def started(name: str, *hearers: str, **more: Any) -> Client:
        subscribers = to(*hearers, of=name)
        return await running(name, port=ports[name], worker_in_web=True, webhook_subscribers=subscribers, **more)

    async with smtp_server() as (postbox, smtp_port):
        hearers = [] if by_hand else ["notifications"]
        reviews = await started("reviews", *hearers, notifications_url=urls["notifications"])
        escalations = await started("escalations", "notifications", "reviews", public_url=urls["escalations"])
        notifications = await started(
            "notifications",
            "escalations",
            "reviews",
            public_url=urls["escalations"],
            escalations_url=urls["escalations"],
            reviews_url=urls["reviews"],
            conferences_url="",
            smtp_port=smtp_port,
            smtp_security="none",
            mails_per_second=0,
            **{"advocacy_email": ADVOCACY} | changes,
        )
        loop = ReviewsLoop(escalations, notifications, postbox, reviews=reviews)
        await loop.fill_directory()
        yield loop
