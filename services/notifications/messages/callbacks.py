"""What became of messages, as mail servers and GOV.UK Notify tell it."""

import secrets
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, ConfigDict

from chassis.access.callers import Caller, Role, bearer
from chassis.base.clock import Now, Today
from chassis.base.problems import Malformed, NotSignedIn, UnsupportedMediaType, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Transaction
from chassis.process import ProcessDep
from services.notifications.clients import settings_of
from services.notifications.messages import actions as messages
from services.notifications.messages.schemas import BouncesOut

routes = APIRouter(tags=["messages"])

RFC822 = "message/rfc822"
# Notify's own problem may pass; an address that is not there will not come to be.
PERMANENT = "permanent-failure"


@routes.post(
    "/v1/messages/bounces",
    responses=responses(Malformed, UnsupportedMediaType),
    openapi_extra={"requestBody": {"required": True, "content": {RFC822: {"schema": {"type": "string"}}}}},
)
async def take_bounce(request: Request, command: Annotated[Command, commanded_by(Role.ADMINISTRATOR)]) -> BouncesOut:
    """Take in a delivery-status mail (RFC 3464) as it came: the messages concerned are marked as bounced.

    After a permanent failure nothing more is sent to the address until the suppression is lifted.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != RFC822:
        raise UnsupportedMediaType(f"Send {RFC822}.")
    found, permanent = await messages.take_bounce(command, await request.body())
    return BouncesOut(message_ids=found, permanent=permanent)


class NotifyCallback(BaseModel):
    """What GOV.UK Notify tells of a message, as far as it is read here."""

    model_config = ConfigDict(extra="ignore")

    reference: UUID | None = None
    status: Literal["delivered", "permanent-failure", "temporary-failure", "technical-failure"]


async def _notify(
    process: ProcessDep,
    session: Transaction,
    now: Now,
    today: Today,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Command:
    """Notify itself, known by the token that both sides keep."""
    token = settings_of(process).notify_callback_token.get_secret_value()
    if not token or credentials is None or not secrets.compare_digest(credentials.credentials.encode(), token.encode()):
        raise NotSignedIn
    return Command(session, Caller("GOV.UK Notify", frozenset()), process, now, today)


@routes.post("/callbacks/notify", status_code=204, include_in_schema=False)
async def take_notify_callback(told: NotifyCallback, command: Annotated[Command, Depends(_notify)]) -> None:
    """Take in what GOV.UK Notify says became of a message."""
    if told.reference is None:
        return
    if told.status == "delivered":
        await messages.mark_delivered(command, told.reference)
    else:
        await messages.mark_bounced(command, told.reference, permanent=told.status == PERMANENT, reason=told.status)
