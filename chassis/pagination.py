"""Lists and single records rendered to JSON by PostgreSQL, in keyset pages that are as quick at any depth.

The response schema documents what is rendered; tests prove that the two agree.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any, Generic, Protocol, TypeVar

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, func, literal_column, select, tuple_
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import desc_op
from sqlalchemy.sql.selectable import CTE
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.problems import Invalid
from chassis.versions import etag

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
JSON = "application/json"

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T] = Field(description="The records of this page, in the list's order.")
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class PageRequest(BaseModel):
    """Which page of a list the caller wants."""

    limit: int
    after: list[str] | None


async def paging(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many records at most.")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=1000, description="`next` of the page before.")] = None,
) -> PageRequest:
    """The page that the query asks for; `Invalid` if the cursor is none of ours."""
    return PageRequest(limit=limit, after=None if cursor is None else _keys(cursor))


Paging = Annotated[PageRequest, Depends(paging)]


class Witness(Protocol):
    """Writes down that the rows of a statement were seen, within the same statement."""

    def insert(self, seen: CTE) -> Insert:
        """The insertion, from a common table expression that holds exactly the rows that are answered."""


async def json_page(
    session: AsyncSession,
    statement: Select[Any],
    *,
    order: Sequence[ColumnElement[Any]],
    paging: PageRequest,
    audit: Witness | None = None,
) -> Response:
    """One page of the statement's rows as JSON.

    Each selected column is a member named by its label. `order` names the sort keys, together unique and never
    null, all ascending or all descending (`.desc()`), so that an index can serve the page at any depth.
    """
    keys, descending = _plain_keys(order)
    names = [str(column.key) for column in statement.selected_columns]
    wanted = statement.add_columns(*(key.label(f"_key_{n}") for n, key in enumerate(keys)))
    if paging.after is not None:
        wanted = wanted.where(_beyond(keys, paging.after, descending=descending))
    wanted = wanted.order_by(*order).limit(bindparam("_limit_and_one", paging.limit + 1))
    page = wanted.cte("page")
    rows = select(page).limit(bindparam("_limit", paging.limit)).cte("answered")
    item = select(*(rows.c[name] for name in names)).correlate(rows).lateral("item")
    rendered = select(
        func.json_agg(literal_column("row_to_json(item)")).cast(Text),
        func.count(),
        *(func.array_agg(cast(rows.c[f"_key_{n}"], Text)) for n in range(len(keys))),
        select(func.count()).select_from(page).scalar_subquery(),
    ).select_from(rows.join(item, literal_column("true")))
    if audit is not None:
        rendered = rendered.add_cte(audit.insert(rows).cte("witnessed"))
    items, count, *key_values, found = (await session.exec(rendered)).one()  # type: ignore[call-overload]
    following = _cursor([values[count - 1] for values in key_values]) if found > paging.limit else None
    body = f'{{"items":{items or "[]"},"next":{json.dumps(following)}}}'
    return Response(body, media_type=JSON)


async def json_one(session: AsyncSession, statement: Select[Any], *, audit: Witness | None = None) -> Response | None:
    """The statement's only row as JSON, with its `version` as ETag where it has one; nothing if there is no row."""
    row = statement.cte("row")
    item = select(row).correlate(row).lateral("item")
    version = row.c.version if "version" in row.c else literal_column("NULL")
    rendered = select(literal_column("row_to_json(item)").cast(Text), version).select_from(
        row.join(item, literal_column("true"))
    )
    if audit is not None:
        rendered = rendered.add_cte(audit.insert(row).cte("witnessed"))
    found = (await session.exec(rendered)).one_or_none()  # type: ignore[call-overload]
    if found is None:
        return None
    body, number = found
    return Response(body, media_type=JSON, headers={} if number is None else {"ETag": etag(number)})


async def json_list(session: AsyncSession, statement: Select[Any], *, audit: Witness | None = None) -> Response:
    """All rows of a statement that is short by nature, such as a table of figures, as a JSON list."""
    rows = statement.cte("rows")
    item = select(rows).correlate(rows).lateral("item")
    rendered = select(func.json_agg(literal_column("row_to_json(item)")).cast(Text)).select_from(
        rows.join(item, literal_column("true"))
    )
    if audit is not None:
        rendered = rendered.add_cte(audit.insert(rows).cte("witnessed"))
    items = (await session.exec(rendered)).one()[0]  # type: ignore[call-overload]
    return Response(items or "[]", media_type=JSON)


def _plain_keys(order: Sequence[ColumnElement[Any]]) -> tuple[list[ColumnElement[Any]], bool]:
    descending = [isinstance(key, UnaryExpression) and key.modifier is desc_op for key in order]
    if len(set(descending)) != 1:
        raise ValueError("The sort keys of a page go all one way.")
    return [key.element if isinstance(key, UnaryExpression) else key for key in order], descending[0]


def _beyond(keys: Sequence[ColumnElement[Any]], after: list[str], *, descending: bool) -> ColumnElement[bool]:
    if len(after) != len(keys):
        raise _not_ours()
    values = []
    for key, value in zip(keys, after, strict=True):
        try:
            values.append(bindparam(None, _typed(key, value), type_=key.type))
        except ValueError:
            raise _not_ours() from None
    here, there = tuple_(*keys), tuple_(*values)
    return here < there if descending else here > there


def _typed(key: ColumnElement[Any], text: str) -> Any:
    """A cursor's text as the Python value that the column's type binds."""
    python_type = key.type.python_type
    return python_type.fromisoformat(text) if hasattr(python_type, "fromisoformat") else python_type(text)


def _cursor(values: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _keys(cursor: str) -> list[str]:
    try:
        keys = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise _not_ours() from None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise _not_ours()
    return keys


def _not_ours() -> Invalid:
    return Invalid.field("cursor", "cursor", "Send `next` of the page before, unchanged.")
