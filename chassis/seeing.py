"""Who may see which rows: restricted records are for their chair and for managers."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, bindparam, or_
from sqlalchemy.dialects.postgresql import array

from chassis.callers import Caller, Role

SEES_RESTRICTED = (Role.TEAM_MANAGER, Role.ADMINISTRATOR, Role.SERVICE)


def may_see(caller: Caller, *, restricted: bool, chair_id: str | None) -> bool:
    """Whether somebody may see a record: a restricted one only its chair and managers."""
    return not restricted or caller.subject == chair_id or caller.is_any(*SEES_RESTRICTED)


def columns(table: Any, *left_out: str) -> list[Any]:
    """The columns of a table that are answered."""
    return [column for column in table.__table__.c if column.name not in left_out]


def visible(table: Any) -> ColumnElement[bool]:
    """The condition that whoever asks may see a row; `seen_by` gives its values."""
    return or_(
        table.restricted.is_(False),
        bindparam("sees_restricted", type_=Boolean),
        table.chair_id == bindparam("viewer", type_=Text),
    )


def seen_by(caller: Caller) -> dict[str, Any]:
    """The values by which rows are shown to somebody or not."""
    return {"viewer": caller.subject, "sees_restricted": caller.is_any(*SEES_RESTRICTED)}


def people(*person_ids: Any) -> Any:
    """Columns with person numbers as one array."""
    several: Any = list(person_ids)
    return array(several, type_=Text)


def concerned(table: Any) -> Any:
    """The child of a row, as the audit wants it."""
    return people(table.person_id).label("person_ids")
