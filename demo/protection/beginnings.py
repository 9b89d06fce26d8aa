"""The families whose plans run when the records begin, and those who had one years before, with their conferences."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from chassis.law.working_days import first_working_day
from demo.protection import published
from demo.protection.families import Families
from demo.protection.initial import initial_parts
from demo.protection.model import ENDED, RECORDS_BEGIN, Child, Family, Meeting
from demo.protection.outcomes import CATEGORIES, carry_out
from demo.protection.reviewing import review_parts

SIZES = {1: 44, 2: 30, 3: 16, 4: 7, 5: 3}
# How many reviews the running plans have had.
REVIEWED = {0: 25, 1: 36, 2: 20, 3: 9, 4: 4, 5: 4, 6: 2}
FIRST_GAP, GAP = (72, 88), (130, 178)
# Since the last conference; a first review is due sooner.
SINCE_FIRST, SINCE = (1, 84), (1, 168)
# Families who are likely to stay on a plan for long, and how much longer than others.
LONG, STAYS = 0.06, 9
HAD_ONE_BEFORE = 0.1
APART = (200, 1200)


def beginnings(random: Random, families: Families) -> None:
    """Families until exactly as many children are on a plan as were when the records begin."""
    room = published.plans_at_the_end_of()["2018-03"]
    while room:
        size = min(random.choices(list(SIZES), weights=list(SIZES.values()))[0], room)
        reviews = random.choices(list(REVIEWED), weights=list(REVIEWED.values()))[0]
        days = [*_days(random, reviews, RECORDS_BEGIN - _between(random, SINCE if reviews else SINCE_FIRST))][::-1]
        family = families.new(days[0], size)
        if random.random() < LONG:
            family.stays = STAYS
        if random.random() < HAD_ONE_BEFORE and family.children[-1].age_on(days[0]) >= 5:
            _had_one_before(random, family, days[0])
        _meet(random, family, family.children, days)
        room -= size


def _between(random: Random, span: tuple[int, int]) -> timedelta:
    return timedelta(days=random.randint(*span))


def _days(random: Random, reviews: int, last: date) -> Iterator[date]:
    """The working days of a plan's conferences, the last of them first."""
    day = first_working_day(last)
    # What would be held when the records have begun was held just before the weekend.
    while day >= RECORDS_BEGIN:
        last -= timedelta(days=1)
        day = first_working_day(last)
    yield day
    for number in range(reviews, 0, -1):
        day = first_working_day(day - _between(random, FIRST_GAP if number == 1 else GAP))
        yield day


def _meet(
    random: Random, family: Family, children: Sequence[Child], days: Sequence[date], *, ends: bool = False
) -> None:
    """Hold an initial conference and reviews on these days; at the last one the plans end, if they do."""
    category = random.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0]
    for number, day in enumerate(days):
        parts = review_parts(children) if number else initial_parts(random, children, day)
        family.meetings.append(Meeting(day, family, parts))
        for part in parts:
            if ends and number == len(days) - 1:
                part.outcome = ENDED
            carry_out(part, day, category)


def _had_one_before(random: Random, family: Family, before: date) -> None:
    """The elder children of a family were on a plan some time before."""
    last = before - _between(random, APART)
    days = [*_days(random, random.choice([1, 2]), last)][::-1]
    children = [child for child in family.children if child.is_born_on(days[0])]
    if children:
        _meet(random, family, children, days, ends=True)
