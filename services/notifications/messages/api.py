"""The message log: what was sent to whom, when, with what result, and the message as it was."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.callers import Caller, may
from chassis.access.visibility import seen_by
from chassis.base import clock
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, NotFound, Unavailable, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.web.pagination import PageQuery, Paging
from chassis.web.service_clients import ServiceOutOfReach
from services.notifications.messages import actions as messages
from services.notifications.messages.queries import MESSAGES, SUPPRESSIONS, WHOLE_MESSAGE
from services.notifications.messages.schemas import (
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

routes = APIRouter(prefix="/v1", tags=["messages"])

Reader = Annotated[Caller, may(*PRINTERS)]
ManagersAct = Annotated[Command, commanded_by(*MANAGERS)]


class MessagesQuery(PageQuery):
    """The parameters of `list_messages`."""

    recipient_id: Omittable[str] = Field(None, description="Only to this colleague.")
    schedule: Omittable[str] = Field(None, description="Only of this schedule.")
    period: Omittable[str] = Field(None, description="Only of this period.")
    template: Omittable[str] = Field(None, description="Only of this kind.")
    state: Omittable[MessageState] = Field(None, description="Only with this result.")
    queued_from: Omittable[Day] = Field(None, description="Only queued on or after this day.")
    queued_to: Omittable[Day] = Field(None, description="Only queued on or before this day.")


@routes.get("/messages", response_model=MessagePage)
async def list_messages(reading: Reading, caller: Reader, query: Annotated[MessagesQuery, Query()]) -> Response:
    """What was sent to whom, when, and with what result; newest first."""
    first, last = query.queued_from, query.queued_to
    return await MESSAGES.page(
        reading,
        query,
        look=Look(caller, "list_messages", "messages"),
        **seen_by(caller),
        queued_from=None if first is None else clock.start_of(first),
        queued_to=None if last in {None, date.max} else clock.start_of(last + timedelta(days=1)),
    )


@routes.get("/messages/{message_id}", response_model=WholeMessageOut, responses=responses(NotFound))
async def get_message(message_id: UUID, reading: Reading, caller: Reader) -> Response:
    """One message as it was, with every try; the secret of its answer link is left out."""
    found = await WHOLE_MESSAGE.one(
        reading, look=Look(caller, "get_message", str(message_id)), id=message_id, **seen_by(caller)
    )
    if found is None:
        raise NotFound
    return found


@routes.post(
    "/messages/{message_id}/resend",
    status_code=202,
    responses=responses(
        NotFound, messages.StillQueued, messages.RecipientLeft, messages.AddressSuppressed, Unavailable
    ),
)
async def resend_message(message_id: UUID, command: ManagersAct) -> QueuedOut:
    """Send a message once more, to the recipient's present address; an answer link in it is replaced by a new one."""
    try:
        message = await messages.resend_message(command, message_id)
    except ServiceOutOfReach:
        raise Unavailable("Another service cannot be reached.") from None
    return QueuedOut(id=message.id)


@routes.post("/messages/{message_id}/printed", responses=responses(NotFound, messages.NothingToPrint))
async def print_letter(message_id: UUID, command: Annotated[Command, commanded_by(*PRINTERS)]) -> MessageOut:
    """Write down that a letter was printed; letters that wait are `GET /v1/messages?state=to_print`."""
    return MessageOut.model_validate(await messages.mark_printed(command, message_id), from_attributes=True)


@routes.get("/suppressions", response_model=SuppressionPage)
async def list_suppressions(reading: Reading, caller: Reader, query: Paging) -> Response:
    """The addresses to which nothing is sent."""
    return await SUPPRESSIONS.page(reading, query)


@routes.post("/suppressions", status_code=201, responses=responses(Invalid))
async def suppress_address(wanted: SuppressionIn, command: ManagersAct) -> SuppressionOut:
    """Send nothing more to an address; doing it again keeps the first reason."""
    found = await messages.suppress_address(command, wanted)
    return SuppressionOut.model_validate(found, from_attributes=True)


@routes.delete("/suppressions/{address}", status_code=204, responses=responses(NotFound))
async def lift_suppression(
    address: Annotated[str, Path(max_length=320, description="The address.")], command: ManagersAct
) -> None:
    """Send to an address again."""
    await messages.lift_suppression(command, address)
