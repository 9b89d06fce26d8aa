"""The order of a list, and the cursors that say where in it a page begins."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, tuple_
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import desc_op

from chassis.base.problems import Invalid


@dataclass(frozen=True)
class Order:
    """The sort keys of a list, together unique and never null, which all go one way."""

    keys: tuple[ColumnElement[Any], ...]
    is_descending: bool

    @classmethod
    def of(cls, columns: Sequence[ColumnElement[Any]]) -> "Order":
        """The order by these columns, all ascending or all descending."""
        directions = {isinstance(key, UnaryExpression) and key.modifier is desc_op for key in columns}
        if len(directions) > 1:
            raise ValueError("The sort keys of a page go all one way.")
        keys = (key.element if isinstance(key, UnaryExpression) else key for key in columns)
        return cls(tuple(keys), directions == {True})

    def after(self, columns: Any, sort: str) -> "Order":
        """The order by one of these columns first, and by these keys where it is alike; rows without it are last."""
        name = sort.removeprefix("-")
        is_descending, column = sort != name, columns[name]
        first = [column]
        if getattr(column, "nullable", True):
            is_missing = case((column.is_(None), int(not is_descending)), else_=int(is_descending))
            # Any day does, which is a text as well: all that is compared with it is missing too.
            first = [is_missing, func.coalesce(column, literal_column("'2000-01-01'", column.type))]
        return Order((*first, *(key for key in self.keys if key.key != name)), is_descending)

    def by(self) -> list[ColumnElement[Any]]:
        """The keys as a statement is ordered by them."""
        return [key.desc() if self.is_descending else key for key in self.keys]

    def beyond(self) -> ColumnElement[bool]:
        """The condition that a row comes after the one whose keys are given."""
        here = tuple_(*self.keys)
        there = tuple_(*(bindparam(f"_after_{n}", type_=key.type) for n, key in enumerate(self.keys)))
        return here < there if self.is_descending else here > there

    def arguments(self, after: Sequence[str] | None) -> dict[str, Any]:
        """A cursor's texts as the values that the keys take."""
        if after is None:
            return {}
        if len(after) != len(self.keys):
            raise _not_ours()
        try:
            values = [_typed(key, text) for key, text in zip(self.keys, after, strict=True)]
        except ValueError:
            raise _not_ours() from None
        return {f"_after_{n}": value for n, value in enumerate(values)}


def _typed(key: ColumnElement[Any], text: str) -> Any:
    python_type = key.type.python_type
    if python_type in {str, object}:  # SQLModel's text columns do not say that they hold text.
        return text
    return python_type.fromisoformat(text) if hasattr(python_type, "fromisoformat") else python_type(text)


def cursor_after(*last_keys: str) -> str:
    """The cursor of the page after the row with these sort keys."""
    return base64.urlsafe_b64encode(json.dumps(last_keys).encode()).rstrip(b"=").decode()


def keys_of(cursor: str) -> list[str]:
    """The sort keys after which a page begins; `Invalid` if the cursor is none of ours."""
    try:
        keys = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise _not_ours() from None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise _not_ours()
    return keys


def _not_ours() -> Invalid:
    return Invalid.field("cursor", "cursor", "Send `next` of the page before, unchanged.")
