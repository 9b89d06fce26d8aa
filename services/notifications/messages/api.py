"""The message log, letters to print, bounces, and suppressed addresses."""

import secrets
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, ConfigDict, Field

from chassis.access.callers import Caller, Role, bearer
from chassis.base import clock
from chassis.base.clock import Now, Today
from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import (
    Invalid,
    Malformed,
    NotFound,
    NotSignedIn,
    Unavailable,
    UnsupportedMediaType,
    responses,
)
from chassis.command import Command, commanded_by
from chassis.db.database import Transaction
from chassis.process import ProcessDep
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from chassis.web.service_clients import ServiceOutOfReach
from services.notifications.messages import actions as messages
from services.notifications.messages import receipts
from services.notifications.messages.queries import MESSAGES, SUPPRESSIONS, WHOLE_MESSAGE
from services.notifications.messages.schemas import (
    BouncesOut,
    LiftSuppressionIn,
    MessageOut,
    MessagePage,
    QueuedOut,
    SuppressionIn,
    SuppressionOut,
    SuppressionPage,
    WholeMessageOut,
)
from services.notifications.roles import MANAGERS, PRINTERS
from services.notifications.rules import MessageState
from services.notifications.settings import settings_of

routes = Routes(prefix="/v1", tags=["emails"])
callbacks = APIRouter(tags=["emails"])

RFC822 = "message/rfc822"
DELIVERED = "delivered"
# Other failures may pass; an address that does not exist stays so.
PERMANENT = "permanent-failure"
KNOWN = frozenset({DELIVERED, PERMANENT, "temporary-failure", "technical-failure"})

Reader = Annotated[RecordReader, read_by(*PRINTERS)]
Manager = Annotated[Command, commanded_by(*MANAGERS)]


class MessagesQuery(PageQuery):
    """The parameters of `list_messages`."""

    id: Several[UUID] = Field(None, description="Filter by identifier.")
    recipient_id: Several[str] = Field(None, description="Filter by recipient.")
    schedule: Several[str] = Field(None, description="Filter by schedule.")
    period: Several[str] = Field(None, description="Filter by period.")
    template: Several[str] = Field(None, description="Filter by template.")
    state: Several[MessageState] = Field(None, description="Filter by state.")
    queued_from: Omittable[Day] = Field(None, description="Queued on or after this day.")
    queued_to: Omittable[Day] = Field(None, description="Queued on or before this day.")
    sort: str = sorted_by("-id", "recipient_id", "state")


@routes.get("/messages", response_model=MessagePage)
async def list_messages(reader: Reader, query: Annotated[MessagesQuery, Query()]) -> Response:
    """List messages, newest first, with their recipients, times and states."""
    first, last = query.queued_from, query.queued_to
    return await reader.page(
        MESSAGES,
        query,
        queued_from=None if first is None else clock.start_of(first),
        queued_to=None if last in {None, date.max} else clock.start_of(last + timedelta(days=1)),
    )


class SuppressionsQuery(PageQuery):
    """The parameters of `list_suppressions`."""

    sort: str = sorted_by("address")


@routes.get("/messages/suppressions", response_model=SuppressionPage)
async def list_suppressions(reader: Reader, query: Annotated[SuppressionsQuery, Query()]) -> Response:
    """List the addresses to which nothing is sent."""
    return await SUPPRESSIONS.page(reader.statements, query)


@routes.get("/messages/{message_id}", response_model=WholeMessageOut, responses=responses(NotFound))
async def get_message(message_id: UUID, reader: Reader) -> Response:
    """Get a message with its text and every attempt. The secret of its answer link is left out."""
    return await reader.one(WHOLE_MESSAGE, id=message_id)


