"""Answers of the timescale calculators."""

from datetime import date

from pydantic import BaseModel, Field


class TimescaleOut(BaseModel):
    """Something that is due because of an event."""

    kind: str = Field(description="The kind of meeting, or what else is due.")
    due_on: date = Field(description="The last day.")
    rule: str = Field(description="How it is counted, and the source of the rule.")
