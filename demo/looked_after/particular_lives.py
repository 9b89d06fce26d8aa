"""Children whose time in care is made on purpose: remand, secure accommodation, adoption, short breaks and others."""

from collections.abc import Sequence
from datetime import date
from random import Random

from chassis.law.periods import parse
from chassis.law.working_days import add_months, add_working_days, first_working_day
from demo.looked_after.identities import births, family
from demo.looked_after.model import ADULT_MONTHS, RECORDS_BEGIN, Child, Episode, Stay
from demo.looked_after.pathways import (
    Change,
    days,
    end,
    episodes,
    mid_month,
    placements,
    reviewed_before,
    working_day_before,
)
from demo.looked_after.published import directors_decisions_by_month
from demo.published import prose

# How long after the placement began each panel sat, and on which day it ended, if it has: the first within a month,
# those after within three. Five children and eight panels of 2019-20.
SECURE = (
    (date(2018, 6, 11), (24,), 62),
    (date(2018, 10, 8), (28, 105), 150),
    (date(2019, 5, 7), (27, 112), 168),
    (date(2019, 6, 24), (25,), 71),
    (date(2019, 8, 5), (29, 114), 183),
    (date(2019, 10, 14), (22, 106), 141),
    (date(2020, 2, 10), (28,), None),
)
REMANDS_OF_FIRST_YEAR = 6
ADOPTIONS_UNDER_WAY = 22
GUARDIANSHIPS_BROKEN_DOWN = 3
# One adoption came to nothing some months after the child was placed.
BROKE_DOWN = (date(2018, 8, 14), date(2018, 11, 20), date(2019, 6, 18))
SHORT_BREAKS_AT_FIRST = 32
SHORT_BREAKS_THAT_BEGAN = 4
# A young person on remand is in a young offender institution or a secure training centre.
ON_REMAND = "R5"


def all_of(random: Random) -> list[Child]:
    """Every child of a particular life, but for those in short breaks."""
    found = _secure(random) + _remanded(random) + _left_by_decision(random) + _mother_and_baby(random)
    found += _guardianship_broke_down(random) + _adoption_by_consent(random) + _adoption_broke_down(random)
    for _ in range(ADOPTIONS_UNDER_WAY):
        ordered = RECORDS_BEGIN + days(random.randint(-70, 260))
        start = ordered - days(random.randint(190, 300))
        if start >= RECORDS_BEGIN - days(5):
            start = RECORDS_BEGIN - days(random.randint(6, 60))
        size = random.choices([1, 2], weights=[4, 1])[0]
        born = births(random, start - days(random.randint(1, 1300)), start - days(1), size)
        found += on_the_way_to_adoption(random, born, start, ordered)
    return found


def _born(random: Random, day: date, low: float, high: float) -> list[date]:
    return births(random, day - days(random.uniform(low, high) * 365.25), day, 1)


def _secure(random: Random) -> list[Child]:
    found = []
    for began, panels, lasted in SECURE:
        start = began - days(random.randint(200, 700))
        born = _born(random, began, 13.2, 15.8)
        places = [(start, "K2"), (began, "K1")]
        if lasted is not None:
            places.append((began + days(lasted), "K2"))
        legal = [(start, "C1"), (start + days(150), "C2")]
        before = reviewed_before(random, start, RECORDS_BEGIN, "C1")
        child = family(random, born, [Stay(start, None, episodes(legal, places, None), reviewed_before=before)])[0]
        child.panel_on = [working_day_before(began + days(after)) for after in panels]
        found.append(child)
    return found


def _remanded(random: Random) -> list[Child]:
    """Short remands with one review each, and in 2019-20 as many more with two as the published reviews ask for."""
    children, reviews = prose("remand_children"), prose("remand_reviews")
    times = [1] * REMANDS_OF_FIRST_YEAR + [2] * (reviews - children) + [1] * (2 * children - reviews)
    found = []
    for number, most in enumerate(times):
        first = RECORDS_BEGIN if number < REMANDS_OF_FIRST_YEAR else parse("2019-20").first
        start = first + days(random.randint(4, 200 if most > 1 else 270))
        ends_on = first_working_day(start + days(random.randint(130, 150) if most > 1 else random.randint(46, 85)))
        stay = Stay(start, ends_on, [Episode(start, "J1", ON_REMAND)], most_reviews=most)
        found += family(random, _born(random, start, 14.5, 17.3), [stay])
    return found


def _left_by_decision(random: Random) -> list[Child]:
    """Those of 16 and 17 years who left accommodation by the director's decision (regulation 39)."""
    found = []
    for month, count in directors_decisions_by_month().items():
        for _ in range(count):
            decided_on = first_working_day(parse(month).first + days(random.randint(4, 18)))
            ends_on = add_working_days(decided_on, random.randint(0, 4))
            start = ends_on - days(random.randint(100, 500))
            born = _born(random, ends_on, 16.4, 17.8)
            stretches = episodes([(start, "V2")], placements(random, born[0], [(start, "V2")]), ends_on)
            before = reviewed_before(random, start, RECORDS_BEGIN, "V2")
            child = family(random, born, [Stay(start, ends_on, stretches, reviewed_before=before)])[0]
            child.decided_on = decided_on
            found.append(child)
    return found


