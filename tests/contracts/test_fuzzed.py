"""Whatever the system is asked, it answers as its document says, and never with a failure of its own."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.settings import Settings
from chassis.law.working_days import add_working_days, is_working_day
from deploy.merged_document import Document
from deploy.services import SERVICES
from gateway.app import web
from gateway.routes import OWN, find
from tests.support.children import replica
from tests.support.children.replica import identity
from tests.support.contracts.fuzzing import fuzz
from tests.support.contracts.services import all_operations, as_json, merged
from tests.support.faults.load import fill_directory, wanted
from tests.support.faults.processes import process
from tests.support.gateway.world import SignInService, SmallService, World
from tests.support.running import DatabaseOf, Running
from tests.support.serving import GATEWAY_TOKENS, listening
from tests.support.waiting import PATIENCE

EXAMPLES = 8
# What takes no parameter is asked less often than that: it is asked again until each role has come.
ROUNDS = 4
# Whom a service asks in order to answer what it is asked.
ASKS = {
    "reviews": ("notifications",),
    "conferences": ("notifications",),
    "reports": ("notifications", "reviews", "conferences", "escalations"),
}
EVERYBODY, ROBOT = "Everybody", "robot"
PEOPLE = [role for role in Role if role not in {Role.CASE_MANAGEMENT, Role.SERVICE}]


class Turns:
    """Who asks next: each role once, then who may; where there is a body to vary, who may comes between them too."""

    def __init__(self, document: Document, sign_in: SignInService) -> None:
        until = clock.machine_now() + timedelta(hours=1)
        robot = sign_in.token(subject=ROBOT, client_id=ROBOT, exp=until)
        self._everybody = sign_in.token(EVERYBODY, subject="chair-1", exp=until)
        each = [robot, *(sign_in.token(role, subject=f"{role}-1", exp=until) for role in PEOPLE)]
        self._with_body = {
            operation.label for operation in all_operations(document) if "requestBody" in operation.document
        }
        self._left = {operation.label: list(each) for operation in all_operations(document)}
        self._asked = Counter[str]()

    def token(self, operation: str) -> str:
        """The token of whose turn it is."""
        self._asked[operation] += 1
        left = self._left[operation]
        between = operation in self._with_body and self._asked[operation] % 3 == 0
        return left.pop() if left and not between else self._everybody

    @property
    def without_some_role(self) -> dict[str, int]:
        """The operations that were asked for too few times for every role, and how often they were."""
        return {operation: self._asked[operation] for operation, left in self._left.items() if left}


def part_of(document: Document, owner: str) -> Document:
    """The merged document with the paths of one service, or the gateway's own, alone."""
    return document | {"paths": {path: item for path, item in document["paths"].items() if find(path).service == owner}}


def operations_of(document: Document, labels: Collection[str]) -> Document:
    """The document with these operations, such as `GET /v1/areas`, alone."""
    paths = {
        path: {method: item for method, item in items.items() if f"{method.upper()} {path}" in labels}
        for path, items in document["paths"].items()
    }
    return document | {"paths": {path: items for path, items in paths.items() if items}}


def working_today() -> str:
    """Today, or the next working day: on others there is no initial conference."""
    today = clock.today()
    return (today if is_working_day(today) else add_working_days(today, 1)).isoformat()


def records(name: str) -> list[tuple[str, str, dict[str, Any]]]:
    """What a service is asked for in its order, so that its lists and figures are not empty."""
    today, person = clock.today().isoformat(), "/v1/children/P100001"
    challenge = {"person_ids": ["P100001"], "area_id": "north", "theme": "transitions", "about": "Leaving care."}
    child = {"given_name": "Merrin", "family_name": "Invented", "born_on": "2010-05-14", "area_id": "north"}
    episode = {"starts_on": "2019-01-08", "legal_status": "C2", "placement": "U4"}
    asked: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
        "escalations": [
            ("POST", "/v1/escalations", wanted()),
            ("POST", "/v1/escalations", wanted()),
            ("POST", "/v1/challenges", challenge | {"raised_on": today}),
        ],
        "children": [("PUT", "/v1/children/P100001", child)],
        "conferences": [
            (
                "PUT",
                "/v1/conferences/section-47-enquiries/E1",
                {"person_id": "P100001", "started_on": "2019-01-08", "strategy_discussion_on": "2019-01-08"},
            ),
            ("POST", "/v1/conferences", {"person_ids": ["P100001"], "planned_on": working_today()}),
        ],
        "reviews": [
            ("PUT", f"{person}/care", {"periods_of_care": [{"starts_on": "2019-01-08", "episodes": [episode]}]}),
            ("POST", "/internal/children/P100001/chairs", {"chair_id": "chair-1"}),
            ("POST", "/v1/reviews", {"person_ids": ["P100001"], "planned_on": today}),
        ],
    }
    return asked.get(name, [])


