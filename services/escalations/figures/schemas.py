"""Figures."""

from datetime import date

from pydantic import BaseModel, Field

from chassis.figures.tables import Figures


class FigureOut(Figures):
    """One row of a table of figures; every table is made from the same records."""

    KNOWN_BY = ADDED_UP = "raised"

    raised: int | None = Field(description="Escalations raised; null where a small number is left out.")
    answered: int | None
    unanswered: int | None
    open: int | None
    overdue: int | None = Field(description="Open and past the due day.")
    response_rate: float | None = Field(description="Answered out of raised, between 0 and 1.")
    median_days_to_answer: float | None = Field(description="Calendar days from raised to first answered.")


class FiguresOut(BaseModel):
    """A table of figures."""

    by: str
    first_day: date
    last_day: date
    suppressed_below: int | None = Field(description="Counts below this were left out.")
    rows: list[FigureOut]


class InformalFiguresOut(BaseModel):
    """Positive challenges and good practice, counted separately from escalations."""

    first_day: date
    last_day: date
    challenges: int
    challenges_resolved: int
    challenges_raised_formally: int
    good_practice: int


class RepeatOut(BaseModel):
    """An agency, team or professional that failed repeatedly."""

    agency_id: str
    professional_team: str | None
    professional_name: str | None
    failures: int
    unanswered: int
    last_raised_on: date
