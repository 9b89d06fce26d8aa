"""Caseloads of chairs."""

from pydantic import BaseModel

from services.reviews.rules.chairs import Load


class CaseloadOut(BaseModel):
    """A chair's looked-after children, compared with the guidance of 50 to 70 for a full-time post."""

    chair_id: str
    children: int
    full_time_equivalent: float | None
    per_full_time_post: float | None
    load: Load | None
