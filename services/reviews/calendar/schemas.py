"""A chair's diary."""

from uuid import UUID

from pydantic import BaseModel, Field

from chassis.web.idempotency import SHOWN_ONCE
from services.reviews.calendar.models import DiaryFeedBase


class DiaryFeedKnownOut(DiaryFeedBase):
    """An address of a diary without its secret."""


class DiaryFeedOut(BaseModel):
    """A secret address of a diary."""

    id: UUID = Field(description="Use this to revoke the address.")
    url: str | None = Field(
        description="Paste this into a calendar program. Shown once: null where the request is sent again.",
        json_schema_extra=SHOWN_ONCE,
    )
