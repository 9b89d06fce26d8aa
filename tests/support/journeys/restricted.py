"""Two children with a history in all services, behind the gateway: one of them is restricted afterwards."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from chassis.access.callers import OUTSIDE_ROLES, Role
from deploy.services import SERVICES
from gateway.app import web
from tests.support.conferences.desk import DIRECTORY as CONFERENCES_DIRECTORY
from tests.support.conferences.desk import GP, SOCIAL_WORKER
from tests.support.conferences.desk import Desk as ConferencesDesk
from tests.support.escalations.desk import CARE_PLANNING, Desk
from tests.support.gateway.world import SignInService, SmallService, World
from tests.support.journeys.loop import smtp_server
from tests.support.reviews.office import DIRECTORY, WHO, Office, days_ago
from tests.support.running import Running
from tests.support.serving import Client, free_port, listening
from tests.support.settings import subscriber
from tests.support.waiting import eventually

HIDDEN, SEEN = "P900009", "P800008"
# Reports name no child, and are told of none.
ABOUT_CHILDREN = [name for name in SERVICES if name != "reports"]
NAMES = {"given_name": "Veiled", "family_name": "Curtained"}
# What each service keeps about a child under an identifier or a reference that somebody might ask for.
NAMED = "SELECT {name}::text AS name FROM {table} WHERE {about}"
JSON = dict[str, Any]
ENTRIES = (
    ("areas", "north", {"name": "North"}),
    ("areas", "south", {"name": "South"}),
    ("agencies", "general-practice", {"name": "Surgeries", "roles": ["gp"]}),
    ("agencies", "surgeries", {"name": "Other surgeries", "roles": ["gp"]}),
    ("agencies", "childrens-social-care", {"name": "Care", "roles": ["social-worker", "team-manager"]}),
)
PEOPLE = {"chair-1": "chair", "chair-2": "chair", "manager-1": "team_manager", "swm-1": "social_work_manager"}


@dataclass
class House:
    """All services behind the gateway, and whoever asks there."""

    clients: dict[str, Client]
    front: httpx.AsyncClient
    sign_in: SignInService

    @property
    def office(self) -> Office:
        """What people do with reviews."""
        return Office(self.clients["reviews"])

    @property
    def desk(self) -> ConferencesDesk:
        """What people do with conferences."""
        return ConferencesDesk(self.clients["conferences"])

    @property
    def escalations(self) -> Desk:
        """What people do with escalations."""
        return Desk(self.clients["escalations"])

    async def ask(self, method: str, path: str, role: Role, subject: str, **options: Any) -> httpx.Response:
        """Ask for something at the front door."""
        headers = self.sign_in.as_(role, subject=subject) | options.pop("headers", {})
        return await self.front.request(method, path, headers=headers, **options)

    async def rows(self, name: str, sql: str, *values: Any) -> list[JSON]:
        """What a service's database says."""
        return [dict(row) for row in await self.clients[name].process.database.statements.rows(sql, *values)]

    async def send(self, person_id: str, **said: Any) -> None:
        """Have the case-management system send who a child is."""
        client = self.clients["children"]
        (now,) = await self.rows("children", "SELECT max(version) FROM child WHERE person_id = $1", person_id)
        headers = client.as_(Role.CASE_MANAGEMENT) | ({"If-Match": f'"{now["max"]}"'} if now["max"] else {})
        others = [number for number in (SEEN, HIDDEN) if number != person_id]
        body = WHO | {"siblings": others} | (NAMES if person_id == HIDDEN else {}) | said
        answer = await client.put(f"/v1/children/{person_id}", json=body, headers=headers)
        assert answer.status_code in {200, 201}, answer.text

    async def restrict(self, person_id: str, *, restricted: bool) -> None:
        """Have the case-management system say whether a child is restricted, and wait until every service knows."""
        await self.send(person_id, restricted=restricted)
        await self.known(person_id, restricted=restricted)

    async def known(self, person_id: str, *, restricted: bool) -> None:
        """Wait until every service knows whether a child is restricted, and who chairs in both services."""
        sql = (
            "SELECT bool_or(restricted) AS restricted, count(*) AS sources FROM chassis.child_visibility "
            "WHERE person_id = $1"
        )

        async def everywhere() -> bool:
            found = [(await self.rows(name, sql, person_id))[0] for name in ABOUT_CHILDREN]
            return all(row == {"restricted": restricted, "sources": 3} for row in found)

        assert await eventually(everywhere)

    async def identifiers(self, person_id: str) -> dict[str, set[str]]:
        """References and identifiers of all that is kept about a child, by service."""
        sql = (
            "SELECT table_name, array_agg(column_name::text) AS columns FROM information_schema.columns "
            "WHERE table_schema = 'public' GROUP BY table_name"
        )
        found: dict[str, set[str]] = {}
        for service in self.clients:
            found[service] = set()
            for row in await self.rows(service, sql):
                columns = set(row["columns"])
                about = "$1 = ANY(person_ids)" if "person_ids" in columns else "person_id = $1"
                if columns & {"person_ids", "person_id"}:
                    for name in columns & {"id", "reference"}:
                        asked = NAMED.format(name=name, table=row["table_name"], about=about)
                        found[service] |= {row["name"] for row in await self.rows(service, asked, person_id)}
        answers = "SELECT id::text AS id FROM answer"
        found["escalations"] |= {row["id"] for row in await self.rows("escalations", answers)}
        return found


