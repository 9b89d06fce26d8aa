"""Who may call what: the document, the code and the running system say the same for every route and every role."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from chassis.access.callers import OUTSIDE_ROLES, Role, RoleGuard
from chassis.web.openapi import roles_by_operation
from deploy.services import SERVICES
from gateway.app import web
from tests.support.contracts import services
from tests.support.contracts.services import Operation, all_operations
from tests.support.gateway.world import SignInService, SmallService, World
from tests.support.running import Running
from tests.support.serving import Client, listening

# Whoever asks here is nobody, or proves otherwise who they are: by a link, a signature, or a token of Notify's.
WATCHED = {("GET", "/health/live"), ("GET", "/health/ready"), ("GET", "/metrics")}


def below(pages: str) -> set[tuple[str, str]]:
    """The pages behind the links to a service's papers."""
    found = ("", "/style.css", "/{token}", "/link/{link_id}", "/link/{link_id}/paper.{form}", "/link/{link_id}/code")
    sent = ("/link/{link_id}/code", "/link/{link_id}/code/send", "/new-link")
    return {("GET", pages + path) for path in found} | {("POST", pages + path) for path in sent}


OPEN = {
    "children": WATCHED | {("POST", "/webhooks/events")},
    "reviews": WATCHED | {("GET", "/diary/{token}.ics"), ("POST", "/webhooks/events"), *below("/review-papers")},
    "conferences": WATCHED
    | {
        ("GET", "/contribution"),
        ("GET", "/contribution/link/{link_id}"),
        ("POST", "/contribution/link/{link_id}"),
        ("GET", "/contribution/link/{link_id}/code"),
        ("POST", "/contribution/link/{link_id}/code"),
        ("POST", "/contribution/link/{link_id}/code/send"),
        ("GET", "/contribution/{token}"),
        ("GET", "/contribution/style.css"),
        ("GET", "/contribution/link/{link_id}/receipt"),
        ("POST", "/contribution/new-link"),
        *below("/conference-papers"),
        ("POST", "/webhooks/events"),
    },
    "escalations": WATCHED
    | {
        ("GET", "/answer"),
        ("GET", "/answer/link/{link_id}"),
        ("POST", "/answer/link/{link_id}"),
        ("GET", "/answer/{token}"),
        ("GET", "/answer/style.css"),
        ("GET", "/answer/link/{link_id}/escalations/{reference}"),
        ("GET", "/answer/link/{link_id}/list.csv"),
        ("GET", "/answer/link/{link_id}/receipt/{answer_id}"),
        ("POST", "/answer/link/{link_id}/share"),
        ("POST", "/answer/link/{link_id}/stop-sharing"),
        ("POST", "/answer/new-link"),
        ("POST", "/webhooks/events"),
    },
    "reports": WATCHED | {("POST", "/webhooks/events")},
    "notifications": WATCHED | {("POST", "/callbacks/notify"), ("POST", "/webhooks/events")},
}
OPEN_AT_THE_GATEWAY = WATCHED | {
    ("GET", "/"),
    ("GET", "/docs"),
    ("GET", "/docs/start.js"),
    ("GET", "/docs/static/{name}"),
    ("GET", "/openapi.json"),
    ("GET", "/problems/{name}"),
    ("GET", "/problems/style.css"),
}
MERGED = list(all_operations(services.merged()))
# The framework's own pages about the document, which every service has and the gateway does not route to.
FRAMEWORK = {("GET", "/openapi.json"), ("HEAD", "/openapi.json")}

INTERNAL = "/internal/"
# What the gateway puts together of several services is asked in the caller's own name.
ASKED_FOR_PEOPLE = {
    "/internal/audit-entries",
    "/internal/children/{person_id}/chairs",
    "/internal/children/{person_id}/timeline",
    "/internal/children/{person_id}/voided",
    "/internal/deadlines",
    "/internal/deadlines/counts",
    "/internal/diary",
    "/internal/feedback",
    "/internal/home",
    "/internal/invitations",
    "/internal/search",
}

each_service = pytest.mark.parametrize("name", SERVICES)


@each_service
def test_every_route_is_guarded_but_those_that_are_meant_to_be_open(name: str) -> None:
    table = roles_by_operation(services.application(name))
    assert len(table) > 10
    assert {key for key, roles in table.items() if not roles} == OPEN[name]
    assert all(set(roles) <= set(Role) for roles in table.values())