def _mother_and_baby(random: Random) -> list[Child]:
    """A looked-after mother and her looked-after baby, who live together."""
    start, came = date(2017, 9, 12), date(2019, 2, 20)
    born = births(random, date(2002, 11, 14), start, 1)
    places = [(start, "U6"), (came, "R3"), (date(2019, 9, 16), "U6")]
    before = reviewed_before(random, start, RECORDS_BEGIN, "C1")
    legal = [(start, "C1"), (date(2018, 5, 22), "C2")]
    mother = family(random, born, [Stay(start, None, episodes(legal, places, None), reviewed_before=before)])[0]
    baby_places = [(came, "R3"), (date(2019, 9, 16), "U6")]
    stay = Stay(came, None, episodes([(came, "C1"), (date(2019, 10, 8), "C2")], baby_places, None))
    baby = family(random, [date(2019, 2, 18)], [stay])[0]
    mother.sex = "2"
    baby.mother, baby.family_name, baby.area_id, baby.team = mother, mother.family_name, mother.area_id, mother.team
    return [mother, baby]


def _guardianship_broke_down(random: Random) -> list[Child]:
    """Those who came back from special guardians, about whom a disruption meeting was held."""
    found = []
    for _ in range(GUARDIANSHIPS_BROKEN_DOWN):
        start = parse("2019-20").first + days(random.randint(10, 290))
        born = _born(random, start, 5.5, 14)
        legal = [(start, "V2"), (start + days(random.randint(50, 90)), "C1")]
        stay = Stay(start, None, episodes(legal, placements(random, born[0], legal), None))
        child = family(random, born, [stay])[0]
        child.disruption_on = first_working_day(start + days(random.randint(30, 55)))
        found.append(child)
    return found


def _adoption_by_consent(random: Random) -> list[Child]:
    """A baby whose mother agreed that it be adopted, who was later adopted."""
    start, agreed, placed = date(2018, 9, 5), date(2018, 11, 13), date(2019, 1, 17)
    stretches = [Episode(start, "V2", "U6"), Episode(placed, "V2", "A4")]
    stay = Stay(start, date(2019, 8, 13), stretches, adoption_authorised_on=agreed)
    return family(random, [date(2018, 9, 3)], [stay])


def _adoption_broke_down(random: Random) -> list[Child]:
    """A child who came back from adopters, about whom a disruption meeting was held."""
    start = date(2018, 1, 16)
    ordered, placed, back = BROKE_DOWN
    legal = [(start, "C1"), (ordered, "E1"), (back, "C2")]
    places = [(start, "U6"), (placed, "A6"), (back, "U6")]
    before = reviewed_before(random, start, RECORDS_BEGIN, "C1")
    stay = Stay(start, None, episodes(legal, places, None), reviewed_before=before)
    child = family(random, _born(random, start, 2, 4), [stay])[0]
    child.disruption_on = first_working_day(back + days(23))
    return [child]


def on_the_way_to_adoption(random: Random, born: Sequence[date], start: date, ordered: date) -> list[Child]:
    """A family with a placement order, mostly placed for adoption some months after, and adopted in the end."""
    ordered = mid_month(ordered)
    legal: list[Change] = [(start, "C1"), (ordered, "E1")]
    places: list[Change] = [(start, "U6")]
    ends_on = None
    if random.random() < 0.8:
        placed = mid_month(ordered + days(random.randint(45, 260)))
        places.append((placed, random.choices(["A6", "A5"], weights=[6, 1])[0]))
        adopted = first_working_day(placed + days(random.randint(140, 300)))
        ends_on = end(born[-1], legal, adopted)
    before = reviewed_before(random, start, min(RECORDS_BEGIN, ordered), "C1")
    stretches = episodes(legal, places, ends_on)
    return family(random, born, [Stay(start, ends_on, stretches, reviewed_before=before) for _ in born])


def unaccompanied(random: Random, start: date) -> list[Child]:
    """A young person who came alone from abroad and is accommodated until the eighteenth birthday."""
    born = _born(random, start, 14.6, 17.3)
    ends_on = end(born[0], [(start, "V2")], add_months(born[0], ADULT_MONTHS))
    stretches = episodes([(start, "V2")], placements(random, born[0], [(start, "V2")]), ends_on)
    return family(random, born, [Stay(start, ends_on, stretches)], unaccompanied=True)


def short_breaks(random: Random) -> list[Child]:
    """Disabled children in series of short breaks, fewer as time goes on."""
    found = []
    for number in range(SHORT_BREAKS_AT_FIRST + SHORT_BREAKS_THAT_BEGAN):
        if number < SHORT_BREAKS_AT_FIRST:
            start = RECORDS_BEGIN - days(random.randint(20, 1500))
        else:
            start = RECORDS_BEGIN + days(random.randint(5, 640))
        born = _born(random, max(start, RECORDS_BEGIN), 6, 15.5)
        status, place = "V4", random.choices(["K2", "U6"], weights=[5, 4])[0]
        wanted = max(start, RECORDS_BEGIN) + days(60 + random.expovariate(0.35) * 365)
        ends_on = end(born[0], [(start, status)], wanted)
        before = reviewed_before(random, start, RECORDS_BEGIN, status)
        child = family(random, born, [Stay(start, ends_on, [Episode(start, status, place)], reviewed_before=before)])[0]
        child.disabled = True
        found.append(child)
    return found