@routes.post(
    "/messages/{message_id}/resend",
    status_code=202,
    responses=responses(
        NotFound,
        messages.StillQueued,
        messages.RecipientLeft,
        messages.AddressSuppressed,
        messages.LinkEnded,
        messages.CodeNotKept,
        Unavailable,
    ),
)
async def resend_message(message_id: UUID, command: Manager) -> QueuedOut:
    """Send a message again, to the recipient's current address. A link in it is replaced by a new link.

    A code is not sent again: whoever needs one asks for it on the page behind their link.
    """
    try:
        message = await messages.resend_message(command, message_id)
    except ServiceOutOfReach:
        raise Unavailable("Another service cannot be reached.") from None
    return QueuedOut(id=message.id)


@routes.post("/messages/{message_id}/printed", responses=responses(NotFound, messages.NothingToPrint))
async def print_letter(message_id: UUID, command: Annotated[Command, commanded_by(*PRINTERS)]) -> MessageOut:
    """Record that a letter was printed. Letters to print are at `GET /v1/messages?state=to_print`."""
    return MessageOut.model_validate(await messages.mark_printed(command, message_id))


@routes.post("/messages/suppressions", status_code=201, responses=responses(Invalid))
async def suppress_address(wanted: SuppressionIn, command: Manager) -> SuppressionOut:
    """Stop sending to an address. Repeating this keeps the first reason."""
    found = await messages.suppress_address(command, wanted)
    return SuppressionOut.model_validate(found)


@routes.post("/messages/suppressions/lift", status_code=204, responses=responses(NotFound, Unavailable))
async def lift_suppression(wanted: LiftSuppressionIn, command: Manager) -> None:
    """Start sending to an address again, at first what was not sent to it meanwhile."""
    try:
        await messages.lift_suppression(command, wanted.address)
    except ServiceOutOfReach:
        raise Unavailable("Another service cannot be reached.") from None


@routes.post(
    "/messages/bounces",
    responses=responses(Malformed, UnsupportedMediaType),
    openapi_extra={
        "requestBody": {"required": True, "content": {RFC822: {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def take_bounce(request: Request, command: Annotated[Command, commanded_by(Role.ADMINISTRATOR)]) -> BouncesOut:
    """Take in a delivery-status mail (RFC 3464). The messages in it are marked as bounced.

    After a permanent failure nothing more is sent to the address until the suppression is lifted. A full mailbox, and a
    failure at an address to which the recipient forwards, are none. The mail's own time decides between several.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != RFC822:
        raise UnsupportedMediaType(f"Send {RFC822}.")
    found, permanent = await receipts.take_bounce(command, await request.body())
    return BouncesOut(message_ids=found, permanent=permanent)


class NotifyCallback(BaseModel):
    """What this service reads of a callback from GOV.UK Notify."""

    model_config = ConfigDict(extra="ignore")

    reference: str | None = None
    to: str | None = None
    status: str | None = None
    completed_at: str | None = None

    @property
    def message_id(self) -> UUID | None:
        """The message that it is about; others may use the same Notify with references of their own."""
        try:
            return UUID(self.reference or "")
        except ValueError:
            return None

    @property
    def outcome(self) -> receipts.Outcome | None:
        """What became of the message, or None if it says nothing that is known."""
        if self.status not in KNOWN:
            return None
        return receipts.Outcome(
            delivered=self.status == DELIVERED,
            at=receipts.moment_of(self.completed_at),
            about=self.to,
            permanent=self.status == PERMANENT,
            reason=self.status,
        )


async def _notify(
    process: ProcessDep,
    session: Transaction,
    now: Now,
    today: Today,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Command:
    """The command of GOV.UK Notify, which sends a shared token."""
    token = settings_of(process).notify_callback_token.get_secret_value()
    if not token or credentials is None or not secrets.compare_digest(credentials.credentials.encode(), token.encode()):
        raise NotSignedIn
    return Command(session, Caller("GOV.UK Notify", frozenset()), process, now, today)


@callbacks.post("/callbacks/notify", status_code=204, include_in_schema=False)
async def take_notify_callback(callback: NotifyCallback, command: Annotated[Command, Depends(_notify)]) -> None:
    """Take in the outcome of a message from GOV.UK Notify."""
    if callback.message_id is not None and callback.outcome is not None:
        await receipts.take_outcome(command, callback.message_id, callback.outcome)
