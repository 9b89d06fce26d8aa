"""The invented families, their enquiries and their conferences, made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from demo.protection.beginnings import beginnings
from demo.protection.care import coming_into_care
from demo.protection.diary import Diary
from demo.protection.enquiries import enquiries
from demo.protection.families import Families
from demo.protection.model import SEED, Enquiry, Family, Meeting

FIRST_NUMBER = 300_001
RESTRICTED = 4


@dataclass(frozen=True)
class World:
    """Every family, every conference in order, and every section 47 enquiry."""

    families: Sequence[Family]
    meetings: Sequence[Meeting]
    enquiries: Sequence[Enquiry]


@cache
def everything(seed: int = SEED) -> World:
    """The world of a seed: the same seed gives the same world."""
    families = Families(seed)
    beginnings(Random(seed + 1), families)
    arriving = coming_into_care(Random(seed + 2), families)
    Diary(Random(seed + 3), families, arriving).keep()
    for family in Random(seed + 6).sample(families.made, RESTRICTED):
        family.restricted = True
    meetings = sorted(
        (meeting for one in families.made for meeting in one.meetings),
        key=lambda one: (one.held_on, one.family.chair_id, one.family.number),
    )
    for number, one in enumerate(meetings, start=1):
        one.key = f"C{number:04}"
    asked = sorted(enquiries(meetings, families), key=lambda one: (one.started_on, one.strategy_discussion_on))
    _number(families.made)
    return World(families.made, meetings, asked)


def _number(families: Sequence[Family]) -> None:
    """Give each child who has none a number, family by family."""
    nameless = [child for family in families for child in family.children if not child.person_id]
    for number, child in enumerate(nameless, start=FIRST_NUMBER):
        child.person_id = f"P{number}"