async def fill(name: str, settings: Settings, address: str) -> None:
    """Some records, so that lists and figures are not empty."""
    if wished := records(name):
        await fill_directory(settings)
    proof = GATEWAY_TOKENS.token("chair-1", list(Role))
    async with httpx.AsyncClient(
        base_url=address, headers={"Authorization": f"Bearer {proof}"}, timeout=PATIENCE
    ) as client:
        for method, path, body in wished:
            answer = await client.request(method, path, json=body)
            assert answer.status_code == 201, answer.text


@asynccontextmanager
async def before(names: Collection[str], database_of: DatabaseOf, sign_in: SignInService) -> AsyncIterator[str]:
    """A gateway that limits nobody, before these services with some records."""
    async with AsyncExitStack() as stack:
        addresses = {}
        child = identity("P100001", family_name="Invented", born_on="2010-05-14", area_id="north")
        urls = {"children_url": await stack.enter_async_context(replica.owner({"P100001": child}))}
        for name in dict.fromkeys([*(asked for asking in names for asked in ASKS.get(asking, ())), *names]):
            settings = await database_of(name)
            known = {field: url for field, url in urls.items() if hasattr(settings, field)}
            settings = settings.model_copy(update=known)
            addresses[name] = (await stack.enter_async_context(process("web", settings))).address
            await fill(name, settings, addresses[name])
            urls[f"{name}_url"] = addresses[name]
        nobody = SmallService("nobody", "nobody")
        world = World(sign_in, nobody, nobody, addresses)
        roles = {role: [role] for role in PEOPLE} | {EVERYBODY: PEOPLE}
        issuer = world.issuer(roles=roles, machines={ROBOT: [Role.CASE_MANAGEMENT]})
        unlimited = world.settings(issuers=[issuer], requests_per_second=0, refusals_per_second=0)
        yield await stack.enter_async_context(listening(web(unlimited)))


@pytest.mark.parametrize("owner", [*SERVICES, OWN])
async def test_whoever_asks_is_answered_as_the_document_says(
    owner: str, database_of: DatabaseOf, record_property: Any
) -> None:
    """No status, header or shape that it does not know; nothing accepted that it refuses; whatever their roles."""
    document = part_of(as_json(merged()), owner)
    sign_in = SignInService()
    async with listening(sign_in.app) as sign_in.address:
        turns = Turns(document, sign_in)
        async with before(SERVICES if owner == OWN else [owner], database_of, sign_in) as gateway:
            found = await asyncio.to_thread(fuzz, document, gateway, turns.token, EXAMPLES)
            for _ in range(ROUNDS):
                if left := turns.without_some_role:
                    again = await asyncio.to_thread(fuzz, operations_of(document, left), gateway, turns.token, EXAMPLES)
                    found.failures |= again.failures
                    found.errors += again.errors
    record_property("statuses", found.statuses)
    assert found.errors == []
    assert found.failures == {}
    described = {operation.label for operation in all_operations(document)}
    assert described <= found.operations
    assert turns.without_some_role == {}


