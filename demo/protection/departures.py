"""Plans that end without a conference: by a move to another authority, or by the eighteenth birthday."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from chassis.law.periods import Period
from demo.protection.clocks import review_in, working_days_of
from demo.protection.model import EIGHTEENTH_BIRTHDAY, TRANSFER_OUT, Family

# In every so many months a family moves away.
EVERY_MONTHS = 3
SETTLED = timedelta(days=30)


class Departures:
    """Ends plans outside of conferences, month by month, and knows who moved away."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._months = 0
        self._gone: set[int] = set()

    def of_month(self, month: Period, families: Sequence[Family]) -> None:
        """End the plans of who becomes of age in this month, and perhaps of a family that moves away."""
        for family in families:
            for child in family.on_plan():
                plan = child.plan()
                due_on = plan.due_on() if plan else month.last
                if plan and month.contains(child.adult_on()) and due_on >= child.adult_on():
                    plan.ends_on, plan.ended_by = child.adult_on(), EIGHTEENTH_BIRTHDAY
        self._months += 1
        if self._months % EVERY_MONTHS == 0:
            self._move_away(month, families)

    def _move_away(self, month: Period, families: Sequence[Family]) -> None:
        eligible = [one for one in families if self._may_move(one, month)]
        family = self._random.choice(eligible)
        day = self._random.choice(working_days_of(month.first, month.last))
        for child in family.on_plan():
            if plan := child.plan():
                plan.ends_on, plan.ended_by = day, TRANSFER_OUT
        self._gone.add(family.number)

    def _may_move(self, family: Family, month: Period) -> bool:
        if not family.on_plan() or any(child.looked_after_from for child in family.children):
            return False
        unit = review_in(family, month)
        settled = family.last_met_on() < month.first - SETTLED and len(family.on_plan()) <= 3
        return settled and (unit is None or not unit.must)

    def has_left(self, family: Family, month: Period) -> bool:
        """Whether a family moved away, or has children whose plans ended so lately that they do not come back yet."""
        ends = [plan.ends_on for child in family.children for plan in child.plans if plan.ends_on]
        return family.number in self._gone or any(end >= month.first - SETTLED for end in ends)
