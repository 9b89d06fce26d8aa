"""Moving, cancelling and adjourning a planned review."""

from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.ages import childhoods_violation
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation
from chassis.meetings.deadlines import Followed
from services.reviews.children.cases import COLLEAGUE
from services.reviews.children.deadlines import following, record, refresh, settle
from services.reviews.children.models import Deadline
from services.reviews.disruption.models import DisruptionReferral
from services.reviews.events import ReviewAdjourned, ReviewCancelled, ReviewMoved
from services.reviews.meetings.holding import BEFOREHAND
from services.reviews.meetings.invitations import follow_advocate
from services.reviews.meetings.meeting import Meeting, locked_meeting
from services.reviews.meetings.models import Review
from services.reviews.meetings.schemas import AdjournReviewIn, MoveReviewIn
from services.reviews.rules.chairs import panel_chair_violation
from services.reviews.rules.children import is_within_care
from services.reviews.rules.meetings import adjournment_violation, too_early_violation
from services.reviews.rules.timescales import OTHERS
from services.reviews.rules.vocabulary import ReviewKind, ReviewState, Track

CLEARED = frozenset({"planned_time", "venue", "join_link"})


async def move_review(command: Command, reference: str, version: int, wanted: MoveReviewIn) -> Meeting:
    """Move a planned review, or change how it is held; its due dates do not change."""
    meeting = await locked_meeting(command, reference, version)
    review = meeting.review
    if wanted.chair_id is not None:
        await check_names(command, [NamedEntry("chair_id", COLLEAGUE, wanted.chair_id, "chair")])
    refuse(_wrong_in_move(meeting, wanted))
    changes = _changes(review, wanted)
    if not changes:
        return meeting
    review.version += 1
    for name, value in changes.items():
        setattr(review, name, value)
    for part in meeting.parts.values():
        part.chair_id = review.chair_id
    if "planned_on" in changes:
        await _follow_day(command, meeting)
    command.publish(ReviewMoved.model_validate(review, from_attributes=True))
    await command.audit("move_review", review.person_ids, reference)
    return meeting


def _changes(review: Review, wanted: MoveReviewIn) -> dict[str, Any]:
    """What really changes: a change that changes nothing is not published."""
    said = wanted.model_dump(exclude_unset=True)
    return {
        name: value
        for name, value in said.items()
        if value != getattr(review, name) and (value is not None or name in CLEARED)
    }


def _wrong_in_move(meeting: Meeting, wanted: MoveReviewIn) -> list[Violation | None]:
    review, refusals = meeting.review, list[Violation | None]()
    for case in meeting.ordered():
        part, child = meeting.parts[case.person_id], case.child
        if wanted.chair_id and wanted.chair_id in {case.identity.manager_id, case.identity.social_worker_id}:
            message = "A chair does not manage the child's case or work on it (regulation 46)."
            refusals.append(Violation("chair_id", "independent", message))
        if wanted.chair_id and part.track == Track.SECURE:
            own = frozenset({child.chair_id} if child.chair_id else set())
            refusals.append(panel_chair_violation(wanted.chair_id, own))
        if wanted.planned_on:
            kind = ReviewKind(part.kind)
            refusals.append(too_early_violation("planned_on", kind, part.event_on, wanted.planned_on))
        if wanted.planned_on and part.event_on and wanted.planned_on < part.event_on:
            message = f"The sequence has reached {part.event_on}: a review is held after that."
            refusals.append(Violation("planned_on", "after_the_one_before", message))
    if wanted.planned_on:
        refusals.append(childhoods_violation("planned_on", meeting.born_on(), wanted.planned_on))
    if wanted.planned_on and review.state == ReviewState.ADJOURNED and review.sat_on:
        latest = OTHERS[DeadlineKind.ADJOURNED_MEETING].due_on(review.sat_on)
        if not review.sat_on < wanted.planned_on <= latest:
            message = f"It resumes within 20 working days, until {latest} (regulation 36)."
            refusals.append(Violation("planned_on", "within_20_working_days", message))
    return refusals


