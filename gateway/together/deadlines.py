"""What is due for children because of reviews and of conferences, as one list, and counted."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access.callers import Caller, may
from chassis.base.fields import Several
from chassis.base.problems import Invalid, responses
from chassis.law.deadlines import About
from chassis.meetings.open_deadlines import DeadlineCountsOut, DeadlineFilters, DeadlinePage, DeadlinesQuery
from chassis.meetings.together import READERS
from chassis.web.routes import Routes
from gateway.together.asking import AnswerIncomplete, Answers, MergedList, about, ask_all

routes = Routes(prefix="/v1", tags=["diary"])
DEADLINES = MergedList("/internal/deadlines", mark="about")
Reader = Annotated[Caller, may(*READERS)]


class AllDeadlinesQuery(DeadlinesQuery):
    """The parameters of `list_deadlines`."""

    about: Several[About] = Field(None, description="Only what is due because of reviews, or of conferences.")


class DeadlineCountsQuery(DeadlineFilters):
    """The parameters of `count_deadlines`."""

    about: Several[About] = Field(None, description="Only what is due because of reviews, or of conferences.")


@routes.get("/deadlines", response_model=DeadlinePage, responses=responses(Invalid, AnswerIncomplete))
async def list_deadlines(request: Request, caller: Reader, query: Annotated[AllDeadlinesQuery, Query()]) -> Response:
    """List open deadlines, soonest first, with the days left, the rule and who must act.

    Use `person_id` for what is due for a child, and `kind=allocation&overdue=true` to find children without a chair for
    more than 5 working days.
    """
    return await DEADLINES.page(request, query, about(query.about))


@routes.get("/deadlines/counts", response_model=DeadlineCountsOut, responses=responses(Invalid, AnswerIncomplete))
async def count_deadlines(request: Request, caller: Reader, query: Annotated[DeadlineCountsQuery, Query()]) -> Response:
    """Count open deadlines by the filters of the list, for a badge: all, overdue, due today, due this week."""
    return await ask_all(request, "/internal/deadlines/counts", about(query.about), _sums, query)


def _sums(answers: Answers) -> dict[str, Any]:
    return {name: sum(counts[name] for counts in answers.values()) for name in DeadlineCountsOut.model_fields}
