"""A review of the past: the meeting, and for each child what it was, when it had been due, and what followed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chassis.base.fields import new_id
from chassis.importing.writing import plain
from chassis.law.participation import Participation
from chassis.meetings.vocabulary import Mode
from services.reviews.children.cases import Case, of_sequence
from services.reviews.meetings.holding import finish
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.rules.meetings import too_early_violation
from services.reviews.rules.vocabulary import ReviewKind, ReviewState, Track

NOT_RUNNING = {
    Track.SECURE: "The child was not in secure accommodation on that day.",
    Track.ADOPTION_RETURNED: "The child had not been returned by prospective adopters, or was reviewed since.",
}


class OutOfPlace(Exception):
    """A review cannot have been so; the message says why."""


def past_meeting(
    reference: str, cases: Sequence[Case], held_on: date, chair_id: str, mode: Mode, **details: Any
) -> Review:
    """A review of children that was held on a day."""
    return plain(
        Review,
        id=new_id(),
        reference=reference,
        state=ReviewState.HELD,
        person_ids=[case.person_id for case in cases],
        planned_on=held_on,
        held_on=held_on,
        chair_id=chair_id,
        area_id=cases[0].identity.area_id,
        mode=mode,
        panel=[],
        version=1,
        **details,
    )


def past_review(
    case: Case, meeting: Review, held_on: date, sequence: Track | None, participation: Participation, **details: Any
) -> ChildReview:
    """A child's part in a review that was held on a day, added to the case; `OutOfPlace` if it cannot have been so.

    Its kind and its due date are those that the rules give for that day, with what had happened by then.
    """
    part = ChildReview(
        id=new_id(),
        review_id=meeting.id,
        reference=meeting.reference,
        person_id=case.child.person_id,
        chair_id=meeting.chair_id,
        area_id=case.identity.area_id,
        team=case.identity.team,
        track=Track.DISRUPTION,
        kind=ReviewKind.DISRUPTION,
        held_on=held_on,
        participation=participation,
        **details,
    )
    if sequence is not Track.DISRUPTION:
        _place(case, part, held_on, sequence)
    case.reviews.append(part)
    finish(case, part, held_on)
    return part


def _place(case: Case, part: ChildReview, held_on: date, sequence: Track | None) -> None:
    span = case.span_on(held_on)
    if span is None:
        raise OutOfPlace("The child was not looked after on that day.")
    found = of_sequence(span.due(), sequence)
    if found is None:
        raise OutOfPlace(NOT_RUNNING[sequence or Track.SECURE])
    if too_early_violation("held_on", found.kind, found.event_on, held_on):
        raise OutOfPlace("A review after a return by adopters is held after 28 days at the earliest.")
    if held_on < found.event_on or any(
        review.held_on == held_on and review.track == found.track for review in case.reviews
    ):
        raise OutOfPlace(f"The sequence had reached {found.event_on}: reviews of a child come in order, one a day.")
    part.track, part.kind = found.track, found.kind
    part.due_on, part.event_on, part.rule = found.due_on, found.event_on, found.rule
