"""A chair's reviews and conferences as one diary."""

from itertools import chain
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access.callers import Caller, may
from chassis.base.fields import Several
from chassis.base.problems import Invalid, responses
from chassis.law.deadlines import About
from chassis.meetings.diary import DiaryEntryOut, DiaryQuery
from chassis.meetings.together import READERS
from chassis.web.routes import Routes
from gateway.together.asking import AnswerIncomplete, Answers, about, ask_all

routes = Routes(prefix="/v1", tags=["diary"])


class WholeDiaryQuery(DiaryQuery):
    """The parameters of `get_diary`."""

    about: Several[About] = Field(None, description="Only reviews, or only conferences.")


@routes.get("/diary", response_model=list[DiaryEntryOut], responses=responses(Invalid, AnswerIncomplete))
async def get_diary(
    request: Request, caller: Annotated[Caller, may(*READERS)], query: Annotated[WholeDiaryQuery, Query()]
) -> Response:
    """List a chair's reviews and conferences between two days, including those held or cancelled."""
    return await ask_all(request, "/internal/diary", about(query.about), _by_time, query)


def _by_time(answers: Answers) -> list[dict[str, Any]]:
    """By day and time; what has no time comes after what has one."""
    return sorted(
        chain.from_iterable(answers.values()),
        key=lambda meeting: (meeting["planned_on"], meeting["planned_time"] or "~", meeting["reference"]),
    )
