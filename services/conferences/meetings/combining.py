"""A conference that is one meeting with a looked-after review: same day, same chair, both clocks."""

from datetime import date
from typing import Any

from sqlmodel import col, select

from chassis.command import Command
from chassis.events.directory_replica import ReplicaEntry
from chassis.law.violations import Violation
from services.conferences.children.cases import REVIEW
from services.conferences.meetings.schemas import PlanConferenceIn

OPEN_REVIEW = frozenset({"planned", "adjourned"})


async def review_violation(command: Command, wanted: PlanConferenceIn, chair_id: str) -> Violation | None:
    """Why a conference cannot be one meeting with the review that it names, if it cannot."""
    if wanted.review_reference is None:
        return None
    return await combination_violation(command, wanted.review_reference, wanted.planned_on, chair_id, wanted.person_ids)


async def combination_violation(
    command: Command, review_reference: str, planned_on: date, chair_id: str, person_ids: list[str]
) -> Violation | None:
    """Why a conference and a review cannot be one meeting: they share a child, the day and the chair."""
    query = select(ReplicaEntry).where(col(ReplicaEntry.kind) == REVIEW, col(ReplicaEntry.id) == review_reference)
    # A review that is moved meanwhile waits until this conference can follow it.
    found = (await command.session.exec(query.with_for_update(read=True))).first()
    review: dict[str, Any] = {} if found is None else found.attributes
    if review.get("state") not in OPEN_REVIEW:
        return Violation("review_reference", "planned_review", "No such review is planned.")
    if not set(review.get("person_ids", [])) & set(person_ids):
        return Violation("review_reference", "same_child", "The review is about none of these children.")
    if review["planned_on"] != planned_on.isoformat():
        message = f"The review is planned for {review['planned_on']}: one meeting is on one day."
        return Violation("review_reference", "same_day", message)
    if review.get("chair_id") != chair_id:
        return Violation("review_reference", "same_chair", f"The review is chaired by {review.get('chair_id')}.")
    return None
