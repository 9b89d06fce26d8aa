"""Families of the looked-after demo whose children had been on a child protection plan before they came into care."""

from datetime import date
from random import Random

from chassis.law.periods import PeriodKind, period_of
from chassis.law.working_days import add_months
from demo.looked_after.model import Child as LookedAfter
from demo.looked_after.world import everything
from demo.protection.families import LARGEST, Families
from demo.protection.model import Family

FIRST, LAST = date(2018, 9, 1), date(2020, 2, 12)
# Since then whoever came into care may be on a plan still.
LATELY, LATELY_WANTED, EARLIER_WANTED = date(2019, 11, 1), 6, 10
ELDEST = 16
MONTHS_BEFORE = (1, 5)
NOT_FROM_HOME = frozenset({"J1", "V3", "V4"})


def coming_into_care(random: Random, families: Families) -> dict[str, list[Family]]:
    """Some families of children who came into care, by the month of their initial conference, months before."""
    eligible = [child for child in everything()[0] if _may_have_had_a_plan(child)]
    lately = [child for child in eligible if child.stays[0].starts_on >= LATELY]
    earlier = [child for child in eligible if child.stays[0].starts_on < LATELY]
    found: dict[str, list[Family]] = {}
    for child in random.sample(earlier, EARLIER_WANTED) + random.sample(lately, LATELY_WANTED):
        began = add_months(child.stays[0].starts_on, -random.randint(*MONTHS_BEFORE))
        label = period_of(PeriodKind.MONTH, began).label
        family = families.also_looked_after(sorted((child, *child.siblings), key=lambda one: one.born_on, reverse=True))
        found.setdefault(label, []).append(family)
    return found


def _may_have_had_a_plan(child: LookedAfter) -> bool:
    """Whether a child, who stands for all siblings, came from home and not too old, all of them together."""
    family = [child, *child.siblings]
    stay = child.stays[0]
    return (
        FIRST <= stay.starts_on <= LAST
        and stay.status_on(stay.starts_on) not in NOT_FROM_HOME
        and not child.unaccompanied
        and child.mother is None
        and len(family) <= LARGEST
        and all(one.stays[0].starts_on == stay.starts_on for one in family)
        and all(one.age_on(stay.starts_on) < ELDEST for one in family)
        and all(child.person_id <= one.person_id for one in family)
    )
