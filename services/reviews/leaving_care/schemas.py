"""Approvals to leave care."""

from pydantic import Field

from chassis.base.fields import Input, Line, PastDay, Words
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.reviews.leaving_care.models import LeavingCareDecisionBase
from services.reviews.rules.vocabulary import Approval


class LeavingCareIn(Input):
    """A request for approval that a child leaves care; the law says who approves."""

    requested_on: PastDay | None = Field(default=None, description="Today by default.")


class LeavingCareDecideIn(Input):
    """What the director or the nominated officer decided."""

    approved: bool
    decided_on: PastDay | None = Field(default=None, description="Today by default.")
    decided_by: Line
    note: Words | None = None


class LeavingCareOut(LeavingCareDecisionBase, Named):
    """Whether a child's leaving care was approved (regulation 39)."""

    approval: Approval


class LeavingCarePage(Page[LeavingCareOut]):
    """One page of approvals, newest first."""
