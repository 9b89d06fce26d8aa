"""Which families are reviewed in a month, so that conferences and children come out as published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from demo.protection.clocks import Unit
from demo.protection.families import LARGEST

TRIES = 400
# How many new children there are may vary so far where it has to.
VARIES = (0.6, 1.5)
# A new family's conference is on average about so many children at least and at most.
LOW, HIGH = 1.15, 2.9
# How much it counts that the next month would have too much to do.
PRESSED = 8
# How much it counts that new families are as large as the others.
SIZED = 0.5
# How many places a family may come sooner or later than by the day that is aimed at, and for each of its children.
AWRY, BY_SIZE = 100, 40


@dataclass(frozen=True)
class Wanted:
    """A month's published conferences and children, how many of these are about new, and what the next month is."""

    conferences: int
    children: int
    new_children: int
    # The sizes of families who come in this month.
    coming: Sequence[int]
    # Until when what is due must be held by the end of the next month, and how many children and siblings it has room
    # for.
    next_until: date
    next_room: int
    next_siblings: int


def choose(random: Random, units: Sequence[Unit], wanted: Wanted) -> list[Unit]:
    """The families reviewed in a month; what they leave over of its conferences and children are initial ones.

    All who must be, and of the others mostly whoever is aimed at first, so that the next month can hold its own.
    """
    must = [one for one in units if one.must]
    rest = sorted((one for one in units if not one.must), key=lambda one: (one.aim_on, one.family.number))
    best: tuple[float, list[Unit]] | None = None
    for number in range(TRIES):
        ordered = _shuffled(random, rest, wanted.next_until, number / TRIES)
        new_children = round(wanted.new_children * random.uniform(*VARIES))
        found = _taken(must, ordered, wanted, new_children)
        cost = _cost(found, rest, wanted)
        if cost is not None and (best is None or cost + number / 50 < best[0]):
            best = cost + number / 50, found
    if best is None:
        raise ValueError(f"The {len(must)} reviews that are due leave no room among {wanted.conferences}.")
    return best[1]


def _shuffled(random: Random, units: Sequence[Unit], pressing: date, freely: float) -> list[Unit]:
    """The families more or less in their order, the large or the small ones rather first, and the pressing ones."""
    by_size, by_pressure = random.uniform(-BY_SIZE, BY_SIZE) * freely, random.uniform(0, BY_SIZE) * freely
    places = [
        number
        + random.uniform(0, AWRY * freely)
        + by_size * unit.size()
        - by_pressure * unit.size() * (unit.due_on <= pressing)
        for number, unit in enumerate(units)
    ]
    return [units[number] for number in sorted(range(len(units)), key=places.__getitem__)]


def _taken(must: Sequence[Unit], rest: Sequence[Unit], wanted: Wanted, new_children: int) -> list[Unit]:
    found = [*must]
    room = wanted.children - new_children - sum(one.size() for one in found)
    for unit in rest:
        if room <= 0 or len(found) >= wanted.conferences - 1:
            break
        found.append(unit)
        room -= unit.size()
    return found


def _cost(found: Sequence[Unit], rest: Sequence[Unit], wanted: Wanted) -> float | None:
    """How far a choice is from what is usual; none where it is not possible."""
    families = wanted.conferences - len(found)
    children = wanted.children - sum(one.size() for one in found)
    left = families - len(wanted.coming), children - sum(wanted.coming)
    if min(left) < 0 or not LOW * left[0] <= left[1] <= HIGH * left[0]:
        return None
    pressing = [one.size() for one in rest if one.due_on <= wanted.next_until and one not in found]
    pressed = PRESSED * max(0, sum(pressing) - wanted.next_room)
    pressed += PRESSED * max(0, sum(pressing) - len(pressing) - wanted.next_siblings)
    usual = families * wanted.children / wanted.conferences
    return pressed + abs(children - wanted.new_children) + SIZED * abs(children - usual)


def sizes(random: Random, families: int, children: int) -> list[int]:
    """So many children in so many families."""
    found = [1] * families
    for _ in range(children - families):
        # Who has siblings has sooner more of them: few families are large, and many are of one child.
        small = [number for number, size in enumerate(found) if size < LARGEST]
        found[random.choices(small, weights=[found[number] for number in small])[0]] += 1
    return found
