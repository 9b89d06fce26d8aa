"""Outside subscribers: a council's own systems register where they want to receive events, and see what they were sent.

The secret is shown once. Events come one at a time, signed after Standard Webhooks, as CloudEvents JSON.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlalchemy import bindparam, func, literal_column, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access import audit
from chassis.access.callers import Caller, Role, may
from chassis.base.clock import Now
from chassis.base.fields import Omittable
from chassis.base.http import check_url
from chassis.base.problems import Invalid, NotFound, responses
from chassis.db.database import Reading, Transaction
from chassis.events.deliveries import CHANNEL, Delivery, WebhookEndpoint
from chassis.events.event import Event, Outgoing
from chassis.events.standard_webhooks import new_secret
from chassis.events.webhook_schemas import (
    DeliveryPage,
    ReplayIn,
    ReplayOut,
    State,
    WebhookEndpointIn,
    WebhookEndpointOut,
    WebhookEndpointPage,
    WebhookEndpointSecretOut,
)
from chassis.process import ProcessDep
from chassis.web.idempotency import IdempotencyKey
from chassis.web.pagination import JsonRows, PageQuery, Paging

EARLIER_SECRET_VALID = timedelta(days=1)
Administrator = Annotated[Caller, may(Role.ADMINISTRATOR)]


class EndpointTested(Event):
    """An administrator tested whether events arrive."""

    type = "webhook_endpoint.tested"
    about = "endpoint_id"

    endpoint_id: UUID


def _without_secrets() -> list[Any]:
    hidden = {"secret", "earlier_secret", "earlier_secret_until"}
    table: Any = WebhookEndpoint.__table__  # type: ignore[attr-defined]
    return [column for column in table.c if column.name not in hidden]


ENDPOINTS = JsonRows(
    select(*_without_secrets()),
    filters={"id": col(WebhookEndpoint.id) == bindparam("id")},
    order=[col(WebhookEndpoint.id).desc()],
)
_STATE = (
    "CASE WHEN delivered_at IS NOT NULL THEN 'delivered' WHEN parked_at IS NOT NULL THEN 'parked' ELSE 'waiting' END"
)
DELIVERIES = JsonRows(
    select(
        col(Delivery.event_id),
        col(Outgoing.type).label("event_type"),
        col(Outgoing.subject),
        col(Outgoing.at).label("happened_at"),
        col(Delivery.subscriber),
        literal_column(_STATE).label("state"),
        col(Delivery.due_at),
        col(Delivery.delivered_at),
        col(Delivery.parked_at),
        col(Delivery.tries),
        col(Delivery.attempts),
    ).join(Outgoing, col(Outgoing.id) == col(Delivery.event_id)),
    filters={
        "subscriber": col(Delivery.subscriber) == bindparam("subscriber"),
        "event_id": col(Delivery.event_id) == bindparam("event_id"),
        "state": literal_column(_STATE) == bindparam("state"),
    },
    order=[col(Delivery.event_id).desc(), col(Delivery.subscriber).desc()],
)


async def _endpoint(session: AsyncSession, endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = await session.get(WebhookEndpoint, endpoint_id, with_for_update=True)
    if endpoint is None:
        raise NotFound
    return endpoint


async def _audit(session: AsyncSession, caller: Caller, action: str, endpoint: WebhookEndpoint) -> None:
    """Write down who let an outside address receive events, or changed that."""
    await audit.record(session, caller, action=action, person_ids=[], record=f"{endpoint.id} {endpoint.url}")


def _out(endpoint: WebhookEndpoint) -> WebhookEndpointOut:
    return WebhookEndpointOut.model_validate(endpoint, from_attributes=True)


def _check(wanted: WebhookEndpointIn, process: ProcessDep, types: set[str]) -> None:
    if wrong := check_url(wanted.url, allow_private=process.settings.allow_private_webhook_addresses):
        raise Invalid.field("url", "public_address", wrong)
    for place, one in enumerate(wanted.event_types):
        if one not in types:
            raise Invalid.field(f"event_types.{place}", "event_type", f"Known are {', '.join(sorted(types))}.")


def router(service: str, publishes: Sequence[type[Event]]) -> APIRouter:
    """The endpoints by which administrators let other systems receive this service's events."""
    routes = APIRouter(prefix=f"/v1/services/{service}", tags=["administration"])
    types = {event.type for event in publishes} | {EndpointTested.type}
    _add_registration(routes, service, types)
    _add_changes(routes, service)
    _add_deliveries(routes, service)
    return routes


