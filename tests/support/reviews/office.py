"""A running reviews service with an invented directory, and short words for what people do there."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from chassis.access.callers import Role
from chassis.base import clock
from chassis.children.events import ChildMergedReceived, ChildMergeUndoneReceived
from chassis.children.models import IDENTITY, ChildIdentityBase
from chassis.events.inbox import Receipt
from chassis.law.working_days import add_working_days, is_working_day
from services.reviews.children.actions import follow_identity
from services.reviews.handlers import follow_merge, follow_undoing
from tests.support.children.replica import child_changed
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


WHO: JSON = {
    "given_name": "Merrin",
    "family_name": "Planted",
    "born_on": days_ago(10 * 366).isoformat(),
    "area_id": "north",
    "team": "Team 1",
    "manager_id": "swm-1",
}


def working_day(day: date) -> date:
    """The day itself, or the next one that is a working day."""
    return day if is_working_day(day) else add_working_days(day, 1)


class Office(Asking):
    """One service, and the people who work with it."""

    async def known(self, person_id: str = "P1", **said: Any) -> bool:
        """Who a child is now, as the children service told; whether that is another than before."""
        before = await self.rows("SELECT * FROM chassis.child WHERE person_id = $1", person_id)
        merged_into = before[0]["merged_into"] if before else None
        identity = WHO | {"merged_into": merged_into} | said
        now = ChildIdentityBase.model_validate({"person_id": person_id, "version": 0} | identity).model_dump()
        if before and before[0] | {"version": 0} == now:
            return False
        await child_changed(self, follow_identity, person_id, **identity)
        return True

    def care(self, *, since: date, status: str = "C2", placement: str = "U4", **more: Any) -> JSON:
        """What the case-management system says of the care of a child who became looked after on a day."""
        episode = {"starts_on": since.isoformat(), "legal_status": status, "placement": placement}
        period = {"starts_on": since.isoformat(), "episodes": [episode]}
        return {"periods_of_care": [period]} | more

    def child(self, **said: Any) -> JSON:
        """The same, with who the child is."""
        return WHO | self.care(**said)

    async def put(self, person_id: str, body: JSON, *, version: int | None = None) -> httpx.Response:
        """Send a child and the child's care, as the case-management system does."""
        care = {name: value for name, value in body.items() if name not in IDENTITY}
        is_another = await self.known(person_id, **{name: value for name, value in body.items() if name in IDENTITY})
        if version is not None and is_another:
            version += 1
        return await self.put_care(person_id, care, version=version)

    async def put_care(self, person_id: str, body: JSON, *, version: int | None = None) -> httpx.Response:
        """Send a child's care, as the case-management system does."""
        path = f"/v1/children/{person_id}/care"
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

    async def merged(self, gone: str, into: str, merge_id: UUID | None = None) -> UUID:
        """Two numbers are one child, as the children service tells; the merge by its identifier."""
        said = ChildMergedReceived(
            merge_id=merge_id or uuid4(), from_person_id=gone, into_person_id=into, merged_by="manager-1"
        )
        restricted = any([(await self._who(person_id))["restricted"] for person_id in (gone, into)])
        await self._is_now(into, restricted=restricted)
        await self._is_now(gone, restricted=restricted, merged_into=into)
        async with self.client.process.database.transaction() as session:
            await follow_merge(said, Receipt(session, self.client.process, clock.now()))
        return said.merge_id

    async def unmerged(self, gone: str, into: str, merge_id: UUID) -> None:
        """They were not: the merge is undone."""
        said = ChildMergeUndoneReceived(
            merge_id=merge_id, from_person_id=gone, into_person_id=into, undone_by="manager-1"
        )
        await self._is_now(gone, merged_into=None)
        async with self.client.process.database.transaction() as session:
            await follow_undoing(said, Receipt(session, self.client.process, clock.now()))

    async def _who(self, person_id: str) -> JSON:
        (known,) = await self.rows("SELECT * FROM chassis.child WHERE person_id = $1", person_id)
        return known

    async def _is_now(self, person_id: str, **said: Any) -> None:
        who = await self._who(person_id)
        del who["version"], who["person_id"]
        await child_changed(self, follow_identity, person_id, **(who | said))

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
