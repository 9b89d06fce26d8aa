"""Approvals to leave care (regulation 39)."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Omittable, Several
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.reviews.chairs.actions import NotLookedAfter
from services.reviews.endpoints import Person, Reader, Writer
from services.reviews.leaving_care import actions as approvals
from services.reviews.leaving_care.queries import LEAVING_CARE
from services.reviews.leaving_care.schemas import LeavingCareDecideIn, LeavingCareIn, LeavingCareOut, LeavingCarePage
from services.reviews.rules.vocabulary import Approval

routes = Routes(prefix="/v1", tags=["reviews"])


@routes.post(
    "/children/{person_id}/leaving-care-decisions",
    status_code=201,
    responses=responses(NotFound, Invalid, NotLookedAfter, approvals.NoApprovalNeeded),
)
async def request_leaving_care(
    person_id: Person, wanted: LeavingCareIn, command: Writer, response: Response
) -> LeavingCareOut:
    """Request the approval that regulation 39 requires before a child leaves care; it also says who approves."""
    row = await approvals.request_leaving_care(command, person_id, wanted)
    response.headers["ETag"] = etag(row.version)
    return LeavingCareOut.model_validate(row)


@routes.post(
    "/leaving-care-decisions/{decision_id}/decide",
    responses=responses(NotFound, Invalid, approvals.AlreadyDecided, VersionStale, VersionMissing),
)
async def decide_leaving_care(
    decision_id: UUID, wanted: LeavingCareDecideIn, command: Writer, version: IfMatch, response: Response
) -> LeavingCareOut:
    """Record what the director or the nominated officer decided."""
    row = await approvals.decide_leaving_care(command, decision_id, version, wanted)
    response.headers["ETag"] = etag(row.version)
    return LeavingCareOut.model_validate(row)


class LeavingCareDecisionsQuery(PageQuery):
    """The parameters of `list_leaving_care_decisions`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    approval: Several[Approval] = Field(None, description="Filter by who must approve.")
    decided: Omittable[bool] = Field(None, description="Filter by whether it was decided.")
    sort: str = sorted_by("-id", "decided_on", "person_id")


@routes.get("/leaving-care-decisions", response_model=LeavingCarePage)
async def list_leaving_care_decisions(reader: Reader, query: Annotated[LeavingCareDecisionsQuery, Query()]) -> Response:
    """List approvals to leave care, newest first."""
    return await reader.page(LEAVING_CARE, query)
