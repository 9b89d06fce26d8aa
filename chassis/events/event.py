"""What a service says has happened: thin events, written down in the transaction that made them true.

An event holds identifiers, dates and statuses; never a name, a date of birth or free text. Who needs more asks the
owner over HTTP, where access is checked and audited.
"""

import json
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.base.observe import request_id
from chassis.db.database import Base, moment

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


class Event(BaseModel):
    """One kind of event: its fields are what it says, its docstring when it happens.

    `type` is its public name, in the past tense; `about` names the field that identifies what it is about.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str]
    about: ClassVar[str]


class Outgoing(Base, table=True):
    """An event that waits in the outbox, or has left it; `addressed_at` says when its deliveries were made.

    `source` is who published it, where that is another service, whose event this one passes on.
    """

    id: UUID = Column(primary_key=True)
    source: str | None = None
    type: str
    subject: str
    at: datetime = moment()
    data: dict[str, Any] = Column(sa_type=JSONB)
    request_id: str | None = None
    addressed_at: datetime | None = moment(nullable=True)

    @classmethod
    def of(cls, event: Event, now: datetime) -> "Outgoing":
        """The row of an event, to be added to the session that makes it true."""
        return cls(**cls.record(event, now))

    @classmethod
    def record(cls, event: Event, now: datetime) -> dict[str, Any]:
        """The same as a plain record, for inserting many rows at once."""
        return {
            "id": new_id(),
            "type": event.type,
            "subject": str(getattr(event, event.about)),
            "at": now,
            "data": event.model_dump(mode="json"),
            "request_id": request_id(),
        }


def envelope(source: str, row: Any) -> str:
    """An event's row as CloudEvents 1.0 JSON; its `data` are JSON already."""
    attributes = {
        "specversion": "1.0",
        "id": str(row["id"]),
        "source": source,
        "type": row["type"],
        "subject": row["subject"],
        "time": row["at"].isoformat(),
        "datacontenttype": "application/json",
    }
    if row["request_id"]:
        attributes["requestid"] = row["request_id"]
    return f'{json.dumps(attributes)[:-1]}, "data": {row["data"]}}}'
