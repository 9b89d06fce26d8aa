"""What asked for the initial conferences: section 47 enquiries, and transfers from other authorities."""

from collections.abc import Sequence
from datetime import date
from random import Random

from chassis.law.working_days import add_working_days, subtract_working_days
from demo.protection.model import INITIAL, TRANSFER_IN, Child, Part

LIMIT = 15
IN_TIME, LATE = (7, 15), (16, 24)
# Some of the first year were late; in the second, as published, none was.
LATE_UNTIL, LATE_SHARE = date(2019, 2, 28), 0.06
FROM_ELSEWHERE = 0.012


def initial_parts(random: Random, children: Sequence[Child], held_on: date) -> list[Part]:
    """The parts of children in a conference that decides about making plans."""
    late = held_on <= LATE_UNTIL and random.random() < LATE_SHARE
    event_on = subtract_working_days(held_on, random.randint(*(LATE if late else IN_TIME)))
    never_here = not any(child.plans for child in children)
    elsewhere = never_here and not late and random.random() < FROM_ELSEWHERE
    kind = TRANSFER_IN if elsewhere else INITIAL
    return [Part(child, kind, add_working_days(event_on, LIMIT), event_on) for child in children]
