"""Kinds of columns that tables of several services have, and the parent of those that an answer shows as well."""

from typing import Any

from sqlalchemy import Date, Text, any_, bindparam, cast, not_
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array
from sqlmodel import Field as Column
from sqlmodel import SQLModel

TEXTS: Any = ARRAY(Text)


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class Shared(SQLModel):
    """The parent of what a table and its answer share: a new row has defaults, an answer has every field."""

    model_config = {"json_schema_serialization_defaults_required": True, "json_schema_extra": _without_defaults}


def _empty() -> list[Any]:
    # SQLModel reads the signature of whatever makes a default, for each new row. That of `list` is kept as text, and
    # takes a tenth of a millisecond to read.
    return []


def texts() -> Any:
    """A column for a list of texts, empty at first."""
    return Column(default_factory=_empty, sa_type=TEXTS)


def records() -> Any:
    """A column for a list of small records, empty at first."""
    return Column(default_factory=_empty, sa_type=JSONB)


def equal(table: Any, *names: str) -> dict[str, Any]:
    """Filters by these columns: each equal to the value given under its name, or to one of several."""
    found: dict[str, Any] = {}
    for name in names:
        found |= matching(getattr(table, name), name)
    return found


def matching(column: Any, name: str) -> dict[str, Any]:
    """Filters `<name>` and `any_<name>` by a column: equal to the value given, or to one of several.

    There are two, since an index keeps its order for one value only.
    """
    several = bindparam(f"any_{name}", type_=ARRAY(column.type))
    return {name: column == bindparam(name), f"any_{name}": column == any_(several)}


def between(column: Any, name: str) -> dict[str, Any]:
    """Filters by a day: from the one given under `<name>_from` on, until that of `<name>_to`."""
    return {
        f"{name}_from": column >= bindparam(f"{name}_from", type_=Date),
        f"{name}_to": column <= bindparam(f"{name}_to", type_=Date),
    }


def whether(name: str, condition: Any) -> dict[str, Any]:
    """Filters `is_<name>` and `is_not_<name>` by a condition that is never null.

    There are two, since an index serves a condition, not its comparison with a parameter.
    """
    return {f"is_{name}": condition, f"is_not_{name}": not_(condition)}


def holding(column: Any, name: str) -> dict[str, Any]:
    """The same by a column of texts: one of them is the value given, or one of several; an index serves both."""
    several = bindparam(f"any_{name}", type_=TEXTS)
    return {name: column.contains(cast(array([bindparam(name)]), TEXTS)), f"any_{name}": column.overlap(several)}
