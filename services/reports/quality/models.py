"""Observations, development, audits, homes and the visits to them, and priorities."""

from datetime import date
from uuid import UUID

from sqlmodel import AutoString
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from services.reports.columns import Base
from services.reports.quality.rules import DevelopmentKind, Grade, HomeKind, PriorityState


class RecordedBase(Shared):
    """What the table and the answers say of each record here."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    recorded_by: str
    version: int = 1


class Recorded(RecordedBase):
    """The further columns of a table of records: one that was voided is kept with who voided it and why."""

    voided_on: date | None = None
    voided_by: str | None = None
    voided_because: str | None = None


class ObservationBase(Shared):
    """What the table and the answers say of an observation."""

    chair_id: str
    observed_on: date
    observer_id: str
    meeting_reference: str | None = Column(default=None, description="Of the review or conference, if it was one.")
    grade: Grade = Column(sa_type=AutoString)
    findings: str
    agreed_actions: str | None = None


class Observation(ObservationBase, Recorded, Base, table=True):
    """That somebody watched a chair at work, and what they found by the council's standards."""


class DevelopmentBase(Shared):
    """What the table and the answers say of an activity."""

    colleague_id: str
    kind: DevelopmentKind = Column(sa_type=AutoString)
    held_on: date
    subject: str
    days: float | None = Column(default=None, description="How many days of training it was.")


class Development(DevelopmentBase, Recorded, Base, table=True):
    """Supervision, training or another way in which a colleague learnt."""


class CaseAuditBase(Shared):
    """What the table and the answers say of an audit."""

    subject: str
    audited_on: date
    auditor_id: str
    records_audited: int
    grade: Grade | None = Column(default=None, sa_type=AutoString)
    findings: str
    outcome: str | None = Column(default=None, description="What came of it.")
    outcome_due_on: date | None = Column(default=None, description="When something should have come of it.")


class CaseAudit(CaseAuditBase, Recorded, Base, table=True):
    """An audit of records, with its findings and what came of them."""


class HomeBase(Shared):
    """What the table and the answers say of a home."""

    id: str = Column(primary_key=True)
    name: str
    kind: HomeKind = Column(sa_type=AutoString)
    opened_on: date = Column(description="The day from which it is visited.")
    closed_on: date | None = Column(default=None, description="The last day on which it was open.")
    version: int = 1


class Home(HomeBase, Base, table=True):
    """A home for children, or supported living, which an independent person visits."""


class HomeVisitBase(Shared):
    """What the table and the answers say of a visit."""

    home_id: str = Column(foreign_key="home.id")
    visited_on: date
    visitor: str = Column(description="The independent person.")
    reported_on: date | None = Column(default=None, description="When the report was sent.")
    actions: str | None = Column(default=None, description="What is to be done.")
    actions_done_on: date | None = None


class HomeVisit(HomeVisitBase, Recorded, Base, table=True):
    """A visit by an independent person (regulation 44 of the Children's Homes (England) Regulations 2015)."""


class PriorityBase(Shared):
    """What the table and the answers say of a priority."""

    year: str = Column(description="The financial year, such as `2019-20`.")
    title: str
    owner_id: str
    state: PriorityState = Column(sa_type=AutoString)
    progress: str | None = Column(default=None, description="What was achieved so far.")
    due_on: date | None = None


class Priority(PriorityBase, Recorded, Base, table=True):
    """What the service wants to achieve in a year."""
