"""What the endpoints of this service share: callers, paths, problems and answers."""

from typing import Annotated

from fastapi import Path, Response
from sqlmodel import col

from chassis.base.fields import PersonId
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.meetings.warnings import far_from_due, left_out
from chassis.web.reading import RecordReader, read_by
from chassis.web.versions import etag
from services.reviews.children.models import LookedAfterChild
from services.reviews.fields import REFERENCE
from services.reviews.meetings.meeting import Meeting, ReviewNotHeld, ReviewNotOpen
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.meetings.schemas import ChildReviewOut, MeetingOut, PlannedReviewOut
from services.reviews.roles import DECIDERS, MANAGERS, READERS, WRITERS

Reader = Annotated[RecordReader, read_by(*READERS)]
Writer = Annotated[Command, commanded_by(*WRITERS)]
Decider = Annotated[Command, commanded_by(*DECIDERS)]
Manager = Annotated[Command, commanded_by(*MANAGERS)]
Person = Annotated[PersonId, Path(description="The child's case-management person number.")]
Ref = Annotated[str, Path(pattern=REFERENCE, description="The review's reference, such as `REV-2019-0042`.")]

PART = "/reviews/{reference}/children/{person_id}"
MADE = responses(NotFound, Invalid)
REVIEW_CHANGED = responses(NotFound, ReviewNotOpen, VersionStale, VersionMissing)
HELD_CHANGED = responses(NotFound, ReviewNotHeld, VersionStale, VersionMissing)


def meeting_out(meeting: Meeting, response: Response) -> MeetingOut:
    """A changed review with its children's parts, and its new version as ETag."""
    response.headers["ETag"] = etag(meeting.review.version)
    return shown(meeting)


def shown(meeting: Meeting) -> MeetingOut:
    """A review with its children's parts."""
    names = {case.person_id: case.identity.name for case in meeting.ordered()}
    children = [
        ChildReviewOut.model_validate(meeting.parts[person_id], update={"person_name": name})
        for person_id, name in names.items()
    ]
    return MeetingOut.model_validate(
        meeting.review, update={"children": children, "person_names": list(names.values())}
    )


async def planned_out(command: Command, meeting: Meeting) -> PlannedReviewOut:
    """A review that was planned or moved, with what to look at again."""
    due = [part.due_on for part in meeting.parts.values()]
    warnings = far_from_due(meeting.review.planned_on, due)
    number, is_looked_after = col(LookedAfterChild.person_id), col(LookedAfterChild.looked_after_since).is_not(None)
    warnings += await left_out(command, meeting.review.person_ids, number, is_looked_after)
    return PlannedReviewOut(**dict(shown(meeting)), warnings=warnings)


def part_out(changed: tuple[Review, ChildReview], response: Response) -> ChildReviewOut:
    """A child's changed part, with the review's new version as ETag."""
    review, part = changed
    response.headers["ETag"] = etag(review.version)
    return ChildReviewOut.model_validate(part)
