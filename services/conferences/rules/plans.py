"""Child protection plans: when one starts and may end, how many there were before, and which are to be watched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.law.ages import adult_on
from chassis.law.violations import Violation, future_violation
from chassis.law.working_days import add_months
from services.conferences.rules.vocabulary import PlanEnd

WATCHED_AFTER_MONTHS = 24
SOON_AGAIN_MONTHS = 24
SHORT_MONTHS = 3


class Watch(StrEnum):
    """Why a plan is to be watched. Source: local practice."""

    LONG = "long"
    REPEAT = "repeat"
    REPEAT_WITHIN_TWO_YEARS = "repeat_within_two_years"
    ENDED_WITHIN_THREE_MONTHS = "ended_within_three_months"
    ALSO_LOOKED_AFTER = "also_looked_after"


class Duration(StrEnum):
    """How long a plan ran, as the national statistics of children in need group it."""

    UP_TO_THREE_MONTHS = "up_to_three_months"
    UP_TO_SIX_MONTHS = "up_to_six_months"
    UNDER_ONE_YEAR = "under_one_year"
    UNDER_TWO_YEARS = "under_two_years"
    TWO_YEARS_OR_MORE = "two_years_or_more"


@dataclass(frozen=True)
class Spell:
    """The days of one plan: the first, and the last where it has ended."""

    starts_on: date
    ends_on: date | None = None


def previous_plans(plans: Sequence[Spell], starts_on: date) -> int:
    """How many plans a child had before the one that starts on a day, not counting that one.

    Source: children in need census 2026 to 2027, NumberOfPreviousCPP.
    """
    return sum(plan.starts_on < starts_on for plan in plans)


def is_repeat_within_two_years(plans: Sequence[Spell], starts_on: date) -> bool:
    """Whether a plan starts within 2 years (24 calendar months) of the end of an earlier one.

    Source: local practice; the national indicator of repeat plans.
    """
    ends = [plan.ends_on for plan in plans if plan.starts_on < starts_on and plan.ends_on is not None]
    return any(end <= starts_on <= add_months(end, SOON_AGAIN_MONTHS) for end in ends)


def is_long(plan: Spell, day: date) -> bool:
    """Whether a plan that runs on a day has run for 2 years (24 calendar months) or more. Source: local practice."""
    runs = plan.starts_on <= day and (plan.ends_on is None or plan.ends_on > day)
    return runs and add_months(plan.starts_on, WATCHED_AFTER_MONTHS) <= day


def ended_soon(plan: Spell) -> bool:
    """Whether a plan ended within 3 calendar months of its start. Source: local practice."""
    return plan.ends_on is not None and plan.ends_on <= add_months(plan.starts_on, SHORT_MONTHS)


def duration_of(starts_on: date, ends_on: date) -> Duration:
    """How long a plan ran that ended: exactly 3 or 6 months belong to the shorter group, 1 and 2 years to the longer.

    Source: national statistics, Characteristics of children in need, durations of plans that ended.
    """
    if ends_on <= add_months(starts_on, SHORT_MONTHS):
        return Duration.UP_TO_THREE_MONTHS
    if ends_on <= add_months(starts_on, 6):
        return Duration.UP_TO_SIX_MONTHS
    if ends_on < add_months(starts_on, 12):
        return Duration.UNDER_ONE_YEAR
    return Duration.UNDER_TWO_YEARS if ends_on < add_months(starts_on, 24) else Duration.TWO_YEARS_OR_MORE


def is_open_on(plan: Spell, day: date) -> bool:
    """Whether a plan is open at the end of a day: the day on which it ended is no longer one.

    Source: children in need census 2026 to 2027, the count of plans on 31 March.
    """
    return plan.starts_on <= day and (plan.ends_on is None or plan.ends_on > day)


def is_looked_after_too(plan_since: date | None, looked_after_since: date | None) -> bool:
    """Whether a child is looked after and on a plan at once. Source: local practice."""
    return plan_since is not None and looked_after_since is not None


def start_violation(plans: Sequence[Spell], starts_on: date) -> Violation | None:
    """Why another plan of a child cannot start on a day, if it cannot: the one before has to be over.

    Source: children in need census 2026 to 2027: a plan does not start until the day after another one's end.
    """
    ended_on = max((plan.ends_on for plan in plans if plan.ends_on is not None), default=None)
    if ended_on is not None and starts_on <= ended_on:
        message = f"A new plan must start after {ended_on}, when the previous one ended."
        return Violation("held_on", "no_overlap", message)
    return None


def end_violation(reason: PlanEnd, plan: Spell, ends_on: date, born_on: date | None, today: date) -> Violation | None:
    """Why a plan cannot end so without a conference, if it cannot.

    A plan ends only by a review conference's decision, a completed transfer out, the 18th birthday, death, or because
    the child left the United Kingdom for good. Source: Working Together to Safeguard Children 2026, as published
    procedures quote it.
    """
    if reason is PlanEnd.CONFERENCE:
        message = "To end a plan at a conference, record it as the outcome when the conference is held."
        return Violation("reason", "by_its_own_action", message)
    if to_come := future_violation("ends_on", ends_on, today):
        return to_come
    # A child may die on the day of the conference; nothing else ends a plan on the day on which it starts.
    if ends_on < plan.starts_on or (ends_on == plan.starts_on and reason is not PlanEnd.DEATH):
        return Violation("ends_on", "after_its_start", f"The plan started on {plan.starts_on}.")
    if reason is PlanEnd.EIGHTEENTH_BIRTHDAY:
        birthday = None if born_on is None else adult_on(born_on)
        if ends_on != birthday:
            words = f"The 18th birthday is {birthday}." if birthday else "The child's date of birth is not known."
            return Violation("ends_on", "eighteenth_birthday", words)
    return None


def childhood_over_on(born_on: date | None, died_on: date | None) -> date | None:
    """The day from which nobody is on a plan any more: death, or the 18th birthday; not known before birth.

    Source: Working Together to Safeguard Children 2026; Children Act 1989, section 105.
    """
    days = (died_on, None if born_on is None else adult_on(born_on))
    return min((day for day in days if day is not None), default=None)


def leader_violation(leader_id: str, chair_id: str | None) -> Violation | None:
    """Why somebody cannot lead a 12-month discussion, if they cannot: the allocated chair does not.

    Source: local practice: another chair looks at the plan with fresh eyes.
    """
    if leader_id == chair_id:
        message = "The allocated chair cannot lead a 12-month discussion."
        return Violation("led_by", "not_the_allocated_chair", message)
    return None
