"""How old somebody is on a day, and when childhood ends."""

from collections.abc import Iterable
from datetime import date

from chassis.law.violations import Violation
from chassis.law.working_days import add_months

ADULT_AGE = 18


def age_on(born_on: date, day: date) -> int:
    """The age in whole years on a day; who was born on 29 February turns a year older on 28 February in other years.

    Source: the practice of the statutory return, which counts by the corresponding date or the month's last day.
    """
    years = day.year - born_on.year
    return years if add_months(born_on, 12 * years) <= day else years - 1


def adult_on(born_on: date) -> date:
    """The 18th birthday: from that day on a person is no longer a child. Source: Children Act 1989, section 105."""
    return add_months(born_on, 12 * ADULT_AGE)


def is_adult(born_on: date | None, day: date) -> bool:
    """Whether somebody is 18 on a day. Source: Children Act 1989, section 105."""
    return born_on is not None and adult_on(born_on) <= day


def childhood_violation(field: str, born_on: date | None, day: date) -> Violation | None:
    """Why a meeting about somebody cannot be on a day, if it cannot: from the 18th birthday on they are no child.

    Source: Children Act 1989, section 105.
    """
    if born_on is None or not is_adult(born_on, day):
        return None
    return Violation(
        field, "childhood", f"The child is 18 on {adult_on(born_on)}: a meeting about them is before that."
    )


def childhoods_violation(field: str, born_on: Iterable[date | None], day: date) -> Violation | None:
    """Why a meeting about several cannot be on a day, if it cannot: one who is 18 is left out of it, if one is left.

    Source: Children Act 1989, section 105.
    """
    found = [childhood_violation(field, birthday, day) for birthday in born_on]
    return found[0] if found and all(found) else None
