"""A running conferences service with an invented directory, and short words for what people do there."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import httpx

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days, is_working_day, subtract_working_days
from services.conferences.handlers.children import follow_child
from tests.support.children.replica import child_changed
from tests.support.serving import Asking

DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, ends_on, version, attributes) VALUES
        ('colleague', 'chair-1', NULL, 1, '{"roles": ["chair"]}'),
        ('colleague', 'chair-2', NULL, 1, '{"roles": ["chair"]}'),
        ('colleague', 'gone', '2019-01-01', 1, '{"roles": ["chair"]}'),
        ('colleague', 'worker-1', NULL, 1, '{"roles": []}'),
        ('colleague', 'supervisor-1', NULL, 1, '{"roles": []}'),
        ('colleague', 'manager-1', NULL, 1, '{"roles": ["team_manager"]}'),
        ('agency', 'general-practice', NULL, 1, '{"roles": ["gp"]}'),
        ('agency', 'childrens-social-care', NULL, 1, '{"roles": ["social-worker", "team-manager"]}'),
        ('agency', 'education', NULL, 1, '{"roles": ["safeguarding-lead"]}'),
        ('agency', 'community-health', NULL, 1, '{"roles": ["health-visitor", "young-persons-nurse"]}'),
        ('agency', 'police', NULL, 1, '{"roles": ["police-officer"]}'),
        ('agency', 'closed-agency', '2019-01-01', 1, '{"roles": ["gp"]}'),
        ('area', 'north', NULL, 1, '{}'), ('area', 'south', NULL, 1, '{}')
"""
JSON = dict[str, Any]
CASE_MANAGEMENT: dict[str, Any] = {"role": Role.CASE_MANAGEMENT, "subject": "case-management"}
NOTIFICATIONS: dict[str, Any] = {"role": Role.SERVICE, "subject": "notifications"}


def professional(agency_id: str, agency_role: str, name: str, **more: Any) -> JSON:
    """A professional to invite."""
    return {
        "invited_as": "professional",
        "name": name,
        "agency_id": agency_id,
        "agency_role": agency_role,
    } | more


SOCIAL_WORKER = professional("childrens-social-care", "social-worker", "Wren Ravensby")
GP = professional("general-practice", "gp", "Dr Yarrow Elmsgate", team="Mill Lane Surgery")
SCHOOL = professional("education", "safeguarding-lead", "Nye Coldstone")
HEALTH_VISITOR = professional("community-health", "health-visitor", "Orla Dunmarsh")
MOTHER: JSON = {"invited_as": "family", "name": "Ada Planted", "relationship": "mother"}
OBSERVER: JSON = {"invited_as": "observer", "name": "Kerr Fallowby"}


def recent_working_day() -> date:
    """Today, or the last working day before: initial conferences are held on no other."""
    today = clock.today()
    return today if is_working_day(today) else subtract_working_days(today, 1)


def working_days_ago(count: int) -> date:
    """So many working days before today."""
    return subtract_working_days(clock.today(), count)


def coming_working_day(count: int) -> date:
    """So many working days after today."""
    return add_working_days(clock.today(), count)


