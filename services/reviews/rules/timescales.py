"""When each thing is due: every time limit once, with its source, counted from what really happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.working_days import add_months, add_working_days, subtract_working_days
from services.reviews.rules.vocabulary import DeadlineKind, ReviewKind

REGULATIONS = "Care Planning, Placement and Case Review (England) Regulations 2010"
ADOPTION = "Adoption Agencies Regulations 2005, regulation 36"
SECURE = "Children (Secure Accommodation) Regulations 1991, regulation 15"
HANDBOOK = "IRO Handbook"
PRACTICE = "Local practice"


class Unit(StrEnum):
    """What a time limit is counted in."""

    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True)
class Timescale:
    """A time limit: so many units after (or, below 0, before) an event, and where that is written."""

    count: int
    unit: Unit
    event: str
    source: str

    def due_on(self, event_on: date) -> date:
        """The last day, counted from the day of the event, which is day 0.

        A limit in months ends on the corresponding date, or on the month's last day where there is none, whether or
        not that is a working day. Source: the practice of the regulations that are cited.
        """
        match self.unit:
            case Unit.MONTHS:
                return add_months(event_on, self.count)
            case Unit.WEEKS:
                return event_on + timedelta(weeks=self.count)
            case Unit.WORKING_DAYS if self.count < 0:
                return subtract_working_days(event_on, -self.count)
            case Unit.WORKING_DAYS:
                return add_working_days(event_on, self.count)

    def words(self) -> str:
        """The rule in a sentence fit to show."""
        unit = self.unit.replace("_", " ")
        unit = unit.removesuffix("s") if abs(self.count) == 1 else unit
        return f"{abs(self.count)} {unit} {'before' if self.count < 0 else 'after'} {self.event} ({self.source})"


def _months(count: int, event: str, source: str) -> Timescale:
    return Timescale(count, Unit.MONTHS, event, source)


def _working_days(count: int, event: str, source: str) -> Timescale:
    return Timescale(count, Unit.WORKING_DAYS, event, source)


REVIEWS: dict[ReviewKind, Timescale] = {
    ReviewKind.FIRST: _working_days(20, "the child became looked after", f"{REGULATIONS}, regulation 33(1)"),
    ReviewKind.SECOND: _months(3, "the first review was held", f"{REGULATIONS}, regulation 33(2)"),
    ReviewKind.LATER: _months(6, "the previous review was held", f"{REGULATIONS}, regulation 33(2)"),
    ReviewKind.SHORT_BREAK_FIRST: _months(3, "the first short break began", f"{REGULATIONS}, regulation 48(3)"),
    ReviewKind.SHORT_BREAK_LATER: _months(6, "the previous review was held", f"{REGULATIONS}, regulation 48(3)"),
    ReviewKind.ADOPTION_AUTHORISED_FIRST: _months(3, "placing for adoption was authorised", ADOPTION),
    ReviewKind.ADOPTION_AUTHORISED_LATER: _months(6, "the previous review was held", ADOPTION),
    ReviewKind.ADOPTION_PLACED_FIRST: Timescale(4, Unit.WEEKS, "the child was placed for adoption", ADOPTION),
    ReviewKind.ADOPTION_PLACED_SECOND: _months(3, "the first review after the placement was held", ADOPTION),
    ReviewKind.ADOPTION_PLACED_LATER: _months(6, "the previous review was held", ADOPTION),
    ReviewKind.SECURE_FIRST: _months(1, "the secure placement began", SECURE),
    ReviewKind.SECURE_LATER: _months(3, "the previous secure review was held", SECURE),
}
OTHERS: dict[DeadlineKind, Timescale] = {
    DeadlineKind.ALLOCATION: _working_days(5, "the child became looked after", HANDBOOK),
    DeadlineKind.ADJOURNED_MEETING: _working_days(20, "the review was adjourned", f"{REGULATIONS}, regulation 36"),
    DeadlineKind.SOCIAL_WORKER_REPORT: _working_days(-3, "the meeting", "Common practice"),
    DeadlineKind.DECISIONS: _working_days(5, "the review was completed", HANDBOOK),
    DeadlineKind.MANAGER_RESPONSE: _working_days(5, "the manager received the decisions", HANDBOOK),
    DeadlineKind.RECORD: _working_days(15, "the review was completed", HANDBOOK),
    DeadlineKind.DISTRIBUTION: _working_days(20, "the review was completed", HANDBOOK),
    DeadlineKind.VISIT: _months(6, "the chair's last visit, or the day the child became looked after", PRACTICE),
}
MISSING_PLAN_RULE = f"A plan that is missing before a review is escalated ({PRACTICE})"
MIDPOINT_RULE = f"Halfway between a review and the day on which the next one is due ({PRACTICE})"


def midpoint(held_on: date, next_due_on: date) -> date:
    """The day halfway between a review and the day on which the next one is due, rounded down to a whole day.

    Source: common practice; a chair checks halfway how the plan goes on.
    """
    return held_on + (next_due_on - held_on) // 2


@dataclass(frozen=True)
class Owed:
    """Something that is due: what, the last day, and the rule in words."""

    kind: str
    due_on: date
    rule: str


class Event(StrEnum):
    """What can set time limits running."""

    BECAME_LOOKED_AFTER = "became_looked_after"
    SHORT_BREAKS_BEGAN = "short_breaks_began"
    PLACED_IN_SECURE_ACCOMMODATION = "placed_in_secure_accommodation"
    ADOPTION_AUTHORISED = "adoption_authorised"
    PLACED_FOR_ADOPTION = "placed_for_adoption"
    REVIEW_PLANNED = "review_planned"
    REVIEW_ADJOURNED = "review_adjourned"
    REVIEW_HELD = "review_held"
    DECISIONS_RECEIVED = "decisions_received"
    CHILD_VISITED = "child_visited"


_FOLLOWING: dict[Event, Sequence[ReviewKind | DeadlineKind]] = {
    Event.BECAME_LOOKED_AFTER: (DeadlineKind.ALLOCATION, ReviewKind.FIRST, DeadlineKind.VISIT),
    Event.SHORT_BREAKS_BEGAN: (ReviewKind.SHORT_BREAK_FIRST,),
    Event.PLACED_IN_SECURE_ACCOMMODATION: (ReviewKind.SECURE_FIRST,),
    Event.ADOPTION_AUTHORISED: (ReviewKind.ADOPTION_AUTHORISED_FIRST,),
    Event.PLACED_FOR_ADOPTION: (ReviewKind.ADOPTION_PLACED_FIRST,),
    Event.REVIEW_PLANNED: (DeadlineKind.SOCIAL_WORKER_REPORT,),
    Event.REVIEW_ADJOURNED: (DeadlineKind.ADJOURNED_MEETING,),
    Event.REVIEW_HELD: (DeadlineKind.DECISIONS, DeadlineKind.RECORD, DeadlineKind.DISTRIBUTION),
    Event.DECISIONS_RECEIVED: (DeadlineKind.MANAGER_RESPONSE,),
    Event.CHILD_VISITED: (DeadlineKind.VISIT,),
}
_AFTER: dict[ReviewKind, ReviewKind] = {
    ReviewKind.FIRST: ReviewKind.SECOND,
    ReviewKind.SECOND: ReviewKind.LATER,
    ReviewKind.LATER: ReviewKind.LATER,
    ReviewKind.SHORT_BREAK_FIRST: ReviewKind.SHORT_BREAK_LATER,
    ReviewKind.SHORT_BREAK_LATER: ReviewKind.SHORT_BREAK_LATER,
    ReviewKind.ADOPTION_AUTHORISED_FIRST: ReviewKind.ADOPTION_AUTHORISED_LATER,
    ReviewKind.ADOPTION_AUTHORISED_LATER: ReviewKind.ADOPTION_AUTHORISED_LATER,
    ReviewKind.ADOPTION_PLACED_FIRST: ReviewKind.ADOPTION_PLACED_SECOND,
    ReviewKind.ADOPTION_PLACED_SECOND: ReviewKind.ADOPTION_PLACED_LATER,
    ReviewKind.ADOPTION_PLACED_LATER: ReviewKind.ADOPTION_PLACED_LATER,
    ReviewKind.SECURE_FIRST: ReviewKind.SECURE_LATER,
    ReviewKind.SECURE_LATER: ReviewKind.SECURE_LATER,
}


def owed_after(event: Event, event_on: date, kind: ReviewKind | None = None) -> list[Owed]:
    """All that is due because of an event, soonest first.

    For a review that was held, `kind` says which it was, and the next review of its sequence is among the answers.
    Source: each time limit names its own.
    """
    following = [*_FOLLOWING[event]]
    if event is Event.REVIEW_HELD and kind in _AFTER:
        following.append(_AFTER[kind])
    scales = {str(one): REVIEWS[one] if isinstance(one, ReviewKind) else OTHERS[one] for one in following}
    owed = [Owed(name, scale.due_on(event_on), scale.words()) for name, scale in scales.items()]
    return sorted(owed, key=lambda one: (one.due_on, one.kind))
