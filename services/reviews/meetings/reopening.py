"""Taking back that a review was held: it was not, or another one was meant."""

from chassis.base.problems import Conflict
from chassis.command import Command
from chassis.meetings.corrections import Changes, keep_correction
from chassis.meetings.deadlines import Followed
from services.reviews.children.deadlines import following, refresh
from services.reviews.events import ReviewReopened
from services.reviews.meetings.attending import invitations_of
from services.reviews.meetings.correcting import SAID
from services.reviews.meetings.holding import AFTERWARDS
from services.reviews.meetings.meeting import Meeting, check_held, locked_meeting
from services.reviews.meetings.models import Correction
from services.reviews.meetings.preparing import ask_to_escalate, await_report
from services.reviews.rules.vocabulary import DeadlineKind, ReviewState

FOLLOWS = ("in_time", "age", "next_due_on", "decisions_due_on", "record_due_on", "distribution_due_on")


class ReviewFollowed(Conflict):
    """Something followed from this review already, so it was held; what is wrong about it can be corrected."""


async def reopen_review(command: Command, reference: str, version: int, because: str) -> Meeting:
    """Take back that a review was held: it stands as it stood before, planned or adjourned.

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
    for one in invitations:
        changes.make(one, dict.fromkeys(("attended", "followed_up_on", "followed_up_by")), str(one.id))
    for part in meeting.parts.values():
        await await_report(command, review, part)
        await ask_to_escalate(command, review, part)
    owed = [] if review.sat_on is None else [following(DeadlineKind.ADJOURNED_MEETING, review.sat_on, reference)]
    await refresh(command.session, meeting.ordered(), command.today, Followed(reference, frozenset(AFTERWARDS), owed))
    event = ReviewReopened(
        reference=reference,
        chair_id=review.chair_id,
        version=review.version,
        state=state,
        planned_on=review.planned_on,
        person_ids=review.person_ids,
    )
    command.publish(event)
    await keep_correction(command, Correction, review, changes, because, "reopen_review")
    return meeting


def _check_nothing_followed(meeting: Meeting) -> None:
    for case in meeting.ordered():
        part = meeting.parts[case.child.person_id]
        if part.decisions_on is not None or part.record_on is not None:
            raise ReviewFollowed("Its decisions or its record were written.")
        if later := case.after(part):
            references = sorted(one.reference for one in later)
            raise ReviewFollowed(f"The next review is {', '.join(references)}.", references=references)
