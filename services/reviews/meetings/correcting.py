"""Correcting what was recorded about a review that was held, and reopening it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation
from chassis.meetings.corrections import Changes, keep_correction
from chassis.meetings.deadlines import Followed
from services.reviews.children.cases import Case
from services.reviews.children.deadlines import BOOK, following, refresh
from services.reviews.events import ReviewCorrected, ReviewReopened
from services.reviews.meetings.holding import AFTERWARDS, finish, wrong_day, wrong_for_child
from services.reviews.meetings.invitations import attend, invitations_of
from services.reviews.meetings.meeting import Meeting, check_held, locked_meeting
from services.reviews.meetings.models import ChildReview, Correction, Review
from services.reviews.meetings.preparing import ask_to_escalate, await_report
from services.reviews.meetings.schemas import ChildHeldIn, CorrectReviewIn
from services.reviews.rules.sequence import is_in_time
from services.reviews.rules.timescales import REVIEWS
from services.reviews.rules.vocabulary import CASE_TRACKS, ReviewKind, ReviewState
from services.reviews.visits.models import MidpointCheck

SAID = ("participation", "attended", "seen_alone", "views", "next_step")


async def correct_review(command: Command, reference: str, version: int, wanted: CorrectReviewIn) -> Meeting:
    """Correct what was recorded when a review was held; fields left out do not change.

    A corrected day changes whether the review was in time, what is due after it, and the review after it.
    """
    meeting = await locked_meeting(command, reference, version, check_held)
    review = meeting.review
    assert review.held_on is not None
    earlier, held_on = review.held_on, wanted.held_on or review.held_on
    invitations = await invitations_of(command, review)
    changes = Changes()
    wrong = _wrong(meeting, wanted, held_on, command.today)
    refuse([*wrong, *attend(invitations, wanted.attendance, command.today, changes)])
    changes.make(review, {"held_on": held_on})
    for child in wanted.children:
        part = meeting.parts[child.person_id]
        changes.make(part, {name: getattr(_merged(part, wanted), name) for name in SAID}, child.person_id)
    if not changes.made:
        return meeting
    review.version += 1
    if held_on != earlier:
        await _recount(command, meeting, earlier)
    await refresh(command.session, meeting.ordered(), command.today)
    command.publish(ReviewCorrected.model_validate(review, from_attributes=True))
    await keep_correction(command, Correction, review, changes, wanted.reason, "correct_review")
    return meeting


def _merged(part: ChildReview, wanted: CorrectReviewIn) -> ChildHeldIn:
    """How a review went for a child, with the corrections."""
    said = {name: getattr(part, name) for name in SAID}
    for child in wanted.children:
        if child.person_id == part.person_id:
            said |= child.said()
    return ChildHeldIn.model_construct(None, person_id=part.person_id, **said)


def _wrong(meeting: Meeting, wanted: CorrectReviewIn, held_on: date, today: date) -> list[Violation | None]:
    is_another_day = held_on != meeting.review.held_on
    refusals = wrong_day(meeting.review, held_on, today) if is_another_day else []
    named = [child.person_id for child in wanted.children]
    for number, person_id in enumerate(named):
        at = f"children.{number}.person_id"
        if person_id not in meeting.parts:
            refusals.append(Violation(at, "of_this_review", "The review is not about this child."))
        elif named.count(person_id) > 1:
            refusals.append(Violation(at, "once", "Name each child once."))
    for case in meeting.ordered():
        part = meeting.parts[case.child.person_id]
        at = f"children.{named.index(part.person_id)}." if part.person_id in named else ""
        said = _merged(part, wanted)
        found = [wrong for wrong in wrong_for_child(case, part, said, held_on, at) if wrong]
        if is_another_day:
            # For a child who was not named, it is the day that does not fit.
            refusals += found if at else [Violation("held_on", wrong.rule, wrong.message) for wrong in found]
            refusals.append(_out_of_order(case, part, held_on))
        elif at:
            refusals += [wrong for wrong in found if wrong.field.startswith(at)]
    return list(dict.fromkeys(refusals))


def _out_of_order(case: Case, part: ChildReview, held_on: date) -> Violation | None:
    """Why the day does not fit what came before and after it for a child, if it does not."""
    if part.contacted_beforehand_on is not None and held_on < part.contacted_beforehand_on:
        message = f"The child was asked beforehand, on {part.contacted_beforehand_on}."
        return Violation("held_on", "after_what_was_before", message)
    steps = [day for day in (part.decisions_on, part.record_on) if day is not None]
    if steps and min(steps) < held_on:
        return Violation("held_on", "before_what_followed", f"What follows it was written on {min(steps)}.")
    days = [later.held_on for later in case.after(part) if later.held_on is not None]
    if days and min(days) <= held_on:
        return Violation("held_on", "before_the_one_after", f"The next review was held on {min(days)}.")
    return None


async def _recount(command: Command, meeting: Meeting, earlier: date) -> None:
    """Set again what is counted from the day a review was held."""
    review = meeting.review
    assert review.held_on is not None
    for case in meeting.ordered():
        part = meeting.parts[case.child.person_id]
        ids = [later.id for later in case.after(part)]
        part.held_on = review.held_on
        finish(case, part, review.held_on)
        await _follow_in_next(command, ids, earlier, review.held_on)
        if part.track in CASE_TRACKS and earlier in case.midpoints_done:
            await _follow_in_midpoint(command, case, earlier, review.held_on)
    owed = [following(kind, review.held_on, review.reference) for kind in AFTERWARDS]
    await BOOK.replace(command.session, meeting.cases, owed)


async def _follow_in_next(command: Command, ids: Sequence[Any], earlier: date, held_on: date) -> None:
    """The child's next review is counted from the right day."""
    query = select(ChildReview).where(col(ChildReview.id).in_(ids), col(ChildReview.event_on) == earlier)
    rows = (await command.session.exec(query)).all()
    for row in rows:
        row.event_on, row.due_on = held_on, REVIEWS[ReviewKind(row.kind)].due_on(held_on)
        if row.held_on is not None:
            row.in_time = is_in_time(row.due_on, row.sat_on or row.held_on)
    changed = update(Review).where(col(Review.id).in_([row.review_id for row in rows]))
    await command.session.exec(changed.values(version=col(Review.version) + 1))


