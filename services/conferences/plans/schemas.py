"""Child protection plans, and how one ends outside a conference."""

from uuid import UUID

from pydantic import Field

from chassis.base.fields import Input, PastDay
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.conferences.plans.models import ProtectionPlanBase
from services.conferences.rules.vocabulary import Category, PlanEnd


class EndPlanIn(Input):
    """How a plan ended without a conference."""

    reason: PlanEnd = Field(description="`transfer_out`, `eighteenth_birthday`, `death` or `left_the_united_kingdom`.")
    ends_on: PastDay


class PlanOut(ProtectionPlanBase, Named):
    """A child protection plan."""

    id: UUID
    initial_category: Category
    latest_category: Category
    end_reason: PlanEnd | None


class PlanPage(Page[PlanOut]):
    """One page of plans, newest first."""
