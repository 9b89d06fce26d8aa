"""What people said about reviews and conferences, as one list."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access.callers import Caller, may
from chassis.base.fields import Several
from chassis.base.problems import Invalid, responses
from chassis.law.deadlines import About
from chassis.meetings.feedback import FeedbackPage, FeedbackQuery
from chassis.meetings.together import READERS
from chassis.web.routes import Routes
from gateway.together.asking import AnswerIncomplete, MergedList, about

routes = Routes(prefix="/v1", tags=["reviews"])
FEEDBACK = MergedList("/internal/feedback", mark="about")


class AllFeedbackQuery(FeedbackQuery):
    """The parameters of `list_feedback`."""

    about: Several[About] = Field(None, description="Only about reviews, or only about conferences.")


@routes.get("/feedback", response_model=FeedbackPage, responses=responses(Invalid, AnswerIncomplete))
async def list_feedback(
    request: Request, caller: Annotated[Caller, may(*READERS)], query: Annotated[AllFeedbackQuery, Query()]
) -> Response:
    """List feedback about reviews and conferences, newest first."""
    return await FEEDBACK.page(request, query, about(query.about))