def _add_registration(routes: APIRouter, service: str, types: set[str]) -> None:
    @routes.post(
        "/webhook-endpoints",
        status_code=201,
        operation_id=f"register_{service}_webhook_endpoint",
        response_model=WebhookEndpointSecretOut,
    )
    async def register_webhook_endpoint(
        wanted: WebhookEndpointIn,
        session: Transaction,
        caller: Administrator,
        key: IdempotencyKey,
        process: ProcessDep,
        now: Now,
    ) -> Response:
        """Register an address that receives events. The answer holds the secret that proves who sent them: keep it."""
        _check(wanted, process, types)
        endpoint = WebhookEndpoint(
            url=wanted.url,
            description=wanted.description,
            event_types=wanted.event_types,
            secret=new_secret(),
            created_at=now,
            created_by=caller.subject,
        )
        session.add(endpoint)
        await session.flush()
        shown = WebhookEndpointSecretOut(id=endpoint.id, secret=endpoint.secret, earlier_secret_until=None)
        await _audit(session, caller, "register_webhook_endpoint", endpoint)
        return await key.remember(
            shown,
            headers={"Location": f"{routes.prefix}/webhook-endpoints/{endpoint.id}"},
            kept=shown.model_copy(update={"secret": None}),
        )

    @routes.get(
        "/webhook-endpoints", operation_id=f"list_{service}_webhook_endpoints", response_model=WebhookEndpointPage
    )
    async def list_webhook_endpoints(reading: Reading, caller: Administrator, query: Paging) -> Response:
        """List the addresses that receive events, newest first, without their secrets."""
        return await ENDPOINTS.page(reading, query)

    @routes.get(
        "/webhook-endpoints/{endpoint_id}",
        operation_id=f"get_{service}_webhook_endpoint",
        response_model=WebhookEndpointOut,
        responses=responses(NotFound),
    )
    async def get_webhook_endpoint(endpoint_id: UUID, reading: Reading, caller: Administrator) -> Response:
        """Get one address that receives events."""
        found = await ENDPOINTS.one(reading, id=endpoint_id)
        if found is None:
            raise NotFound
        return found


