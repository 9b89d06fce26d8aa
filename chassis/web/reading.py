"""Somebody who reads records: shown what they may see, and written into the audit by the statement that reads."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from chassis.access.audit import Look
from chassis.access.callers import Caller, Role, RoleGuard
from chassis.access.visibility import seen_by
from chassis.base.problems import NotFound
from chassis.db.database import database_of
from chassis.db.statements import Statements
from chassis.web.pagination import NOTHING, JsonRows, PageQuery


@dataclass(frozen=True)
class RecordReader:
    """One caller's reading, by one operation, whose name and path the audit repeats."""

    caller: Caller
    statements: Statements
    action: str
    path: str

    async def page(self, rows: JsonRows, query: PageQuery, **given: Any) -> Response:
        """One page of a list."""
        return await rows.page(self.statements, query, **self._as_seen(self.path.rpartition("/")[2], given))

    async def all(self, rows: JsonRows, record: str | None = None, /, **named: Any) -> Response:
        """The whole of a list that is short by nature; in the audit it is `record`, or its first name."""
        return await rows.all(self.statements, **self._as_seen(record or _first(named), named))

    async def one(self, rows: JsonRows, **named: Any) -> Response:
        """The record that is named, by its first name in the audit; `NotFound` if the caller sees no such record."""
        found = await rows.one(self.statements, **self._as_seen(_first(named), named))
        if found is None:
            raise NotFound
        return found

    async def all_of(self, rows: JsonRows, whole: JsonRows, **named: Any) -> Response:
        """What there is of the record that is named; `NotFound` if the caller sees no such record in `whole`."""
        found = await self.all(rows, **named)
        if found.body == NOTHING and await whole.one(self.statements, **seen_by(self.caller), **named) is None:
            raise NotFound
        return found

    def _as_seen(self, record: str, given: dict[str, Any]) -> dict[str, Any]:
        return {"look": Look(self.caller, self.action, record)} | seen_by(self.caller) | given


def _first(named: dict[str, Any]) -> str:
    return str(next(iter(named.values())))


def read_by(*roles: Role) -> Any:
    """Declare an endpoint that shows records, and who may call it.

    `reader: Annotated[RecordReader, read_by(Role.CHAIR)]`.
    """
    guard = RoleGuard(frozenset(roles))

    # Each further dependency would cost every request.
    async def reader(request: Request, caller: Annotated[Caller, Depends(guard)]) -> RecordReader:
        action: str = request.scope["endpoint"].__name__
        return RecordReader(caller, database_of(request).statements, action, request.url.path)

    return Depends(reader)
