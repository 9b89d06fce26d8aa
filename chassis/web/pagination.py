"""Lists and single records rendered to JSON by PostgreSQL, in keyset pages that are as quick at any depth.

The response schema documents what is rendered; tests prove that the two agree.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ARRAY, ColumnElement, Integer, Select, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.sql.selectable import CTE

from chassis.access.audit import Look, insertion
from chassis.access.moves import Moves
from chassis.base.fields import Omittable
from chassis.db.statements import Compiled, Statements
from chassis.web.ordering import Order, cursor_after, keys_of
from chassis.web.versions import etag

MAX_LIMIT = 200
# A badge says "9,999+" beyond it; to count further would read the whole of a long list.
MOST_COUNTED = 10_000
DEFAULT_LIMIT = 50
JSON = "application/json"
NOTHING = b"[]"

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T] = Field(description="The records of this page, in the list's order.")
    next: str | None = Field(description="The cursor of the next page; null on the last one.")
    total: Omittable[int] = Field(
        None, description=f"With `limit=0`: how many records there are; {MOST_COUNTED} means that many or more."
    )


class PageQuery(BaseModel):
    """The parameters that every list takes. A list adds its filters, and says by what it is sorted with `sorted_by`.

    A parameter that it lacks is refused.
    """

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(
        DEFAULT_LIMIT, ge=0, le=MAX_LIMIT, description="The most records to return; 0 for their `total` alone."
    )
    sort: str
    cursor: Omittable[str] = Field(None, max_length=1000, description="The value of `next` on the page before.")

    @property
    def after(self) -> list[str] | None:
        """The sort keys after which the page begins; `Invalid` if the cursor is none of ours."""
        return None if self.cursor is None else keys_of(self.cursor)

    def filters(self) -> dict[str, Any]:
        """What is asked for, by the names of the filters."""
        return chosen(self.model_dump(exclude={"limit", "cursor", "sort"}))


def sorted_by(default: str, *others: str) -> Any:
    """The field `sort` of a list's query: by which members it can be sorted, each in both directions."""
    names = [default.removeprefix("-"), *others]

    def as_enum(schema: dict[str, Any]) -> None:
        del schema["pattern"]
        schema["enum"] = [way + name for name in names for way in ("", "-")]

    description = "The order: by this member, from the last to the first with `-` before it. What lacks it is last."
    return Field(default, pattern=f"^-?({'|'.join(names)})$", description=description, json_schema_extra=as_enum)


