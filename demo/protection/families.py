"""Who the invented families with child protection conferences are."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from random import Random

from demo.looked_after.identities import (
    ETHNICITIES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    TEAMS,
    WORKER_NAMES,
    WORKERS_GIVEN,
    birthday,
)
from demo.looked_after.model import Child as LookedAfter
from demo.people import AREAS, FIRST_NAMES, FULL_TIME_EQUIVALENTS, chair_ids, teams_of
from demo.protection.model import SEED, Child, Family
from demo.protection.professionals import NEEDS, schools_for

YEAR = 365.25
# Ages in years, from and to, of a family's youngest child: some are not born yet.
AGES = {(-0.3, 0.0): 5, (0.0, 1.0): 17, (1.0, 5.0): 36, (5.0, 10.0): 24, (10.0, 15.0): 15, (15.0, 17.2): 3}
OLDEST = 17.3
DISABILITIES = {"NONE": 88, "LD": 4, "AUT": 3, "BEH": 2, "MOB;PC": 1, "HEAR": 1, "COMM;LD": 1}
SEXES = {"1": "M", "2": "F"}
# A conference's children are siblings; of how many depends on who is to be reviewed with them.
LARGEST = 6


class Families:
    """Makes families one after the other, each with a chair of its area who has least to do."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = Random(seed)
        self._numbers = count(1)
        self._loads = dict.fromkeys(chair_ids(), 0.0)
        self._parts = dict(zip(chair_ids(), map(float, FULL_TIME_EQUIVALENTS), strict=True))
        self.made: list[Family] = []

    def new(self, day: date, size: int) -> Family:
        """A family with so many children, as old as families are when a conference about them is held on this day."""
        random = self._random
        name = random.choice(FAMILY_NAMES)
        children = [
            self._child(given, name, born_on)
            for given, born_on in zip(random.sample(GIVEN_NAMES, size), _births(random, day, size), strict=True)
        ]
        area = random.choice(list(AREAS))
        team = f"{random.choice(TEAMS)} {AREAS[area]}"
        worker = f"{random.choice(WORKERS_GIVEN)} {random.choice(WORKER_NAMES)}"
        return self._family(children, area, team, worker, self._chair(area))

    def also_looked_after(self, children: Sequence[LookedAfter]) -> Family:
        """The family of siblings who come into care, with the chair whom they have there."""
        first = children[0]
        same = [
            Child(
                given_name=one.given_name,
                family_name=one.family_name,
                born_on=one.born_on,
                sex=SEXES[one.sex],
                ethnicity=one.ethnicity,
                disabilities="LD" if one.disabled else "NONE",
                person_id=one.person_id,
                looked_after_from=one.stays[0].starts_on,
                advocacy_opted_out_on=one.advocacy_opted_out_on,
            )
            for one in children
        ]
        family = self._family(same, first.area_id, first.team, first.social_worker, first.chair_id)
        family.restricted = any(one.restricted for one in children)
        return family

    def _family(self, children: list[Child], area: str, team: str, worker: str, chair: str) -> Family:
        random, name = self._random, children[0].family_name
        self._loads[chair] += 1 / self._parts[chair]
        family = Family(
            number=next(self._numbers),
            children=children,
            area_id=area,
            team=team,
            social_worker=worker,
            gp_practice=random.choice(teams_of("gp")),
            mother=f"{random.choice(FIRST_NAMES)} {name}",
            father=f"{random.choice(FIRST_NAMES)} {random.choice([name, random.choice(FAMILY_NAMES)])}",
            needs=frozenset(role for role, share in NEEDS.items() if random.random() < share),
            chair_id=chair,
        )
        for child in children:
            child.school = random.choice(schools_for(child))
        self.made.append(family)
        return family

    def _child(self, given: str, family_name: str, born_on: date) -> Child:
        random = self._random
        return Child(
            given_name=given,
            family_name=family_name,
            born_on=born_on,
            sex=random.choice(["M", "F"]),
            ethnicity=random.choices(list(ETHNICITIES), weights=list(ETHNICITIES.values()))[0],
            disabilities=random.choices(list(DISABILITIES), weights=list(DISABILITIES.values()))[0],
        )

    def _chair(self, area: str) -> str:
        chairs = chair_ids()[list(AREAS).index(area) :: 2]
        return min(chairs, key=lambda one: self._loads[one])


def _births(random: Random, day: date, size: int) -> list[date]:
    """The birthdays of siblings, the youngest first; nobody is of age for some months."""
    low, high = random.choices(list(AGES), weights=list(AGES.values()))[0]
    youngest = random.uniform(low, high) / size**0.5 if low >= 0 else random.uniform(low, high)
    gaps = [random.uniform(1.0, 3.4) for _ in range(size - 1)]
    room = OLDEST - youngest
    if sum(gaps) > room:
        gaps = [gap * room / sum(gaps) for gap in gaps]
    ages = [youngest + sum(gaps[:number]) for number in range(size)]
    return [_clear(day - timedelta(days=round(age * YEAR))) for age in ages]


def _clear(day: date) -> date:
    """A birthday that is none of the days for which the number of plans was published."""
    moved = birthday(day)
    return moved - timedelta(days=3) if (moved.month, moved.day) == (10, 31) else moved
