"""The invented children of two years, as many as were published as looked after at the end of each."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from chassis.law.working_days import add_working_days
from demo.looked_after import particular_lives as lives
from demo.looked_after.identities import births, family, numbered, with_particulars
from demo.looked_after.model import CHAIRS_BEGAN, LAST_DAY, RECORDS_BEGIN, SEED, Child, Stay, looked_after_on
from demo.looked_after.pathways import days, end, episodes, leaving, placements, reviewed_before, statuses
from demo.people import AREAS, FULL_TIME_EQUIVALENTS, chair_ids
from demo.published import prose

Ages = dict[tuple[float, float], int]

YEAR_ENDS = (date(2019, 3, 31), LAST_DAY)
CAME_IN_FIRST_YEAR = 360
SIZES = {1: 77, 2: 15, 3: 6, 4: 2}
# Ages in years, from and to, of the eldest child of a family.
AGES_OF_THOSE_WHO_COME: Ages = {(0, 1): 17, (1, 5): 19, (5, 10): 20, (10, 15): 30, (15, 17.3): 14}
AGES_OF_THOSE_IN_CARE: Ages = {(0.2, 1): 5, (1, 5): 15, (5, 10): 24, (10, 15): 37, (15, 17.8): 19}
YEARS_IN_CARE = 2.3
RETURNS = 7


def population(seed: int = SEED) -> list[Child]:
    """Every child who was looked after at some time from April 2018 to March 2020."""
    random = Random(seed)
    found = lives.all_of(random)
    while len(found) < CAME_IN_FIRST_YEAR:
        found += _came(random, RECORDS_BEGIN, YEAR_ENDS[0], _size(random))
    _fill(random, found, YEAR_ENDS[0], _in_care)
    _return(random, found)
    _fill(random, found, YEAR_ENDS[1], lambda chance, size: _came(chance, YEAR_ENDS[0], YEAR_ENDS[1], size))
    found += lives.short_breaks(Random(seed + 3))
    ordered = numbered(found)
    with_particulars(random, ordered, LAST_DAY)
    _allocate(random, ordered)
    return ordered


def _fill(random: Random, found: list[Child], day: date, make: Callable[[Random, int], list[Child]]) -> None:
    """Add families until exactly the published number of children is looked after on a day."""
    wanted = prose("lac_population", day.isoformat())
    while (room := wanted - len(looked_after_on(found, day))) > 0:
        found += make(random, min(_size(random), room))
    if room < 0:
        raise ValueError(f"More children are looked after on {day} than the {wanted} published.")


def _size(random: Random) -> int:
    return random.choices(list(SIZES), weights=list(SIZES.values()))[0]


def _age(random: Random, ages: Ages) -> timedelta:
    low, high = random.choices(list(ages), weights=list(ages.values()))[0]
    return days(random.uniform(low, high) * 365.25)


def _came(random: Random, first: date, last: date, size: int) -> list[Child]:
    """A family that came into care between two days, neither of them included nor the few days next to them."""
    start = first + days(random.randint(3, (last - first).days - 4))
    if size == 1 and random.random() < 0.09:
        return lives.unaccompanied(random, start)
    born = births(random, start - _age(random, AGES_OF_THOSE_WHO_COME), start - days(1), size)
    if random.random() < 0.3 and (start - born[0]).days < 4 * 365:
        return lives.on_the_way_to_adoption(random, born, start, start + days(random.randint(180, 290)))
    return _living(random, born, start)


def _in_care(random: Random, size: int) -> list[Child]:
    """A family that was in care when the records begin."""
    born = births(random, RECORDS_BEGIN - _age(random, AGES_OF_THOSE_IN_CARE), RECORDS_BEGIN - days(60), size)
    longest = (RECORDS_BEGIN - born[-1]).days - 1
    start = RECORDS_BEGIN - days(min(8 + random.expovariate(1 / YEARS_IN_CARE) * 365, longest))
    return _living(random, born, start)


def _living(random: Random, born: Sequence[date], start: date) -> list[Child]:
    """A family's stay: one history, mostly one end, and placements of their own."""
    legal = statuses(random, start, (start - born[0]).days / 365.25)
    together, wanted = random.random() < 0.75, leaving(random, start)
    before = reviewed_before(random, start, RECORDS_BEGIN, legal[0][1])
    stays = []
    for born_on in born:
        ends_on = end(born_on, legal, wanted if together else leaving(random, start))
        stretches = episodes(legal, placements(random, born_on, legal), ends_on)
        stays.append(Stay(start, ends_on, stretches, reviewed_before=before))
    return family(random, born, stays)


def _return(random: Random, found: list[Child]) -> None:
    """Some who had left come back into care in the second year."""
    eligible = [child for child in found if _may_return(child)]
    for child in random.sample(eligible, RETURNS):
        start = YEAR_ENDS[0] + days(random.randint(40, 300))
        legal = statuses(random, start, child.age_on(start))
        ends_on = end(child.born_on, legal, leaving(random, start))
        stretches = episodes(legal, placements(random, child.born_on, legal), ends_on)
        child.stays.append(Stay(start, ends_on, stretches))


def _may_return(child: Child) -> bool:
    only = child.stays[0]
    returns_home = only.ends_on is not None and only.ends_on < YEAR_ENDS[0] - days(30)
    settled = {"E1", "J1", "K1"} & {one.legal_status for one in only.episodes}
    return returns_home and not settled and not child.siblings and child.age_on(YEAR_ENDS[0]) < 14


def _allocate(random: Random, children: Sequence[Child]) -> None:
    """Give each family a chair of its area, by turns of who has least to do for the time that they work."""
    parts = dict(zip(chair_ids(), map(float, FULL_TIME_EQUIVALENTS), strict=True))
    of: dict[str, list[Child]] = {chair: [] for chair in parts}
    for child in children:
        if child.chair_id:
            continue
        start = child.stays[0].starts_on
        area = chair_ids()[list(AREAS).index(child.area_id) :: 2]
        mothers = {child.mother.chair_id} if child.mother else set()
        loads = {
            chair: sum(one.stays[0].is_open_on(start) for one in of[chair]) / parts[chair]
            for chair in area
            if chair not in mothers
        }
        chair = min(loads, key=lambda one: loads[one])
        since = max(add_working_days(start, random.randint(1, 5)), CHAIRS_BEGAN)
        for one in (child, *child.siblings):
            one.chair_id, one.chair_from = chair, since
            of[chair].append(one)