def chosen(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as filters: yes or no by `is_…` or `is_not_…`, one of several values by `any_…`."""
    found: dict[str, Any] = {}
    for name, value in asked.items():
        match value:
            case None:
                pass
            case bool():
                found[f"is_{name}" if value else f"is_not_{name}"] = True
            case [only]:
                found[name] = only
            case [*_]:
                found[f"any_{name}"] = value
            case _:
                found[name] = value
    return found


class JsonRows:
    """Rows of a select as JSON, each selected column a member named by its label.

    `filters` are conditions by name, each with a bind parameter of that name: those whose value is given apply. `order`
    names the sort keys of pages, together unique and never null, all ascending or all descending (`.desc()`), so that
    an index can serve a page at any depth. Sorted by another column, they follow it. A statement is compiled once for
    each set of filters that is ever used: building it takes longer than running it.

    With a `look`, the reading is written to the audit by the same statement; the column `person_ids` (an array of
    text) then says whose records were shown. `moves` are those of a column of the statement.
    """

    def __init__(
        self,
        statement: Select[*tuple[Any, ...]],
        *,
        filters: Mapping[str, ColumnElement[bool]] | None = None,
        order: Sequence[Any] = (),
        hidden: Sequence[str] = (),
        moves: Moves | None = None,
    ) -> None:
        self.statement = statement
        self.filters = dict(filters or {})
        self.order = Order.of(order)
        self.moves = moves
        self.names = [name for column in statement.selected_columns if (name := str(column.key)) not in hidden]
        self._compiled: dict[tuple[Any, ...], Compiled] = {}

    async def page(self, reading: Statements, query: PageQuery, *, look: Look | None = None, **given: Any) -> Response:
        """One page of the rows that pass the query's filters, or those given in their place."""
        asked, after = query.filters(), query.after
        if unknown := asked.keys() - self.filters.keys():
            raise LookupError(f"This list has no such filters: {unknown}")
        given = asked | given
        if query.limit == 0:
            return await self._total(reading, given, look)
        applied, order = self._applied(given), self.order.after(self.statement.selected_columns, query.sort)
        shape = ("page", applied, query.limit, query.sort, after is not None, look is not None)
        if shape not in self._compiled:
            self._compiled[shape] = self._page_of(applied, query, order, audited=look is not None)
        arguments = given | self._given(look) | order.arguments(after)
        found = await self._compiled[shape].first_row(reading, arguments)
        return Response(page_text(query.limit, *found), media_type=JSON)

    async def one(self, reading: Statements, *, look: Look | None = None, **given: Any) -> Response | None:
        """The only row, with its `version` as ETag where it has one; nothing if there is no row."""
        applied = self._applied(given)
        shape = ("one", applied, look is not None)
        if shape not in self._compiled:
            row = self._filtered(applied).cte("row")
            version = row.c.version if "version" in row.c else literal_column("NULL")
            self._compiled[shape] = self._rendered(row, [ITEM.cast(Text), version], audited=look is not None)
        found = await self._compiled[shape].first_row(reading, given | self._given(look))
        if found is None:
            return None
        body, number = found
        return Response(body, media_type=JSON, headers={} if number is None else {"ETag": etag(number)})

    async def all(self, reading: Statements, *, look: Look | None = None, **given: Any) -> Response:
        """All rows, as a JSON list: for what is short by nature, such as a table of figures."""
        applied = self._applied(given)
        shape = ("all", applied, look is not None)
        if shape not in self._compiled:
            rows = self._filtered(applied).cte("rows")
            self._compiled[shape] = self._rendered(rows, [func.json_agg(ITEM).cast(Text)], audited=look is not None)
        (items,) = await self._compiled[shape].first_row(reading, given | self._given(look))
        return Response(items or NOTHING, media_type=JSON)

    async def _total(self, reading: Statements, given: Mapping[str, Any], look: Look | None) -> Response:
        """How many rows there are. Whose there are is written down if children are asked for by their numbers."""
        applied = self._applied(given)
        named = [given["person_id"]] if "person_id" in applied else given.get("any_person_id", [])
        shape = ("total", applied, look is not None and bool(named))
        if shape not in self._compiled:
            rows = self._filtered(applied).limit(_literal(MOST_COUNTED)).cte("rows")
            counted = select(func.count()).select_from(rows)
            asked = select(bindparam("_named", type_=ARRAY(Text)).label("person_ids")).where(select(rows).exists())
            witnessed = insertion(asked.cte("asked")).cte("witnessed")
            self._compiled[shape] = Compiled.of(counted.add_cte(witnessed) if shape[-1] else counted)
        (total,) = await self._compiled[shape].first_row(reading, {"_named": named} | dict(given) | self._given(look))
        return Response(f'{{"items":[],"next":null,"total":{total}}}', media_type=JSON)

    def _given(self, look: Look | None) -> dict[str, Any]:
        return (look.values() if look else {}) | self.of_caller()

    def of_caller(self) -> dict[str, Any]:
        """The values of parameters that say what the caller can do with the rows."""
        return {self.moves.parameter: self.moves.value()} if self.moves else {}

    def _applied(self, given: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(name for name in self.filters if given.get(name) is not None)

    def _filtered(self, applied: frozenset[str]) -> Select[Any]:
        return self.statement.where(*(self.filters[name] for name in sorted(applied)))

    def _page_of(self, applied: frozenset[str], query: PageQuery, order: Order, *, audited: bool) -> Compiled:
        wanted = self._filtered(applied)
        if query.cursor is not None:
            wanted = wanted.where(order.beyond())
        answered, columns = self.paged(wanted, query.limit, order)
        return self._rendered(answered, columns, audited=audited)

    def paged(
        self, wanted: Select[Any], limit: int, order: Order, name: str = ""
    ) -> tuple[CTE, list[ColumnElement[Any]]]:
        """The rows of a page, how many were found (one more where more follow), and the sort keys of the last one.

        The first are rows for `rendered`, the others its columns; `name` tells the pages of one statement apart.
        """
        keyed = wanted.add_columns(*(key.label(f"_key_{n}") for n, key in enumerate(order.keys)))
        page = keyed.order_by(*order.by()).limit(_literal(limit + 1)).cte(f"{name}page")
        answered = select(page).limit(_literal(limit)).cte(f"{name}answered")
        return answered, [
            func.json_agg(ITEM).cast(Text).label("items"),
            select(func.count()).select_from(page).scalar_subquery().label("found"),
            # Only the last one is made a text.
            *(
                cast(func.array_agg(answered.c[f"_key_{n}"], type_=ARRAY(Text))[func.count()], Text).label(f"last_{n}")
                for n in range(len(order.keys))
            ),
        ]

    def rendered(self, rows: CTE, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
        """Columns of rows, each of which is an `item` with the members that are shown."""
        item = select(*(rows.c[name] for name in self.names)).correlate(rows).lateral("item")
        return select(*columns).select_from(rows.join(item, literal_column("true")))

    def _rendered(self, rows: CTE, columns: Sequence[ColumnElement[Any]], *, audited: bool) -> Compiled:
        """The same compiled; who is seen is written into the audit by the same statement."""
        rendered = self.rendered(rows, columns)
        return Compiled.of(rendered.add_cte(insertion(rows).cte("witnessed")) if audited else rendered)


ITEM: ColumnElement[Any] = literal_column("row_to_json(item)")


def page_text(limit: int, items: str | None, found: int, *last_keys: str) -> str:
    """A page as JSON, from the columns of `JsonRows.paged`."""
    following = json.dumps(cursor_after(*last_keys) if found > limit else None)
    return f'{{"items":{items or "[]"},"next":{following}}}'


def _literal(limit: int) -> ColumnElement[int]:
    """A limit in the statement's own text: the planner guesses badly, and plans anew, where it does not know it."""
    return literal_column(str(limit), Integer)
