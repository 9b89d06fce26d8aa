"""What other processes ask for and the gateway never routes: deadlines for reminders, letters, the home page."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Response

from chassis.base.clock import Today
from chassis.base.problems import NotFound, responses
from chassis.meetings.together import Own, router
from chassis.process import ProcessDep
from chassis.web.first_pages import HomeReader
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from services.reviews.children.models import Voided
from services.reviews.children.queries import (
    DEADLINE_COUNTS,
    DEADLINES,
    DIGEST,
    EARLIER_MERGES,
    IN_ONE_REVIEW,
    TIMELINE,
    VOIDED,
    WHOLE_CHILD,
)
from services.reviews.children.schemas import DigestEntryOut, EarlierMergeOut
from services.reviews.endpoints import Ref
from services.reviews.feedback.models import Feedback
from services.reviews.feedback.queries import FEEDBACK
from services.reviews.home import HOME, ReviewsHome
from services.reviews.meetings.letters import LettersOut, ParentOut
from services.reviews.meetings.queries import DIARY, LETTERS, PARENTS_WRITTEN_TO
from services.reviews.roles import SERVICES
from services.reviews.settings import settings_of

routes = Routes(prefix="/internal", tags=["reviews"])

Asking = Annotated[RecordReader, read_by(*SERVICES)]


@routes.get("/deadlines/digest", response_model=list[DigestEntryOut])
async def get_deadlines_digest(reader: Asking, process: ProcessDep, today: Today) -> Response:
    """List what is overdue or due soon, for the weekly reminder, without names."""
    return await DIGEST.all(reader.statements, until=today + timedelta(days=settings_of(process).due_soon_days))


@routes.get("/reviews/{reference}/letters", response_model=LettersOut, responses=responses(NotFound))
async def get_review_letters(reference: Ref, reader: Asking) -> Response:
    """Get what letters about a review need: where, when, and which children have an email. No names."""
    return await reader.one(LETTERS, reference=reference)


@routes.get("/reviews/{reference}/parents", response_model=list[ParentOut], responses=responses(NotFound))
async def list_parents_written_to(reference: Ref, reader: Asking) -> Response:
    """List the parents who get letters about a review, with name and address."""
    return await reader.all_of(PARENTS_WRITTEN_TO, LETTERS, reference=reference)


@routes.get("/merge-obstacles")
async def list_merge_obstacles(
    reader: Asking,
    from_person_id: Annotated[str, Query(description="The number that would be merged.")],
    into_person_id: Annotated[str, Query(description="The number that would be kept.")],
) -> list[str]:
    """List the references of the reviews in which both numbers are, so that they cannot be one child."""
    rows = await reader.statements.rows(IN_ONE_REVIEW, [from_person_id, into_person_id])
    return [row["reference"] for row in rows]


@routes.get("/person-merges", response_model=list[EarlierMergeOut])
async def list_earlier_merges(reader: Asking) -> Response:
    """List the merges from before the children service kept them."""
    return await EARLIER_MERGES.all(reader.statements)


@routes.get("/home", response_model=ReviewsHome)
async def get_reviews_home(reader: HomeReader, today: Today) -> Response:
    """Get what the caller's home page shows of reviews, for the gateway, which asks with the caller's own roles."""
    return await HOME.answer(reader, today)


TOGETHER = router(
    Own(
        child=WHOLE_CHILD,
        timeline=TIMELINE,
        voided=VOIDED,
        deadlines=DEADLINES,
        counts=DEADLINE_COUNTS,
        diary=DIARY,
        feedback=FEEDBACK,
        feedback_table=Feedback,
        voided_table=Voided,
    )
)
