"""Closing a conference, and deciding what of it is escalated."""

from typing import Annotated

from fastapi import Query, Response

from chassis.audit import Look
from chassis.db import Reading
from chassis.pagination import Paging
from chassis.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.routing import Router
from chassis.seeing import seen_by
from chassis.versions import IfMatch, etag
from services.conferences.actions import closing
from services.conferences.actions.meetings import ConferenceNotHeld
from services.conferences.api.dependencies import Decider, Reader, Ref
from services.conferences.queries.conferences import PROPOSALS
from services.conferences.rules.vocabulary import ProposalState
from services.conferences.schemas.conferences import DecideProposalsIn
from services.conferences.schemas.contributions import ProposalOut, ProposalPage

routes = Router(prefix="/v1", tags=["closing and escalating"])


@routes.post(
    "/conferences/{reference}/close",
    responses=responses(
        NotFound, Invalid, ConferenceNotHeld, closing.ConferenceClosedAlready, VersionStale, VersionMissing
    ),
)
async def close_conference(reference: Ref, act: Decider, version: IfMatch, response: Response) -> list[ProposalOut]:
    """Close a conference: the answer is what it proposes to escalate, with the reason derived from the facts.

    Each professional whose expected report did not come, or who neither attended nor sent apologies, is proposed.
    """
    conference, rows = await closing.close_conference(act, reference, version)
    response.headers["ETag"] = etag(conference.version)
    return [ProposalOut.model_validate(one, from_attributes=True) for one in rows]


@routes.post(
    "/conferences/{reference}/proposals/decide", responses=responses(NotFound, Invalid, closing.ProposalDecided)
)
async def decide_proposals(reference: Ref, wanted: DecideProposalsIn, act: Decider) -> list[ProposalOut]:
    """Confirm or dismiss proposals, all in one request; the answer shows all of the conference's as they stand.

    Confirmed ones are raised by the escalations service, each exactly once, as soon as it can be reached; watch their
    state. One that was refused there can be decided again.
    """
    rows = await closing.decide_proposals(act, reference, wanted)
    return [ProposalOut.model_validate(one, from_attributes=True) for one in rows]


@routes.get("/proposals", response_model=ProposalPage)
async def list_proposals(
    reading: Reading,
    caller: Reader,
    paging: Paging,
    state: Annotated[ProposalState | None, Query(description="Only those that stand so.")] = None,
    chair_id: Annotated[str | None, Query(description="Only of this chair's conferences.")] = None,
    reference: Annotated[str | None, Query(description="Only of this conference.")] = None,
    agency_id: Annotated[str | None, Query(description="Only about this agency.")] = None,
) -> Response:
    """Proposed escalations and what became of each, newest first."""
    given = {"state": state, "chair_id": chair_id, "reference": reference, "agency_id": agency_id}
    look = Look(caller, "list_proposals", "proposals")
    return await PROPOSALS.page(reading, paging, look=look, **seen_by(caller), **given)
