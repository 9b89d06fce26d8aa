"""How invented children took part in conferences, and whom of them an advocate supported."""

from collections.abc import Sequence
from datetime import date
from random import Random

from demo.protection import published
from demo.protection.model import SEED, Child, Meeting

CODES_FROM_AGE, ADVOCATES_FROM_AGE = 4, 8
SECOND_YEAR = date(2019, 4, 1)
# The year before, about so many children for each whom an advocate supported in the published year.
FIRST_YEAR_SHARE = 0.7
ATTENDING = frozenset({"PN1", "PN2", "PN3", "PN4"})
CODES = {
    8: {"PN1": 6, "PN3": 4, "PN4": 4, "PN6": 66, "PN7": 20},
    12: {"PN1": 18, "PN3": 5, "PN4": 4, "PN6": 60, "PN7": 13},
    18: {"PN1": 34, "PN3": 3, "PN4": 4, "PN6": 47, "PN7": 12},
}
WITH_AN_ADVOCATE = {"PN1": 1, "PN2": 4, "PN5": 5}
UNDER_FOUR_COMES = 0.12


class Advocates:
    """Which children an advocate supported at which conference: as many in 2019-20 as were published."""

    def __init__(self, meetings: Sequence[Meeting], seed: int = SEED) -> None:
        random = Random(seed + 8)
        self._of: set[tuple[str, Child]] = set()
        wanted = published.with_an_advocate()
        for count, told in (
            (
                round(FIRST_YEAR_SHARE * wanted),
                [one for one in meetings if one.is_told() and one.held_on < SECOND_YEAR],
            ),
            (wanted, [one for one in meetings if one.held_on >= SECOND_YEAR]),
        ):
            eligible: dict[Child, list[Meeting]] = {}
            for one in told:
                for part in one.parts:
                    if part.child.age_on(one.held_on) >= ADVOCATES_FROM_AGE and not _opted_out(part.child, one.held_on):
                        eligible.setdefault(part.child, []).append(one)
            for child in random.sample(list(eligible), count):
                supported = random.sample(eligible[child], random.randint(1, len(eligible[child])))
                self._of |= {(one.key, child) for one in supported}

    def for_child(self, meeting: Meeting, child: Child) -> bool:
        """Whether an advocate supported a child at a conference."""
        return (meeting.key, child) in self._of

    def for_any(self, meeting: Meeting) -> bool:
        """Whether an advocate came to a conference."""
        return any(self.for_child(meeting, part.child) for part in meeting.parts)


def _opted_out(child: Child, day: date) -> bool:
    return child.advocacy_opted_out_on is not None and child.advocacy_opted_out_on <= day


def code_of(random: Random, child: Child, held_on: date, *, supported: bool) -> str:
    """How a child took part, by the code of the return that fits the age; nothing before birth."""
    age = child.age_on(held_on)
    if age < 0:
        return ""
    if age < CODES_FROM_AGE:
        return "PN0"
    weights = WITH_AN_ADVOCATE if supported else next(found for below, found in CODES.items() if age < below)
    return random.choices(list(weights), weights=list(weights.values()))[0]


def attends(random: Random, code: str) -> bool:
    """Whether a child who took part so was there."""
    return random.random() < UNDER_FOUR_COMES if code == "PN0" else code in ATTENDING
