"""Figures."""

from datetime import date

from pydantic import BaseModel, Field

from chassis.figures.asking import FiguresOut
from chassis.figures.tables import Figures


class EscalationFigureOut(Figures):
    """One row of a table of figures; every table is made from the same records."""

    KNOWN_BY = ADDED_UP = "raised"

    raised: int | None = Field(description="Escalations raised; null where a small number is left out.")
    answered: int | None
    unanswered: int | None
    open: int | None = Field(description="Neither resolved nor withdrawn yet, answered or not.")
    overdue: int | None = Field(description="Open and past the due day.")
    resolved: int | None = Field(description="Closed since they were resolved.")
    withdrawn: int | None = Field(description="Closed since they should not have been raised.")
    response_rate: float | None = Field(description="Answered out of raised, between 0 and 1.")
    resolved_rate: float | None = Field(description="Resolved out of raised, between 0 and 1.")
    withdrawn_rate: float | None = Field(description="Withdrawn out of raised, between 0 and 1.")
    open_rate: float | None = Field(description="Still open out of raised, between 0 and 1.")
    median_days_to_answer: float | None = Field(
        description="The median of the calendar days from raised to first answered, of those that were answered."
    )
    median_days_to_resolve: float | None = Field(
        description="The median of the calendar days from raised to resolved, of those that were resolved."
    )


class EscalationFiguresOut(FiguresOut[EscalationFigureOut]):
    """A table of figures."""


class EscalationsPerConferenceRowOut(BaseModel):
    """One period; the one without a key is the total."""

    key: str | None
    conferences: int | None = Field(description="Meetings held; null where a small number is left out.")
    escalations: int | None = Field(description="Escalations about contributions to conferences raised.")
    per_hundred: float | None = Field(description="Escalations for each 100 conferences.")


class EscalationsPerConferenceOut(FiguresOut[EscalationsPerConferenceRowOut]):
    """Escalations beside conferences, period by period."""


class InformalFigureOut(Figures):
    """One row of a table of positive challenges and good practice, counted separately from escalations."""

    KNOWN_BY = ADDED_UP = "challenges"

    challenges: int | None = Field(description="Positive challenges; null where a small number is left out.")
    challenges_resolved: int | None
    challenges_raised_formally: int | None
    challenges_open: int | None
    challenges_resolved_rate: float | None = Field(description="Resolved out of challenges, between 0 and 1.")
    challenges_raised_formally_rate: float | None = Field(
        description="Raised formally out of challenges, between 0 and 1."
    )
    challenges_open_rate: float | None = Field(description="Still open out of challenges, between 0 and 1.")
    median_days_to_resolve: float | None = Field(
        description="The median of the calendar days from raised to resolved, of the challenges that were resolved."
    )
    good_practice: int | None


class InformalFiguresOut(FiguresOut[InformalFigureOut]):
    """A table of positive challenges and good practice."""


class RepeatOut(BaseModel):
    """An agency, team or professional that failed repeatedly."""

    agency_id: str
    professional_team: str | None
    professional_name: str | None
    failures: int
    unanswered: int
    last_raised_on: date
