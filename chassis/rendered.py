"""Pages of rows that are rendered once for each of their versions, and then kept for a while in this process.

Rendering takes PostgreSQL longer than finding. What a row says can only change with its version, which the database
itself enforces (`chassis.changes_are_counted`), so the text of a version is good for as long as it is remembered.
Which rows somebody is shown is asked each time, and written into the audit by the same statement.
"""

from collections import OrderedDict
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Response
from sqlalchemy import LargeBinary, Select, Text, Uuid, any_, bindparam, cast, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import CTE

from chassis.audit import Look
from chassis.pagination import ITEM, JsonRows, PageRequest, cursor_after, page_answer
from chassis.statements import Compiled, Statements

# A row takes about a kilobyte.
REMEMBERED = 20_000
IDENTITY_BYTES = 16


class Rendered(NamedTuple):
    """A version of a row as it is answered, and the cursor of the page after it, both as JSON."""

    text: bytes
    cursor: bytes


_TEXT = attrgetter("text")


class RenderedRows(JsonRows):
    """The same rows, where all that is rendered stands in one table that counts its changes.

    `identity` and `version` are that table's columns; a row's text depends on nothing else.
    """

    def __init__(self, statement: Select[Any], *, identity: Any, version: Any, **options: Any) -> None:
        super().__init__(statement, **options)
        self._identity = identity
        self._edition = func.uuid_send(identity, type_=LargeBinary).concat(func.int4send(version, type_=LargeBinary))
        self._known: OrderedDict[bytes, Rendered] = OrderedDict()
        self._renders: Compiled | None = None

    async def page(
        self, reading: Statements, paging: PageRequest, *, look: Look | None = None, **given: Any
    ) -> Response:
        """One page of the rows that pass the filters given."""
        (editions_found,) = await self.page_row(reading, paging, look, given)
        found = editions_found or []
        editions = found[: paging.limit]
        rows = list(map(self._known.get, editions))
        if None in rows:
            unknown = [one for one, row in zip(editions, rows, strict=True) if row is None]
            fresh = await self._rendered_now(reading, unknown, given)
            rows = [row or fresh.get(_identity_in(one)) for one, row in zip(editions, rows, strict=True)]
        items = b",".join(map(_TEXT, filter(None, rows)))
        if len(found) == len(editions):
            return page_answer(items)
        last = self._known.get(editions[-1])
        if last is None:
            # It was changed a moment ago: where it stands now is not where this page ends.
            return await self.page(reading, paging, look=look, **given)
        return page_answer(items, last.cursor)

    def _page_of(self, page: CTE, answered: CTE, *, audited: bool) -> Compiled:
        """The editions of a page, and of one row more where more follow."""
        return self.selected(page, [func.array_agg(page.c["_edition"])], audited=audited, seen=answered)

    def _found(self, applied: frozenset[str]) -> Select[Any]:
        return self._filtered(applied).with_only_columns(
            self._edition.label("_edition"), *self.people_columns(), maintain_column_froms=True
        )

    async def _rendered_now(
        self, reading: Statements, editions: Sequence[bytes], given: dict[str, Any]
    ) -> dict[UUID, Rendered]:
        """Rows by their identifiers; what was changed a moment ago is shown as it is now."""
        if self._renders is None:
            self._renders = self._rendering()
        identities = [_identity_in(one) for one in editions]
        fresh = {}
        for edition, text, *keys in await self._renders.rows(reading, given | {"_ids": identities}):
            self._known[edition] = fresh[_identity_in(edition)] = Rendered(text.encode(), cursor_after(keys))
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return fresh

    def _rendering(self) -> Compiled:
        wanted = self.statement.where(self._identity == any_(bindparam("_ids", type_=ARRAY(Uuid()))))
        keys = [cast(key, Text).label(f"_key_{n}") for n, key in enumerate(self.keys)]
        rows = wanted.add_columns(self._edition.label("_edition"), *keys).cte("rows")
        columns = [rows.c["_edition"], ITEM.cast(Text), *(rows.c[key.name] for key in keys)]
        return self._rendered(rows, columns, audited=False)


def _identity_in(edition: bytes) -> UUID:
    return UUID(bytes=edition[:IDENTITY_BYTES])
