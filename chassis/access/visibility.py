"""Who may see what is about a restricted child: one rule, for every service, for reading and for writing.

A child is restricted as soon as the children service says so. Then whatever is about the child, alone or among others,
exists only for the child's chair, in reviews or in conferences, and for managers. A chair whom another one followed
does not see it any more. Who is restricted comes with the child's replica, or by `child.changed` where none is kept;
who chairs comes by events of reviews and conferences, whose databases write it down and tell it in the transaction of
the change (`chassis.tell_visibility`).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Text, any_, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.orm import aliased
from sqlmodel import Field as Column
from sqlmodel import col

from chassis.access.callers import Caller, Role
from chassis.base.problems import NotFound
from chassis.command import Command
from chassis.db.database import Base
from chassis.events.event import Event
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription

# The case-management system writes the records of every child.
SEES_RESTRICTED = (Role.TEAM_MANAGER, Role.ADMINISTRATOR, Role.CASE_MANAGEMENT, Role.SERVICE)
SEES = bindparam("sees_restricted", type_=Boolean)
VIEWER = bindparam("viewer", type_=Text)


class ChildVisibility(Base, table=True):
    """What the service `source` says: children whether a child is restricted, reviews and conferences who chairs.

    `told_as` is the type of the event by which this service informs others about its own children.
    """

    __tablename__ = "child_visibility"

    person_id: str = Column(primary_key=True)
    source: str = Column(primary_key=True)
    restricted: bool
    chair_id: str | None = None
    version: int
    told_as: str | None = None


def columns(table: Any, *left_out: str) -> list[Any]:
    """The columns of a table that are answered."""
    return [column for column in table.__table__.c if column.name not in left_out]


def visible(table: Any) -> ColumnElement[bool]:
    """The condition that the caller may see a row, by its `person_ids` or its `person_id`.

    `seen_by` gives its values. It is a filter of each row found, so that a list's own index still finds the rows.
    """
    several = getattr(table, "person_ids", None)
    return or_(SEES, ~_is_hidden(table.person_id)) if several is None else all_visible(several)


def all_visible(person_ids: Any) -> ColumnElement[bool]:
    """The condition that the caller may see each of the children whose numbers are in an array."""
    return or_(SEES, ~_is_hidden(any_(person_ids)))


def only_visible(person_ids: Any, name: str) -> ColumnElement[Any]:
    """Those numbers of an array column, under its name, whose children the caller may see, in their order."""
    person_id = func.unnest(person_ids, type_=Text).column_valued("person_id")
    found = select(person_id).where(or_(SEES, ~_is_hidden(person_id))).scalar_subquery()
    return func.array(found, type_=ARRAY(Text)).label(name)


def _is_hidden(person_id: Any) -> ColumnElement[bool]:
    """The condition that a child, or any of an array, is restricted and the caller does not chair for that child."""
    child, chaired = aliased(ChildVisibility), aliased(ChildVisibility)
    return exists().where(
        col(child.person_id) == person_id,
        col(child.restricted),
        ~exists().where(col(chaired.person_id) == col(child.person_id), col(chaired.chair_id) == VIEWER),
    )


def seen_by(caller: Caller) -> dict[str, Any]:
    """The values by which rows are shown to somebody or not."""
    return {"viewer": caller.subject, "sees_restricted": caller.is_any(*SEES_RESTRICTED)}


_ASKED = func.unnest(bindparam("person_ids", type_=ARRAY(Text)), type_=Text).column_valued("asked")
_HIDDEN = select(_ASKED).where(_is_hidden(_ASKED))


async def hidden_among(command: Command, person_ids: Sequence[str]) -> set[str]:
    """The children among these who are hidden from the caller."""
    if command.caller.is_any(*SEES_RESTRICTED) or not person_ids:
        return set()
    connection = await command.session.connection()
    given = seen_by(command.caller) | {"person_ids": list(person_ids)}
    return set((await connection.execute(_HIDDEN, given)).scalars())


async def check_may_see(command: Command, person_ids: Sequence[str]) -> None:
    """Go on only with what the caller may see: `NotFound` where one of its children is hidden from them."""
    if await hidden_among(command, person_ids):
        raise NotFound


def people(*person_ids: Any) -> Any:
    """Columns with person numbers as one array."""
    several: Any = list(person_ids)
    return array(several, type_=Text)


def concerned(table: Any) -> Any:
    """The child of a row, as the audit wants it."""
    return people(table.person_id).label("person_ids")


class VisibilityChanged(Event):
    """What is published about a child who is restricted, or was until now, and about who chairs for them."""

    about = "person_id"

    person_id: str
    restricted: bool
    chair_id: str | None
    version: int


class LookedAfterChildVisibilityChanged(VisibilityChanged):
    """A looked-after child is restricted, or was until now, or is and has another chair."""

    type = "looked_after_child.visibility_changed"


class ChildVisibilityChanged(VisibilityChanged):
    """A child of conferences is restricted, or was until now, or is and has another chair."""

    type = "child.visibility_changed"


class RestrictionReceived(ReceivedEvent):
    """What is read of an event that says whether a child is restricted."""

    person_id: str
    restricted: bool
    version: int


class VisibilityReceived(RestrictionReceived):
    """What is read of one that says who chairs as well."""

    chair_id: str | None


class LookedAfterChildRestricted(VisibilityReceived):
    """The reviews service says of a looked-after child whether they are restricted, and who chairs."""

    source = "reviews"
    type = "looked_after_child.visibility_changed"


class ChildRestricted(VisibilityReceived):
    """The conferences service says of a child whether they are restricted, and who chairs."""

    source = "conferences"
    type = "child.visibility_changed"


class ChildChanged(RestrictionReceived):
    """The children service says of a child whether their record is restricted; who chairs, it does not know."""

    source = "children"
    type = "child.changed"


async def _keep(changed: RestrictionReceived, receipt: Receipt) -> None:
    """Keep what another service says of a child: what is newer than what is known, in whichever order it comes."""
    kept = insert(ChildVisibility).values({"source": changed.source, "chair_id": None} | changed.model_dump())
    newer = kept.on_conflict_do_update(
        index_elements=["person_id", "source"],
        set_={name: kept.excluded[name] for name in ("restricted", "chair_id", "version")},
        where=col(ChildVisibility.version) < kept.excluded.version,
    )
    await receipt.session.exec(newer)


BY_REVIEWS = Subscription(LookedAfterChildRestricted, _keep)
BY_CONFERENCES = Subscription(ChildRestricted, _keep)
# For services that keep no replica of children.
BY_CHILDREN = Subscription(ChildChanged, _keep)