async def _follow_in_midpoint(command: Command, case: Case, earlier: date, held_on: date) -> None:
    """The check halfway that was done stays done."""
    query = select(MidpointCheck).where(
        col(MidpointCheck.person_id) == case.child.person_id, col(MidpointCheck.reviewed_on) == earlier
    )
    for row in (await command.session.exec(query)).all():
        row.reviewed_on = held_on
    case.midpoints_done = case.midpoints_done - {earlier} | {held_on}


FOLLOWS = ("in_time", "age", "next_due_on", "decisions_due_on", "record_due_on", "distribution_due_on")


class ReviewFollowed(Conflict):
    """This review has decisions, a record or a next review, so it can only be corrected."""


async def reopen_review(command: Command, reference: str, version: int, reason: str) -> Meeting:
    """Reopen a review that was not held after all: it is planned or adjourned, as it was before.

    Refused once something followed from it: decisions, a record, or the next review.
    """
    meeting = await locked_meeting(command, reference, version, check_held)
    review = meeting.review
    _check_nothing_followed(meeting)
    invitations = await invitations_of(command, review)
    changes = Changes()
    changes.make(review, {"held_on": None})
    state = ReviewState.PLANNED if review.sat_on is None else ReviewState.ADJOURNED
    review.state = state
    review.version += 1
    for person_id, part in meeting.parts.items():
        changes.make(part, dict.fromkeys(SAID), person_id)
        for name in ("held_on", *FOLLOWS):
            setattr(part, name, None)
        part.remand = False
    for invitation in invitations:
        changes.make(invitation, dict.fromkeys(("attendance", "followed_up_on", "followed_up_by")), str(invitation.id))
    for part in meeting.parts.values():
        await await_report(command, review, part)
        await ask_to_escalate(command, review, part)
    owed = [] if review.sat_on is None else [following(DeadlineKind.ADJOURNED_MEETING, review.sat_on, reference)]
    await refresh(command.session, meeting.ordered(), command.today, Followed(reference, frozenset(AFTERWARDS), owed))
    command.publish(ReviewReopened.model_validate(review, from_attributes=True))
    await keep_correction(command, Correction, review, changes, reason, "reopen_review")
    return meeting


def _check_nothing_followed(meeting: Meeting) -> None:
    for case in meeting.ordered():
        part = meeting.parts[case.child.person_id]
        if part.decisions_on is not None or part.record_on is not None:
            raise ReviewFollowed("Its decisions or its record were written.")
        if later := case.after(part):
            references = sorted(review.reference for review in later)
            raise ReviewFollowed(f"The next review is {', '.join(references)}.", references=references)
