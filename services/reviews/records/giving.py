"""The record of a review is given to people, each by a link of their own."""

from sqlmodel import col, select

from chassis.base.problems import NotFound, refuse
from chassis.command import Command
from chassis.law.violations import Violation
from chassis.papers.distribution import PaperLinkOut, Recipient, distribute
from services.reviews.meetings.meeting import check_held, locked_review
from services.reviews.meetings.models import ChildReview
from services.reviews.records.actions import RecordIncomplete, distribute_record
from services.reviews.records.schemas import DistributeRecordIn, GiveRecordIn

RECORD = "record"


async def give_record(command: Command, reference: str, wanted: GiveRecordIn) -> list[PaperLinkOut]:
    """Send the recipients a link to the complete record of one child, or of all of the review's children."""
    review = await locked_review(command, reference, None)
    check_held(review)
    person_ids = review.person_ids if wanted.person_id is None else [wanted.person_id]
    if not {*person_ids} <= {*review.person_ids}:
        raise NotFound
    written = select(ChildReview).where(col(ChildReview.review_id) == review.id)
    parts = (await command.session.exec(written.where(col(ChildReview.person_id).in_(person_ids)))).all()
    if any(part.record_on is None for part in parts):
        raise RecordIncomplete
    addresses = [recipient.email.lower() for recipient in wanted.recipients]
    refuse(
        Violation(f"recipients.{number}.email", "once", "Name each address once.")
        for number, address in enumerate(addresses)
        if address in addresses[:number]
    )
    named = DistributeRecordIn(recipients=[f"{recipient.name}, {recipient.role}" for recipient in wanted.recipients])
    for person_id in person_ids:
        await distribute_record(command, reference, person_id, review.version, named)
    recipients = [Recipient(recipient.name, recipient.role, recipient.email) for recipient in wanted.recipients]
    return await distribute(command, reference, RECORD, person_ids, recipients)
