"""When each thing is due: every time limit once, with its source, counted from what really happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.law.deadlines import DeadlineKind
from chassis.law.timescales import Owed, Timescale, Unit, in_months, in_working_days
from services.reviews.rules.vocabulary import ReviewKind

REGULATIONS = "Care Planning, Placement and Case Review (England) Regulations 2010"
ADOPTION = "Adoption Agencies Regulations 2005, regulation 36"
RETURNED = f"{ADOPTION}, as published procedures quote it"
SECURE = "Children (Secure Accommodation) Regulations 1991, regulation 15"
HANDBOOK = "IRO Handbook 2010"
PRACTICE = "Local practice"


class UntilPlaced(StrEnum):
    """Which reviews are due of a child who is authorised for adoption and not placed yet.

    By `sooner` the ordinary sequence (regulation 33) goes on beside that of the Adoption Agencies Regulations 2005
    (regulation 36), and the sooner date counts; by `adoption_only` the latter takes its place.
    """

    SOONER = "sooner"
    ADOPTION_ONLY = "adoption_only"


# After each of these days open deadlines are counted again, once.
CHANGED_ON = (date(2026, 11, 30),)


@dataclass(frozen=True)
class Practice:
    """What varies from council to council; a council's settings say it."""

    until_placed: UntilPlaced = UntilPlaced.SOONER


USUAL = Practice()
REVIEWS: dict[ReviewKind, Timescale] = {
    ReviewKind.FIRST: in_working_days(20, "the child became looked after", f"{REGULATIONS}, regulation 33(1)"),
    ReviewKind.SECOND: in_months(3, "the first review was held", f"{REGULATIONS}, regulation 33(2)"),
    ReviewKind.LATER: in_months(6, "the previous review was held", f"{REGULATIONS}, regulation 33(2)"),
    ReviewKind.SHORT_BREAK_FIRST: in_months(3, "the first short break began", f"{REGULATIONS}, regulation 48(3)"),
    ReviewKind.SHORT_BREAK_LATER: in_months(6, "the previous review was held", f"{REGULATIONS}, regulation 48(3)"),
    ReviewKind.ADOPTION_AUTHORISED_FIRST: in_months(3, "placing for adoption was authorised", ADOPTION),
    ReviewKind.ADOPTION_AUTHORISED_LATER: in_months(6, "the previous review was held", ADOPTION),
    ReviewKind.ADOPTION_PLACED_FIRST: Timescale(4, Unit.WEEKS, "the child was placed for adoption", ADOPTION),
    ReviewKind.ADOPTION_PLACED_SECOND: in_months(3, "the first review after the placement was held", ADOPTION),
    ReviewKind.ADOPTION_PLACED_LATER: in_months(6, "the previous review was held", ADOPTION),
    ReviewKind.ADOPTION_RETURNED: Timescale(
        42, Unit.DAYS, "the child was returned by the prospective adopters", RETURNED, earliest=28
    ),
    ReviewKind.SECURE_FIRST: in_months(1, "the secure placement began", SECURE),
    ReviewKind.SECURE_LATER: in_months(3, "the previous secure review was held", SECURE),
}
OTHERS: dict[DeadlineKind, Timescale] = {
    DeadlineKind.ALLOCATION: in_working_days(5, "the child became looked after", HANDBOOK),
    DeadlineKind.ADJOURNED_MEETING: in_working_days(20, "the review was adjourned", f"{REGULATIONS}, regulation 36"),
    DeadlineKind.SOCIAL_WORKER_REPORT: in_working_days(-3, "the meeting", "Common practice"),
    DeadlineKind.DECISIONS: in_working_days(5, "the review was completed", HANDBOOK),
    DeadlineKind.MANAGER_RESPONSE: in_working_days(5, "the manager received the decisions", HANDBOOK),
    DeadlineKind.RECORD: in_working_days(15, "the review was completed", HANDBOOK),
    DeadlineKind.DISTRIBUTION: in_working_days(20, "the review was completed", HANDBOOK),
    DeadlineKind.VISIT: in_months(6, "the chair's last visit, or the day the child became looked after", PRACTICE),
}
MISSING_PLAN_RULE = f"A plan that is missing before a review is escalated ({PRACTICE})"
CARE_END_RULE = "Nobody is looked after from the 18th birthday on (Children Act 1989, section 105)"
MIDPOINT_RULE = f"Halfway between a review and the day on which the next one is due ({PRACTICE})"


class Event(StrEnum):
    """The events from which time limits run."""

    BECAME_LOOKED_AFTER = "became_looked_after"
    SHORT_BREAKS_BEGAN = "short_breaks_began"
    PLACED_IN_SECURE_ACCOMMODATION = "placed_in_secure_accommodation"
    ADOPTION_AUTHORISED = "adoption_authorised"
    PLACED_FOR_ADOPTION = "placed_for_adoption"
    RETURNED_BY_ADOPTERS = "returned_by_adopters"
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
    Event.RETURNED_BY_ADOPTERS: (ReviewKind.ADOPTION_RETURNED,),
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
    scales = {str(kind): REVIEWS[kind] if isinstance(kind, ReviewKind) else OTHERS[kind] for kind in following}
    owed = [Owed(name, scale.due_on(event_on), scale.words()) for name, scale in scales.items()]
    return sorted(owed, key=lambda due: (due.due_on, due.kind))