def _add_changes(routes: APIRouter, service: str) -> None:
    @routes.post(
        "/webhook-endpoints/{endpoint_id}/rotate-secret",
        operation_id=f"rotate_{service}_webhook_secret",
        responses=responses(NotFound),
    )
    async def rotate_webhook_secret(
        endpoint_id: UUID, session: Transaction, caller: Administrator, now: Now
    ) -> WebhookEndpointSecretOut:
        """Make a new secret. For 24 hours events are signed with the earlier one as well."""
        endpoint = await _endpoint(session, endpoint_id)
        endpoint.earlier_secret, endpoint.earlier_secret_until = endpoint.secret, now + EARLIER_SECRET_VALID
        endpoint.secret = new_secret()
        endpoint.version += 1
        await _audit(session, caller, "rotate_webhook_secret", endpoint)
        return WebhookEndpointSecretOut.model_validate(endpoint, from_attributes=True)

    @routes.post(
        "/webhook-endpoints/{endpoint_id}/disable",
        operation_id=f"disable_{service}_webhook_endpoint",
        responses=responses(NotFound),
    )
    async def disable_webhook_endpoint(
        endpoint_id: UUID, session: Transaction, caller: Administrator, now: Now
    ) -> WebhookEndpointOut:
        """Stop sending events to an address. Deliveries that are still waiting are parked."""
        endpoint = await _endpoint(session, endpoint_id)
        if endpoint.disabled_at is None:
            endpoint.disabled_at, endpoint.disabled_because = now, "An administrator disabled it."
            endpoint.version += 1
            waiting = update(Delivery).where(
                col(Delivery.subscriber) == str(endpoint_id), col(Delivery.due_at).is_not(None)
            )
            await session.exec(waiting.values(due_at=None, parked_at=now))
            await _audit(session, caller, "disable_webhook_endpoint", endpoint)
        return _out(endpoint)

    @routes.post(
        "/webhook-endpoints/{endpoint_id}/enable",
        operation_id=f"enable_{service}_webhook_endpoint",
        responses=responses(NotFound),
    )
    async def enable_webhook_endpoint(
        endpoint_id: UUID, session: Transaction, caller: Administrator
    ) -> WebhookEndpointOut:
        """Send events to an address again, from now on. Replay parked deliveries if they are wanted."""
        endpoint = await _endpoint(session, endpoint_id)
        if endpoint.disabled_at is not None:
            endpoint.disabled_at = endpoint.disabled_because = None
            endpoint.version += 1
            await _audit(session, caller, "enable_webhook_endpoint", endpoint)
        return _out(endpoint)

    @routes.post(
        "/webhook-endpoints/{endpoint_id}/test",
        status_code=202,
        operation_id=f"test_{service}_webhook_endpoint",
        responses=responses(NotFound),
    )
    async def test_webhook_endpoint(
        endpoint_id: UUID, session: Transaction, caller: Administrator, now: Now
    ) -> ReplayOut:
        """Send a test event to this address alone. Its delivery shows whether it arrived."""
        endpoint = await _endpoint(session, endpoint_id)
        event = Outgoing.of(EndpointTested(endpoint_id=endpoint.id), now)
        event.addressed_at = now
        session.add(event)
        await session.flush()
        session.add(Delivery(event_id=event.id, subscriber=str(endpoint.id), due_at=now))
        await _audit(session, caller, "test_webhook_endpoint", endpoint)
        return ReplayOut(replayed=1)


class DeliveriesQuery(PageQuery):
    """The parameters of `list_deliveries`."""

    subscriber: Omittable[str] = Field(None, description="An endpoint's id, or a service's name.")
    event_id: Omittable[UUID] = Field(None, description="Only this event's deliveries.")
    state: Omittable[State] = Field(None, description="Only deliveries in this state.")


def _add_deliveries(routes: APIRouter, service: str) -> None:
    @routes.get("/deliveries", operation_id=f"list_{service}_deliveries", response_model=DeliveryPage)
    async def list_deliveries(
        reading: Reading, caller: Administrator, query: Annotated[DeliveriesQuery, Query()]
    ) -> Response:
        """List which event was sent to whom, with every attempt and its answer, newest event first."""
        return await DELIVERIES.page(reading, query)

    @routes.post("/deliveries/replay", status_code=202, operation_id=f"replay_{service}_deliveries")
    async def replay_deliveries(wanted: ReplayIn, session: Transaction, caller: Administrator, now: Now) -> ReplayOut:
        """Send an event again, whether or not it arrived, or all deliveries that are parked for a subscriber."""
        which = update(Delivery).where(col(Delivery.subscriber) == wanted.subscriber)
        if wanted.event_id is None:
            which = which.where(col(Delivery.parked_at).is_not(None))
        else:
            which = which.where(col(Delivery.event_id) == wanted.event_id)
        found = await session.exec(which.values(due_at=now, delivered_at=None, parked_at=None, tries=0))
        await audit.record(session, caller, action="replay_deliveries", person_ids=[], record=wanted.subscriber)
        await (await session.connection()).execute(select(func.pg_notify(CHANNEL, "")))
        return ReplayOut(replayed=found.rowcount)
