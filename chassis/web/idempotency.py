"""Every POST can be sent again safely: its answer is kept, under the caller's key, in the transaction of its effect."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request, Response
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field as Column
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile
from starlette.types import Message

from chassis.base import clock
from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, Problem, responses
from chassis.db.database import Base, moment

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
# The mark of what an answer shows once: it is not kept, and null where the answer is given again.
SHOWN_ONCE: JsonDict = {"x-shown-once": True}
CHUNK = 1024 * 1024


class IdempotencyKeyReused(Problem):
    """This Idempotency-Key was used before for another request."""

    status = 422


class IdempotencyKeyNotKept(Problem):
    """This operation cannot keep an Idempotency-Key: send it without one, and look before you repeat it."""

    status = 422


class IdempotentAnswer(Base, table=True):
    """A request that took effect under a key, and what was answered."""

    caller: str = Column(primary_key=True)
    key: str = Column(primary_key=True)
    fingerprint: bytes = Column(sa_type=LargeBinary)
    at: datetime = moment()
    status: int | None = None
    headers: dict[str, str] | None = Column(default=None, sa_type=JSONB)
    body: str | None = None


class _AnsweredBefore(Exception):
    def __init__(self, answer: Response) -> None:
        self.answer = answer


class Keyed:
    """A request that came with a key: what it says, hashed as it is read, and the place where its answer is kept."""

    row: IdempotentAnswer | None = None
    session: AsyncSession

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self._hash = _hash_of(request)
        self._unread = True

    async def receive(self) -> Message:
        """The next part of the body, which may be larger than memory."""
        message = await self._receive()
        self._hash.update(message.get("body", b""))
        self._unread = message.get("more_body", False)
        return message

    async def fingerprint(self) -> bytes:
        """What tells this request from others."""
        while self._unread:
            await self.receive()
        return self._hash.digest()

    async def read_form(self, request: Request) -> None:
        """Tell a form by its parts, since it is divided anew each time that it is sent."""
        if not request.headers.get("content-type", "").startswith("multipart/"):
            return
        self._hash = _hash_of(request)
        for name, value in (await request.form()).multi_items():
            self._hash.update(f"{name} {getattr(value, 'filename', value)}\n".encode())
            if isinstance(value, UploadFile):
                while chunk := await value.read(CHUNK):
                    self._hash.update(chunk)
                await value.seek(0)


def _hash_of(request: Request) -> "hashlib._Hash":
    return hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())


async def _declared(
    idempotency_key: Annotated[
        Omittable[str],
        Header(
            alias=HEADER,
            min_length=8,
            max_length=200,
            description="A unique value that you choose. The same request sent again with it takes effect once.",
        ),
    ] = None,
) -> None:
    """The header, for the document and for its length."""


async def _without_key(request: Request) -> None:
    if HEADER in request.headers:
        raise IdempotencyKeyNotKept


async def _handed_on(_: Annotated[None, Depends(_declared)]) -> None:
    """The header, for another process that keeps it."""


DECLARED = Depends(_declared)
# For a POST that another process carries out: it is handed the key, and keeps the answer.
HANDED_ON = Depends(_handed_on)
# For a POST whose effect is not one transaction: it refuses a key.
WITHOUT_KEY = Depends(_without_key)


async def take_key(request: Request, session: AsyncSession, caller: str) -> None:
    """Take the place of the answer to a request that came with a key; what was answered before is answered again.

    A twin that is still under way is waited for, since its row is locked until it commits.
    """
    keyed: Keyed | None = getattr(request.state, "keyed", None)
    if keyed is None:
        return
    keyed.session = session
    await keyed.read_form(request)
    key = request.headers[HEADER]
    row: dict[str, Any] = {"caller": caller, "key": key, "fingerprint": b"", "at": clock.now()}
    taken = insert(IdempotentAnswer).values(row).on_conflict_do_nothing().returning(IdempotentAnswer)
    keyed.row = (await session.exec(taken)).scalars().first()
    if keyed.row is not None:
        return
    earlier = await session.get_one(IdempotentAnswer, (caller, key))
    if earlier.fingerprint != await keyed.fingerprint():
        raise IdempotencyKeyReused
    headers = (earlier.headers or {}) | {REPLAYED: "true"}
    raise _AnsweredBefore(Response(earlier.body, earlier.status or 200, headers))


def install(app: FastAPI) -> None:
    """Answer a repeated request with what was answered the first time."""

    async def answered_before(_: Request, error: Exception) -> Response:
        assert isinstance(error, _AnsweredBefore)
        return error.answer

    app.add_exception_handler(_AnsweredBefore, answered_before)


async def keep(answer: Response, keyed: Keyed, model: Any) -> None:
    """Keep an answer, in the transaction of its effect, which is still open."""
    row = keyed.row
    if row is None:
        raise IdempotencyKeyNotKept
    if not keyed.session.in_transaction():
        # All was undone, as by an import that found problems: sent again, it is looked at again.
        return
    row.fingerprint = await keyed.fingerprint()
    row.status, row.headers = answer.status_code, dict(answer.headers)
    # It is counted anew, as a secret is left out.
    row.headers.pop("content-length", None)
    row.body = bytes(answer.body).decode()
    if secrets := _shown_once(model):
        row.body = json.dumps(json.loads(row.body) | dict.fromkeys(secrets))


def _shown_once(model: Any) -> list[str]:
    fields: Mapping[str, FieldInfo] = getattr(model, "model_fields", {})
    return [name for name, field in fields.items() if field.json_schema_extra == SHOWN_ONCE]


def with_reused(given: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """The documented answers, with that of a key which was used before."""
    refusals = responses(Invalid, IdempotencyKeyReused)
    if IdempotencyKeyReused.title() in given.get(IdempotencyKeyReused.status, {}).get("description", ""):
        return given
    if IdempotencyKeyReused.status in given:
        said = given[IdempotencyKeyReused.status]["description"]
        refusals[IdempotencyKeyReused.status]["description"] = f"{said}; or: {IdempotencyKeyReused.title()}"
    return given | refusals