@asynccontextmanager
async def house(running: Running) -> AsyncIterator[House]:
    """All services, each telling each other one; the gateway; and two children with a history."""
    ports = {name: free_port() for name in SERVICES}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}

    async def started(name: str, **more: Any) -> Client:
        subscribers = [subscriber(name, service, urls[service]) for service in SERVICES if service != name]
        return await running(name, port=ports[name], worker_in_web=True, webhook_subscribers=subscribers, **more)

    async with AsyncExitStack() as stack:
        _, smtp_port = await stack.enter_async_context(smtp_server())
        owner = {"children_url": urls["children"]}
        named_by = owner | {"notifications_url": urls["notifications"]}
        clients = {name: await started(name, **named_by) for name in ("reviews", "conferences")}
        found_by = {f"{name}_url": urls[name] for name in clients}
        clients["children"] = await started("children", **found_by)
        clients["escalations"] = await started("escalations", conferences_url=urls["conferences"], **owner)
        wanted = {f"{name}_url": urls[name] for name in ("escalations", "reviews", "conferences")} | owner
        clients["reports"] = await started("reports", **wanted | named_by)
        mail = {"smtp_port": smtp_port, "smtp_security": "none", "mails_per_second": 0}
        clients["notifications"] = await started("notifications", **wanted, **mail)
        sign_in = SignInService()
        sign_in.address = await stack.enter_async_context(listening(sign_in.app))
        nobody = SmallService("nobody", "nobody")
        world = World(sign_in, nobody, nobody, {name: str(client.base_url) for name, client in clients.items()})
        settings = world.settings(
            issuers=[world.issuer(roles={role: [role] for role in OUTSIDE_ROLES})],
            requests_per_second=0,
            refusals_per_second=0,
        )
        address = await stack.enter_async_context(listening(web(settings)))
        front = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=60))
        made = House(clients, front, sign_in)
        await _directory(made)
        for person_id in (SEEN, HIDDEN):
            await _history(made, person_id)
        yield made


async def _directory(made: House) -> None:
    await made.rows("children", DIRECTORY)
    await made.rows("reviews", DIRECTORY)
    await made.rows("conferences", CONFERENCES_DIRECTORY)
    client = made.clients["notifications"]
    entries = [*ENTRIES]
    for who, position in PEOPLE.items():
        said = {"name": f"Invented {who}", "email": f"{who}@example.org", "positions": [position]}
        entries.append(("colleagues", who, said | {"starts_on": "2018-01-01"}))
    for part, name, body in entries:
        answer = await client.put(f"/v1/{part}/{name}", json=body, headers=client.as_(Role.ADMINISTRATOR))
        assert answer.status_code == 201, answer.text

    async def copied() -> bool:
        return len(await made.rows("escalations", "SELECT FROM chassis.copy")) >= len(entries)

    assert await eventually(copied)


async def _history(made: House, person_id: str) -> None:
    """A review that was held and one to come, a conference with a plan, escalations, letters and all that follows."""
    office, desk, escalations = made.office, made.desk, made.escalations
    await made.send(person_id)
    care = await office.put_care(person_id, office.care(since=days_ago(30)))
    assert care.status_code == 201, care.text
    await office.allocated(person_id, "chair-1")
    review = await office.held(person_id, on=days_ago(20))
    path = f"/v1/reviews/{review['reference']}"
    decided = await office.ask(
        "POST",
        f"{path}/children/{person_id}/decisions",
        {"decisions": [{"decision": "Go on.", "owner": "social worker"}]},
        version=review["version"],
    )
    assert decided.status_code in {200, 201}, decided.text
    said = {"from_whom": "child", "rating": 4}
    assert (await office.ask("POST", f"{path}/feedback", said)).status_code in {201, 422}
    visit = {"kind": "visit", "happened_on": days_ago(5).isoformat()}
    await office.ask("POST", f"/v1/children/{person_id}/contacts", visit)
    await office.planned(person_id)
    protection = await desk.put(person_id, {})
    assert protection.status_code == 201, protection.text
    await desk.enquired(person_id)
    conference = await desk.planned(person_id)
    rows = await desk.invited(conference, SOCIAL_WORKER, GP)
    attendance = {rows[0]["id"]: "attended", rows[1]["id"]: "neither"}
    held = await desk.hold(conference, attendance=attendance)
    assert held.status_code == 200, held.text
    proposals = await desk.closed(dict(held.json()))
    await desk.decided(await desk.get(f"/v1/conferences/{conference['reference']}"), *proposals)
    # One about this child, and one about both.
    escalation = await escalations.raised(CARE_PLANNING, person_ids=[person_id], owner_id="chair-1")
    await escalations.raised(CARE_PLANNING, person_ids=[HIDDEN, SEEN], owner_id="chair-1")
    answer = {"references": [escalation["reference"]], "choice": "dealt_with"}
    assert (await escalations.post("/v1/answers", answer)).status_code == 201
    challenge = {"theme": "drift_and_delay", "person_ids": [person_id], "about": "Slow.", "area_id": "north"}
    assert (await escalations.post("/v1/challenges", challenge)).status_code == 201
    practice = {"person_ids": [person_id], "worker_name": "Robin Planted", "team": "Team 1", "area_id": "north"}
    noted = await escalations.post("/v1/good-practice", practice | {"practice": "Well done."})
    assert noted.status_code == 201, noted.text

    async def written() -> bool:
        sql = "SELECT FROM message WHERE template = 'consultation' AND $1 = ANY(person_ids)"
        raised = "SELECT FROM escalation WHERE proposal_id IS NOT NULL AND $1 = ANY(person_ids)"
        letters = await made.rows("notifications", sql, person_id)
        return bool(letters) and len(await made.rows("escalations", raised, person_id)) >= len(proposals)

    assert await eventually(written)
