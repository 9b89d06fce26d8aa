"""Rows about a child whose record the caller may see."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import concerned, visible
from chassis.children.names import name_of
from services.reviews.children.models import LookedAfterChild


def about_child(table: Any, *shown: Any) -> Any:
    """Columns of a table, with the child's name and `person_ids`, for the children whose records the caller may see."""
    own_child = col(LookedAfterChild.person_id) == table.person_id
    return (
        select(*shown, name_of(table.person_id), concerned(table))
        .join(LookedAfterChild, own_child)
        .where(visible(LookedAfterChild))
    )