def test_the_gateways_own_routes_are_guarded_as_well() -> None:
    table = roles_by_operation(services.gateway().pages)
    assert {key for key, roles in table.items() if not roles} == OPEN_AT_THE_GATEWAY
    assert table["GET", "/v1/audit-entries"] == [Role.ADMINISTRATOR]


@each_service
def test_no_route_is_hidden_from_the_table(name: str) -> None:
    """Included routers, mounted applications and plain routes: all are routes of the kind that the table reads."""
    app = services.application(name)
    every = list(iter_route_contexts(app.routes))
    plain = [route for route in every if not isinstance(route.original_route, APIRoute)]
    assert {(method, str(route.path)) for route in plain for method in route.methods or ()} <= FRAMEWORK
    table = roles_by_operation(app)
    for route in every:
        if isinstance(route.original_route, APIRoute):
            assert {(method, route.path_format) for method in route.methods or ()} <= table.keys()


@each_service
def test_a_guarded_route_has_one_guard(name: str) -> None:
    """Two would have to agree, and the document could say only one."""
    routes = list(iter_route_contexts(services.application(name).routes))
    assert len(routes) > 10
    for route in routes:
        if isinstance(route.original_route, APIRoute):
            waiting, guards = [route.dependant], set()
            while waiting:
                dependant = waiting.pop()
                waiting += dependant.dependencies
                if isinstance(dependant.call, RoleGuard):
                    guards.add(dependant.call)
            assert len({guard.roles for guard in guards}) <= 1, route.path


@each_service
def test_the_document_says_of_every_operation_who_may(name: str) -> None:
    app = services.application(name)
    table = roles_by_operation(app)
    described = {
        (operation.method, operation.path): set(operation.roles) for operation in all_operations(app.openapi())
    }
    assert described == {key: set(roles) for key, roles in table.items() if key not in OPEN[name]}
    assert described


def test_the_merged_document_leaves_nothing_out_that_can_be_reached() -> None:
    described = {(operation.method, operation.path): operation.roles for operation in MERGED}
    own = {
        key
        for name in SERVICES
        for key in roles_by_operation(services.application(name))
        if key not in OPEN[name] and not key[1].startswith(INTERNAL)
    }
    assert own <= described.keys()
    of_the_gateway = {path for method, path in roles_by_operation(services.gateway().pages) if path.startswith("/v1/")}
    added = {("POST", "/v1/children/{person_id}/chairs")}
    assert described.keys() - own == {("GET", path) for path in of_the_gateway} | added
    assert all(described.values())


@each_service
def test_what_is_for_services_alone_is_what_stands_below_the_internal_prefix(name: str) -> None:
    table = roles_by_operation(services.application(name))
    for_services = {path for (_, path), roles in table.items() if roles == [Role.SERVICE]}
    assert for_services == {path for _, path in table if path.startswith(INTERNAL)} - ASKED_FOR_PEOPLE
    assert not any(INTERNAL in operation.path for operation in MERGED)


# What the notifications service asks beside people; everything else that services ask is internal.
ASKED_BY_SERVICES = {
    ("GET", "/v1/answers/links"),
    ("GET", "/v1/answers/{answer_id}"),
    ("GET", "/v1/chairs/caseloads"),
    ("GET", "/v1/figures/conferences"),
    ("GET", "/v1/figures/conferences/activity"),
    ("GET", "/v1/figures/conferences/contributions"),
    ("GET", "/v1/figures/conferences/plans"),
    ("GET", "/v1/figures/escalations"),
    ("GET", "/v1/figures/informal"),
    ("GET", "/v1/figures/reviews"),
    ("GET", "/v1/figures/reviews/activity"),
}
WRITTEN_BY_CASE_MANAGEMENT = {
    ("PUT", "/v1/children/{person_id}"),
    ("PUT", "/v1/children/{person_id}/care"),
    ("PUT", "/v1/children/{person_id}/protection"),
    ("PUT", "/v1/conferences/section-47-enquiries/{request_id}"),
    ("PUT", "/v1/conferences/transfers-in/{request_id}"),
}
# About nobody, or the caller: for whoever is signed in.
FOR_EVERYBODY = {
    ("GET", "/v1/me"),
    ("GET", "/v1/deadlines/timescales/conferences/{event}"),
    ("GET", "/v1/deadlines/timescales/reviews/{event}"),
    ("GET", "/v1/vocabulary"),
}


