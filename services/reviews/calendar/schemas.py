"""A chair's diary."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field


class DiaryFeedKnownOut(BaseModel):
    """An address of a diary without its secret."""

    id: UUID = Field(description="By which it is revoked.")
    chair_id: str = Field(description="Whose diary it shows.")
    created_at: datetime
    last_used_on: date | None = Field(description="The last day on which a calendar read it; null if none has yet.")
    revoked_at: datetime | None


class DiaryFeedOut(BaseModel):
    """A secret address of a diary."""

    id: UUID = Field(description="By which it is revoked.")
    url: str = Field(description="To be pasted into a calendar program; told this once.")