# Each was once answered with a failure, or read as something else than its sender meant.
UNSOUND = [
    ("reviews", "/v1/reviews?chair_id=%00"),
    ("reviews", "/v1/reviews?planned_from=0"),
    ("reviews", "/v1/reviews?cursor=WyIyMDE5LTA0LTAxIiwiXHUwMDAwIl0"),
    ("reviews", "/v1/care?team=a%00b"),
    ("reviews", "/v1/care?cursor=WzEsMl0"),
    ("reviews", "/v1/reviews/children?held_to=10000-01-01"),
    ("reviews", "/v1/reviews/children?cursor=bnVsbA"),
    ("reviews", "/v1/decisions?cursor=%C3%A9"),
    ("reviews", "/internal/deadlines?due_from=20190401"),
    ("reviews", "/v1/figures/reviews?period=9999"),
    ("reviews", "/v1/returns/ssda903/99999/checks"),
    ("conferences", "/v1/conferences?chair_id=%00"),
    ("conferences", "/v1/conferences?planned_from=0"),
    ("conferences", "/v1/conferences?cursor=WyIyMDE5LTA0LTAxIiwiXHUwMDAwIl0"),
    ("children", "/v1/children?family_id=a%00b"),
    ("conferences", "/v1/conferences/proposals?cursor=bnVsbA"),
    ("conferences", "/v1/deadlines/timescales/conferences/plan_started?event_on=9999-12-31"),
    ("escalations", "/v1/escalations?owner_id=%00"),
    ("escalations", "/v1/escalations?meeting_reference=a%00b"),
    ("escalations", "/v1/escalations?raised_from=0"),
    ("escalations", "/v1/escalations?raised_from=20190401"),
    ("escalations", "/v1/escalations?raised_from=0000-01-01"),
    ("escalations", "/v1/escalations?raised_from=10000-01-01"),
    ("escalations", "/v1/escalations?limit=99999999999999999999"),
    ("escalations", "/v1/escalations?cursor=" + "W" * 1000),
    ("escalations", "/v1/escalations?cursor=WyIyMDE5LTA0LTAxIiwiXHUwMDAwIl0"),
    ("escalations", "/v1/escalations?cursor=bnVsbA"),
    ("escalations", "/v1/escalations?cursor=WzEsMl0"),
    ("escalations", "/v1/escalations?cursor=%C3%A9"),
    ("reports", "/v1/reports?period=a%00b"),
    ("escalations", "/v1/figures/escalations?period=%D9%A2%D9%A0%D9%A1%D9%A9"),
    ("escalations", "/v1/figures/escalations?period=9999"),
    ("escalations", "/v1/figures/repeats?months=100000"),
    ("notifications", "/v1/areas?cursor=WyJhXHUwMDAwIl0"),
    ("notifications", "/v1/messages?template=%00"),
    ("notifications", "/v1/messages?queued_to=0"),
    ("notifications", "/v1/coverage/check?on=1e10"),
]
UNSOUND_BODIES = [
    ("conferences", "/v1/conferences", {"person_ids": ["P100001"], "planned_on": 0}),
    ("conferences", "/v1/conferences", {"person_ids": ["P100001"], "planned_on": "2019-04-01", "venue": "a\x00b"}),
    ("reviews", "/v1/reviews", {"person_ids": ["P100001"], "planned_on": 0}),
    ("reviews", "/v1/reviews", {"person_ids": ["P100001"], "planned_on": "2019-04-01", "venue": "a\x00b"}),
    ("reviews", "/v1/reviews/disruption-referrals", {"person_id": "P100001", "reasons": "a\ud800b"}),
    ("escalations", "/v1/escalations", wanted() | {"raised_on": 0}),
    ("escalations", "/v1/escalations", wanted() | {"raised_on": "20190401"}),
    ("escalations", "/v1/escalations", wanted() | {"note": "a\x00b"}),
    ("escalations", "/v1/escalations", wanted() | {"note": "a\ud800b"}),
    ("notifications", "/v1/webhook-endpoints", {"url": "https://hooks.example.org", "description": "a\x00b"}),
    ("notifications", "/v1/messages/suppressions", {"address": "a@example.org", "reason": "a\x00b"}),
    ("notifications", "/v1/messages/schedules/send_weekly_reminder/run", {"period": "9999-W53"}),
    ("notifications", "/v1/messages/schedules/send_weekly_reminder/preview", {"period": "2019-W\u0661"}),
]


@pytest.mark.parametrize("name", SERVICES)
async def test_what_is_unsound_is_the_callers_mistake(name: str, running: Running) -> None:
    """NUL characters, numbers beyond any column, days that are none, digits of another script, cursors of nobody's."""
    client = await running(name, log_level="error")
    headers = client.as_(*Role)
    answers = {path: await client.get(path, headers=headers) for owner, path in UNSOUND if owner == name}
    for owner, path, body in UNSOUND_BODIES:
        if owner == name:
            written = {"Content-Type": "application/json"} | headers
            answers[f"{path} {body!a}"] = await client.post(path, content=json.dumps(body), headers=written)
    wrong = {place: answer.status_code for place, answer in answers.items() if answer.status_code not in {400, 422}}
    assert wrong == {}
    assert {answer.headers["content-type"] for answer in answers.values()} == {"application/problem+json"}


@pytest.mark.parametrize("name", SERVICES)
async def test_an_idempotency_key_may_hold_any_visible_character(name: str, running: Running) -> None:
    """A header is bytes: what the database cannot hold must not be a failure either."""
    client = await running(name, log_level="error")
    path = {
        "children": "/v1/children/P1/merge",
        "reviews": "/v1/reviews",
        "conferences": "/v1/conferences",
        "escalations": "/v1/challenges",
        "reports": "/v1/reports",
        "notifications": "/v1/coverage",
    }[name]
    for key in ("é" * 8, "x" * 200, "\u00a0" * 9):
        headers = {b"Idempotency-Key": key.encode("latin-1")} | {
            header.encode(): value.encode() for header, value in client.as_(*Role).items()
        }
        answer = await client.post(path, json={}, headers=headers)
        assert answer.status_code == 422
