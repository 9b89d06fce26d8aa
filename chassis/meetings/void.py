"""Taking back what was written down by mistake: it counts no more, and what it said is kept, with who and why."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic_core import to_json
from sqlalchemy import any_, bindparam, select

from chassis.access.visibility import columns, visible
from chassis.base.fields import Input, Words
from chassis.command import Command
from chassis.web.pagination import JsonRows


class TakeBackIn(Input):
    """Why something that was written down is taken back."""

    because: Words = Field(description="Kept with what was taken back, and in the audit.")


class TakenBackOut(BaseModel):
    """Something that was written down by mistake and counts no more."""

    id: UUID
    kind: str = Field(description="What it was, such as `contact`.")
    person_ids: list[str]
    said: dict[str, Any] = Field(description="All that it said, as it was read before.")
    taken_back_at: datetime
    taken_back_by: str
    because: str


async def take_back(command: Command, table: Any, row: Any, person_ids: Sequence[str], because: str) -> TakenBackOut:
    """Take a row back, and keep what it said in a service's table; what follows from that is for whoever calls."""
    columns = [column.name for column in row.__table__.c]
    kind = row.__tablename__
    kept = table(
        kind=kind,
        person_ids=list(person_ids),
        said=json.loads(to_json({name: getattr(row, name) for name in columns})),
        taken_back_at=command.now,
        taken_back_by=command.caller.subject,
        because=because,
    )
    command.session.add(kept)
    await command.session.delete(row)
    await command.session.flush()
    await command.audit(f"take_back_{kind}", person_ids, str(kept.id), because)
    return TakenBackOut.model_validate(kept, from_attributes=True)


def taken_back_about(table: Any, children: Any) -> JsonRows:
    """What was taken back about a child, oldest first, from a service's tables.

    It may be about several children: it is shown to whoever may see each of them.
    """
    return JsonRows(
        select(*columns(table))
        .join(children, children.person_id == any_(table.person_ids))
        .where(visible(table))
        .order_by(table.taken_back_at, table.id),
        filters={"person_id": children.person_id == bindparam("person_id")},
    )
