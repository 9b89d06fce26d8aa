"""Closing a conference, and deciding what of it is escalated."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.db.database import Reading
from chassis.web.pagination import PageQuery
from chassis.web.versions import IfMatch, etag
from services.conferences.contributions.schemas import ProposalOut, ProposalPage
from services.conferences.endpoints import Decider, Reader, Ref
from services.conferences.meetings.meeting import ConferenceNotHeld
from services.conferences.meetings.queries import PROPOSALS
from services.conferences.meetings.schemas import DecideProposalsIn
from services.conferences.proposals import actions as closing
from services.conferences.rules.vocabulary import ProposalState

routes = APIRouter(prefix="/v1", tags=["closing and escalating"])


@routes.post(
    "/conferences/{reference}/close",
    responses=responses(
        NotFound, Invalid, ConferenceNotHeld, closing.ConferenceClosedAlready, VersionStale, VersionMissing
    ),
)
async def close_conference(reference: Ref, command: Decider, version: IfMatch, response: Response) -> list[ProposalOut]:
    """Close a conference: the answer is what it proposes to escalate, with the reason derived from the facts.

    Each professional whose expected report did not come, or who neither attended nor sent apologies, is proposed.
    """
    conference, rows = await closing.close_conference(command, reference, version)
    response.headers["ETag"] = etag(conference.version)
    return [ProposalOut.model_validate(one, from_attributes=True) for one in rows]


@routes.post(
    "/conferences/{reference}/proposals/decide", responses=responses(NotFound, Invalid, closing.ProposalDecided)
)
async def decide_proposals(reference: Ref, wanted: DecideProposalsIn, command: Decider) -> list[ProposalOut]:
    """Confirm or dismiss proposals, all in one request; the answer shows all of the conference's as they stand.

    Confirmed ones are raised by the escalations service, each exactly once, as soon as it can be reached; watch their
    state. One that was refused there can be decided again.
    """
    rows = await closing.decide_proposals(command, reference, wanted)
    return [ProposalOut.model_validate(one, from_attributes=True) for one in rows]


class ProposalsQuery(PageQuery):
    """The parameters of `list_proposals`."""

    state: Omittable[ProposalState] = Field(None, description="Only those that stand so.")
    chair_id: Omittable[str] = Field(None, description="Only of this chair's conferences.")
    reference: Omittable[str] = Field(None, description="Only of this conference.")
    agency_id: Omittable[str] = Field(None, description="Only about this agency.")


@routes.get("/proposals", response_model=ProposalPage)
async def list_proposals(reading: Reading, caller: Reader, query: Annotated[ProposalsQuery, Query()]) -> Response:
    """Proposed escalations and what became of each, newest first."""
    look = Look(caller, "list_proposals", "proposals")
    return await PROPOSALS.page(reading, query, look=look, **seen_by(caller))
