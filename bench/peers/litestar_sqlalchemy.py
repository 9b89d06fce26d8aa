"""Litestar with its SQLAlchemy plugin."""

import os
import uuid
from datetime import UTC, date, datetime
from typing import Annotated, Any

from litestar import Litestar, get, post
from litestar.dto import DTOConfig
from litestar.plugins.sqlalchemy import AsyncSessionConfig, SQLAlchemyAsyncConfig, SQLAlchemyDTO, SQLAlchemyPlugin
from sqlalchemy import ARRAY, JSON, DateTime, MetaData, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

MADE_HERE = {"id", "reference", "state", "raised_on", "raised_by", "owner_id", "version"}


class Base(DeclarativeBase):
    metadata = MetaData(schema="peers")


class Challenge(Base):
    __tablename__ = "challenge"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    reference: Mapped[str] = mapped_column(default=lambda: f"CHA-{uuid.uuid4()}")
    state: Mapped[str] = mapped_column(default="open")
    theme: Mapped[str]
    person_ids: Mapped[list[str]] = mapped_column(ARRAY(String))
    about: Mapped[str]
    team: Mapped[str | None]
    area_id: Mapped[str]
    meeting_reference: Mapped[str | None]
    raised_on: Mapped[date] = mapped_column(default=date.today)
    raised_by: Mapped[str] = mapped_column(default="a")
    owner_id: Mapped[str] = mapped_column(default="a")
    outcome: Mapped[str | None]
    closed_on: Mapped[date | None]
    escalation_reference: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)


class Event(Base):
    __tablename__ = "event"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    type: Mapped[str]
    subject: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime.now(UTC))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


ReadDTO = SQLAlchemyDTO[Annotated[Challenge, DTOConfig(exclude={"id"})]]
WriteDTO = SQLAlchemyDTO[Annotated[Challenge, DTOConfig(exclude=MADE_HERE, partial=True)]]


@get("/challenges", return_dto=ReadDTO)
async def list_challenges(db_session: AsyncSession, limit: int = 50, offset: int = 0) -> list[Challenge]:
    statement = select(Challenge).order_by(Challenge.raised_on.desc(), Challenge.id.desc()).offset(offset).limit(limit)
    return list(await db_session.scalars(statement))


@get("/challenges/{reference:str}", return_dto=ReadDTO)
async def get_challenge(db_session: AsyncSession, reference: str) -> Challenge:
    return (await db_session.scalars(select(Challenge).where(Challenge.reference == reference))).one()


@post("/challenges", dto=WriteDTO, return_dto=ReadDTO)
async def create_challenge(db_session: AsyncSession, data: Challenge) -> Challenge:
    db_session.add(data)
    await db_session.flush()
    said = {"reference": data.reference, "theme": data.theme}
    db_session.add(Event(type="challenge.raised", subject=data.reference, data=said))
    return data


config = SQLAlchemyAsyncConfig(
    connection_string=os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    session_config=AsyncSessionConfig(expire_on_commit=False),
    before_send_handler="autocommit",
)
app = Litestar([list_challenges, get_challenge, create_challenge], plugins=[SQLAlchemyPlugin(config)])
