"""Setting right what was written down about a meeting: what it said before is kept, with who changed it and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from chassis.command import Command

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
    command: Command, table: Any, meeting: Any, changes: Changes, because: str, action: str
) -> None:
    """Keep in a service's table what was set right about a meeting, with who did it and why."""
    row = table(
        reference=meeting.reference,
        corrected_at=command.now,
        corrected_by=command.caller.subject,
        because=because,
        changes=changes.made,
    )
    command.session.add(row)
    await command.audit(action, meeting.person_ids, meeting.reference, because)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else str(value)


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
    because: str
    changes: list[ChangeOut]
