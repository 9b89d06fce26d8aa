"""A running escalations service with an invented directory, and methods for what chairs do there."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import httpx

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.running import Running
from tests.support.serving import Serving

DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, ends_on, version, attributes) VALUES
        ('colleague', 'chair-1', NULL, 1, '{}'), ('colleague', 'chair-2', NULL, 1, '{}'),
        ('colleague', 'officer-1', NULL, 1, '{}'), ('colleague', 'officer-2', NULL, 1, '{}'),
        ('colleague', 'gone', '2019-01-01', 1, '{}'),
        ('agency', 'surgeries', NULL, 1, '{"roles": ["gp", "practice-nurse"]}'),
        ('agency', 'schools', NULL, 1, '{"roles": ["head-teacher"]}'),
        ('agency', 'closed-agency', '2019-01-01', 1, '{"roles": ["gp"]}'),
        ('area', 'north', NULL, 1, '{}'), ('area', 'south', NULL, 1, '{}')
"""
CONFERENCE: dict[str, Any] = {
    "kind": "conference_contribution",
    "reason": "no_report_no_apologies",
    "person_ids": ["P100001", "P100002"],
    "agency_id": "surgeries",
    "agency_role": "gp",
    "area_id": "north",
    "professional_name": "Robin Planted",
    "professional_team": "Bridge Surgery",
    "note": "Nobody wrote.",
}
CARE_PLANNING = {name: value for name, value in CONFERENCE.items() if name != "reason"} | {
    "kind": "care_planning",
    "theme": "drift_and_delay",
}


class Desk(Serving):
    """One service, and the people who work with it."""

    @classmethod
    async def open(cls, running: Running, **changes: Any) -> "Desk":
        """A service with an invented directory."""
        desk = cls(await running("escalations", log_level="error", **changes))
        await desk.rows(DIRECTORY)
        return desk

    async def knows(
        self, kind: str, entry: str, *, roles: Sequence[str] | None = None, ends_on: date | None = None
    ) -> None:
        """Have an entry in the directory besides the others."""
        read = {} if roles is None else {"roles": list(roles)}
        await self.rows(
            "INSERT INTO chassis.copy (kind, id, ends_on, version, attributes) VALUES ($1, $2, $3, 1, $4)",
            *(kind, entry, ends_on, json.dumps(read)),
        )

    async def post(
        self, path: str, body: Any = None, *, role: Role = Role.CHAIR, subject: str = "chair-1", **headers: str
    ) -> httpx.Response:
        """Ask for something as somebody; `If_Match="…"` is the header If-Match."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        signed = self.client.as_(role, subject=subject)
        return await self.client.post(path, json=body or {}, headers=signed | named)

    async def get(
        self, path: str, *, role: Role = Role.CHAIR, subject: str = "chair-1", **query: Any
    ) -> httpx.Response:
        """Look something up as somebody."""
        return await self.client.get(path, params=query, headers=self.client.as_(role, subject=subject))

    async def raised(self, body: dict[str, Any] = CONFERENCE, **more: Any) -> dict[str, Any]:
        """A fresh escalation."""
        answer = await self.post("/v1/escalations", body | more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def move(
        self, reference: str, name: str, body: dict[str, Any] | None = None, *, version: int | None = None, **who: Any
    ) -> httpx.Response:
        """Do something with an escalation, decided on its present version."""
        tag = (await self.kept(reference))["version"] if version is None else version
        return await self.post(f"/v1/escalations/{reference}/{name}", body, If_Match=f'"{tag}"', **who)

    async def amend(self, reference: str, change: dict[str, Any], **headers: str) -> httpx.Response:
        """Set something right."""
        signed = self.client.as_(Role.CHAIR, subject="chair-2")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.patch(f"/v1/escalations/{reference}", json=change, headers=signed | named)

    async def kept(self, reference: str) -> dict[str, Any]:
        """An escalation as it stands."""
        return (await self.rows("SELECT * FROM escalation WHERE reference = $1", reference))[0]

    async def history(self, reference: str) -> list[dict[str, Any]]:
        """All that was done with an escalation."""
        answer = await self.get(f"/v1/escalations/{reference}/history")
        assert answer.status_code == 200
        return list(answer.json())

    async def published(self, kind: str) -> list[dict[str, Any]]:
        """The data of the events of a type."""
        return await self.rows(
            "SELECT subject, data::text AS text, data->>'reference' AS reference FROM chassis.outgoing WHERE type = $1 "
            "ORDER BY id",
            kind,
        )

    async def audited(self, action: str) -> list[dict[str, Any]]:
        """The audit's entries about an action."""
        return await self.rows("SELECT * FROM chassis.audit_entry WHERE action = $1 ORDER BY id", action)

    async def everything(self) -> dict[str, list[str]]:
        """Every row of every table."""
        tables = await self.rows(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables "
            "WHERE schemaname IN ('public', 'chassis') AND tablename <> 'alembic_version' ORDER BY 1"
        )
        return {
            table["name"]: sorted(
                row["row"] for row in await self.rows(f"SELECT t::text AS row FROM {table['name']} t")
            )
            for table in tables
        }

    async def link(self, references: list[str], officer: str = "officer-1", days: int = 30) -> dict[str, Any]:
        """A new link for an officer."""
        body = {
            "colleague_id": officer,
            "period": "2019-Q1",
            "references": references,
            "expires_on": (clock.today() + timedelta(days=days)).isoformat(),
        }
        answer = await self.client.post(
            "/internal/answer-links", json=body, headers=self.client.as_service("notifications")
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


def wrong_fields(answer: httpx.Response) -> list[str]:
    """The fields that a refusal names."""
    assert answer.status_code == 422, answer.text
    return [error["field"] for error in answer.json()["errors"]]


def days_ago(days: int) -> str:
    """A day in the past, as JSON has it."""
    return (clock.today() - timedelta(days=days)).isoformat()
