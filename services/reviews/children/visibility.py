"""The join of what is kept about a child to the child, where whoever asks may see the child's record."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from chassis.access.visibility import visible
from services.reviews.children.models import LookedAfterChild


def of_visible_child(table: Any) -> tuple[Any, ColumnElement[bool]]:
    """The join of a table to its child, and the condition that whoever asks may see the child's record."""
    return col(LookedAfterChild.person_id) == table.person_id, visible(LookedAfterChild)
