"""The name of a child beside the number, where people read, and the births that a paper says."""

from typing import Any

from sqlalchemy import ColumnElement, func, literal, literal_column, select
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from chassis.children.models import Child
from chassis.db.columns import TEXTS

NAME = "The child's name; null where nobody has said it yet, and in the answer to a change."


class Named(SQLModel):
    """The parent of an answer about one child."""

    person_name: str | None = Field(default=None, description=NAME)


def _name(child: Any) -> Any:
    return func.nullif(func.concat_ws(literal(" "), child.given_name, child.family_name), "")


def name_of(person_id: Any) -> ColumnElement[Any]:
    """The name of a row's child, as the replica has it; who may not see the child is not shown the row."""
    child = aliased(Child)
    found = select(_name(child)).where(col(child.person_id) == person_id)
    return found.scalar_subquery().label("person_name")


class NamedTogether(SQLModel):
    """The parent of an answer about several children."""

    person_names: list[str | None] = Field(
        default_factory=list, description="The children's names, in the order of `person_ids`; none after a change."
    )


def names_of(person_ids: Any) -> ColumnElement[Any]:
    """The names of a row's children, in the order of their numbers."""
    child = aliased(Child)
    person = func.unnest(person_ids).table_valued("person_id", with_ordinality="place").render_derived(name="person")
    found = (
        select(_name(child))
        .select_from(person.outerjoin(child, col(child.person_id) == person.c.person_id))
        .order_by(person.c.place)
    )
    return func.array(found.scalar_subquery(), type_=TEXTS).label("person_names")


def births_of(meeting: Any) -> ColumnElement[Any]:
    """When the children of a meeting were born, or are expected, as a JSON object by number: for its papers."""
    child = aliased(Child)
    born = func.json_build_object("born_on", col(child.born_on), "expected_on", col(child.expected_on))
    found = select(func.coalesce(func.json_object_agg(col(child.person_id), born), literal_column("'{}'::json")))
    found = found.where(col(child.person_id) == func.any(meeting.person_ids)).correlate(meeting)
    return found.scalar_subquery().label("births")
