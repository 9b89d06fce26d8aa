"""The first pages of several lists in one answer, read and audited by one statement: what a home page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, cast

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, or_, select, union_all
from sqlmodel import col

from chassis.access.audit import Look, insertion
from chassis.access.callers import ROLES, Role
from chassis.access.visibility import VIEWER, seen_by
from chassis.db.statements import Compiled
from chassis.events.directory_replica import ReplicaEntry
from chassis.web.pagination import DEFAULT_LIMIT, JSON, JsonRows, page_text
from chassis.web.reading import RecordReader, read_by

AT_HOME = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT)
HomeReader = Annotated[RecordReader, read_by(*AT_HOME)]
AHEAD = timedelta(days=14)
PLANNED_AHEAD = timedelta(days=42)


def part(description: str, *roles: Role) -> Any:
    """A field of a home page: a list that is left out for everybody but these roles."""
    return Field(None, description=description, json_schema_extra={ROLES: [*map(str, sorted(roles))]})


_MY_AREA = (
    select(cast("Any", col(ReplicaEntry.attributes))["area_id"].astext)
    .where(col(ReplicaEntry.kind) == "colleague", col(ReplicaEntry.id) == VIEWER)
    .scalar_subquery()
)


def in_my_area(area_id: Any) -> ColumnElement[bool]:
    """The condition that something is in the caller's area; for whom the directory names none, everything is."""
    return or_(_MY_AREA.is_(None), area_id == _MY_AREA)


@dataclass(frozen=True)
class List:
    """A list of a home page: its rows, and the conditions that choose among them."""

    rows: JsonRows
    conditions: tuple[ColumnElement[bool], ...]


class FirstPages:
    """The first page of each list of a home page that is for the caller's roles, as one JSON object.

    Conditions may use `VIEWER` for the caller, `today`, and the parameters of the lists' own filters `due_to`,
    `planned_from` and `planned_to`.
    """

    def __init__(self, shape: type[BaseModel], lists: Mapping[str, List]) -> None:
        self._lists = dict(lists)
        self._roles = {name: _roles(shape, name) for name in lists}
        self._compiled: dict[tuple[str, ...], Compiled] = {}

    async def answer(self, reader: RecordReader, today: date, **extra: Any) -> Response:
        """The pages, and one entry in the audit about everybody who is on one of them."""
        caller, look = reader.caller, Look(reader.caller, "get_home", "home")
        names = tuple(name for name, roles in self._roles.items() if caller.is_any(*roles))
        if names not in self._compiled:
            self._compiled[names] = self._statement(names)
        days = {"today": today, "due_to": today + AHEAD, "planned_from": today, "planned_to": today + PLANNED_AHEAD}
        given = days | seen_by(caller) | look.values() | extra
        for name in names:
            given |= self._lists[name].rows.of_caller()
        found = iter(await self._compiled[names].first_row(reader.statements, given))
        pages = []
        for name in names:
            columns = [next(found) for _ in range(2 + len(self._lists[name].rows.order.keys))]
            pages.append(f'"{name}":{page_text(DEFAULT_LIMIT, *columns)}')
        return Response(f"{{{','.join(pages)}}}", media_type=JSON)

    def _statement(self, names: tuple[str, ...]) -> Compiled:
        """One row with the columns of all pages; no two lists' rows are joined, since each has one row by then."""
        pages, answered = [], []
        for name in names:
            rows = self._lists[name].rows
            wanted = rows.statement.where(*self._lists[name].conditions)
            shown, columns = rows.paged(wanted, DEFAULT_LIMIT, rows.order, f"{name}_")
            answered.append(select(shown.c.person_ids))
            pages.append(rows.rendered(shown, columns).subquery(name))
        seen = union_all(*answered).cte("seen")
        every = select(*(column for page in pages for column in page.c)).select_from(*pages)
        return Compiled.of(every.add_cte(insertion(seen).cte("witnessed")))


def _roles(shape: type[BaseModel], name: str) -> list[Role]:
    extra = shape.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    return [Role(str(role)) for role in extra[ROLES]]  # type: ignore[union-attr]
