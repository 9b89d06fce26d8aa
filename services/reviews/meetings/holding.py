"""Holding a review: how it went for each child, who came, and what is due from now on."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.law.ages import adult_on, age_on, childhood_violation, is_adult
from chassis.law.deadlines import DeadlineKind
from chassis.law.participation import code_violation
from chassis.law.violations import Violation, future_violation
from chassis.meetings.corrections import Changes
from chassis.meetings.deadlines import Followed
from services.reviews.children.cases import Case
from services.reviews.children.deadlines import following, refresh
from services.reviews.events import ReviewHeld
from services.reviews.meetings.invitations import attend, invitations_of
from services.reviews.meetings.meeting import Meeting, locked_meeting
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.meetings.schemas import ChildHeldIn, HoldReviewIn
from services.reviews.rules.children import is_within_care
from services.reviews.rules.meetings import too_early_violation
from services.reviews.rules.sequence import is_in_time
from services.reviews.rules.timescales import OTHERS
from services.reviews.rules.vocabulary import CASE_TRACKS, TRACKS, ReviewKind, ReviewState, Track

BEFOREHAND = frozenset({DeadlineKind.MISSING_PLAN, DeadlineKind.SOCIAL_WORKER_REPORT, DeadlineKind.ADJOURNED_MEETING})
AFTERWARDS = (DeadlineKind.DECISIONS, DeadlineKind.RECORD, DeadlineKind.DISTRIBUTION)


async def hold_review(command: Command, reference: str, version: int, wanted: HoldReviewIn) -> Meeting:
    """Record that a review was held, for all its children; the next due dates are set at once.

    A child who has left care by then, or is 18, is left out: a sibling's review goes on without them.
    """
    meeting = await locked_meeting(command, reference, version)
    review = meeting.review
    invitations = await invitations_of(command, review) if wanted.attendance else []
    refuse([*_wrong(meeting, wanted, command.today), *attend(invitations, wanted.attendance, command.today, Changes())])
    review.state, review.held_on = ReviewState.HELD, wanted.held_on
    review.version += 1
    await _leave_out(command, meeting, {child.person_id for child in wanted.children})
    for child in wanted.children:
        _hold(meeting.cases[child.person_id], meeting.parts[child.person_id], child, wanted.held_on)
    # A panel on a secure placement writes no decisions and no record of its own.
    is_panel = any(part.track == Track.SECURE for part in meeting.parts.values())
    owed = [] if is_panel else [following(kind, wanted.held_on, reference) for kind in AFTERWARDS]
    await refresh(command.session, meeting.ordered(), command.today, Followed(reference, BEFOREHAND, owed))
    command.publish(ReviewHeld.model_validate(review, from_attributes=True))
    await command.audit("hold_review", review.person_ids, reference)
    return meeting


async def _leave_out(command: Command, meeting: Meeting, named: Collection[str]) -> None:
    """Leave out the children who were not named: the review is no longer about them."""
    review = meeting.review
    left_out = [person_id for person_id in review.person_ids if person_id not in named]
    if not left_out:
        return
    for person_id in left_out:
        meeting.parts.pop(person_id).cancelled = True
    review.person_ids = [person_id for person_id in review.person_ids if person_id in named]
    cases = [meeting.cases[person_id] for person_id in left_out]
    await refresh(command.session, cases, command.today, Followed(review.reference, BEFOREHAND))
    await command.audit("leave_out_of_review", left_out, review.reference)


def _is_concerned(case: Case, part: ChildReview, held_on: date) -> bool:
    """Whether a review on a day can be about a child, who has not left care by then and is not 18."""
    if is_adult(case.born_on, held_on):
        return False
    return part.track == Track.DISRUPTION or is_within_care(case.spans(), held_on)


def _wrong(meeting: Meeting, wanted: HoldReviewIn, today: date) -> list[Violation | None]:
    review, held_on = meeting.review, wanted.held_on
    refusals = wrong_day(review, held_on, today)
    given = Counter(child.person_id for child in wanted.children)
    for number, child in enumerate(wanted.children):
        at = f"children.{number}."
        if child.person_id not in meeting.parts:
            refusals.append(Violation(f"{at}person_id", "of_this_review", "The review is not about this child."))
        elif given[child.person_id] > 1:
            refusals.append(Violation(f"{at}person_id", "once", "Name each child once."))
        else:
            refusals += wrong_for_child(
                meeting.cases[child.person_id], meeting.parts[child.person_id], child, held_on, at
            )
    unsaid = set(review.person_ids) - given.keys()
    if missing := [
        person_id for person_id in unsaid if _is_concerned(meeting.cases[person_id], meeting.parts[person_id], held_on)
    ]:
        message = f"Say of each child how it went: {len(missing)} missing."
        refusals.append(Violation("children", "all_children", message))
    return refusals


def wrong_day(review: Review, held_on: date, today: date) -> list[Violation | None]:
    """The rules that the day of a held review breaks, for any child."""
    refusals = [future_violation("held_on", held_on, today)]
    if review.sat_on is not None and held_on > (latest := OTHERS[DeadlineKind.ADJOURNED_MEETING].due_on(review.sat_on)):
        message = f"An adjourned review is completed within 20 working days, until {latest} (regulation 36)."
        refusals.append(Violation("held_on", "within_20_working_days", message))
    if review.sat_on is not None and held_on <= review.sat_on:
        refusals.append(Violation("held_on", "after_the_first_sitting", f"It was adjourned on {review.sat_on}."))
    return refusals


def wrong_for_child(
    case: Case, part: ChildReview, said: ChildHeldIn, held_on: date, at: str
) -> Sequence[Violation | None]:
    """The rules that one child's part in a held review breaks."""
    refusals = []
    if code := code_violation(case.born_on, held_on, said.participation, attended=said.attended):
        refusals.append(Violation(f"{at}{code.field}", code.rule, code.message))
    if adult := childhood_violation("held_on", case.born_on, held_on):
        refusals.append(adult)
    if part.track != Track.DISRUPTION and not is_within_care(case.spans(), held_on):
        message = "The child was not looked after on that day."
        refusals.append(Violation("held_on", "looked_after", message))
    if part.event_on is not None and held_on < part.event_on:
        message = f"The sequence has reached {part.event_on}: a review is held after that."
        refusals.append(Violation("held_on", "after_the_one_before", message))
    elif early := too_early_violation("held_on", ReviewKind(part.kind), part.event_on, held_on):
        refusals.append(early)
    twice = [
        row.reference
        for row in case.reviews
        if row.id != part.id and row.held_on == held_on and TRACKS[ReviewKind(row.kind)] == part.track
    ]
    if twice:
        message = f"The child was reviewed on that day already: {twice[0]}."
        refusals.append(Violation("held_on", "not_twice", message))
    return refusals


