"""FastAPI with SQLModel, as the full-stack FastAPI template has it."""

import os
import uuid
from collections.abc import Generator
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import ARRAY, JSON, DateTime, String
from sqlmodel import Field, Session, SQLModel, create_engine, func, select

engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))


class ChallengeCreate(SQLModel):
    theme: str
    person_ids: list[str] = Field(sa_type=ARRAY(String))
    about: str
    area_id: str
    team: str | None = None
    meeting_reference: str | None = None


class ChallengePublic(ChallengeCreate):
    reference: str
    state: str = "open"
    raised_on: date
    raised_by: str
    owner_id: str
    outcome: str | None = None
    closed_on: date | None = None
    escalation_reference: str | None = None
    version: int = 1


class Challenge(ChallengePublic, table=True):
    __table_args__ = {"schema": "peers"}

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)


class Event(SQLModel, table=True):
    __table_args__ = {"schema": "peers"}

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    type: str
    subject: str
    at: datetime = Field(sa_type=DateTime(timezone=True), default_factory=lambda: datetime.now(UTC))
    data: dict[str, Any] = Field(sa_type=JSON)


class ChallengesPublic(SQLModel):
    data: list[ChallengePublic]
    count: int


def get_db() -> Generator[Session, None, None]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_db)]
app = FastAPI()


@app.get("/challenges", response_model=ChallengesPublic)
def read_challenges(session: SessionDep, skip: int = 0, limit: int = 100) -> Any:
    count = session.exec(select(func.count()).select_from(Challenge)).one()
    statement = select(Challenge).order_by(Challenge.raised_on.desc(), Challenge.id.desc()).offset(skip).limit(limit)
    return ChallengesPublic(data=session.exec(statement).all(), count=count)


@app.get("/challenges/{reference}", response_model=ChallengePublic)
def read_challenge(session: SessionDep, reference: str) -> Any:
    challenge = session.exec(select(Challenge).where(Challenge.reference == reference)).first()
    if not challenge:
        raise HTTPException(status_code=404, detail="Challenge not found")
    return challenge


@app.post("/challenges", response_model=ChallengePublic)
def create_challenge(*, session: SessionDep, challenge_in: ChallengeCreate) -> Any:
    given = {"reference": f"CHA-{uuid.uuid4()}", "raised_on": date.today(), "raised_by": "a", "owner_id": "a"}
    challenge = Challenge.model_validate(challenge_in, update=given)
    session.add(challenge)
    data = {"reference": challenge.reference, "theme": challenge.theme}
    session.add(Event(type="challenge.raised", subject=challenge.reference, data=data))
    session.commit()
    session.refresh(challenge)
    return challenge
