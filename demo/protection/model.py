"""What the invented children with child protection plans, and their conferences, are made of."""

from dataclasses import dataclass, field
from datetime import date

from chassis.law.working_days import add_months

SEED = 2021
RECORDS_BEGIN = date(2018, 4, 1)
LAST_DAY = date(2020, 3, 31)
ADULT_MONTHS = 18 * 12
# On these days and around them the number of children on a plan was published: nothing changes it on the day itself.
STILL_DAYS = frozenset({date(2019, 4, 1), date(2019, 10, 31), LAST_DAY})
INITIAL, TRANSFER_IN, FIRST_REVIEW, LATER_REVIEW = "initial", "transfer_in", "first_review", "later_review"
PLAN_MADE, NOT_MADE, CONTINUES, ENDED = "plan_made", "not_made", "continues", "ended"
ON_PLAN = frozenset({PLAN_MADE, CONTINUES})
TRANSFER_OUT, EIGHTEENTH_BIRTHDAY = "transfer_out", "eighteenth_birthday"


@dataclass(eq=False)
class Plan:
    """A plan; `ended_by` says how it ended where no conference ended it."""

    starts_on: date
    category: str
    reviewed_on: list[date] = field(default_factory=list)
    ends_on: date | None = None
    ended_by: str = ""

    def is_open_on(self, day: date) -> bool:
        """Whether it is open at the end of a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def due_on(self) -> date:
        """The last day of its next review: 3 months after the initial conference, 6 after each review."""
        return add_months(self.reviewed_on[-1], 6) if self.reviewed_on else add_months(self.starts_on, 3)


@dataclass(eq=False)
class Child:
    """An invented child with every plan; `looked_after_from` where the child is one of the looked-after demo."""

    given_name: str
    family_name: str
    born_on: date
    sex: str
    ethnicity: str
    disabilities: str = "NONE"
    person_id: str = ""
    school: str = ""
    looked_after_from: date | None = None
    advocacy_opted_out_on: date | None = None
    plans: list[Plan] = field(default_factory=list)

    def age_on(self, day: date) -> int:
        """The age in whole years; below 0 before birth."""
        years = day.year - self.born_on.year
        return years if add_months(self.born_on, 12 * years) <= day else years - 1

    def is_born_on(self, day: date) -> bool:
        """Whether the child is born on a day."""
        return self.born_on <= day

    def adult_on(self) -> date:
        """The eighteenth birthday."""
        return add_months(self.born_on, ADULT_MONTHS)

    def plan(self) -> Plan | None:
        """The plan that runs."""
        return self.plans[-1] if self.plans and self.plans[-1].ends_on is None else None


@dataclass(eq=False)
class Part:
    """One child's part in a conference; `event_on` is the strategy discussion or the notification before a first."""

    child: Child
    kind: str
    due_on: date
    event_on: date
    outcome: str = ""
    category: str = ""


@dataclass(eq=False)
class Meeting:
    """A conference about some or all children of a family."""

    held_on: date
    family: "Family"
    parts: list[Part]
    key: str = ""

    def is_initial(self) -> bool:
        """Whether it was to decide about making plans."""
        return self.parts[0].kind in {INITIAL, TRANSFER_IN}

    def is_told(self) -> bool:
        """Whether it belongs to the two years of which everything is told."""
        return self.held_on >= RECORDS_BEGIN


@dataclass(eq=False)
class Family:
    """Siblings, where they live, and who works with them; `stays` says how likely their plans go on (1 is usual)."""

    number: int
    children: list[Child]
    area_id: str
    team: str
    social_worker: str
    gp_practice: str
    mother: str
    father: str
    needs: frozenset[str] = frozenset()
    chair_id: str = ""
    stays: float = 1
    waits: bool = False
    restricted: bool = False
    meetings: list[Meeting] = field(default_factory=list)

    def on_plan(self) -> list[Child]:
        """The children who are on a plan now."""
        return [child for child in self.children if child.plan()]

    def last_met_on(self) -> date:
        """The day of the last conference."""
        return self.meetings[-1].held_on


@dataclass(eq=False)
class Enquiry:
    """A section 47 enquiry; `needed` says whether a conference is to follow."""

    child: Child
    started_on: date
    strategy_discussion_on: date
    needed: bool
