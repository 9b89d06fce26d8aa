"""A planned conference with a health visitor, a head of safeguarding, an observer and a mother invited to it."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
from sqlalchemy import text

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import (
    HEALTH_VISITOR,
    MOTHER,
    OBSERVER,
    SCHOOL,
    Desk,
    coming_working_day,
    recent_working_day,
)
from tests.support.links import address_of, send_form
from tests.support.serving import Client

VENUE = "Room 3, Invented House"
PERSON_ID = "P100001"


def days_on(days: int) -> date:
    """A day from today on."""
    return clock.today() + timedelta(days=days)


@dataclass
class Invited:
    """The conference, the identifiers of its invitations, and the service."""

    desk: Desk
    conference: dict[str, Any]
    visitor: str
    school: str
    observer: str
    mother: str

    @property
    def client(self) -> Client:
        """Somebody with a browser, and whoever asks the service."""
        return self.desk.client

    @property
    def reference(self) -> str:
        """The conference's."""
        return str(self.conference["reference"])

    @property
    def planned_on(self) -> date:
        """The day of the conference as it was planned first."""
        return date.fromisoformat(self.conference["planned_on"])

    @property
    def ahead(self) -> int:
        """How many days there are until then."""
        return (self.planned_on - clock.today()).days

    @property
    def report_due_on(self) -> date:
        """The day until which reports are to be there."""
        return date.fromisoformat(self.conference["report_due_on"])

    async def row(self, invitation: str) -> dict[str, Any]:
        """An invitation as it is kept."""
        return (await self.desk.rows("SELECT * FROM invitation WHERE id = $1::text::uuid", invitation))[0]

    async def move(self, name: str, body: Any = None, method: str = "POST") -> None:
        """Do something with the conference, decided on its present version."""
        kept = await self.desk.rows("SELECT version FROM conference WHERE reference = $1", self.reference)
        path = f"/v1/conferences/{self.reference}{name}"
        await self.desk.done(method, path, body, version=kept[0]["version"])

    async def was_held(self) -> date:
        """Have the conference have been held, with everybody there; the day."""
        held_on = recent_working_day()
        await self.move(
            "/hold",
            {
                "held_on": held_on.isoformat(),
                "children": [self.desk.outcome(PERSON_ID)],
                "attendance": [
                    {"invitation_id": invitation_id, "attendance": "attended"}
                    for invitation_id in (self.visitor, self.school)
                ],
                "inquorate_because": "Two agencies could not be reached.",
            },
        )
        return held_on

    async def was_closed(self) -> None:
        """Have the conference have been held and closed."""
        await self.was_held()
        await self.move("/close")

    @asynccontextmanager
    async def being_closed(self) -> AsyncIterator[None]:
        """Hold the conference and its invitations as whoever closes it does; it is closed at the block's end."""
        async with self.client.process.database.transaction() as session:
            connection = await session.connection()
            await connection.execute(text("SELECT FROM invitation FOR UPDATE"))
            closed = "UPDATE conference SET state = 'closed', held_on = :day, closed_on = :day, version = version + 1"
            await connection.execute(text(closed), {"day": clock.today()})
            yield

    async def withdraw(self, invitation: str) -> None:
        """Take an invitation back."""
        version = (await self.row(invitation))["version"]
        await self.desk.done("POST", f"/v1/invitations/{invitation}/withdraw", version=version)

    async def restrict(self) -> None:
        """Have the record be one that only its chair and managers see."""
        await self.desk.rows("UPDATE chassis.child SET restricted = true")

    async def published(self, kind: str) -> list[dict[str, Any]]:
        """The data of the events of a type."""
        return await self.desk.published(kind)

    async def audited(self, action: str) -> list[dict[str, Any]]:
        """The audit's entries about an action."""
        return await self.desk.rows("SELECT * FROM chassis.audit_entry WHERE action = $1 ORDER BY id", action)

    async def everything(self) -> dict[str, Sequence[str]]:
        """Every row of every table."""
        tables = await self.desk.rows(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables "
            "WHERE schemaname IN ('public', 'chassis') AND tablename <> 'alembic_version' ORDER BY 1"
        )
        rows = {
            table["name"]: await self.desk.rows(f"SELECT t::text AS row FROM {table['name']} t") for table in tables
        }
        return {name: sorted(row["row"] for row in many) for name, many in rows.items()}

    async def change(self, invitation: str, body: Any, *, version: int | None = None, **who: Any) -> httpx.Response:
        """Change an invitation, decided on its present version."""
        tag = (await self.row(invitation))["version"] if version is None else version
        asks = {"role": Role.BUSINESS_SUPPORT, "subject": "support-1"} | who
        return await self.desk.ask("PATCH", f"/v1/invitations/{invitation}", body, version=tag, **asks)

    async def asked_for_link(self, invitation: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Ask for a link as the notifications service does, or as somebody else."""
        own = self.client.as_service("notifications")
        return await self.client.post(f"/internal/invitations/{invitation}/contribution-links", headers=headers or own)

    async def link(self, invitation: str) -> dict[str, Any]:
        """A new link for an invitation."""
        answer = await self.asked_for_link(invitation)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def revoke(self, link: dict[str, Any], **who: Any) -> int:
        """Make a link stop working, as the chair or somebody else; the answer's status."""
        return (
            await self.desk.ask("POST", f"/v1/invitations/contribution-links/{link['id']}/revoke", **who)
        ).status_code

    async def opened(self, invitation: str) -> str:
        """Open a new link as its invited person does; its token."""
        link = await self.link(invitation)
        answer = await self.client.get(link["path"])
        assert (answer.status_code, answer.headers["location"]) == (303, address_of(self.client))
        return str(link["token"])

    async def page(self) -> str:
        """The words of the page behind the link that was opened."""
        answer = await self.client.get(address_of(self.client))
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    async def say(self, **data: str) -> httpx.Response:
        """Send the form as a browser does."""
        return await send_form(self.client, data)


def words(html: str) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


async def invite(desk: Desk) -> Invited:
    """A conference that is planned for eight working days from now, and four people invited to it."""
    await desk.registered(PERSON_ID)
    await desk.enquired(PERSON_ID, on=None)
    planned = await desk.planned(PERSON_ID, on=coming_working_day(8), planned_time="14:30", mode="hybrid", venue=VENUE)
    rows = await desk.invited(planned, HEALTH_VISITOR, SCHOOL, OBSERVER, MOTHER)
    return Invited(desk, planned, *(row["id"] for row in rows))
