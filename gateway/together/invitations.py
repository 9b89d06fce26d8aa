"""Who is invited to reviews and conferences, as one list."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access.callers import Caller, may
from chassis.base.fields import Several
from chassis.base.problems import Invalid, responses
from chassis.law.deadlines import About
from chassis.meetings.invitations import READERS, InvitationsQuery, MeetingInvitationPage
from chassis.web.routes import Routes
from gateway.together.asking import AnswerIncomplete, MergedList, about

routes = Routes(prefix="/v1", tags=["reviews"])
INVITATIONS = MergedList("/internal/invitations", mark="about")


class AllInvitationsQuery(InvitationsQuery):
    """The parameters of `list_invitations`."""

    about: Several[About] = Field(None, description="Only to reviews, or only to conferences.")


@routes.get("/invitations", response_model=MeetingInvitationPage, responses=responses(Invalid, AnswerIncomplete))
async def list_invitations(
    request: Request, caller: Annotated[Caller, may(*READERS)], query: Annotated[AllInvitationsQuery, Query()]
) -> Response:
    """List invitations to reviews and conferences, newest first."""
    return await INVITATIONS.page(request, query, about(query.about))
