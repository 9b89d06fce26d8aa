"""What a rule answers when something cannot be so: the field at fault, the rule and the reason."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Violation:
    """One thing that a rule refuses: where it is, the rule as a stable word, and the reason for people."""

    field: str
    rule: str
    message: str


def future_violation(field: str, day: date | None, today: date) -> Violation | None:
    """Why something cannot have happened on a day, if it cannot: the day has not come yet.

    Source: local practice; what is recorded has happened.
    """
    is_to_come = day is not None and day > today
    return Violation(field, "not_in_the_future", "The date must be today or in the past.") if is_to_come else None


def step_violation(field: str, day: date, earliest: date | None, today: date) -> Violation | None:
    """Why a step cannot have been taken on a day, if it cannot: it is to come, or before the step that it follows.

    Source: local practice; steps are taken in their order.
    """
    if earliest is not None and day < earliest:
        return Violation(field, "in_order", f"The step before was on {earliest}.")
    return future_violation(field, day, today)
