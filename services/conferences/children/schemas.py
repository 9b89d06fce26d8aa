"""Children and families as conferences know them, and what asks for a conference."""

from pydantic import Field

from chassis.base.fields import Day, Input
from chassis.children.models import ChildIdentityBase
from chassis.children.vocabulary import Disability, Sex, UpnUnknown
from chassis.web.pagination import Page
from services.conferences.children.models import ProtectionBase
from services.conferences.enquiries.schemas import ConferenceRequestOut
from services.conferences.plans.schemas import PlanOut
from services.conferences.rules.vocabulary import Category


class ProtectionIn(Input):
    """What the case-management system says of a child that only conferences use."""

    advocacy_opted_out_on: Day | None = None


class ProtectionOut(ChildIdentityBase, ProtectionBase):
    """A child, with their current chair, plan and looked-after status. The version is that of the latter."""

    sex: Sex | None
    disabilities: list[Disability]
    upn_unknown: UpnUnknown | None
    category: Category | None = Field(description="The plan's latest category.")


class ProtectionPage(Page[ProtectionOut]):
    """One page of children, by person number."""


class WholeProtectionOut(ProtectionOut):
    """A child with their enquiries, transfers and plans."""

    requests: list[ConferenceRequestOut]
    plans: list[PlanOut]