async def _follow_day(command: Command, meeting: Meeting) -> None:
    """Move what depends on the day of the meeting: the report before it, the advocate, the day it resumes.

    The report for an adjourned review stays due before its first sitting.
    """
    review = meeting.review
    if review.state == ReviewState.ADJOURNED:
        review.resumes_on = review.planned_on
    await follow_advocate(command, meeting)
    if review.state == ReviewState.ADJOURNED:
        return
    owing = following(DeadlineKind.SOCIAL_WORKER_REPORT, review.planned_on, review.reference)
    parts = [part for part in meeting.parts.values() if part.social_worker_report_due_on is not None]
    waiting = [part.person_id for part in parts if part.social_worker_report_on is None]
    for part in parts:
        part.social_worker_report_due_on = owing.due_on
    await settle(command.session, review.reference, waiting, DeadlineKind.SOCIAL_WORKER_REPORT)
    command.session.add_all(Deadline(**record(meeting.cases[person_id], owing)) for person_id in waiting)


async def cancel_review(command: Command, reference: str, version: int, reason: str) -> Meeting:
    """Cancel a review, with the reason; its deadlines stay open."""
    meeting = await locked_meeting(command, reference, version)
    review = meeting.review
    review.state, review.cancelled_on, review.cancelled_because = ReviewState.CANCELLED, command.today, reason
    review.version += 1
    for part in meeting.parts.values():
        part.cancelled = True
    # A referral that was accepted waits for its meeting again.
    waiting = update(DisruptionReferral).where(col(DisruptionReferral.review_reference) == reference)
    await command.session.exec(waiting.values(review_reference=None, version=col(DisruptionReferral.version) + 1))
    await refresh(command.session, meeting.ordered(), command.today, Followed(reference, BEFOREHAND))
    command.publish(ReviewCancelled.model_validate(review, from_attributes=True))
    await command.audit("cancel_review", review.person_ids, reference, reason)
    return meeting


async def adjourn_review(command: Command, reference: str, version: int, wanted: AdjournReviewIn) -> Meeting:
    """Adjourn a review that was begun in time, once, for at most 20 working days (regulation 36)."""
    meeting = await locked_meeting(command, reference, version)
    review = meeting.review
    refuse(_wrong_in_adjourning(meeting, wanted, command.today))
    review.state, review.sat_on, review.resumes_on = ReviewState.ADJOURNED, wanted.sat_on, wanted.resumes_on
    review.planned_on = wanted.resumes_on
    review.version += 1
    for part in meeting.parts.values():
        part.sat_on = wanted.sat_on
    await follow_advocate(command, meeting)
    owed = [following(DeadlineKind.ADJOURNED_MEETING, wanted.sat_on, reference)]
    await refresh(command.session, meeting.ordered(), command.today, Followed(reference, frozenset(), owed))
    command.publish(ReviewAdjourned.model_validate(review, from_attributes=True))
    await command.audit("adjourn_review", review.person_ids, reference)
    return meeting


def _wrong_in_adjourning(meeting: Meeting, wanted: AdjournReviewIn, today: date) -> list[Violation | None]:
    refusals = [childhoods_violation("resumes_on", meeting.born_on(), wanted.resumes_on)]
    for case in meeting.ordered():
        part = meeting.parts[case.child.person_id]
        refusals.append(
            adjournment_violation(
                times=int(meeting.review.sat_on is not None),
                sat_on=wanted.sat_on,
                resumes_on=wanted.resumes_on,
                due_on=part.due_on,
                today=today,
            )
        )
        refusals.append(too_early_violation("sat_on", ReviewKind(part.kind), part.event_on, wanted.sat_on))
        if part.event_on is not None and wanted.sat_on < part.event_on:
            message = f"The sequence has reached {part.event_on}: a review begins after that."
            refusals.append(Violation("sat_on", "after_the_one_before", message))
        elif (
            part.track != Track.DISRUPTION
            and wanted.sat_on <= today
            and not is_within_care(case.spans(), wanted.sat_on)
        ):
            refusals.append(Violation("sat_on", "looked_after", "The child was not looked after on that day."))
    # What is wrong for several children in the same way is said once.
    return list(dict.fromkeys(refusals))
