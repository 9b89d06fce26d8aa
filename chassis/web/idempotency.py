"""A POST that creates can be sent again safely: its answer is stored, under the caller's key, with its effect."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field as Column
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.callers import bearer
from chassis.base import clock
from chassis.base.fields import Omittable
from chassis.base.problems import NotSignedIn, Problem
from chassis.db.database import Base, Transaction, moment, process_of


class IdempotencyKeyReused(Problem):
    """This Idempotency-Key was used before for another request."""

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


@dataclass(frozen=True)
class Remembering:
    """The place where the answer of this request is kept, if it came with a key."""

    row: IdempotentAnswer | None

    async def remember(
        self,
        answer: BaseModel,
        *,
        status: int = 201,
        headers: Mapping[str, str] | None = None,
        kept: BaseModel | None = None,
    ) -> Response:
        """The answer to send; with a key it is stored in the transaction that holds the effect.

        `kept` is stored in its place where the answer shows a secret: the same request sent again is answered without.
        """
        if self.row is not None:
            self.row.status, self.row.headers = status, dict(headers or {})
            self.row.body = (kept or answer).model_dump_json()
        return _answer(status, headers, answer.model_dump_json())


async def _remembering(
    request: Request,
    session: Transaction,
    idempotency_key: Annotated[
        Omittable[str],
        Header(
            alias="Idempotency-Key",
            min_length=8,
            max_length=200,
            description="A unique value that you choose. The same request sent again with it takes effect once.",
        ),
    ] = None,
) -> Remembering:
    if idempotency_key is None:
        return Remembering(None)
    credentials = await bearer(request)
    if credentials is None:
        raise NotSignedIn
    caller = process_of(request).token_reader.caller(credentials.credentials).subject
    fingerprint = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    fingerprint.update(await request.body())
    return Remembering(await _taken(session, caller, idempotency_key, fingerprint.digest()))


async def _taken(session: AsyncSession, caller: str, key: str, fingerprint: bytes) -> IdempotentAnswer:
    """The row of a new key; a twin that is still under way is waited for, since its row is locked until it commits."""
    row: dict[str, Any] = {"caller": caller, "key": key, "fingerprint": fingerprint, "at": clock.now()}
    taken = insert(IdempotentAnswer).values(row).on_conflict_do_nothing().returning(IdempotentAnswer)
    first: IdempotentAnswer | None = (await session.exec(taken)).scalars().first()
    if first is not None:
        return first
    earlier = await session.get_one(IdempotentAnswer, (caller, key))
    if earlier.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    headers = (earlier.headers or {}) | {"Idempotency-Replayed": "true"}
    raise _AnsweredBefore(_answer(earlier.status or 200, headers, earlier.body or ""))


def _answer(status: int, headers: Mapping[str, str] | None, body: str) -> Response:
    return Response(body, status, headers, "application/json")


IdempotencyKey = Annotated[Remembering, Depends(_remembering)]


def install(app: FastAPI) -> None:
    """Answer a repeated request with what was answered the first time."""

    async def answered_before(_: Request, error: Exception) -> Response:
        assert isinstance(error, _AnsweredBefore)
        return error.answer

    app.add_exception_handler(_AnsweredBefore, answered_before)
