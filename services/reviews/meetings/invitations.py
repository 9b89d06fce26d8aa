"""Who is invited to a review, whether they came, and the advocate who is invited automatically."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.law.participation import is_advocate_invited
from chassis.law.violations import Violation, future_violation
from chassis.meetings.corrections import Changes
from chassis.meetings.invitations import ChangeInvitationIn, NotSentByEmail, invited_twice, locked_invitation
from services.reviews.children.cases import Case
from services.reviews.events import ParentInvited
from services.reviews.meetings.meeting import Meeting, check_open, locked_review
from services.reviews.meetings.models import Invitation, Review
from services.reviews.meetings.schemas import AttendanceIn, InviteIn
from services.reviews.rules.vocabulary import PARENTS, Relationship


async def invitations_of(command: Command, review: Review) -> Sequence[Invitation]:
    """Everybody who is invited to a review."""
    query = select(Invitation).where(col(Invitation.review_id) == review.id, col(Invitation.withdrawn_on).is_(None))
    return (await command.session.exec(query)).all()


def attend(
    invitations: Sequence[Invitation], wanted: Sequence[AttendanceIn], today: date, changes: Changes
) -> list[Violation | None]:
    """Record who came, and return the rules that this breaks."""
    invited = {invitation.id: invitation for invitation in invitations}
    refusals: list[Violation | None] = []
    seen = set[UUID]()
    for number, attendance in enumerate(wanted):
        row, at = invited.get(attendance.invitation_id), f"attendance.{number}."
        if row is None:
            message = "Nobody was invited to this review by that invitation."
            refusals.append(Violation(f"{at}invitation_id", "of_this_review", message))
            continue
        if row.id in seen:
            refusals.append(Violation(f"{at}invitation_id", "once", "Name each invitation once."))
        seen.add(row.id)
        if attendance.followed_up_on is not None and row.relationship not in PARENTS:
            message = "A parent who was absent is called or written to; others are not."
            refusals.append(Violation(f"{at}followed_up_on", "parents_only", message))
        refusals.append(future_violation(f"{at}followed_up_on", attendance.followed_up_on, today))
        changes.make(row, attendance.model_dump(exclude={"invitation_id"}), str(row.id))
    return refusals


ADVOCATE = "Advocacy service"


def with_advocate(cases: Iterable[Case], meeting_on: date) -> list[str]:
    """The children of 8 years or over on the day of the meeting who did not opt out."""
    return [
        case.person_id
        for case in cases
        if is_advocate_invited(case.born_on, meeting_on, case.child.advocacy_opted_out_on)
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
    """Change the advocate's invitation when the day of the meeting changes who is old enough."""
    review = meeting.review
    wanted = with_advocate(meeting.ordered(), review.planned_on)
    query = select(Invitation).where(col(Invitation.review_id) == review.id, col(Invitation.automatic))
    row = (await command.session.exec(query)).first()
    if row is None and wanted:
        command.session.add(advocate_invitation(review, wanted, command.today))
    elif row is not None and wanted:
        row.person_ids = wanted
    elif row is not None:
        await command.session.delete(row)


async def invite(
    command: Command, reference: str, version: int, wanted: Sequence[InviteIn]
) -> tuple[Review, list[Invitation]]:
    """Invite people to a review, all or none."""
    review = await locked_review(command, reference, version)
    check_open(review)
    refuse(
        Violation(f"invitations.{number}.person_ids.{place}", "of_this_review", "The review is not about this child.")
        for number, person in enumerate(wanted)
        for place, person_id in enumerate(person.person_ids)
        if person_id not in review.person_ids
    )
    rows = [_invitation(review, person, command.today) for person in wanted]
    refuse(invited_twice(await invitations_of(command, review), rows))
    command.session.add_all(rows)
    for row in rows:
        if row.relationship in PARENTS and row.address and not row.email:
            command.publish(ParentInvited(invitation_id=row.id, reference=reference))
    review.version += 1
    await command.audit("invite", sorted({person_id for row in rows for person_id in row.person_ids}), reference)
    return review, rows


def _invitation(review: Review, wanted: InviteIn, today: date) -> Invitation:
    return Invitation(
        review_id=review.id,
        reference=review.reference,
        person_ids=wanted.person_ids or review.person_ids,
        invited_on=today,
        **wanted.model_dump(exclude={"person_ids"}),
    )


async def change_invitation(
    command: Command, invitation_id: UUID, version: int, wanted: ChangeInvitationIn
) -> Invitation:
    """Change the name or the address of somebody who is invited; reviews ask for no report."""
    row: Invitation = await locked_invitation(command, Invitation, invitation_id, version)
    said = wanted.model_dump(exclude_unset=True)
    message = "Only an invitation to a conference has this."
    refuse(Violation(name, "conferences_only", message) for name in said if name not in {"name", "email"})
    row.name, row.email = said.get("name") or row.name, said.get("email", row.email)
    row.version += 1
    await command.audit("change_invitation", row.person_ids, row.reference)
    return row


async def withdraw_invitation(command: Command, invitation_id: UUID, version: int) -> Invitation:
    """Withdraw an invitation before the review is held."""
    row: Invitation = await locked_invitation(command, Invitation, invitation_id, version)
    check_open(await command.session.get_one(Review, row.review_id))
    row.withdrawn_on = command.today
    row.version += 1
    await command.audit("uninvite", row.person_ids, row.reference)
    return row


async def send_invitation_again(command: Command, invitation_id: UUID) -> Invitation:
    """Nobody is invited to a review by email: it says so of an invitation that there is."""
    await locked_invitation(command, Invitation, invitation_id, None)
    raise NotSentByEmail