class Desk(Asking):
    """One service, and the people who work with it."""

    async def owed(self, person_id: str = "P1", kind: str | None = None) -> list[JSON]:
        """What is owed for a child, soonest first."""
        sql = "SELECT * FROM deadline WHERE person_id = $1 AND ($2::text IS NULL OR kind = $2) ORDER BY due_on, kind"
        return await self.rows(sql, person_id, kind)

    def child(self, **more: Any) -> JSON:
        """Who a ten-year-old is."""
        return {
            "given_name": "Merrin",
            "family_name": "Planted",
            "born_on": add_months(clock.today().replace(day=1), -12 * 10 - 1).isoformat(),
            "area_id": "north",
            "team": "Team 1",
            "family_id": "F1",
            "social_worker_id": "worker-1",
            "supervisor_id": "supervisor-1",
            "manager_id": "manager-1",
        } | more

    async def known(self, person_id: str = "P1", **said: Any) -> None:
        """A ten-year-old of whom the children service told, or told again."""
        await self.told(person_id, self.child(**said))

    async def told(self, person_id: str, identity: JSON) -> None:
        """Who a child is now, as the children service told."""
        await child_changed(self, follow_child, person_id, **identity)

    async def put(self, person_id: str, body: JSON, *, version: int | None = None) -> httpx.Response:
        """Send what only conferences use of a child, as the case-management system does."""
        path = f"/v1/children/{person_id}/protection"
        return await self.ask("PUT", path, body, version=version, **CASE_MANAGEMENT)

    async def registered(self, *person_ids: str, advocacy_opted_out_on: str | None = None, **said: Any) -> None:
        """Children who are known here."""
        for person_id in person_ids or ("P1",):
            await self.known(person_id, **said)
            answer = await self.put(person_id, {"advocacy_opted_out_on": advocacy_opted_out_on})
            assert answer.status_code == 201, answer.text

    async def enquired(self, *person_ids: str, on: date | None = None, **more: Any) -> None:
        """Section 47 enquiries that began with a strategy discussion on a day, ten working days ago by default."""
        day = (on or working_days_ago(10)).isoformat()
        for person_id in person_ids or ("P1",):
            body = {"person_id": person_id, "started_on": day, "strategy_discussion_on": day} | more
            await self.done(
                "PUT", f"/v1/conferences/section-47-enquiries/E-{person_id}", body, status=201, **CASE_MANAGEMENT
            )

    async def planned(self, *person_ids: str, on: date | None = None, **more: Any) -> JSON:
        """A conference that is planned."""
        day = (on or recent_working_day()).isoformat()
        body = {"person_ids": list(person_ids or ["P1"]), "planned_on": day} | more
        return dict(await self.done("POST", "/v1/conferences", body, status=201))

    async def invited(self, conference: JSON, *wanted: JSON) -> list[JSON]:
        """People who are invited; the conference's version is counted on."""
        reference, version = conference["reference"], conference["version"]
        body = {"invitations": list(wanted or [SOCIAL_WORKER, GP, SCHOOL])}
        path = f"/v1/conferences/{reference}/invitations"
        rows = await self.done("POST", path, body, status=201, version=version)
        conference["version"] = version + 1
        return list(rows)

    def outcome(self, person_id: str = "P1", **more: Any) -> JSON:
        """How a conference went for a ten-year-old who came and spoke: a plan was made."""
        said = {"person_id": person_id, "participation": "PN1", "attended": True}
        return said | {"outcome": "plan_made", "category": "NEG"} | more

    async def hold(
        self,
        conference: JSON,
        *,
        on: date | None = None,
        children: Sequence[JSON] | None = None,
        attendance: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Hold a planned conference; who is not said to have attended did. `attendance` is by invitation."""
        ids = conference["person_ids"]
        body = {
            "held_on": (on or date.fromisoformat(conference["planned_on"])).isoformat(),
            "children": list(children) if children is not None else [self.outcome(person_id) for person_id in ids],
            "attendance": [{"invitation_id": key, "attendance": value} for key, value in (attendance or {}).items()],
            "inquorate_because": "Two agencies could not be reached.",
        } | more
        path = f"/v1/conferences/{conference['reference']}/hold"
        return await self.ask("POST", path, body, version=conference["version"])

    async def held(self, *person_ids: str, invite: Sequence[JSON] = (), **options: Any) -> JSON:
        """Children are registered, enquired about, and had their initial conference."""
        ids = person_ids or ("P1",)
        await self.registered(*ids)
        await self.enquired(*ids)
        conference = await self.planned(*ids)
        attendance: dict[str, str] = {}
        if invite:
            rows = await self.invited(conference, *invite)
            attendance = {row["id"]: "attended" for row in rows}
        attendance |= options.pop("attendance", {})
        answer = await self.hold(conference, attendance=attendance, **options)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def reviewed(self, *person_ids: str, on: date | None = None, **said: Any) -> JSON:
        """A review conference that was held about children who are on a plan, which goes on unless said otherwise."""
        ids = list(person_ids or ("P1",))
        conference = await self.planned(*ids, on=on or recent_working_day())
        outcome = {"outcome": "continues", "category": None} | said
        answer = await self.hold(conference, children=[self.outcome(person_id, **outcome) for person_id in ids])
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def closed(self, conference: JSON) -> list[JSON]:
        """What a conference proposes when it is closed."""
        path = f"/v1/conferences/{conference['reference']}/close"
        rows = await self.done("POST", path, version=conference["version"])
        conference["version"] += 1
        return list(rows)

    async def decided(self, conference: JSON, *proposals: JSON, because: str | None = None) -> list[JSON]:
        """The conference's proposals after these were confirmed, or dismissed for a reason."""
        said = {"confirm": because is None, "dismissed_because": because}
        body = {"decisions": [{"proposal_id": proposal["id"]} | said for proposal in proposals]}
        path = f"/v1/conferences/{conference['reference']}/proposals/decide"
        return list(await self.done("POST", path, body))
