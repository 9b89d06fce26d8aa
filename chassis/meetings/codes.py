"""Codes that are sent to the address on file of whom a link is for, for what the link alone does not open.

Whoever holds a link asks for a code; it goes to the recipient, never to whoever asks. It is made when its email is
written, so that no event and no log holds it. It is good once, in the browser in which it was asked for.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel
from sqlalchemy import LargeBinary, func
from sqlmodel import Field as Column
from sqlmodel import col, delete, select

from chassis.access.callers import Role
from chassis.base.fields import new_id
from chassis.base.problems import NotFound, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Base, moment
from chassis.events.event import Event
from chassis.web.idempotency import WITHOUT_KEY
from chassis.web.routes import Routes

DIGITS, TRIES = 6, 5
WORKS = timedelta(minutes=15)
ASKED_AT_MOST, WITHIN = 5, timedelta(hours=1)
FORGOTTEN = timedelta(days=7)
routes = Routes(prefix="/internal", tags=["administration"])


class LinkCode(Base, table=True):
    """A code that was asked for in a browser; its hash is there once its email is written."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    link_id: UUID
    browser: UUID
    email: str
    asked_at: datetime = moment()
    code_hash: bytes | None = Column(default=None, sa_type=LargeBinary)
    tries: int = 0
    used_at: datetime | None = moment(nullable=True)


class LinkCodeRequested(Event):
    """A code is to be sent to the address on file of whom a link is for."""

    type = "link_code.requested"
    about = "code_id"

    code_id: UUID


class IssuedLinkCodeOut(BaseModel):
    """A code for its email. It is null where it would come too late."""

    link_id: UUID
    email: str
    code: str | None


async def ask_for_code(command: Command, link_id: UUID, email: str | None, browser: UUID) -> None:
    """Have a code sent, unless there is no address or too many were asked for; nobody is told which.

    Whoever calls holds what the link is for against changes by others.
    """
    await command.session.exec(delete(LinkCode).where(col(LinkCode.asked_at) < command.now - FORGOTTEN))
    asked = select(func.count()).where(col(LinkCode.link_id) == link_id, col(LinkCode.asked_at) > command.now - WITHIN)
    if email is None or (await command.session.exec(asked)).one() >= ASKED_AT_MOST:
        return
    row = LinkCode(link_id=link_id, browser=browser, email=email, asked_at=command.now)
    command.session.add(row)
    command.publish(LinkCodeRequested(code_id=row.id))


async def is_right(command: Command, link_id: UUID, browser: UUID | None, typed: str) -> bool:
    """Whether this is a code that the browser asked for and that still works; then it is used up.

    Each try counts for all of the browser's codes, since two tabs may each have asked for one.
    """
    waiting = select(LinkCode).where(
        col(LinkCode.link_id) == link_id,
        col(LinkCode.browser) == browser,
        col(LinkCode.code_hash).is_not(None),
        col(LinkCode.used_at).is_(None),
        col(LinkCode.tries) < TRIES,
        col(LinkCode.asked_at) > command.now - WORKS,
    )
    right = False
    for row in (await command.session.exec(waiting.with_for_update())).all():
        row.tries += 1
        if hmac.compare_digest(row.code_hash or b"", _hash(command, row.id, typed)):
            right, row.used_at = True, command.now
    return right


def _hash(command: Command, code_id: UUID, code: str) -> bytes:
    key = command.process.settings.cookie_key("link code")
    return hmac.digest(key, f"{code_id} {code}".encode(), hashlib.sha256)


@routes.post("/link-codes/{code_id}/issue", dependencies=[WITHOUT_KEY], status_code=201, responses=responses(NotFound))
async def issue_link_code(
    code_id: Annotated[UUID, Path(description="The code's identifier.")],
    command: Annotated[Command, commanded_by(Role.SERVICE)],
) -> IssuedLinkCodeOut:
    """Make a code that was asked for. It is shown once, for its email; what was made before works no more."""
    row = await command.session.get(LinkCode, code_id, with_for_update=True)
    if row is None:
        raise NotFound
    code = None
    if row.used_at is None and command.now < row.asked_at + WORKS:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        row.code_hash = _hash(command, row.id, code)
    return IssuedLinkCodeOut(link_id=row.link_id, email=row.email, code=code)
