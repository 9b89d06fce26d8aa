"""Stand-ins for the services that notifications asks, and a notifications service that receives their events."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, HTTPException, Request, Response

from chassis.access.callers import Role, TokenReader
from chassis.base import clock
from chassis.base.settings import Settings
from chassis.events.event import SINGLE, envelope
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.running import Running
from tests.support.serving import Client, listening

JSON = dict[str, Any]
Answer = Callable[[], Response]
ADVOCACY, CHILD = "advocacy@example.org", "child-1@example.org"
PEOPLE = {
    "chair-1": "chair",
    "chair-2": "chair",
    "manager-1": "team_manager",
    "manager-2": "team_manager",
    "swm-1": "social_work_manager",
    "safe-1": "safeguarding_team",
    "worker-1": "social_worker",
    "partner-1": "safeguarding_partnership",
    "board-1": "corporate_parenting_board",
}


def in_days(days: int) -> str:
    """The day so many days from now."""
    return (clock.today() + timedelta(days=days)).isoformat()


@dataclass
class OtherServices:
    """The addresses of four services in one, as far as notifications ask them; each may fail in every way."""

    letters: dict[str, JSON] = field(default_factory=dict)
    parents: list[JSON] = field(default_factory=list)
    digest: list[JSON] = field(default_factory=list)
    open: list[JSON] = field(default_factory=list)
    invitations: dict[str, JSON] = field(default_factory=dict)
    conference_digest: list[JSON] = field(default_factory=list)
    core_groups: list[JSON] = field(default_factory=list)
    quality: list[JSON] = field(default_factory=list)
    # The invitations and the papers for which a link was made, each as often as one was.
    links: list[str] = field(default_factory=list)
    # Whether the links to papers were stopped.
    has_ended: bool = False
    # The code that is made for whoever asked for one.
    code: str | None = "012345"
    asked: list[str] = field(default_factory=list)
    # What is answered instead, as long as it is there.
    failing: Answer | None = None

    def app(self) -> FastAPI:
        """The APIs; who asks has to be notifications, as a service."""
        trusted: Any = keys.trusted_keys()
        reader = TokenReader.of(Settings(service_name="reviews", internal_trusted_keys=trusted))

        def checked(request: Request) -> None:
            caller = reader.caller(request.headers["Authorization"].removeprefix("Bearer "))
            assert (caller.subject, caller.roles) == ("notifications", frozenset({Role.SERVICE}))
            self.asked.append(request.url.path)

        app = FastAPI(dependencies=[Depends(checked)])

        @app.get("/internal/reviews/{reference}/letters")
        async def letters(reference: str) -> Response:
            if self.failing is None and reference not in self.letters:
                raise HTTPException(404)
            return self._answer(self.letters.get(reference))

        @app.get("/internal/reviews/{reference}/parents")
        async def parents(reference: str) -> Response:
            return self._answer(self.parents)

        @app.get("/internal/deadlines/digest")
        async def digest() -> Response:
            return self._answer(self.digest)

        self._conferences(app)
        self._papers(app)

        @app.get("/internal/quality/due")
        async def quality_due() -> Response:
            return self._answer(self.quality)

        @app.get("/internal/escalations/open")
        async def open_escalations() -> Response:
            return Response(json.dumps(self.open), media_type="application/json")

        return app

    def _conferences(self, app: FastAPI) -> None:
        @app.get("/internal/invitations/reports-due")
        async def reports_due(due_on: str) -> Response:
            return self._answer(
                [invitation for invitation in self.invitations.values() if is_missing(invitation, due_on)]
            )

        @app.get("/internal/invitations/reports-owed")
        async def reports_owed(due_to: str) -> Response:
            return self._answer(
                [letter for letter in self.invitations.values() if (letter["report_due_on"] or due_to) < due_to]
            )

        @app.get("/internal/invitations/without-address")
        async def without_address() -> Response:
            return self._answer([invitation for invitation in self.invitations.values() if invitation["email"] is None])

        @app.get("/internal/invitations/{invitation_id}/letter")
        async def letter(invitation_id: str) -> Response:
            return self._answer(self.invitations[invitation_id])

        @app.get("/internal/conferences/{reference}/letters")
        async def letters(reference: str) -> Response:
            return self._answer(
                [invitation for invitation in self.invitations.values() if invitation["reference"] == reference]
            )

        @app.post("/internal/invitations/{invitation_id}/contribution-links")
        async def link(invitation_id: str) -> Response:
            self.links.append(invitation_id)
            token = f"token-{len(self.links)}"
            return self._answer({"id": str(uuid4()), "token": token, "path": f"/contribution/{token}"})

        @app.get("/internal/conference-deadlines/digest")
        async def digest() -> Response:
            return self._answer(self.conference_digest)

        @app.get("/internal/core-groups/due")
        async def core_groups(due_from: str, due_to: str) -> Response:
            return self._answer(
                [core_group for core_group in self.core_groups if due_from <= core_group["due_on"] <= due_to]
            )

    def _papers(self, app: FastAPI) -> None:
        @app.post("/internal/link-codes/{code_id}/issue")
        async def code(code_id: str) -> Response:
            return self._answer({"link_id": code_id, "email": "visitor@example.org", "code": self.code})

        @app.post("/internal/paper-links/{link_id}/issue")
        async def paper_link(link_id: str) -> Response:
            self.links.append(link_id)
            path = None if self.has_ended else f"/conference-papers/token-{len(self.links)}"
            issued = {"reference": "CONF-1", "paper": "record", "email": "gp@example.org", "person_ids": ["P1"]}
            return self._answer(issued | {"expires_on": in_days(60), "path": path})

    def _answer(self, body: Any) -> Response:
        return self.failing() if self.failing else Response(json.dumps(body), media_type="application/json")

    def review(self, *children: JSON, reference: str = "REV-1", **more: Any) -> None:
        """A review that is planned in a week, as its letters need it."""
        given = {
            "reference": reference,
            "state": "planned",
            "planned_on": in_days(7),
            "planned_time": None,
            "mode": "in_person",
            "venue": None,
            "join_link": None,
            "chair_id": "chair-1",
            "advocate_email": None,
            "children": list(children),
            "version": 1,
        }
        self.letters[reference] = given | more

    def invited(self, number: int = 1, **more: Any) -> str:
        """Somebody who is invited to a conference in two weeks, as a letter needs it; the invitation's identifier."""
        given = {
            "invitation_id": str(UUID(int=number)),
            "reference": "CONF-1",
            "state": "planned",
            "invited_as": "professional",
            "invited_on": in_days(-7),
            "name": "Robin Planted",
            "email": f"invited-{number}@example.org",
            "agency_id": "surgeries",
            "agency_role": "gp",
            "team": "Bridge Surgery",
            "area_id": "north",
            "planned_on": in_days(14),
            "planned_time": "09:30:00",
            "mode": "in_person",
            "venue": "Town Hall",
            "join_link": None,
            "chair_id": "chair-1",
            "children": 2,
            "report_due_on": in_days(7),
            "report_received_on": None,
            "withdrawn": False,
            "sequence": 2,
        }
        self.invitations[str(UUID(int=number))] = given | more
        return str(UUID(int=number))

    def conference(self, **changes: Any) -> None:
        """What becomes of the conference, for everybody who is invited."""
        for invitation in self.invitations.values():
            invitation.update(changes)


