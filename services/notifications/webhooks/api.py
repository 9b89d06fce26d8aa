"""The endpoints by which administrators let systems outside receive events, and see what became of each."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.access.callers import Caller, Role, may
from chassis.base.fields import Several
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.notifications.webhooks import actions as endpoints
from services.notifications.webhooks.event_types import EventType
from services.notifications.webhooks.models import WebhookEndpoint
from services.notifications.webhooks.queries import DELIVERIES, ENDPOINTS
from services.notifications.webhooks.schemas import (
    EndpointTestOut,
    ReplayIn,
    ReplayOut,
    WebhookDeliveryPage,
    WebhookDeliveryState,
    WebhookEndpointIn,
    WebhookEndpointOut,
    WebhookEndpointPage,
    WebhookEndpointSecretOut,
)

routes = Routes(prefix="/v1", tags=["administration"])

Reader = Annotated[Caller, may(Role.ADMINISTRATOR)]
Administrator = Annotated[Command, commanded_by(Role.ADMINISTRATOR)]


def _out(endpoint: WebhookEndpoint, response: Response) -> WebhookEndpointOut:
    response.headers["ETag"] = etag(endpoint.version)
    return WebhookEndpointOut.model_validate(endpoint, from_attributes=True)


def _secret_out(endpoint: WebhookEndpoint) -> WebhookEndpointSecretOut:
    return WebhookEndpointSecretOut.model_validate(endpoint, from_attributes=True)


@routes.post("/webhook-endpoints", status_code=201, responses=responses(Invalid))
async def register_webhook_endpoint(
    wanted: WebhookEndpointIn, command: Administrator, response: Response
) -> WebhookEndpointSecretOut:
    """Register an address that receives events. The answer holds the secret that proves who sent them: keep it."""
    shown = _secret_out(await endpoints.register(command, wanted))
    response.headers["Location"] = f"{routes.prefix}/webhook-endpoints/{shown.id}"
    return shown


class WebhookEndpointsQuery(PageQuery):
    """The parameters of `list_webhook_endpoints`."""

    id: Several[UUID] = Field(None, description="Filter by identifier.")
    sort: str = sorted_by("-id")


@routes.get("/webhook-endpoints", response_model=WebhookEndpointPage)
async def list_webhook_endpoints(
    reading: Reading, caller: Reader, query: Annotated[WebhookEndpointsQuery, Query()]
) -> Response:
    """List the addresses that receive events, newest first, without their secrets."""
    return await ENDPOINTS.page(reading, query)


class WebhookDeliveriesQuery(PageQuery):
    """The parameters of `list_webhook_deliveries`."""

    endpoint_id: Several[UUID] = Field(None, description="Filter by endpoint.")
    event_id: Several[UUID] = Field(None, description="Filter by event.")
    event_type: Several[EventType] = Field(None, description="Filter by type of event.")
    state: Several[WebhookDeliveryState] = Field(None, description="Filter by state.")
    sort: str = sorted_by("-event_id")


@routes.get("/webhook-endpoints/deliveries", response_model=WebhookDeliveryPage)
async def list_webhook_deliveries(
    reading: Reading, caller: Reader, query: Annotated[WebhookDeliveriesQuery, Query()]
) -> Response:
    """List which event was sent to which endpoint, with every attempt and its answer, newest event first."""
    return await DELIVERIES.page(reading, query)


@routes.get("/webhook-endpoints/{endpoint_id}", response_model=WebhookEndpointOut, responses=responses(NotFound))
async def get_webhook_endpoint(endpoint_id: UUID, reading: Reading, caller: Reader) -> Response:
    """Get an address that receives events. Its version is the ETag."""
    found = await ENDPOINTS.one(reading, id=endpoint_id)
    if found is None:
        raise NotFound
    return found


@routes.put("/webhook-endpoints/{endpoint_id}", responses=responses(NotFound, Invalid, VersionStale, VersionMissing))
async def change_webhook_endpoint(
    endpoint_id: UUID, wanted: WebhookEndpointIn, command: Administrator, version: IfMatchWhereKnown, response: Response
) -> WebhookEndpointOut:
    """Change an endpoint's address, its types of event or its description. The secret stays."""
    return _out(await endpoints.change(command, endpoint_id, wanted, version), response)


@routes.delete("/webhook-endpoints/{endpoint_id}", status_code=204, responses=responses(NotFound))
async def remove_webhook_endpoint(endpoint_id: UUID, command: Administrator) -> None:
    """Remove an endpoint and the list of its deliveries. Nothing more is sent to it."""
    await endpoints.remove(command, endpoint_id)


@routes.post("/webhook-endpoints/{endpoint_id}/rotate-secret", responses=responses(NotFound))
async def rotate_webhook_secret(endpoint_id: UUID, command: Administrator) -> WebhookEndpointSecretOut:
    """Make a new secret. For 24 hours events are signed with the earlier one as well."""
    return _secret_out(await endpoints.rotate_secret(command, endpoint_id))


@routes.post("/webhook-endpoints/{endpoint_id}/disable", responses=responses(NotFound))
async def disable_webhook_endpoint(endpoint_id: UUID, command: Administrator, response: Response) -> WebhookEndpointOut:
    """Stop sending events to an address. Deliveries that are still waiting are parked."""
    return _out(await endpoints.disable(command, endpoint_id), response)


@routes.post("/webhook-endpoints/{endpoint_id}/enable", responses=responses(NotFound))
async def enable_webhook_endpoint(endpoint_id: UUID, command: Administrator, response: Response) -> WebhookEndpointOut:
    """Send events to an address again, from now on. Replay what happened meanwhile if it is wanted."""
    return _out(await endpoints.enable(command, endpoint_id), response)


@routes.post(
    "/webhook-endpoints/{endpoint_id}/test",
    status_code=202,
    responses=responses(NotFound, endpoints.EndpointDisabled),
)
async def test_webhook_endpoint(endpoint_id: UUID, command: Administrator) -> EndpointTestOut:
    """Send a test event to this address alone. Its delivery shows whether it arrived."""
    return EndpointTestOut(event_id=await endpoints.test(command, endpoint_id))


@routes.post(
    "/webhook-endpoints/{endpoint_id}/replay",
    status_code=202,
    responses=responses(NotFound, endpoints.EndpointDisabled),
)
async def replay_webhook_endpoint(endpoint_id: UUID, wanted: ReplayIn, command: Administrator) -> ReplayOut:
    """Send events again: one of them, what is parked, or what happened while the endpoint was disabled.

    Events are kept for 30 days, unless the council sets another time.
    """
    return ReplayOut(replayed=await endpoints.replay(command, endpoint_id, wanted))
