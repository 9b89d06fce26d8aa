"""Letters that were printed in one go."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class PrintRunOut(BaseModel):
    """Letters that were printed in one go."""

    id: UUID
    printed_at: datetime = Field(description="When the letters were marked as printed.")
    letters: int = Field(description="How many letters are in it.")
    without_address: int = Field(description="How many still wait, since the child has no name or address on record.")
    path: str = Field(description="Where they are as one PDF, as often as it is needed.")