def is_missing(letter: JSON, due_on: str) -> bool:
    """Whether a report that is due on a day has not come, as the conferences service knows it."""
    is_due = letter["report_due_on"] == due_on and letter["state"] == "planned"
    return is_due and letter["report_received_on"] is None and not letter["withdrawn"]


def child(person_id: str = "P1", **more: Any) -> JSON:
    """A child with an email for whom an advocate is wanted."""
    return {"person_id": person_id, "email": CHILD, "age": 11, "advocate": True} | more


def due(person_id: str = "P1", days: int = 3, **more: Any) -> JSON:
    """A review that is due for a child of the first chair in so many days, as the digest says it."""
    given = {
        "chair_id": "chair-1",
        "person_id": person_id,
        "kind": "review",
        "subject": "second",
        "due_on": in_days(days),
        "rule": "second review within 3 months",
        "review_reference": None,
    }
    return given | more


def conference_due(person_id: str = "P1", days: int = 3, **more: Any) -> JSON:
    """A core group that is due for a child of the first chair in so many days, as the digest says it."""
    given = {
        "chair_id": "chair-1",
        "person_id": person_id,
        "children": 1,
        "kind": "core_group",
        "subject": "core_group",
        "due_on": in_days(days),
        "conference_reference": "CONF-1",
        "proposals": 0,
    }
    return given | more


