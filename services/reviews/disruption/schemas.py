"""Referrals for disruption meetings."""

from typing import Annotated

from pydantic import Field

from chassis.access.moves import can
from chassis.base.fields import ColleagueId, Input, PastDay, PersonId, Words
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.reviews.disruption.models import DisruptionReferralBase
from services.reviews.rules.vocabulary import ReferralState


class ReferralIn(Input):
    """A referral for a disruption meeting."""

    person_id: PersonId
    placement: Annotated[str, Field(pattern="^(adoption|special_guardianship)$")]
    referred_on: PastDay | None = Field(default=None, description="Today by default.")
    reason: Words


class AcceptReferralIn(Input):
    """Who chairs the disruption meeting."""

    chair_id: ColleagueId
    decided_on: PastDay | None = Field(default=None, description="Today by default.")


class DeclineReferralIn(Input):
    """Why the criteria are not met."""

    reason: Words
    decided_on: PastDay | None = Field(default=None, description="Today by default.")


class ReferralOut(DisruptionReferralBase, Named):
    """A referral for a disruption meeting."""

    state: ReferralState
    can: list[str] = can()


class ReferralPage(Page[ReferralOut]):
    """One page of referrals, newest first."""
