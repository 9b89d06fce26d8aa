"""What callers send and are sent about the quality of the work."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, Field

from chassis.base.fields import ColleagueId, CountedDay, Input, Line, MeetingReference, PastDay, Words
from chassis.law.periods import PeriodKind, parse
from chassis.web.pagination import Page
from services.reports.quality.models import (
    CaseAuditBase,
    DevelopmentBase,
    HomeBase,
    HomeVisitBase,
    ObservationBase,
    PriorityBase,
    RecordedBase,
)
from services.reports.quality.rules import DevelopmentKind, DueKind, Grade, HomeKind, PriorityState


def _financial_year(label: str) -> str:
    if parse(label).kind is not PeriodKind.FINANCIAL_YEAR:
        raise ValueError("Write a financial year as 2019-20.")
    return label


FinancialYear = Annotated[str, Field(max_length=7), AfterValidator(_financial_year)]


class RecordIn(Input):
    """The parent of what is recorded here, and of what it says once it was corrected."""

    colleagues: ClassVar[tuple[str, ...]] = ()
    """The fields that name a colleague, who must be in the directory."""
    past: ClassVar[tuple[str, ...]] = ()
    """The fields that cannot lie in the future."""


class ObservationIn(RecordIn):
    """An observation of a chair at work. Name no child."""

    colleagues = ("chair_id", "observer_id")
    past = ("observed_on",)

    chair_id: ColleagueId
    observed_on: PastDay
    observer_id: ColleagueId
    meeting_reference: MeetingReference | None = None
    grade: Grade
    findings: Words
    agreed_actions: Words | None = None


class DevelopmentIn(RecordIn):
    """Supervision, training or another way in which a colleague learnt."""

    colleagues = ("colleague_id",)
    past = ("held_on",)

    colleague_id: ColleagueId
    kind: DevelopmentKind
    held_on: PastDay
    subject: Line
    days: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None, description="How many days of training it was."
    )


class CaseAuditIn(RecordIn):
    """An audit of records. Name no child."""

    colleagues = ("auditor_id",)
    past = ("audited_on",)

    subject: Line
    audited_on: PastDay
    auditor_id: ColleagueId
    records_audited: Annotated[int, Field(ge=1, le=1_000_000)]
    grade: Grade | None = None
    findings: Words
    outcome: Words | None = None
    outcome_due_on: CountedDay | None = None


class HomeIn(Input):
    """A home that an independent person visits."""

    name: Line
    kind: HomeKind
    opened_on: PastDay
    closed_on: CountedDay | None = None


class HomeVisitIn(RecordIn):
    """A visit to a home by an independent person. Name no child."""

    past = ("visited_on", "reported_on", "actions_done_on")

    home_id: str = Field(max_length=60)
    visited_on: PastDay
    visitor: Line
    reported_on: PastDay | None = None
    actions: Words | None = None
    actions_done_on: PastDay | None = None


class PriorityIn(RecordIn):
    """A priority of a year."""

    colleagues = ("owner_id",)

    year: FinancialYear
    title: Line
    owner_id: ColleagueId
    state: PriorityState = PriorityState.PLANNED
    progress: Words | None = None
    due_on: CountedDay | None = None


class ObservationOut(ObservationBase, RecordedBase):
    """An observation of a chair at work."""


class DevelopmentOut(DevelopmentBase, RecordedBase):
    """Supervision, training or another way in which a colleague learnt."""


class CaseAuditOut(CaseAuditBase, RecordedBase):
    """An audit of records, with what came of it."""


class HomeOut(HomeBase):
    """A home that an independent person visits."""


class HomeVisitOut(HomeVisitBase, RecordedBase):
    """A visit to a home by an independent person."""


class PriorityOut(PriorityBase, RecordedBase):
    """A priority of a year."""


class ObservationPage(Page[ObservationOut]):
    """One page of observations, newest first."""


class DevelopmentPage(Page[DevelopmentOut]):
    """One page of development, newest first."""


class CaseAuditPage(Page[CaseAuditOut]):
    """One page of audits, newest first."""


class HomePage(Page[HomeOut]):
    """One page of homes, by name."""


class HomeVisitPage(Page[HomeVisitOut]):
    """One page of visits to homes, newest first."""


class PriorityPage(Page[PriorityOut]):
    """One page of priorities, those of the latest year first."""


class DueOut(BaseModel):
    """Something that is due, or overdue."""

    kind: DueKind
    about: str = Field(description="The chair's, the home's, the audit's or the priority's identifier.")
    name: str = Field(description="The name of the chair or home, or what the audit or priority is about.")
    due_on: date
    is_overdue: bool


class DueListOut(BaseModel):
    """What is due within 30 days or overdue, soonest first."""

    items: list[DueOut]
