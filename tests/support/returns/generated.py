"""Councils that a seeded generator invents: children with stays of every kind, and the reviews that they had."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from chassis.law.participation import possible_codes
from chassis.law.working_days import add_months, first_working_day
from demo.tables import Row
from tests.support.returns.children import Child, Episode, Stay
from tests.support.returns.council import chair_ids

CHAIR = chair_ids()[0]
# A stay's legal statuses and placements in turn.
LIVES = (
    (("V2", "U6"),),
    (("V2", "U4"), ("V2", "K2")),
    (("C1", "U6"), ("C2", "U6"), ("C2", "P1")),
    (("C1", "U6"), ("C2", "K2"), ("C2", "K1"), ("C2", "K2")),
    (("L2", "U6"), ("C1", "U1"), ("E1", "U1"), ("E1", "A6")),
    (("C1", "U6"), ("E1", "U6"), ("E1", "A5")),
    (("J1", "R5"),),
    (("V4", "K2"),),
)
WEIGHTS = (20, 20, 40, 3, 8, 4, 2, 8)
GAPS = ((5, 40), (40, 110))
LATER_GAPS = (90, 200)


def _days(random: Random, low: float, high: float) -> timedelta:
    return timedelta(days=int(random.uniform(low, high)))


def children(seed: int, first: date, last: date, count: int, *, years: float = 1.7) -> list[Child]:
    """So many children who came into care between two days, or in some years before the first of them."""
    random = Random(seed)
    found = []
    for number in range(1, count + 1):
        start = first + _days(random, 0, (last - first).days)
        born_on = start - _days(random, 0, 17.5 * 365)
        stays = [_stay(random, born_on, start, last, years)]
        while (ends_on := stays[-1].ends_on) is not None and random.random() < 0.2:
            again = ends_on + _days(random, 0, 300)
            if again >= min(last, add_months(born_on, 17 * 12)):
                break
            stays.append(_stay(random, born_on, again, last, years))
        found.append(Child(f"G{number:05}", born_on, random.choice("12"), "WBRI", stays))
    return found


def _stay(random: Random, born_on: date, start: date, last: date, years: float) -> Stay:
    life = random.choices(LIVES, weights=WEIGHTS)[0]
    episodes = [Episode(start, *life[0])]
    for legal_status, placement in life[1:]:
        episodes.append(Episode(episodes[-1].starts_on + _days(random, 1, 250), legal_status, placement))
    ends_on = start + timedelta(days=1 + int(random.expovariate(1 / (years * 365))))
    ends_on = min(ends_on, add_months(born_on, 18 * 12))
    begun = [episode for episode in episodes if episode.starts_on < min(ends_on, last)] or episodes[:1]
    return Stay(start, ends_on if ends_on <= last else None, begun)


def reviews(seed: int, of: Sequence[Child], last: date) -> list[Row]:
    """Every review that the children had until a day: mostly in time, and with any code that fits the age."""
    random = Random(seed)
    rows = [row for child in of for stay in child.stays for row in _reviews(random, child, stay, last)]
    rows.sort(key=lambda row: (row["held_on"], row["person_id"]))
    return [row | {"meeting": f"M{number}"} for number, row in enumerate(rows, 1)]


def _reviews(random: Random, child: Child, stay: Stay, last: date) -> Iterator[Row]:
    held_on, number = stay.starts_on, 0
    while True:
        held_on = first_working_day(held_on + _days(random, *(GAPS[number] if number < len(GAPS) else LATER_GAPS)))
        if held_on > last or (stay.ends_on is not None and held_on >= stay.ends_on):
            return
        number += 1
        code = random.choice(sorted(possible_codes(child.born_on, held_on)))
        yield {
            "held_on": held_on.isoformat(),
            "chair_id": CHAIR,
            "person_id": child.person_id,
            "participation": str(code),
        }