@dataclass
class Notifications:
    """Notifications whose mailer is not running, and the services that they ask."""

    client: Client
    others: OtherServices

    async def publish(self, kind: str, /, *, event_id: UUID | None = None, source: str = "reviews", **data: Any) -> int:
        """Tell an event of the reviews service, or of another one; the status of the answer."""
        row = {
            "id": event_id or uuid4(),
            "type": kind,
            "subject": "about",
            "at": clock.now(),
            "data": json.dumps(data, default=str),
            "request_id": None,
        }
        body = envelope(source, row)
        signed = sign([keys.webhook_secret(source, "notifications")], str(uuid4()), clock.machine_now(), body)
        headers = signed | {"Content-Type": SINGLE}
        return (await self.client.post("/webhooks/events", content=body, headers=headers)).status_code

    async def tell_of_review(self, news: str, version: int = 1, **more: Any) -> int:
        """Tell what became of the first review."""
        data: JSON = {"reference": "REV-1", "chair_id": "chair-1", "version": version, "planned_on": in_days(7)}
        return await self.publish(f"review.{news}", **data | more)

    async def tell_of_conference(self, news: str, version: int = 1, **more: Any) -> int:
        """Tell what became of the first conference."""
        data: JSON = {"reference": "CONF-1", "chair_id": "chair-1", "version": version, "planned_on": in_days(14)}
        return await self.publish(f"conference.{news}", source="conferences", **data | more)

    async def messages(self) -> list[Any]:
        """All messages, in the order in which they were queued."""
        return list(await self.client.process.database.statements.rows("SELECT * FROM message ORDER BY id"))

    async def recipients(self) -> list[str]:
        """Who is to get a message, each as often as they are to get one."""
        return sorted(row["recipient_id"] for row in await self.messages())

    async def kept(self) -> list[int]:
        """How many messages, claims and events there are."""
        sql = "SELECT (SELECT count(*) FROM message) AS messages, (SELECT count(*) FROM chassis.schedule_claim) \
            AS claims, (SELECT count(*) FROM chassis.received) AS heard"
        return list((await self.client.process.database.statements.first_row(sql)).values())

    async def ask(self, method: str, path: str, body: Any = None, role: Role = Role.TEAM_MANAGER) -> Any:
        """Ask notifications as somebody with this role."""
        headers = self.client.as_(role, subject="manager-1")
        return await self.client.request(method, path, json=body, headers=headers)

    async def person(self, who: str, *, left: bool = False, version: int | None = None, **more: Any) -> None:
        """Put somebody into the directory, or have them leave it yesterday."""
        body = {
            "name": f"Invented {who}",
            "email": f"{who}@example.org",
            "positions": [PEOPLE.get(who)],
            "team_manager_id": "manager-1" if PEOPLE.get(who) == "chair" else None,
            "starts_on": "2018-01-01",
            "ends_on": in_days(-1) if left else None,
        } | more
        headers = self.client.as_(Role.ADMINISTRATOR) | ({"If-Match": f'"{version}"'} if version else {})
        answer = await self.client.put(f"/v1/colleagues/{who}", json=body, headers=headers)
        assert answer.status_code in {200, 201}, answer.text

    async def leave(self, who: str) -> None:
        """Have somebody leave."""
        await self.person(who, left=True, version=1)


@asynccontextmanager
async def running_notifications(running: Running, **changes: Any) -> AsyncIterator[Notifications]:
    """Notifications with a directory, beside stand-ins for the services that they ask."""
    others = OtherServices()
    async with listening(others.app()) as url:
        given = {
            "reviews_url": url,
            "conferences_url": url,
            "escalations_url": url,
            "reports_url": url,
            "advocacy_email": ADVOCACY,
        }
        notifications = Notifications(await running("notifications", **given | changes), others)
        for who in sorted(PEOPLE, key=lambda who: (PEOPLE[who] == "chair", who)):
            await notifications.person(who)
        yield notifications
