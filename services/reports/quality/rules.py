"""What is due of observations and of visits to homes, by the day: pure rules."""

from datetime import date
from enum import StrEnum

from chassis.law.periods import PeriodKind, period_of
from chassis.law.working_days import add_months

OBSERVATIONS_A_YEAR = 2


class Grade(StrEnum):
    """How something was found, in the words of inspections."""

    OUTSTANDING = "outstanding"
    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"


class DevelopmentKind(StrEnum):
    """What somebody learnt by."""

    SUPERVISION = "supervision"
    TRAINING = "training"
    REFLECTIVE_PIECE = "reflective_piece"
    QUALITATIVE_INTERVIEW = "qualitative_interview"


class HomeKind(StrEnum):
    """The kinds of home that an independent person visits."""

    LONG_TERM = "long_term"
    SHORT_BREAK = "short_break"
    DISABILITY_LONG_TERM = "disability_long_term"
    SECURE = "secure"
    SUPPORTED_LIVING = "supported_living"


class PriorityState(StrEnum):
    """How a priority stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    ACHIEVED = "achieved"
    CARRIED_OVER = "carried_over"
    DROPPED = "dropped"


class DueKind(StrEnum):
    """What can be due here."""

    OBSERVATION = "observation"
    HOME_VISIT = "home_visit"
    AUDIT_OUTCOME = "audit_outcome"
    PRIORITY = "priority"


def months_between_visits(kind: HomeKind) -> int:
    """How many months lie between an independent person's visits to a home, at most.

    A children's home is visited at least once a month (regulation 44 of the Children's Homes (England) Regulations
    2015); supported living every four months, as councils publish of their own practice.
    """
    return 4 if kind is HomeKind.SUPPORTED_LIVING else 1


def observation_due_on(done_this_year: int, today: date) -> date | None:
    """When a chair is to be observed next: twice in a financial year, once in each half; None if that is done."""
    if done_this_year >= OBSERVATIONS_A_YEAR:
        return None
    year = period_of(PeriodKind.FINANCIAL_YEAR, today)
    return year.last if done_this_year else period_of(PeriodKind.HALF, year.first).last


def visit_due_on(kind: HomeKind, last: date) -> date:
    """The last day for the next visit to a home: the end of the month that is so many months after `last`.

    `last` is the day of the last visit, or that on which the home was opened.
    """
    return period_of(PeriodKind.MONTH, add_months(last.replace(day=1), months_between_visits(kind))).last
