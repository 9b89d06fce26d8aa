"""Whether invited people came to a review, and what was done where a parent did not."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from chassis.command import Command
from chassis.law.violations import Violation
from chassis.meetings.corrections import Changes
from services.reviews.meetings.models import Invitation, Review
from services.reviews.meetings.schemas import AttendanceIn
from services.reviews.rules.vocabulary import PARENTS


async def invitations_of(command: Command, review: Review) -> Sequence[Invitation]:
    """Everybody who was invited to a review."""
    query = select(Invitation).where(col(Invitation.review_id) == review.id)
    return (await command.session.exec(query)).all()


def attend(
    invitations: Sequence[Invitation], wanted: Sequence[AttendanceIn], today: date, changes: Changes
) -> list[Violation | None]:
    """Write down who came; what cannot be so is refused."""
    invited = {one.id: one for one in invitations}
    refusals: list[Violation | None] = []
    seen = set[UUID]()
    for number, one in enumerate(wanted):
        row, at = invited.get(one.invitation_id), f"attendance.{number}."
        if row is None:
            message = "Nobody was invited to this review by that invitation."
            refusals.append(Violation(f"{at}invitation_id", "of_this_review", message))
            continue
        if row.id in seen:
            refusals.append(Violation(f"{at}invitation_id", "once", "Name each invitation once."))
        seen.add(row.id)
        if one.followed_up_on is not None and row.relationship not in PARENTS:
            message = "A parent who was absent is called or written to; others are not."
            refusals.append(Violation(f"{at}followed_up_on", "parents_only", message))
        if one.followed_up_on is not None and one.followed_up_on > today:
            refusals.append(Violation(f"{at}followed_up_on", "not_in_the_future", "This day has not come yet."))
        changes.make(row, one.model_dump(exclude={"invitation_id"}), str(row.id))
    return refusals
