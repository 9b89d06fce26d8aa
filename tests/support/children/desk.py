"""A running children service with an invented directory, stand-ins for those that find children, and who works there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import uuid4

import httpx
from fastapi import FastAPI, Query

from chassis.access.callers import Role
from chassis.base import clock
from chassis.events.event import SINGLE
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.serving import Client, Serving

JSON = dict[str, Any]
DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, ends_on, version, attributes) VALUES
        ('colleague', 'worker-1', NULL, 1, '{}'), ('colleague', 'swm-1', NULL, 1, '{}'),
        ('colleague', 'gone', '2019-01-01', 1, '{}'),
        ('area', 'north', NULL, 1, '{}'), ('area', 'south', NULL, 1, '{}')
"""
CHILD: JSON = {
    "given_name": "Merrin",
    "family_name": "Invented",
    "born_on": "2012-05-14",
    "area_id": "north",
    "team": "Team 1",
    "social_worker": "Wren Planted",
    "social_worker_id": "worker-1",
    "manager_id": "swm-1",
}
# What a service that found a child says.
FOUND: JSON = dict.fromkeys(
    "given_name family_name born_on expected_on died_on sex ethnicity upn upn_unknown family_id mother_person_id school "
    "gp_practice address communication_needs email team social_worker social_worker_id supervisor_id manager_id "
    "merged_into".split()
) | {"disabilities": [], "siblings": [], "area_id": "north", "restricted": False, "version": 0}


@dataclass
class Others:
    """Reviews and conferences, as far as this service asks them: each below a name of its own."""

    found: dict[str, list[JSON]] = field(default_factory=dict)
    obstacles: list[str] = field(default_factory=list)
    merges: list[JSON] = field(default_factory=list)

    def app(self) -> FastAPI:
        """What answers for both."""
        app = FastAPI()

        @app.get("/{name}/internal/children-found")
        async def children_found(
            name: str, after: str = "", person_id: Annotated[Sequence[str], Query()] = ()
        ) -> list[JSON]:
            """A page of two, so that several are asked for."""
            known = sorted(self.found.get(name, []), key=lambda child: str(child["person_id"]))
            chosen = [child for child in known if child["person_id"] > after]
            return [child for child in chosen if not person_id or child["person_id"] in person_id][:2]

        @app.get("/{name}/internal/merge-obstacles")
        async def merge_obstacles(name: str) -> list[str]:
            return self.obstacles if name == "reviews" else []

        @app.get("/{name}/internal/person-merges")
        async def person_merges(name: str) -> list[JSON]:
            return self.merges if name == "reviews" else []

        return app

    def begin_anew(self) -> None:
        """Nobody has found anybody."""
        self.found, self.obstacles, self.merges = {}, [], []


class Desk(Serving):
    """One service, and the people who work with it."""

    def __init__(self, client: Client, others: Others) -> None:
        super().__init__(client)
        self.others = others

    async def put(
        self, person_id: str, body: JSON = CHILD, *, version: int | None = None, role: Role = Role.CASE_MANAGEMENT
    ) -> httpx.Response:
        """Send a child's record."""
        headers = self.client.as_(role) | ({} if version is None else {"If-Match": f'"{version}"'})
        return await self.client.put(f"/v1/children/{person_id}", json=body, headers=headers)

    async def sent(self, person_id: str, **more: Any) -> JSON:
        """A child who is new."""
        answer = await self.put(person_id, CHILD | more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def get(
        self, path: str, *, role: Role = Role.TEAM_MANAGER, subject: str = "manager-1", **query: Any
    ) -> httpx.Response:
        """Look something up as somebody."""
        return await self.client.get(path, params=query, headers=self.client.as_(role, subject=subject))

    async def post(self, path: str, body: Any = None, *, role: Role = Role.TEAM_MANAGER) -> httpx.Response:
        """Ask for something as somebody."""
        return await self.client.post(path, json=body or {}, headers=self.client.as_(role, subject="manager-1"))

    async def items(self, path: str, **query: Any) -> list[JSON]:
        """What a list shows."""
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def told(self, kind: str) -> list[JSON]:
        """What events of a type say."""
        rows = await self.rows("SELECT data::text AS data FROM chassis.outgoing WHERE type = $1 ORDER BY id", kind)
        return [json.loads(row["data"]) for row in rows]

    async def hear(self, source: str, kind: str, **data: Any) -> int:
        """Have another service say something; how it was answered."""
        event = {"specversion": "1.0", "id": str(uuid4()), "source": source, "type": kind, "subject": "-", "data": data}
        body = json.dumps(event)
        headers = sign([keys.webhook_secret(source, "children")], str(uuid4()), clock.machine_now(), body)
        answer = await self.client.post("/webhooks/events", content=body, headers=headers | {"Content-Type": SINGLE})
        return answer.status_code


def found(person_id: str, **more: Any) -> JSON:
    """A child as a service that found them says."""
    return FOUND | {"person_id": person_id, "born_on": "2012-05-14"} | more


def wrong_fields(answer: httpx.Response) -> list[str]:
    """The fields that a refusal names."""
    assert answer.status_code == 422, answer.text
    return [error["field"] for error in answer.json()["errors"]]
