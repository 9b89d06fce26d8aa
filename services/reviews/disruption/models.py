"""Referrals for disruption meetings."""

from datetime import date
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from services.reviews.columns import Base, of_child
from services.reviews.moves import OF_REFERRAL


class DisruptionReferralBase(Shared):
    """What the table and the answers say of a referral."""

    reference: str = Column(description="Such as `DIS-2019-0003`.")
    person_id: str = of_child()
    placement: str
    referred_on: date
    referred_by: str
    reason: str
    state: str
    decided_on: date | None = None
    decided_by: str | None = None
    declined_because: str | None = None
    chair_id: str | None = None
    review_reference: str | None = None
    version: int = 1


class DisruptionReferral(DisruptionReferralBase, Base, table=True):
    """A referral for a meeting about a placement that broke down; it is accepted or declined with a reason."""

    id: UUID = Column(default_factory=new_id, primary_key=True)

    @property
    def can(self) -> list[str]:
        """What the caller can do with it as it stands now."""
        return OF_REFERRAL.possible(self.state)
