"""What a caller is told that is no reason to refuse what they asked for."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlmodel import col

from chassis.access.visibility import hidden_among
from chassis.children.models import Child
from chassis.command import Command

A_YEAR = timedelta(days=365)


class WarningOut(BaseModel):
    """Something to look at again; nothing was refused."""

    field: str = Field(description="Where: the path of the field.")
    rule: str = Field(description="What it is about, as a stable word for programs.")
    message: str = Field(description="The same for people.")


def far_from_due(planned_on: date, due_on: Iterable[date | None]) -> list[WarningOut]:
    """That a meeting is planned a year or more from the day on which it is due, as where a year was mistyped."""
    far = sorted({day for day in due_on if day is not None and abs(planned_on - day) >= A_YEAR})
    message = "This is a year or more from the day on which it is due, {}."
    return [WarningOut(field="planned_on", rule="far_from_due", message=message.format(day)) for day in far]


async def left_out(command: Command, person_ids: Sequence[str], number: Any, *concerned: Any) -> list[WarningOut]:
    """The siblings of children in a meeting who will not be in it, although it could be about them as well.

    `number` is the column of the numbers of those whom such a meeting is about, by the conditions `concerned`. Siblings
    whom the caller may not see are not named.
    """
    siblings = select(func.unnest(col(Child.siblings))).where(col(Child.person_id).in_(person_ids))
    query = select(number).distinct().where(number.in_(siblings), number.not_in(person_ids), *concerned)
    found = (await (await command.session.connection()).execute(query.order_by(number))).scalars().all()
    hidden = await hidden_among(command, found)
    message = "{} is a sibling to whom this could apply as well, and is not in this meeting."
    return [
        WarningOut(field="person_ids", rule="sibling_left_out", message=message.format(person_id))
        for person_id in found
        if person_id not in hidden
    ]
