"""A review of the past for one child: what it was, when it had been due, and what followed, from the records."""

from datetime import date
from typing import Any

from chassis.ids import new_id
from chassis.participation import Participation
from services.reviews.actions.cases import Case, care_of
from services.reviews.actions.holding import finish
from services.reviews.rules.children import is_within_care
from services.reviews.rules.sequence import reviews_due
from services.reviews.rules.vocabulary import MAIN_TRACKS, ReviewKind, Track
from services.reviews.tables import ChildReview


class OutOfPlace(Exception):
    """A review cannot have been so; the message says why."""


def past_review(
    case: Case,
    held_on: date,
    sequence: Track | None,
    participation: Participation,
    *,
    meeting: dict[str, Any],
    **details: Any,
) -> ChildReview:
    """A child's part in a review that was held on a day, added to the case; `OutOfPlace` if it cannot have been so.

    Its kind and its due date are those that the rules give for that day, with what had happened by then.
    """
    part = ChildReview(
        id=new_id(),
        review_id=meeting["id"],
        reference=meeting["reference"],
        person_id=case.child.person_id,
        chair_id=meeting["chair_id"],
        area_id=case.child.area_id,
        team=case.child.team,
        restricted=case.child.restricted,
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
    within = [one for one in case.periods if is_within_care([care_of(one)], held_on)]
    if not within:
        raise OutOfPlace("The child was not looked after on that day.")
    period = within[-1]
    care = care_of(period).as_on(held_on)
    due = reviews_due(care, case.held_in(period))
    found = next((one for one in due if (one.track in MAIN_TRACKS) == (sequence is None)), None)
    if found is None:
        raise OutOfPlace("The child was not in secure accommodation on that day.")
    if held_on < found.event_on or any(one.held_on == held_on and one.track == found.track for one in case.reviews):
        raise OutOfPlace(f"The sequence had reached {found.event_on}: reviews of a child come in order, one a day.")
    part.track, part.kind = found.track, found.kind
    part.due_on, part.event_on, part.rule = found.due_on, found.event_on, found.rule
