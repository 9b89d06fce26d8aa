"""The message log: what was sent to whom, when, with what result, and the message as it was."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from chassis import clock
from chassis.acting import Acting, acting
from chassis.audit import Look
from chassis.callers import Caller, may
from chassis.dates import Day
from chassis.db import Reading
from chassis.pagination import Paging
from chassis.problems import Invalid, NotFound, Unavailable, responses
from chassis.routing import Router
from chassis.seeing import seen_by
from chassis.sisters import ServiceOutOfReach
from services.notifications.actions import messages
from services.notifications.api.roles import MANAGERS, PRINTERS
from services.notifications.queries.lists import MESSAGES, SUPPRESSIONS, WHOLE_MESSAGE
from services.notifications.rules import MessageState
from services.notifications.schemas import (
    MessageOut,
    MessagePage,
    QueuedOut,
    SuppressionIn,
    SuppressionOut,
    SuppressionPage,
    WholeMessageOut,
)

routes = Router(prefix="/v1", tags=["messages"])

Reader = Annotated[Caller, may(*PRINTERS)]
ManagersAct = Annotated[Acting, acting(*MANAGERS)]


@routes.get("/messages", response_model=MessagePage)
async def list_messages(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    recipient_id: Annotated[str | None, Query(description="Only to this colleague.")] = None,
    schedule: Annotated[str | None, Query(description="Only of this schedule.")] = None,
    period: Annotated[str | None, Query(description="Only of this period.")] = None,
    template: Annotated[str | None, Query(description="Only of this kind.")] = None,
    state: Annotated[MessageState | None, Query(description="Only with this result.")] = None,
    queued_from: Annotated[Day | None, Query(description="Only queued on or after this day.")] = None,
    queued_to: Annotated[Day | None, Query(description="Only queued on or before this day.")] = None,
) -> Response:
    """What was sent to whom, when, and with what result; newest first."""
    return await MESSAGES.page(
        reading,
        paging,
        look=Look(caller, "list_messages", "messages"),
        **seen_by(caller),
        recipient_id=recipient_id,
        schedule=schedule,
        period=period,
        template=template,
        state=state,
        queued_from=None if queued_from is None else clock.start_of(queued_from),
        queued_to=None if queued_to is None or queued_to == date.max else clock.start_of(queued_to + timedelta(days=1)),
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
async def resend_message(message_id: UUID, act: ManagersAct) -> QueuedOut:
    """Send a message once more, to the recipient's present address; an answer link in it is replaced by a new one."""
    try:
        message = await messages.resend_message(act, message_id)
    except ServiceOutOfReach:
        raise Unavailable("Another service cannot be reached.") from None
    return QueuedOut(id=message.id)


@routes.post("/messages/{message_id}/printed", responses=responses(NotFound, messages.NothingToPrint))
async def print_letter(message_id: UUID, act: Annotated[Acting, acting(*PRINTERS)]) -> MessageOut:
    """Write down that a letter was printed; letters that wait are `GET /v1/messages?state=to_print`."""
    return MessageOut.model_validate(await messages.mark_printed(act, message_id), from_attributes=True)


@routes.get("/suppressions", response_model=SuppressionPage)
async def list_suppressions(reading: Reading, caller: Reader, paging: Paging) -> Response:
    """The addresses to which nothing is sent."""
    return await SUPPRESSIONS.page(reading, paging)


@routes.post("/suppressions", status_code=201, responses=responses(Invalid))
async def suppress_address(wanted: SuppressionIn, act: ManagersAct) -> SuppressionOut:
    """Send nothing more to an address; doing it again keeps the first reason."""
    found = await messages.suppress_address(act, wanted)
    return SuppressionOut.model_validate(found, from_attributes=True)


@routes.delete("/suppressions/{address}", status_code=204, responses=responses(NotFound))
async def lift_suppression(
    address: Annotated[str, Path(max_length=320, description="The address.")], act: ManagersAct
) -> None:
    """Send to an address again."""
    await messages.lift_suppression(act, address)
