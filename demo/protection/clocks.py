"""When an invented family's next review conference may and must be held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from chassis.law.periods import Period
from chassis.law.working_days import is_working_day
from demo.protection.model import LAST_DAY, SEED, STILL_DAYS, Child, Family

ONE_DAY = timedelta(days=1)
# A review that falls due so soon after the month is held within it.
DUE_SOON = timedelta(days=6)
# How long after the conference before a first and a later review is held at the earliest.
EARLIEST_FIRST, EARLIEST_LATER = timedelta(days=58), timedelta(days=92)
# How long before it is due a first and a later review is aimed at, at most.
AHEAD_FIRST, AHEAD_LATER = 14, 50
LATE_UNTIL, LATE_DAYS, LATE_SHARE = date(2019, 2, 28), 14, 0.03


@dataclass(eq=False)
class Unit:
    """Children of a family who can be reviewed together in a month: on which days, and whether they must be."""

    family: Family
    children: Sequence[Child]
    days: Sequence[date]
    due_on: date
    aim_on: date
    must: bool

    def size(self) -> int:
        """How many children it is."""
        return len(self.children)


def working_days_of(first: date, last: date) -> list[date]:
    """The working days from one day to another on which a conference can be held."""
    span = (last - first).days + 1
    days = (first + timedelta(days=ahead) for ahead in range(span))
    return [day for day in days if is_working_day(day) and day not in STILL_DAYS]


def review_in(family: Family, month: Period) -> Unit | None:
    """When in a month a family's children who are on a plan can be reviewed, if at all."""
    children = family.on_plan()
    if family.waits or not children:
        return None
    due_on = min(plan.due_on() for child in children if (plan := child.plan()))
    children = [child for child in children if child.adult_on() > min(due_on, month.last)]
    if not children:
        return None
    random = Random(f"{SEED} {family.number} {len(family.meetings)}")
    first_review = not any(plan.reviewed_on for child in children if (plan := child.plan()))
    release = family.last_met_on() + (EARLIEST_FIRST if first_review else EARLIEST_LATER)
    until = min([due_on, month.last, *(child.adult_on() - ONE_DAY for child in children)])
    if month.first <= due_on <= month.last - DUE_SOON and due_on < LATE_UNTIL and random.random() < LATE_SHARE:
        release, until = due_on + ONE_DAY, min(due_on + timedelta(days=LATE_DAYS), month.last)
    days = working_days_of(max(release, month.first), until)
    if not days:
        return None
    ahead = timedelta(days=random.randint(0, AHEAD_FIRST if first_review else AHEAD_LATER))
    return Unit(family, children, days, due_on, due_on - ahead, due_on <= _limit(month))


def _limit(month: Period) -> date:
    """Until when whatever is due is held within the month: after the last month the demo's present day comes."""
    return LAST_DAY + timedelta(days=5) if month.last == LAST_DAY else month.last + DUE_SOON
