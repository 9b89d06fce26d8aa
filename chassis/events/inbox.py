"""Receives what other services publish: each event is handled once, in the transaction that remembers it.

A subscriber declares an event again with only what it reads. An event may come late, twice or out of order: a
handler that sets a state compares the version that the event carries.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field as Column
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base import clock
from chassis.base.problems import Forbidden, Invalid, Malformed, UnsupportedMediaType
from chassis.base.validation import violations_of
from chassis.db.database import Base, moment
from chassis.events.event import BATCH, SINGLE
from chassis.events.standard_webhooks import publisher_of
from chassis.process import Process, ProcessDep

log = structlog.get_logger()


class ReceivedEvent(BaseModel):
    """An event of another service, with only what this one reads of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: ClassVar[str]
    type: ClassVar[str]


class Received(Base, table=True):
    """An event that took its effect here."""

    source: str = Column(primary_key=True)
    event_id: UUID = Column(primary_key=True)
    at: datetime = moment()


@dataclass(frozen=True)
class Receipt:
    """What a handler works with: the transaction in which the event is remembered, and when it was received.

    `answered` is what other services answered to the subscription's `ask`.
    """

    session: AsyncSession
    process: Process
    now: datetime
    answered: Any = None


@dataclass(frozen=True)
class Subscription:
    """What this service does when another one publishes an event.

    `ask` asks another service about all events of a batch at once, before the transaction: no row is locked meanwhile.
    """

    event: type[ReceivedEvent]
    handler: Callable[[Any, Receipt], Awaitable[None]]
    ask: Callable[[Process, Sequence[Any]], Awaitable[Any]] | None = None


class Envelope(BaseModel):
    """The attributes of a CloudEvent that are read here."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    source: str
    type: str
    subject: str = ""
    time: datetime = Field(default_factory=clock.now)
    data: dict[str, Any]
    requestid: str | None = None


Handled = tuple[Subscription, ReceivedEvent]
# Keeps events for others, in the transaction in which they are remembered.
PassOn = Callable[[Sequence[Envelope], Receipt], Awaitable[None]]


def router(listens: Sequence[Subscription], passes_on: PassOn | None = None) -> APIRouter:
    """The endpoint that other services send their events to; it cannot be reached through the gateway."""
    known = {(wanted.event.source, wanted.event.type): wanted for wanted in listens}
    routes = APIRouter(include_in_schema=False)

    @routes.post("/webhooks/events", status_code=204)
    async def receive_events(request: Request, process: ProcessDep) -> Response:
        """Receive one event, or a batch: all of it or none. An event without a subscription gets the same answer."""
        body = await request.body()
        secrets = {
            name: [secret.get_secret_value() for secret in many]
            for name, many in process.settings.webhook_publishers.items()
        }
        publisher = publisher_of(secrets, request.headers, body)
        events = _read(request.headers.get("content-type", ""), body)
        if any(event.source != publisher for event in events):
            raise Forbidden("An event speaks for somebody else.")
        received = [(event, _typed(known.get((event.source, event.type)), event)) for event in events]
        if passes_on is None:
            received = [(event, handled) for event, handled in received if handled]
        if received:
            await _take_in(process, received, passes_on)
        return Response(status_code=204)

    return routes


async def _asked(process: Process, received: Sequence[Handled]) -> dict[Subscription, Any]:
    """What other services answer about these events, by who wanted to know it."""
    wanted: dict[Subscription, list[ReceivedEvent]] = {}
    for subscription, event in received:
        wanted.setdefault(subscription, []).append(event)
    return {
        subscription: await subscription.ask(process, events)
        for subscription, events in wanted.items()
        if subscription.ask
    }


async def _take_in(
    process: Process, received: Sequence[tuple[Envelope, Handled | None]], passes_on: PassOn | None
) -> None:
    now = clock.now()
    answers = await _asked(process, [handled for _, handled in received if handled])
    async with process.database.transaction() as session:
        rows = [{"source": event.source, "event_id": event.id, "at": now} for event, _ in received]
        fresh = insert(Received).on_conflict_do_nothing().returning(col(Received.event_id))
        first_time = set((await session.exec(fresh.values(rows))).scalars().all())
        new = {event.id: (event, handled) for event, handled in received if event.id in first_time}
        if passes_on and new:
            await passes_on([event for event, _ in new.values()], Receipt(session, process, now))
        for event, handled in new.values():
            if handled:
                subscription, said = handled
                trail = {"event_id": str(event.id), "event_type": event.type}
                if event.requestid:
                    trail["request_id"] = event.requestid
                with structlog.contextvars.bound_contextvars(**trail):
                    await subscription.handler(said, Receipt(session, process, now, answers.get(subscription)))
                    log.info("event_handled", publisher=event.source)


def _read(content_type: str, body: bytes) -> list[Envelope]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in {SINGLE, BATCH}:
        raise UnsupportedMediaType(f"Send {SINGLE} or {BATCH}.")
    try:
        sent = json.loads(body)
    except ValueError:
        raise Malformed("The body is not valid JSON.") from None
    try:
        return [Envelope.model_validate(event) for event in (sent if kind == BATCH else [sent])]
    except (ValidationError, TypeError) as error:
        raise _invalid(error) from None


def _typed(subscription: Subscription | None, event: Envelope) -> Handled | None:
    if subscription is None:
        return None
    try:
        return subscription, subscription.event.model_validate(event.data)
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: Exception) -> Invalid:
    if isinstance(error, ValidationError):
        return Invalid.of(violations_of(error.errors()))
    return Invalid.field("", "list", "A batch is a list of events.")
