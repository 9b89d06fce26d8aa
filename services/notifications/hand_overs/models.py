"""A chair who hands over, and what each service handed over."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlmodel import AutoString, Field

from chassis.base.fields import new_id
from chassis.db.columns import records, texts
from chassis.db.database import moment
from services.notifications.models import Base, Shared


class HandOverAbout(StrEnum):
    """What a part of a hand-over is about."""

    CONFERENCE = "conference"
    ESCALATION = "escalation"
    REVIEW = "review"


class HandOverBase(Shared):
    """Everything of a chair, handed over to another one."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    chair_id: str = Field(description="The chair who hands over.")
    to: str = Field(description="The chair who takes over.")
    reason: str
    starts_on: date
    handed_over_by: str
    handed_over_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)


class HandOver(Base, HandOverBase, table=True):
    """Everything of a chair, handed over to another one: finished when every part is."""


class HandOverPartBase(Shared):
    """What one service handed over: nothing yet, while `finished_at` is null."""

    about: HandOverAbout = Field(primary_key=True, sa_type=AutoString)
    finished_at: datetime | None = moment(nullable=True)
    person_ids: list[str] = texts()
    references: list[str] = texts()


class HandOverPart(Base, HandOverPartBase, table=True):
    """What one service handed over, and what it refused to, as it told."""

    hand_over_id: UUID = Field(primary_key=True, sa_column_args=[ForeignKey("hand_over.id")])
    refused: list[dict[str, Any]] = records()
