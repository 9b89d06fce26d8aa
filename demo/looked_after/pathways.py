"""How an invented child's time in care goes: legal statuses, placements, and when it ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from chassis.law.working_days import add_months, first_working_day, is_working_day
from demo.looked_after.model import ADULT_MONTHS, LAST_EVENT, RECORDS_BEGIN, SHORT_BREAKS, Episode

Change = tuple[date, str]
LEAVING_BY_YEAR = 0.3
MOVES_EVERY_DAYS = 420
# The police may protect a child for 72 hours (Children Act 1989, section 46).
LONGEST_POLICE_PROTECTION = timedelta(hours=72)
FIRST_LEAVING = RECORDS_BEGIN + timedelta(days=9)
PLACEMENTS = {
    10: {"U6": 50, "U4": 22, "U1": 10, "U3": 10, "U5": 1, "R3": 2},
    16: {"U4": 42, "U6": 25, "K2": 16, "U1": 9, "U3": 4, "R1": 2, "S1": 2},
    18: {"H5": 30, "U4": 30, "U6": 14, "K2": 12, "P2": 8, "U1": 6},
}
WITH_PARENTS = "P1"


def days(count: float) -> timedelta:
    """So many whole days."""
    return timedelta(days=int(count))


def working_day_before(day: date) -> date:
    """The day itself when it is a working day, otherwise the last one before."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def mid_month(day: date) -> date:
    """The day itself, moved away from a month's ends: a new clock that starts there rings in the month after."""
    return day.replace(day=min(max(day.day, 9), 27))


def placement(random: Random, born_on: date, day: date, status: str) -> str:
    """A placement that fits the age and the legal status."""
    if status == "C2" and random.random() < 0.1:
        return WITH_PARENTS
    age = (day - born_on).days / 365.25
    weights = next((found for below, found in PLACEMENTS.items() if age < below), PLACEMENTS[18])
    return random.choices(list(weights), weights=list(weights.values()))[0]


def statuses(random: Random, start: date, age: float) -> list[Change]:
    """The legal statuses of a family of which the eldest has this age: accommodated, or on the way to an order."""
    if random.random() < (0.6 if age >= 13 else 0.4):
        found = [(start, "V2")]
        if random.random() < 0.3 and age < 15:
            ordered = start + days(random.randint(60, 200))
            found += [(ordered, "C1"), (ordered + days(random.randint(180, 280)), "C2")]
        return found
    if random.random() < 0.25:
        began, first = start + days(random.randint(2, 5)), random.choice(["L1", "L2"])
        if first == "L1":
            began = min(began, start + LONGEST_POLICE_PROTECTION)
        found = [(start, first), (began, "C1")]
    else:
        began, found = start, [(start, "C1")]
    return [*found, (began + days(random.randint(180, 300)), "C2")]


def on(changes: Sequence[Change], day: date) -> str:
    """What is so on a day."""
    return [what for since, what in changes if since <= day][-1]


def placements(random: Random, born_on: date, legal: Sequence[Change]) -> list[Change]:
    """Where a child lives, with a move now and then."""
    day = legal[0][0]
    found = [(day, placement(random, born_on, day, legal[0][1]))]
    while (day := day + days(20 + random.expovariate(1 / MOVES_EVERY_DAYS))) <= LAST_EVENT:
        found.append((day, placement(random, born_on, day, on(legal, day))))
    return found


def episodes(legal: Sequence[Change], places: Sequence[Change], ends_on: date | None) -> list[Episode]:
    """Every stretch with one legal status and one placement, as far as it has begun."""
    found: list[Episode] = []
    for day in sorted({since for since, _ in (*legal, *places)}):
        if day > LAST_EVENT or (ends_on is not None and day >= ends_on):
            break
        one = Episode(day, on(legal, day), on(places, day))
        if not found or (one.legal_status, one.placement) != (found[-1].legal_status, found[-1].placement):
            found.append(one)
    return found


def leaving(random: Random, start: date) -> date:
    """When a stay might end: at once, within some months, or after years."""
    if start >= RECORDS_BEGIN:
        chance = random.random()
        if chance < 0.1:
            return start + days(random.randint(3, 25))
        if chance < 0.4:
            return start + days(random.randint(30, 190))
    return max(start, FIRST_LEAVING) + days(30 + random.expovariate(LEAVING_BY_YEAR) * 365)


def end(born_on: date, legal: Sequence[Change], wanted: date) -> date | None:
    """When a stay ends, if it has ended.

    At 18 at the latest. Nobody accommodated at 16 or 17 leaves before, since the director's decisions are published
    and those children are made on purpose.
    """
    adult_on = add_months(born_on, ADULT_MONTHS)
    sixteen_on = add_months(born_on, 16 * 12)
    found = min(first_working_day(wanted), adult_on)
    if sixteen_on <= found < adult_on and on(legal, found) == "V2":
        found = adult_on
    return found if found <= LAST_EVENT else None


def reviewed_before(random: Random, start: date, stop: date, status: str) -> list[date]:
    """The reviews that were held before the records begin, each in time for the one after to be due from then on."""
    short = status in SHORT_BREAKS
    gaps = [(50, 85)] if short else [(16, 26), (55, 86)]
    found: list[date] = []
    last = start
    while True:
        low, high = gaps[len(found)] if len(found) < len(gaps) else (100, 176)
        last = working_day_before(last + days(random.randint(low, high)))
        if last >= stop:
            return found
        found.append(last)
