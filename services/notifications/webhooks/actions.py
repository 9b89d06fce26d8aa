"""What administrators do with the endpoints that receive events; each change is audited."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from chassis.base.problems import Conflict, Invalid, NotFound
from chassis.command import Command
from chassis.events.deliveries import CHANNEL, Delivery
from chassis.events.event import Outgoing
from chassis.events.standard_webhooks import new_secret
from chassis.web.versions import check_version, says_the_same
from services.notifications.events import WebhookEndpointTested
from services.notifications.settings import settings_of
from services.notifications.webhooks.addresses import check_url
from services.notifications.webhooks.models import WebhookEndpoint
from services.notifications.webhooks.schemas import ReplayIn, WebhookEndpointIn

EARLIER_SECRET_VALID = timedelta(days=1)


class EndpointDisabled(Conflict):
    """This endpoint is disabled. Enable it first."""


async def register(command: Command, wanted: WebhookEndpointIn) -> WebhookEndpoint:
    """Let an address receive events from now on."""
    _check(command, wanted)
    endpoint = WebhookEndpoint(
        **wanted.model_dump(), secret=new_secret(), created_at=command.now, created_by=command.caller.subject
    )
    command.session.add(endpoint)
    await command.session.flush()
    await _audit(command, "register_webhook_endpoint", endpoint)
    return endpoint


async def change(
    command: Command, endpoint_id: UUID, wanted: WebhookEndpointIn, version: int | None
) -> WebhookEndpoint:
    """Replace what is registered; what waits already is sent to the new address. What is sent again changes nothing."""
    _check(command, wanted)
    endpoint = await _locked(command, endpoint_id)
    if says_the_same(endpoint, wanted.model_dump()):
        return endpoint
    check_version(endpoint, version)
    endpoint.sqlmodel_update(wanted.model_dump())
    return await _changed(command, "change_webhook_endpoint", endpoint)


async def remove(command: Command, endpoint_id: UUID) -> None:
    """Forget an endpoint, with its deliveries."""
    endpoint = await _locked(command, endpoint_id)
    await command.session.exec(delete(Delivery).where(_to(endpoint)))
    await command.session.delete(endpoint)
    await _audit(command, "remove_webhook_endpoint", endpoint)


async def rotate_secret(command: Command, endpoint_id: UUID) -> WebhookEndpoint:
    """Make a new secret; the earlier one is used beside it for a day."""
    endpoint = await _locked(command, endpoint_id)
    endpoint.earlier_secret, endpoint.earlier_secret_until = endpoint.secret, command.now + EARLIER_SECRET_VALID
    endpoint.secret = new_secret()
    return await _changed(command, "rotate_webhook_secret", endpoint)


async def disable(command: Command, endpoint_id: UUID) -> WebhookEndpoint:
    """Send nothing more to an endpoint, and park what still waits."""
    endpoint = await _locked(command, endpoint_id)
    if endpoint.disabled_at is not None:
        return endpoint
    endpoint.disabled_at, endpoint.disabled_because = command.now, "An administrator disabled it."
    waiting = update(Delivery).where(_to(endpoint), col(Delivery.due_at).is_not(None))
    await command.session.exec(waiting.values(due_at=None, parked_at=command.now))
    return await _changed(command, "disable_webhook_endpoint", endpoint)


async def enable(command: Command, endpoint_id: UUID) -> WebhookEndpoint:
    """Send to an endpoint again what happens from now on."""
    endpoint = await _locked(command, endpoint_id)
    if endpoint.disabled_at is None:
        return endpoint
    endpoint.disabled_at = endpoint.disabled_because = None
    return await _changed(command, "enable_webhook_endpoint", endpoint)


async def test(command: Command, endpoint_id: UUID) -> UUID:
    """Send an event that means nothing to one endpoint alone, whatever its types; returns the event's id."""
    endpoint = await _enabled(command, endpoint_id)
    event = Outgoing.of(WebhookEndpointTested(endpoint_id=endpoint.id), command.now)
    event.addressed_at = command.now
    command.session.add(event)
    await command.session.flush()
    command.session.add(Delivery(event_id=event.id, subscriber=str(endpoint.id), due_at=command.now))
    await _audit(command, "test_webhook_endpoint", endpoint)
    return event.id


async def replay(command: Command, endpoint_id: UUID, wanted: ReplayIn) -> int:
    """Send again one event, or what is parked and never was sent; returns how many deliveries that are."""
    endpoint = await _enabled(command, endpoint_id)
    parked, named = col(Delivery.parked_at).is_not(None), col(Delivery.event_id) == wanted.event_id
    again = update(Delivery).where(_to(endpoint), parked if wanted.event_id is None else named)
    found = await command.session.exec(again.values(due_at=command.now, delivered_at=None, parked_at=None, tries=0))
    replayed = found.rowcount
    if wanted.since is not None:
        replayed += await _send_what_was_missed(command, endpoint, wanted.since)
    await _audit(command, "replay_webhook_endpoint", endpoint)
    await (await command.session.connection()).execute(select(func.pg_notify(CHANNEL, "")))
    return replayed


async def _send_what_was_missed(command: Command, endpoint: WebhookEndpoint, since: datetime) -> int:
    """Make deliveries of the events since then that have none to this endpoint; the tests of others are not for it."""
    events = select(col(Outgoing.id), literal(str(endpoint.id)), literal(command.now)).where(
        col(Outgoing.at) >= since, col(Outgoing.type) != WebhookEndpointTested.type
    )
    if endpoint.event_types:
        events = events.where(col(Outgoing.type) == func.any(endpoint.event_types))
    missed = insert(Delivery).from_select(["event_id", "subscriber", "due_at"], events)
    return (await command.session.exec(missed.on_conflict_do_nothing())).rowcount


def _to(endpoint: WebhookEndpoint) -> ColumnElement[bool]:
    return col(Delivery.subscriber) == str(endpoint.id)


def _check(command: Command, wanted: WebhookEndpointIn) -> None:
    if wrong := check_url(wanted.url, allow_private=settings_of(command.process).allow_private_webhook_addresses):
        raise Invalid.field("url", "public_address", wrong)


async def _locked(command: Command, endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = await command.session.get(WebhookEndpoint, endpoint_id, with_for_update=True)
    if endpoint is None:
        raise NotFound
    return endpoint


async def _enabled(command: Command, endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = await _locked(command, endpoint_id)
    if endpoint.disabled_at is not None:
        raise EndpointDisabled
    return endpoint


async def _changed(command: Command, action: str, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    endpoint.version += 1
    await _audit(command, action, endpoint)
    return endpoint


async def _audit(command: Command, action: str, endpoint: WebhookEndpoint) -> None:
    """Write down who let an outside address receive events, or changed that."""
    await command.audit(action, [], f"{endpoint.id} {endpoint.url}")
