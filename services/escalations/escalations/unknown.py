"""Children whom nobody has sent yet: what is raised about one is kept, with a warning, until the child arrives."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, exists, func, select
from sqlmodel import col

from chassis.access.visibility import ChildVisibility
from chassis.command import Command
from chassis.meetings.warnings import WarningOut

RULE = "person_unknown"
MESSAGE = "No child with the number {} has been sent yet. If the number is right, nothing more needs to be done."


def _is_unknown(person_id: Any) -> ColumnElement[bool]:
    """The condition that no service has said anything of a child."""
    return ~exists().where(col(ChildVisibility.person_id) == person_id)


def about_unknown(person_ids: Any) -> ColumnElement[bool]:
    """The condition that one of the numbers in an array is of a child whom nobody has sent yet."""
    person_id = func.unnest(person_ids, type_=Text).column_valued("about")
    return exists(select(person_id).where(_is_unknown(person_id)))


_ASKED = func.unnest(bindparam("person_ids", type_=ARRAY(Text)), type_=Text).column_valued("asked")
_UNKNOWN = select(_ASKED).where(_is_unknown(_ASKED))


async def unknown_among(command: Command, person_ids: Sequence[str]) -> set[str]:
    """The numbers among these of children whom nobody has sent yet."""
    connection = await command.session.connection()
    return set((await connection.execute(_UNKNOWN, {"person_ids": list(person_ids)})).scalars())


async def unknown_people(command: Command, numbers: Mapping[str, Sequence[str]]) -> list[WarningOut]:
    """A warning for each of the numbers in these fields whose child nobody has sent yet.

    A restricted child is known like any other, so that nothing is told of who is restricted.
    """
    unknown = await unknown_among(command, sorted({*chain.from_iterable(numbers.values())}))
    return [
        WarningOut(field=field, rule=RULE, message=MESSAGE.format(person_id))
        for field, person_ids in numbers.items()
        for person_id in person_ids
        if person_id in unknown
    ]
