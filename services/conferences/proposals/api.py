"""Closing a conference, and deciding what of it is escalated."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Several
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.conferences.endpoints import Decider, Reader, Ref
from services.conferences.meetings.meeting import ConferenceNotHeld
from services.conferences.proposals import actions as closing
from services.conferences.proposals.queries import PROPOSALS
from services.conferences.proposals.schemas import DecideProposalsIn, ProposalOut, ProposalPage
from services.conferences.rules.vocabulary import ProposalState

routes = Routes(prefix="/v1", tags=["conferences"])


@routes.post(
    "/conferences/{reference}/close",
    responses=responses(
        NotFound, Invalid, ConferenceNotHeld, closing.ConferenceClosedAlready, VersionStale, VersionMissing
    ),
)
async def close_conference(reference: Ref, command: Decider, version: IfMatch, response: Response) -> list[ProposalOut]:
    """Close a conference and get the escalations that it proposes, with the reason for each.

    One is proposed for each professional whose report is missing, or who neither attended nor sent apologies.
    """
    conference, rows = await closing.close_conference(command, reference, version)
    response.headers["ETag"] = etag(conference.version)
    return [ProposalOut.model_validate(row) for row in rows]


@routes.post(
    "/conferences/{reference}/proposals/decide", responses=responses(NotFound, Invalid, closing.ProposalDecided)
)
async def decide_proposals(reference: Ref, wanted: DecideProposalsIn, command: Decider) -> list[ProposalOut]:
    """Confirm or dismiss proposals in one request. The answer shows all the conference's proposals.

    The escalations service raises each confirmed proposal once, as soon as it can be reached: see its state. A proposal
    that it refuses can be decided again.
    """
    rows = await closing.decide_proposals(command, reference, wanted)
    return [ProposalOut.model_validate(row) for row in rows]


class ProposalsQuery(PageQuery):
    """The parameters of `list_proposals`."""

    id: Several[UUID] = Field(None, description="Filter by identifier.")
    state: Several[ProposalState] = Field(None, description="Filter by state.")
    chair_id: Several[str] = Field(None, description="Filter by the conferences' chair.")
    reference: Several[str] = Field(None, description="Filter by conference.")
    agency_id: Several[str] = Field(None, description="Filter by agency.")
    sort: str = sorted_by("-id", "reference", "state", "chair_id")


@routes.get("/conferences/proposals", response_model=ProposalPage)
async def list_proposals(reader: Reader, query: Annotated[ProposalsQuery, Query()]) -> Response:
    """List proposed escalations and their outcomes, newest first."""
    return await reader.page(PROPOSALS, query)
