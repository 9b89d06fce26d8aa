"""What the invented looked-after children are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from chassis.law.working_days import add_months

SEED = 2020
RECORDS_BEGIN = date(2018, 4, 1)
LAST_DAY = date(2020, 3, 31)
# Nothing happens to a child in the last days of March, so that who is looked after on the 31st is beyond doubt.
LAST_EVENT = date(2020, 3, 27)
CHAIRS_BEGAN = date(2016, 4, 1)
ADULT_MONTHS = 18 * 12
PLACED_FOR_ADOPTION = frozenset({"A3", "A4", "A5", "A6"})
SHORT_BREAKS = frozenset({"V3", "V4"})


@dataclass(frozen=True)
class Episode:
    """A stretch of a stay with one legal status and one placement, by their codes in the return."""

    starts_on: date
    legal_status: str
    placement: str


@dataclass(eq=False)
class Stay:
    """A period of care; `most_reviews` bounds how often the child is reviewed in it, where that was published."""

    starts_on: date
    ends_on: date | None
    episodes: Sequence[Episode]
    adoption_authorised_on: date | None = None
    reviewed_before: Sequence[date] = ()
    most_reviews: int | None = None

    def is_open_on(self, day: date) -> bool:
        """Whether the child is looked after on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def is_short_breaks(self) -> bool:
        """Whether it is a series of short breaks."""
        return self.episodes[0].legal_status in SHORT_BREAKS

    def returned_on(self) -> date | None:
        """The day on which a placement for adoption came to nothing."""
        moves = pairwise(self.episodes)
        back = [to.starts_on for before, to in moves if before.placement in PLACED_FOR_ADOPTION]
        return max((day for day in back if self.episodes[-1].placement not in PLACED_FOR_ADOPTION), default=None)

    def status_on(self, day: date) -> str:
        """The legal status on a day of the stay."""
        return [one for one in self.episodes if one.starts_on <= day][-1].legal_status


@dataclass(eq=False)
class Child:
    """An invented child with every stay in care."""

    given_name: str
    family_name: str
    born_on: date
    sex: str
    ethnicity: str
    area_id: str
    team: str
    social_worker: str
    stays: list[Stay]
    disabled: bool = False
    unaccompanied: bool = False
    restricted: bool = False
    siblings: list["Child"] = field(default_factory=list)
    mother: "Child | None" = None
    advocacy_opted_out_on: date | None = None
    communication_needs: str = ""
    email: str = ""
    person_id: str = ""
    chair_id: str = ""
    chair_from: date = CHAIRS_BEGAN
    panel_on: Sequence[date] = ()
    disruption_on: date | None = None
    decided_on: date | None = None

    def adult_on(self) -> date:
        """The eighteenth birthday, on which every stay has ended."""
        return add_months(self.born_on, ADULT_MONTHS)

    def age_on(self, day: date) -> int:
        """The age in whole years."""
        years = day.year - self.born_on.year
        return years if add_months(self.born_on, 12 * years) <= day else years - 1


@dataclass(eq=False)
class Part:
    """One child's part in a meeting: the stay that was reviewed, and when the review was due."""

    child: Child
    stay: Stay
    due_on: date | None


@dataclass(eq=False)
class Meeting:
    """A review meeting; `sequence` is empty for the children's main reviews."""

    held_on: date
    chair_id: str
    parts: Sequence[Part]
    sequence: str = ""
    key: str = ""


def looked_after_on(children: Sequence[Child], day: date) -> list[Child]:
    """The children who are looked after on a day, those in a series of short breaks left out."""
    return [
        child for child in children if any(stay.is_open_on(day) and not stay.is_short_breaks() for stay in child.stays)
    ]
