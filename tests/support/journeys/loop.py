"""The whole loop in one place: both services over real HTTP, a real SMTP server, and an invented directory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Subscriber
from chassis.jobs.schedule import owed
from services.notifications.schedules.timetable import JOBS
from tests.support.running import Running
from tests.support.serving import Client, free_port
from tests.support.settings import OF_THE_COUNCIL, subscriber
from tests.support.waiting import eventually


class Postbox:
    """What an SMTP server does with a message: keep it, or answer as the test says."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name.
        """Take a message in."""
        if self.answers:
            answer = self.answers.pop(0)
            if not answer.startswith("250"):
                return answer
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages to an address."""
        return [mail for mail in self.mails if mail["To"] == address]


@asynccontextmanager
async def smtp_server() -> AsyncIterator[tuple[Postbox, int]]:
    """A real SMTP server on a free port, and what it was sent."""
    postbox, port = Postbox(), free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postbox, port
    finally:
        controller.stop()


def words(mail: EmailMessage, kind: str = "plain") -> str:
    """One form of a message."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@dataclass
class Loop:
    """The services and the postbox."""

    escalations: Client
    notifications: Client
    postbox: Postbox
    raised: list[str] = field(default_factory=list)

    async def put(self, path: str, **body: Any) -> None:
        """Put an entry of the directory in its place."""
        headers = self.notifications.as_(Role.ADMINISTRATOR)
        answer = await self.notifications.put(path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text

    async def fill_directory(self) -> None:
        """An area, two agencies, two chairs, a manager and an officer, known to both services."""
        await self.nothing_owed()
        await self.put("/v1/areas/north", name="North")
        await self.put("/v1/agencies/surgeries", name="Surgeries", roles=["gp"])
        await self.put("/v1/agencies/schools", name="Schools", roles=["head-teacher"])
        for colleague, position in (
            ("chair-1", "chair"),
            ("chair-2", "chair"),
            ("manager-1", "team_manager"),
            ("officer-1", "liaison_officer"),
        ):
            await self.put(
                f"/v1/colleagues/{colleague}",
                name=f"Invented {colleague}",
                email=f"{colleague}@example.org",
                positions=[position],
                starts_on="2018-01-01",
            )
        await self.cover("officer-1", "surgeries")

        async def copied() -> bool:
            rows = await self.escalations.process.database.statements.rows("SELECT id FROM chassis.copy")
            return len(rows) == 7

        assert await eventually(copied)

    async def nothing_owed(self) -> None:
        """Wait until the emails of the days before were sent, to nobody: else some come in the middle of a test."""
        process = self.notifications.process

        async def done() -> bool:
            async with process.database.reading() as session:
                return not any([await owed(session, job, process.settings, clock.now()) for job in JOBS])

        assert await eventually(done)

    async def cover(self, officer: str, agency: str) -> None:
        """Have an officer cover an agency."""
        answer = await self.notifications.post(
            "/v1/coverage",
            json={"colleague_id": officer, "agency_id": agency, "starts_on": "2018-01-01"},
            headers=self.notifications.as_(Role.ADMINISTRATOR),
        )
        assert answer.status_code == 201, answer.text

    async def raise_one(self, raised_on: date, *, agency: str = "surgeries", role: str = "gp", **more: Any) -> str:
        """Raise an escalation; its reference."""
        body = {
            "kind": "conference_contribution",
            "reason": "no_report_no_apologies",
            "person_ids": ["P100001"],
            "raised_on": raised_on.isoformat(),
            "meeting_on": raised_on.isoformat(),
            "agency_id": agency,
            "agency_role": role,
            "area_id": "north",
            "professional_team": "Bridge Surgery",
            "professional_name": "Robin Planted",
        }
        headers = self.escalations.as_(Role.CHAIR, subject="chair-1")
        answer = await self.escalations.post("/v1/escalations", json=body | more, headers=headers)
        assert answer.status_code == 201, answer.text
        self.raised.append(answer.json()["reference"])
        return self.raised[-1]

    async def run(self, schedule: str, period: str) -> dict[str, Any]:
        """Have a manager run a schedule now, as soon as it is not running by itself; its outcome."""
        headers = self.notifications.as_(Role.TEAM_MANAGER, subject="manager-1")

        async def ran() -> Any:
            path = f"/v1/messages/schedules/{schedule}/run"
            answer = await self.notifications.post(path, json={"period": period}, headers=headers)
            return None if "run-under-way" in answer.text else answer

        answer = await eventually(ran)
        assert answer is not None and answer.status_code == 200, answer and answer.text
        outcome: dict[str, Any] = answer.json()["outcome"]
        return outcome

    async def days_pass(self, job: str, days: int) -> None:
        """Have those whom a schedule served been served so many days earlier."""
        earlier = "UPDATE chassis.schedule_claim SET claimed_at = claimed_at - $1 * interval '1 day' WHERE job = $2"
        await self.notifications.process.database.statements.rows(earlier, days, job)

    async def mails_to(self, address: str, count: int = 1) -> list[EmailMessage]:
        """The messages to an address, once so many are there."""

        async def arrived() -> bool:
            return len(self.postbox.to(address)) >= count

        assert await eventually(arrived), f"{len(self.postbox.to(address))} messages to {address}"
        return self.postbox.to(address)


@asynccontextmanager
async def whole_loop(running: Running, **changes: Any) -> AsyncIterator[Loop]:
    """Both services and a postbox, with an invented directory."""
    ports = {"escalations": free_port(), "notifications": free_port()}

    def to(name: str, publisher: str) -> list[Subscriber]:
        return [subscriber(publisher, name, f"http://127.0.0.1:{ports[name]}")]

    async with smtp_server() as (postbox, smtp_port):
        escalations = await running(
            "escalations",
            port=ports["escalations"],
            worker_in_web=True,
            webhook_subscribers=to("notifications", "escalations"),
            public_url=f"http://127.0.0.1:{ports['escalations']}",
            notifications_url=f"http://127.0.0.1:{ports['notifications']}",
            **OF_THE_COUNCIL,
        )
        notifications = await running(
            "notifications",
            port=ports["notifications"],
            worker_in_web=True,
            webhook_subscribers=to("escalations", "notifications"),
            public_url=f"http://127.0.0.1:{ports['escalations']}",
            escalations_url=f"http://127.0.0.1:{ports['escalations']}",
            reviews_url="",
            conferences_url="",
            smtp_port=smtp_port,
            smtp_security="none",
            mails_per_second=0,
            **changes,
        )
        loop = Loop(escalations, notifications, postbox)
        await loop.fill_directory()
        yield loop
