"""Referrals for disruption meetings: made, listed, accepted or declined."""

from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.base.fields import Several
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.reviews.disruption import actions as referrals
from services.reviews.disruption.models import DisruptionReferral
from services.reviews.disruption.queries import REFERRALS
from services.reviews.disruption.schemas import (
    AcceptReferralIn,
    DeclineReferralIn,
    ReferralIn,
    ReferralOut,
    ReferralPage,
)
from services.reviews.endpoints import MADE, Decider, Reader, Writer
from services.reviews.rules.vocabulary import ReferralState

routes = Routes(prefix="/v1", tags=["reviews"])


ReferralRef = Annotated[str, Path(pattern=r"^DIS-\d{4}-\d{4,}$", description="Such as `DIS-2019-0003`.")]


DECIDED = responses(NotFound, Invalid, referrals.ReferralDecided, VersionStale, VersionMissing)


def referral_out(row: DisruptionReferral, response: Response) -> ReferralOut:
    """A referral, with its version as ETag."""
    response.headers["ETag"] = etag(row.version)
    return ReferralOut.model_validate(row)


@routes.post("/reviews/disruption-referrals", status_code=201, responses=MADE)
async def refer_for_disruption_meeting(wanted: ReferralIn, command: Writer, response: Response) -> ReferralOut:
    """Refer a child whose adoption or special guardianship broke down for a disruption meeting."""
    row = await referrals.refer_for_disruption_meeting(command, wanted)
    response.headers["Location"] = f"/v1/reviews/disruption-referrals/{row.reference}"
    return referral_out(row, response)


class DisruptionReferralsQuery(PageQuery):
    """The parameters of `list_disruption_referrals`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    state: Several[ReferralState] = Field(None, description="Filter by state.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    sort: str = sorted_by("-referred_on", "reference", "state")


@routes.get("/reviews/disruption-referrals", response_model=ReferralPage)
async def list_disruption_referrals(reader: Reader, query: Annotated[DisruptionReferralsQuery, Query()]) -> Response:
    """List referrals for disruption meetings, newest first."""
    return await reader.page(REFERRALS, query)


@routes.get("/reviews/disruption-referrals/{reference}", response_model=ReferralOut, responses=responses(NotFound))
async def get_disruption_referral(reference: ReferralRef, reader: Reader) -> Response:
    """Get a referral, with its version as ETag."""
    return await reader.one(REFERRALS, reference=reference)


@routes.post("/reviews/disruption-referrals/{reference}/accept", responses=DECIDED)
async def accept_referral(
    reference: ReferralRef, wanted: AcceptReferralIn, command: Decider, version: IfMatch, response: Response
) -> ReferralOut:
    """Accept a referral and name the chair. Then plan the meeting with the sequence `disruption`."""
    return referral_out(await referrals.accept_referral(command, reference, version, wanted), response)


@routes.post("/reviews/disruption-referrals/{reference}/decline", responses=DECIDED)
async def decline_referral(
    reference: ReferralRef, wanted: DeclineReferralIn, command: Decider, version: IfMatch, response: Response
) -> ReferralOut:
    """Decline a referral that does not meet the criteria, with the reason."""
    return referral_out(await referrals.decline_referral(command, reference, version, wanted), response)
