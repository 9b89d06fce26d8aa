"""Setting right what was written down about a meeting, and voiding what was written down by mistake.

What it said before is kept, with who changed it and why.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic_core import to_jsonable_python
from sqlalchemy import any_, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from chassis.access.visibility import columns, visible
from chassis.base.fields import Input, Words, new_id
from chassis.command import Command
from chassis.db.columns import records, texts
from chassis.db.database import moment
from chassis.meetings.details import Said
from chassis.web.pagination import JsonRows

Change = dict[str, str | None]


@dataclass
class Changes:
    """What is another than before, each with what it said."""

    made: list[Change] = field(default_factory=list)

    def make(self, row: Any, values: Mapping[str, Any], about: str | None = None) -> bool:
        """Set values of a row, and keep what those that are not as before said; whether there are any.

        `about` is whom or what the row is about.
        """
        before = len(self.made)
        for name, later in values.items():
            earlier = getattr(row, name)
            if earlier != later:
                self.made.append({"about": about, "field": name, "earlier": _text(earlier), "later": _text(later)})
                setattr(row, name, later)
        return len(self.made) > before


async def keep_correction(
    command: Command, table: Any, meeting: Any, changes: Changes, reason: str, action: str
) -> None:
    """Keep in a service's table what was set right about a meeting, with who did it and why."""
    row = table(
        reference=meeting.reference,
        corrected_at=command.now,
        corrected_by=command.caller.subject,
        reason=reason,
        changes=changes.made,
    )
    command.session.add(row)
    await command.audit(action, meeting.person_ids, meeting.reference, reason)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else str(value)


class CorrectionColumns(SQLModel):
    """The columns of a service's table of corrections; a change is `{about, field, earlier, later}`."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    corrected_at: datetime = moment()
    corrected_by: str
    reason: str
    changes: list[dict[str, Any]] = records()


class VoidedColumns(SQLModel):
    """The columns of a service's table of what was voided: `said` is the row as it was, of the table `kind`."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    kind: str
    person_ids: list[str] = texts()
    said: dict[str, Any] = Column(sa_type=JSONB)
    voided_at: datetime = moment()
    voided_by: str
    reason: str


class ChangeOut(BaseModel):
    """One thing that was set right."""

    about: str | None = Field(description="The child's number or the invitation's identifier; null for the meeting.")
    field: str
    earlier: str | None = Field(description="What it said before.")
    later: str | None


class CorrectionOut(BaseModel):
    """That something about a meeting was set right after it was held, or that it was not held after all."""

    corrected_at: datetime
    corrected_by: str
    reason: str
    changes: list[ChangeOut]


class VoidIn(Input):
    """Why something that was written down is voided."""

    reason: Words = Field(description="Kept with what was voided, and in the audit.")


class VoidedOut(BaseModel):
    """Something that was written down by mistake and counts no more."""

    id: UUID
    kind: str = Field(description="What it was, such as `contact`.")
    person_ids: list[str]
    said: Said = Field(description="All that it said, by its kind.")
    voided_at: datetime
    voided_by: str
    reason: str


async def void(command: Command, table: Any, row: Any, person_ids: Sequence[str], reason: str) -> VoidedOut:
    """Take a row back, and keep what it said in a service's table; the caller does what follows from that."""
    kind = row.__tablename__
    kept = table(
        kind=kind,
        person_ids=list(person_ids),
        said=to_jsonable_python({column.name: getattr(row, column.name) for column in row.__table__.c}),
        voided_at=command.now,
        voided_by=command.caller.subject,
        reason=reason,
    )
    command.session.add(kept)
    await command.session.delete(row)
    await command.session.flush()
    await command.audit(f"void_{kind}", person_ids, str(kept.id), reason)
    return VoidedOut.model_validate(kept, from_attributes=True)


def voided_about(table: Any, children: Any) -> JsonRows:
    """What was voided about a child, oldest first, from a service's tables.

    It may be about several children, and is shown to those who may see each of them.
    """
    return JsonRows(
        select(*columns(table))
        .join(children, children.person_id == any_(table.person_ids))
        .where(visible(table))
        .order_by(table.voided_at, table.id),
        filters={"person_id": children.person_id == bindparam("person_id")},
    )