def test_case_management_may_no_more_than_it_needs() -> None:
    may = {(operation.method, operation.path) for operation in MERGED if Role.CASE_MANAGEMENT in operation.roles}
    assert may == WRITTEN_BY_CASE_MANAGEMENT | FOR_EVERYBODY


def test_services_may_no_more_than_they_need_and_nobody_outside_is_told_of_them() -> None:
    tables = (roles_by_operation(services.application(name)) for name in SERVICES)
    asked = {key for table in tables for key, roles in table.items() if Role.SERVICE in roles}
    assert {key for key in asked if not key[1].startswith(INTERNAL)} == ASKED_BY_SERVICES
    assert [operation.label for operation in MERGED if Role.SERVICE in operation.roles] == []


@pytest.fixture
async def clients(running: Running) -> dict[str, Client]:
    """The services, running."""
    return {name: await running(name, log_level="error") for name in SERVICES}


async def ask(client: httpx.AsyncClient, operation: Operation, headers: dict[str, str]) -> int:
    """The status that an operation answers."""
    answer = await client.request(
        operation.method, operation.address, headers=operation.headers | headers, content=operation.body
    )
    return answer.status_code


async def test_every_service_answers_every_role_as_its_document_says(clients: dict[str, Client]) -> None:
    """Straight at the service, where no gateway has looked at the caller before; every refusal is in the audit."""
    for name, client in clients.items():
        refused = []
        for operation in all_operations(services.application(name).openapi()):
            place = operation.label
            assert await ask(client, operation, {}) == 401, place
            assert await ask(client, operation, {"Authorization": "Bearer nonsense"}) == 401, place
            assert await ask(client, operation, client.as_()) == 403, place
            refused.append(f"{operation.method} {operation.address}")
            for role in Role:
                status = await ask(client, operation, client.as_(role))
                if status == 403 and role is not Role.SERVICE:
                    refused.append(f"{operation.method} {operation.address}")
                if role in operation.roles:
                    assert status not in {401, 403}, f"{place} for {role}"
                    assert status < 500 or status == 503, f"{place} for {role}"
                else:
                    assert status == 403, f"{place} for {role}"
        rows = await client.process.database.statements.rows(
            "SELECT record FROM chassis.audit_entry WHERE action = 'refused_403' AND caller = 'someone' "
            "AND address = '127.0.0.1' ORDER BY at, id"
        )
        assert [row["record"] for row in rows] == refused


@pytest.fixture
async def front(clients: dict[str, Client]) -> AsyncIterator[tuple[httpx.AsyncClient, SignInService]]:
    """The gateway before all services, and a sign-in service that says every role by its own name."""
    async with AsyncExitStack() as stack:
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
        yield await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=30)), sign_in


async def test_the_whole_system_answers_every_role_as_the_merged_document_says(
    front: tuple[httpx.AsyncClient, SignInService],
) -> None:
    client, sign_in = front
    headers = {role: sign_in.as_(role, subject="someone") for role in Role}
    stranger = sign_in.as_("Somebody else's group")
    for operation in MERGED:
        place = operation.label
        assert await ask(client, operation, {}) == 401, place
        assert await ask(client, operation, stranger) == 403, place
        for role in Role:
            status = await ask(client, operation, headers[role])
            if role in operation.roles & OUTSIDE_ROLES:
                assert status not in {401, 403}, f"{place} for {role}"
            else:
                assert status == 403, f"{place} for {role}"


async def test_what_is_for_services_alone_cannot_be_reached_from_outside(
    front: tuple[httpx.AsyncClient, SignInService],
) -> None:
    client, sign_in = front
    everything = sign_in.as_(*Role, subject="someone")
    asked = [
        operation
        for name in SERVICES
        for operation in all_operations(services.application(name).openapi())
        if operation.path.startswith(INTERNAL)
    ]
    assert len(asked) > 10
    for operation in asked:
        assert await ask(client, operation, everything) == 404, operation.label


async def test_the_services_own_webhooks_cannot_be_reached_from_outside(
    front: tuple[httpx.AsyncClient, SignInService],
) -> None:
    client, sign_in = front
    for path in ("/webhooks/events", "/v1/webhooks/events"):
        answer = await client.post(path, json={}, headers=sign_in.as_(Role.ADMINISTRATOR))
        assert answer.status_code == 404
