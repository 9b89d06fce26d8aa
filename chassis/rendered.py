"""Pages of rows that are rendered once for each of their versions, and then kept for a while in this process.

Rendering takes PostgreSQL longer than finding. What a row says can only change with its version, which the database
itself enforces (`chassis.changes_are_counted`), so the text of a version is good for as long as it is remembered.
Which rows somebody is shown is asked each time, and written into the audit by the same statement.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, LargeBinary, Select, Text, Uuid, any_, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import CTE

from chassis.audit import Look
from chassis.pagination import ITEM, JsonRows, PageRequest, page_answer
from chassis.statements import Compiled, Statements

# A row takes about a kilobyte.
REMEMBERED = 20_000
IDENTITY_BYTES = 16


class RenderedRows(JsonRows):
    """The same rows, where all that is rendered stands in one table that counts its changes.

    `identity` and `version` are that table's columns; a row's text depends on nothing else.
    """

    def __init__(self, statement: Select[Any], *, identity: Any, version: Any, **options: Any) -> None:
        super().__init__(statement, **options)
        self._identity = identity
        self._edition = func.uuid_send(identity, type_=LargeBinary).concat(func.int4send(version, type_=LargeBinary))
        self._known: OrderedDict[bytes, bytes] = OrderedDict()
        self._renders: Compiled | None = None

    async def page(
        self, reading: Statements, paging: PageRequest, *, look: Look | None = None, **given: Any
    ) -> Response:
        """One page of the rows that pass the filters given."""
        editions, found, *last_keys = await self.page_row(reading, paging, look, given)
        editions = editions or []
        texts = list(map(self._known.get, editions))
        if None in texts:
            unknown = [one for one, text in zip(editions, texts, strict=True) if text is None]
            fresh = await self._rendered_now(reading, unknown, given)
            texts = [text or fresh.get(_identity_in(one)) for one, text in zip(editions, texts, strict=True)]
        items = b",".join(filter(None, texts))
        return page_answer(items, last_keys if found > paging.limit else None)

    def _page_of(self, page: CTE, keys: int, limit: int, *, audited: bool) -> Compiled:
        answered = select(page).limit(literal_column(str(limit))).cte("answered")
        columns: list[ColumnElement[Any]] = [
            func.array_agg(answered.c["_edition"]),
            select(func.count()).select_from(page).scalar_subquery(),
            *self.last_keys(answered, keys),
        ]
        return self.selected(answered, columns, audited=audited)

    def _found(self, applied: frozenset[str]) -> Select[Any]:
        return self._filtered(applied).with_only_columns(
            self._edition.label("_edition"), *self.people_columns(), maintain_column_froms=True
        )

    async def _rendered_now(
        self, reading: Statements, editions: Sequence[bytes], given: dict[str, Any]
    ) -> dict[UUID, bytes]:
        """The texts of rows by their identifiers; what was changed a moment ago is shown as it is now."""
        if self._renders is None:
            wanted = self.statement.where(self._identity == any_(bindparam("_ids", type_=ARRAY(Uuid()))))
            rows = wanted.add_columns(self._edition.label("_edition")).cte("rows")
            item = select(*(rows.c[name] for name in self.names)).correlate(rows).lateral("item")
            texts = select(rows.c["_edition"], ITEM.cast(Text)).select_from(rows.join(item, literal_column("true")))
            self._renders = Compiled.of(texts)
        identities = [_identity_in(one) for one in editions]
        fresh = {}
        for edition, text in await self._renders.rows(reading, given | {"_ids": identities}):
            self._known[edition] = fresh[_identity_in(edition)] = text.encode()
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return fresh


def _identity_in(edition: bytes) -> UUID:
    return UUID(bytes=edition[:IDENTITY_BYTES])
