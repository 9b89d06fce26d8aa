"""The advocate who is invited by itself: one invitation for those children of a review who are of the age for it."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import col, select

from chassis.command import Command
from chassis.law.participation import is_advocate_invited
from services.reviews.children.models import LookedAfterChild
from services.reviews.meetings.meeting import Meeting
from services.reviews.meetings.models import Invitation, Review
from services.reviews.rules.vocabulary import Relationship

ADVOCATE = "Advocacy service"


def with_advocate(children: Iterable[LookedAfterChild], meeting_on: date) -> list[str]:
    """The children of 8 years or over on the day of the meeting who did not opt out."""
    return [
        one.person_id for one in children if is_advocate_invited(one.born_on, meeting_on, one.advocacy_opted_out_on)
    ]


def advocate_invitation(review: Review, person_ids: list[str], today: date) -> Invitation:
    """The invitation of an advocate for these children."""
    return Invitation(
        review_id=review.id,
        reference=review.reference,
        person_ids=person_ids,
        name=ADVOCATE,
        relationship=Relationship.ADVOCATE,
        automatic=True,
        invited_on=today,
    )


async def follow_advocate(command: Command, meeting: Meeting) -> None:
    """Who has an advocate depends on the day of the meeting, so the invitation follows it when that changes."""
    review = meeting.review
    wanted = with_advocate((case.child for case in meeting.ordered()), review.planned_on)
    query = select(Invitation).where(col(Invitation.review_id) == review.id, col(Invitation.automatic))
    row = (await command.session.exec(query)).first()
    if row is None and wanted:
        command.session.add(advocate_invitation(review, wanted, command.today))
    elif row is not None and wanted:
        row.person_ids = wanted
    elif row is not None:
        await command.session.delete(row)
