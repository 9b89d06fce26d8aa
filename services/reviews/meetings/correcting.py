"""Setting right what was written down about a review that was held: the day, and how it went for each child."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from chassis.command import Command
from chassis.law.violations import Violation
from chassis.meetings.corrections import Changes, keep_correction
from chassis.web.refusing import refuse
from services.reviews.children.cases import Case
from services.reviews.children.deadlines import BOOK, following, refresh
from services.reviews.events import ReviewCorrected
from services.reviews.meetings.attending import attend, invitations_of
from services.reviews.meetings.correction_schemas import CorrectReviewIn
from services.reviews.meetings.holding import AFTERWARDS, finish, wrong_day, wrong_for_child
from services.reviews.meetings.meeting import Meeting, check_held, locked_meeting
from services.reviews.meetings.models import ChildReview, Correction, Review
from services.reviews.meetings.schemas import ChildHeldIn
from services.reviews.rules.sequence import is_in_time
from services.reviews.rules.timescales import REVIEWS
from services.reviews.rules.vocabulary import CASE_TRACKS, ReviewKind
from services.reviews.visits.models import MidpointCheck

SAID = ("participation", "attended", "seen_alone", "views", "next_step")


async def correct_review(command: Command, reference: str, version: int, wanted: CorrectReviewIn) -> Meeting:
    """Set right what was written down when a review was held; what is left out stays.

    With another day, all that is counted from it is counted anew: whether it was in time, what is due after it, and the
    review after it.
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
    for one in wanted.children:
        part = meeting.parts[one.person_id]
        changes.make(part, {name: getattr(_merged(part, wanted), name) for name in SAID}, one.person_id)
    if not changes.made:
        return meeting
    review.version += 1
    if held_on != earlier:
        await _count_anew(command, meeting, earlier)
    await refresh(command.session, meeting.ordered(), command.today)
    event = ReviewCorrected(
        reference=reference,
        chair_id=review.chair_id,
        version=review.version,
        held_on=held_on,
        person_ids=review.person_ids,
    )
    command.publish(event)
    await keep_correction(command, Correction, review, changes, wanted.because, "correct_review")
    return meeting


def _merged(part: ChildReview, wanted: CorrectReviewIn) -> ChildHeldIn:
    """How a review went for a child as it is said now, with what was said before and stays."""
    said = {name: getattr(part, name) for name in SAID}
    for one in wanted.children:
        if one.person_id == part.person_id:
            said |= one.said()
    return ChildHeldIn.model_construct(None, person_id=part.person_id, **said)


def _wrong(meeting: Meeting, wanted: CorrectReviewIn, held_on: date, today: date) -> list[Violation | None]:
    is_another_day = held_on != meeting.review.held_on
    refusals = wrong_day(meeting.review, held_on, today) if is_another_day else []
    named = [one.person_id for one in wanted.children]
    for number, one in enumerate(named):
        at = f"children.{number}.person_id"
        if one not in meeting.parts:
            refusals.append(Violation(at, "of_this_review", "The review is not about this child."))
        elif named.count(one) > 1:
            refusals.append(Violation(at, "once", "Name each child once."))
    for case in meeting.ordered():
        part = meeting.parts[case.child.person_id]
        at = f"children.{named.index(part.person_id)}." if part.person_id in named else ""
        said = _merged(part, wanted)
        found = [one for one in wrong_for_child(case, part, said, held_on, at) if one]
        if is_another_day:
            # Of whom nothing is said, it is the day that does not fit.
            refusals += found if at else [Violation("held_on", one.rule, one.message) for one in found]
            refusals.append(_out_of_order(case, part, held_on))
        elif at:
            refusals += [one for one in found if one.field.startswith(at)]
    return list(dict.fromkeys(refusals))


def _out_of_order(case: Case, part: ChildReview, held_on: date) -> Violation | None:
    """Why the day does not fit what came before and after it for a child, if it does not."""
    if part.contacted_beforehand_on is not None and held_on < part.contacted_beforehand_on:
        message = f"The child was asked beforehand, on {part.contacted_beforehand_on}."
        return Violation("held_on", "after_what_was_before", message)
    steps = [one for one in (part.decisions_on, part.record_on) if one is not None]
    if steps and min(steps) < held_on:
        return Violation("held_on", "before_what_followed", f"What follows it was written on {min(steps)}.")
    days = [one.held_on for one in case.after(part) if one.held_on is not None]
    if days and min(days) <= held_on:
        return Violation("held_on", "before_the_one_after", f"The next review was held on {min(days)}.")
    return None


async def _count_anew(command: Command, meeting: Meeting, earlier: date) -> None:
    """Count anew what is counted from the day on which a review was held."""
    review = meeting.review
    assert review.held_on is not None
    for case in meeting.ordered():
        part = meeting.parts[case.child.person_id]
        ids = [one.id for one in case.after(part)]
        part.held_on = review.held_on
        finish(case, part, review.held_on)
        await _follow_in_next(command, ids, earlier, review.held_on)
        if part.track in CASE_TRACKS and earlier in case.midpoints_done:
            await _follow_in_midpoint(command, case, earlier, review.held_on)
    owed = [following(kind, review.held_on, review.reference) for kind in AFTERWARDS]
    await BOOK.replace(command.session, meeting.children(), owed)


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
