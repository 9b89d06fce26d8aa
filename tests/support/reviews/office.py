"""A running reviews service with an invented directory, and short words for what people do there."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import httpx

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_working_days, is_working_day
from tests.support.serving import Asking

DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, ends_on, version, attributes) VALUES
        ('colleague', 'chair-1', NULL, 1, '{"roles": ["chair"], "full_time_equivalent": 1.0}'),
        ('colleague', 'chair-2', NULL, 1, '{"roles": ["chair"], "full_time_equivalent": 0.5}'),
        ('colleague', 'chair-3', NULL, 1, '{"roles": ["chair"], "full_time_equivalent": null}'),
        ('colleague', 'gone', '2019-01-01', 1, '{"roles": ["chair"]}'),
        ('colleague', 'swm-1', NULL, 1, '{"roles": ["social_work_manager"]}'),
        ('area', 'north', NULL, 1, '{}'), ('area', 'south', NULL, 1, '{}')
"""
JSON = dict[str, Any]


def days_ago(count: int) -> date:
    """So many calendar days before today."""
    return clock.today() - timedelta(days=count)


def working_day(day: date) -> date:
    """The day itself, or the next one that is a working day."""
    return day if is_working_day(day) else add_working_days(day, 1)


class Office(Asking):
    """One service, and the people who work with it."""

    def child(self, *, since: date, status: str = "C2", placement: str = "U4", **more: Any) -> JSON:
        """What the case-management system says of a child who became looked after on a day."""
        episode = {"starts_on": since.isoformat(), "legal_status": status, "placement": placement}
        period = {"starts_on": since.isoformat(), "episodes": [episode]}
        return {
            "given_name": "Merrin",
            "family_name": "Planted",
            "born_on": days_ago(10 * 366).isoformat(),
            "area_id": "north",
            "team": "Team 1",
            "manager_id": "swm-1",
            "periods_of_care": [period],
        } | more

    async def put(self, person_id: str, body: JSON, *, version: int | None = None) -> httpx.Response:
        """Send a child's record, as the case-management system does."""
        path = f"/v1/looked-after-children/{person_id}"
        return await self.ask("PUT", path, body, role=Role.CASE_MANAGEMENT, subject="case-management", version=version)

    async def registered(self, person_id: str = "P1", *, chair: str | None = "chair-1", **said: Any) -> JSON:
        """A child who is known here and, if wanted, has a chair."""
        said.setdefault("since", days_ago(10))
        answer = await self.put(person_id, self.child(**said))
        assert answer.status_code == 201, answer.text
        if chair is not None:
            await self.allocated(person_id, chair)
        return dict(answer.json())

    async def allocated(self, person_id: str, chair: str) -> JSON:
        """The child has this chair."""
        path = f"/internal/children/{person_id}/chairs"
        answer = await self.ask("POST", path, {"chair_id": chair}, role=Role.TEAM_MANAGER, subject="manager-1")
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def planned(self, *person_ids: str, on: date | None = None, **more: Any) -> JSON:
        """A review that is planned."""
        body = {"person_ids": list(person_ids or ["P1"]), "planned_on": (on or clock.today()).isoformat()} | more
        answer = await self.ask("POST", "/v1/reviews", body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def outcome(self, person_id: str, **more: Any) -> JSON:
        """How a review went for a ten-year-old who came and spoke."""
        return {"person_id": person_id, "participation": "PN1", "attended": True, "seen_alone": True} | more

    async def hold(
        self, review: JSON, *, on: date | None = None, children: Sequence[JSON] | None = None, **more: Any
    ) -> httpx.Response:
        """Hold a planned review."""
        outcomes = (
            [self.outcome(person_id) for person_id in review["person_ids"]] if children is None else list(children)
        )
        body = {"held_on": (on or clock.today()).isoformat(), "children": outcomes} | more
        return await self.ask("POST", f"/v1/reviews/{review['reference']}/hold", body, version=review["version"])

    async def held(self, *person_ids: str, on: date | None = None, **more: Any) -> JSON:
        """A review that was planned and held."""
        answer = await self.hold(await self.planned(*person_ids, on=on, **more), on=on)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def owed(self, person_id: str = "P1") -> dict[tuple[str, str], JSON]:
        """What is owed for a child, by kind and subject."""
        found = await self.get("/internal/deadlines", person_id=person_id, limit=200, role=Role.TEAM_MANAGER)
        return {(row["kind"], row["subject"]): row for row in found["items"]}

    async def audited(self, action: str) -> list[JSON]:
        """The audit's entries about an action."""
        return await self.rows("SELECT * FROM chassis.audit_entry WHERE action = $1 ORDER BY id", action)

    def problem(self, answer: httpx.Response, status: int = 422) -> dict[str, str]:
        """The refused fields of an answer and the rules that they break."""
        assert answer.status_code == status, answer.text
        return {row["field"]: row["rule"] for row in answer.json().get("errors", [])}
