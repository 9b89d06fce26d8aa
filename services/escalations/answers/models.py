"""Answers, and the links by which officers give them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlmodel import AutoString, Field

from chassis.base.fields import new_id
from chassis.db.columns import TEXTS, Shared
from chassis.db.database import moment
from services.escalations.models import Base
from services.escalations.rules import Choice


class AnswerBase(Shared):
    """An answer to one or many escalations."""

    at: datetime = moment()
    answered_on: date
    answered_by: str
    on_behalf_of: str | None = None
    answered_through: str | None = Field(
        default=None, description="Whose link it came through, in words: a link works for whoever holds it."
    )
    choice: Choice = Field(sa_type=AutoString)
    expected_on: date | None = None
    note: str | None = None
    references: list[str] = Field(sa_type=TEXTS)


class Answer(Base, AnswerBase, table=True):
    """An answer to one or many escalations at once; a later answer to an escalation replaces an earlier one."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    answer_link_id: UUID | None = Field(default=None, sa_column_args=[ForeignKey("answer_link.id")])


class AnswerLinkBase(Shared):
    """A link by which an officer can answer."""

    colleague_id: str
    period: str
    references: list[str] = Field(sa_type=TEXTS)
    created_at: datetime = moment()
    expires_on: date
    superseded_at: datetime | None = moment(
        nullable=True, description="When a link for a corrected address replaced it."
    )
    revoked_at: datetime | None = moment(nullable=True)
    revoked_by: str | None = None


class AnswerLink(Base, AnswerLinkBase, table=True):
    """A capability to answer: one officer's escalations of one quarter. The token itself is not kept.

    All of an officer's links for a quarter work until the last of them expires, and show the same. A link with a
    `shared_from` was made by the holder of that link, for the escalations of one practice or team alone.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary)
    shared_from: UUID | None = Field(default=None, sa_column_args=[ForeignKey("answer_link.id")])
    unit: str | None = None
