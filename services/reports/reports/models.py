"""Reports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from chassis.db.database import moment
from services.reports.columns import Base
from services.reports.rules import ReportKind, ReportState


class ReportBase(Shared):
    """What the table and the answers say of a report."""

    reference: str = Column(description="Such as `REP-2020-0001`.")
    kind: ReportKind = Column(sa_type=AutoString)
    period: str = Column(description="Such as `2019-20`, `2019-H1` or `2019-Q2`.")
    first_day: date = Column(description="The first day that it is about.")
    last_day: date = Column(description="The last day that it is about.")
    chair_id: str | None = Column(default=None, description="Whose page it is; null where it is about all.")
    state: ReportState = Column(sa_type=AutoString)
    author_id: str
    reviewer_id: str | None = None
    returned_because: str | None = Column(default=None, description="Why the reviewer sent it back, the last time.")
    drafted_at: datetime = moment()
    approved_at: datetime | None = moment(nullable=True)
    approved_by: str | None = None
    published_at: datetime | None = moment(nullable=True)
    version: int


class Report(Base, ReportBase, table=True):
    """A report of a kind about a period."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    version: int = 1


class ReportSection(Base, table=True):
    """The words of a section."""

    __tablename__ = "report_section"

    report_id: UUID = Column(primary_key=True, foreign_key="report.id")
    key: str = Column(primary_key=True)
    prose: str
    from_last_report: bool = False
    written_by: str
    written_at: datetime = moment()
    version: int = 1


class ApprovedDocument(Base, table=True):
    """The document of a report as it was approved, with its figures."""

    __tablename__ = "approved_document"

    report_id: UUID = Column(primary_key=True, foreign_key="report.id")
    content: dict[str, Any] = Column(sa_type=JSONB)
