"""When every conference was held: month by month, in exactly the published numbers of conferences and children."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from chassis.law.periods import Period, parse
from demo.protection import published
from demo.protection.choosing import Wanted, choose, sizes
from demo.protection.clocks import DUE_SOON, Unit, review_in, working_days_of
from demo.protection.departures import Departures
from demo.protection.families import Families
from demo.protection.initial import initial_parts
from demo.protection.model import LAST_DAY, Child, Family, Meeting, Part
from demo.protection.outcomes import Balance, decide
from demo.protection.reviewing import review_parts

# A family may come back so long after its last conference; so many of those who come have been here before.
AWAY, COME_BACK = timedelta(days=75), 0.16
OLDEST_BACK = 17
# Reviews that are due on the very last days of the demo and have not been held.
WAITING = 2
# How many of a month's children are new, while the number of plans grows, falls or stays.
NEW_SHARE = {"2019-04": 0.4, "2019-11": 0.28}
USUAL_SHARE = 0.36
# The reviews that the next month has to hold leave room for others.
MOST_PRESSING = 0.5


class Diary:
    """Goes from month to month: who is reviewed, who comes, what is decided."""

    def __init__(self, random: Random, families: Families, arriving: dict[str, list[Family]]) -> None:
        self._random = random
        self._families = families
        self._arriving = arriving
        self._departures = Departures(random)
        self._busy: Counter[tuple[str, date]] = Counter()

    def keep(self) -> None:
        """Hold every conference of the two years."""
        conferences, children = published.conferences_by_month(), published.children_by_month()
        balance = Balance(published.plans_at_the_end_of())
        share = USUAL_SHARE
        for label, wanted in conferences.items():
            month = parse(label)
            following = month.next().label
            share = NEW_SHARE.get(label, share)
            self._departures.of_month(month, self._families.made)
            units = [unit for one in self._families.made if (unit := review_in(one, month))]
            self._let_wait(units, month)
            coming = self._arriving.get(label, [])
            asked = Wanted(
                wanted,
                children[label],
                round(share * children[label]),
                [len(one.children) for one in coming],
                month.next().last + DUE_SOON,
                round(MOST_PRESSING * children.get(following, children[label])),
                round(MOST_PRESSING * (children.get(following, wanted) - conferences.get(following, 0))),
            )
            chosen = choose(self._random, [unit for unit in units if not unit.family.waits], asked)
            left = (wanted - len(chosen), children[label] - sum(unit.size() for unit in chosen))
            initial = self._initial(month, coming, left)
            reviews = [self._reviewed(unit) for unit in chosen]
            decide(self._random, balance.of(label, self._families.made), initial, reviews)

    def _let_wait(self, units: Sequence[Unit], month: Period) -> None:
        """Of those who are due on the first days after the last month, some have not been reviewed."""
        if month.last == LAST_DAY:
            for unit in [one for one in units if one.due_on > LAST_DAY and one.must][:WAITING]:
                unit.family.waits = True

    def _initial(self, month: Period, coming: Sequence[Family], left: tuple[int, int]) -> list[Meeting]:
        meetings = [self._first_meeting(one, one.children, month) for one in coming]
        rest = left[0] - len(coming), left[1] - sum(len(one.children) for one in coming)
        back = self._who_may_come_back(month)
        for size in sizes(self._random, *rest):
            found = [one for one in back if len(one[1]) == size]
            if found and self._random.random() < COME_BACK:
                family, children = self._random.choice(found)
                back.remove((family, children))
            else:
                family = self._families.new(month.first, size)
                children = family.children
            meetings.append(self._first_meeting(family, children, month))
        return meetings

    def _who_may_come_back(self, month: Period) -> list[tuple[Family, list[Child]]]:
        return [
            (one, children)
            for one in self._families.made
            if one.meetings
            and one.last_met_on() < month.first - AWAY
            and not one.on_plan()
            and not self._departures.has_left(one, month)
            and (children := [child for child in one.children if child.age_on(month.last) < OLDEST_BACK])
        ]

    def _first_meeting(self, family: Family, children: Sequence[Child], month: Period) -> Meeting:
        held_on = self._day(family, working_days_of(month.first, month.last))
        return self._held(family, held_on, initial_parts(self._random, children, held_on))

    def _reviewed(self, unit: Unit) -> Meeting:
        held_on = self._day(unit.family, unit.days)
        return self._held(unit.family, held_on, review_parts(unit.children))

    def _held(self, family: Family, held_on: date, parts: list[Part]) -> Meeting:
        meeting = Meeting(held_on, family, parts)
        family.meetings.append(meeting)
        return meeting

    def _day(self, family: Family, days: Sequence[date]) -> date:
        """One of these days, so that no chair has many conferences on one day."""
        offered = self._random.sample(list(days), min(4, len(days)))
        day = min(offered, key=lambda one: self._busy[family.chair_id, one])
        self._busy[family.chair_id, day] += 1
        return day