def _hold(case: Case, part: ChildReview, said: ChildHeldIn, held_on: date) -> None:
    part.held_on = held_on
    part.participation, part.attended = said.participation, said.attended
    part.seen_alone, part.views, part.next_step = said.seen_alone, said.views, said.next_step
    finish(case, part, held_on)


def finish(case: Case, part: ChildReview, held_on: date) -> None:
    """What follows, for one child, from a review that was held: whether it was in time, and what is due."""
    part.in_time = None if part.due_on is None else is_in_time(part.due_on, part.sat_on or held_on)
    part.age = age_on(case.born_on, held_on)
    if part.track != Track.SECURE:
        part.decisions_due_on = OTHERS[DeadlineKind.DECISIONS].due_on(held_on)
        part.record_due_on = OTHERS[DeadlineKind.RECORD].due_on(held_on)
        part.distribution_due_on = OTHERS[DeadlineKind.DISTRIBUTION].due_on(held_on)
    if span := case.span_on(held_on):
        part.remand = span.care.is_remand()
        # Who was placed for adoption since the review was planned goes on with the main sequence that runs now.
        family = CASE_TRACKS if part.track in CASE_TRACKS else {part.track}
        due = [review.due_on for review in span.until(held_on).due() if review.track in family]
        # Nobody is looked after from the 18th birthday on.
        part.next_due_on = min(due) if due and min(due) < adult_on(case.born_on) else None
