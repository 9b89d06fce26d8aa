"""What this service keeps."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import TEXTS, records
from chassis.db.database import Table, moment, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


class Area(Base, table=True):
    """A part of the council's area."""

    id: str = Column(primary_key=True)
    name: str
    ends_on: date | None = None
    version: int = 1


class Agency(Base, table=True):
    """An organisation whose people come to meetings, or the council's own staff (`internal`)."""

    id: str = Column(primary_key=True)
    name: str
    roles: list[str] = Column(sa_type=TEXTS)
    internal: bool = False
    ends_on: date | None = None
    version: int = 1


class Colleague(Base, table=True):
    """Somebody who works with this system; `id` is the subject of their access token. Leaving is a date."""

    id: str = Column(primary_key=True)
    name: str
    email: str
    positions: list[str] = Column(sa_type=TEXTS)
    team_manager_id: str | None = Column(default=None, sa_column_args=[ForeignKey("colleague.id")])
    area_id: str | None = Column(default=None, sa_column_args=[ForeignKey("area.id")])
    full_time_equivalent: Decimal | None = Column(default=None, sa_type=Numeric(4, 2))
    starts_on: date
    ends_on: date | None = None
    version: int = 1


class Coverage(Base, table=True):
    """That a liaison officer covers an agency, perhaps one role of it in one area, from a day to a day."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    colleague_id: str = Column(sa_column_args=[ForeignKey("colleague.id")])
    agency_id: str | None = Column(default=None, sa_column_args=[ForeignKey("agency.id")])
    agency_role: str | None = None
    area_id: str | None = Column(default=None, sa_column_args=[ForeignKey("area.id")])
    fallback: bool = False
    starts_on: date
    ends_on: date | None = None
    version: int = 1


class Message(Base, table=True):
    """One email to one person, or a letter to print for one who has no address.

    `due_at` is when an email is sent or tried again; nothing is left to do where it is null.

    `person_ids` are the children whom it is about; null where it lists many, or is from before that was kept.

    Where the words name an answer link, they hold a placeholder; the link itself is kept until it was sent.
    """

    id: UUID = Column(default_factory=new_id, primary_key=True)
    template: str
    recipient_id: str
    address: str
    subject: str
    html: str
    text: str
    schedule: str | None = None
    period: str | None = None
    answer_link: dict[str, Any] | None = Column(default=None, sa_type=JSONB(none_as_null=True))
    answer_url: str | None = None
    resent_from: UUID | None = None
    person_ids: list[str] | None = Column(default=None, sa_type=TEXTS)
    state: str
    queued_at: datetime = moment()
    due_at: datetime | None = moment(nullable=True)
    tries: int = 0
    attempts: list[dict[str, Any]] = records()
    sent_at: datetime | None = moment(nullable=True)
    delivered_at: datetime | None = moment(nullable=True)
    failed_at: datetime | None = moment(nullable=True)
    printed_at: datetime | None = moment(nullable=True)
    printed_by: str | None = None
    failure: str | None = None
    provider_reference: str | None = None


class Suppression(Base, table=True):
    """An address to which nothing is sent."""

    address: str = Column(primary_key=True)
    reason: str
    since: datetime = moment()
    by: str
