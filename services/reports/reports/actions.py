"""What people do with reports."""

from sqlmodel import col, select

from chassis.access.callers import Role
from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.db.numbering import references
from chassis.figures.asking import period_named
from services.reports.events import ReportDrafted
from services.reports.reports.models import Report
from services.reports.reports.schemas import ReportIn
from services.reports.reports.turns import check_colleague
from services.reports.reports.writing import begin_from
from services.reports.roles import WRITERS
from services.reports.rules import BEING_MADE, ReportState, report_violations

REPORT = "REP"


class ReportBeingMade(Conflict):
    """A report of this kind about this period is being made already."""


async def draft_report(command: Command, wanted: ReportIn) -> Report:
    """Begin a report."""
    period = period_named("period", wanted.period)
    refuse(report_violations(wanted.kind, period, wanted.chair_id))
    author = wanted.author_id or command.caller.subject
    if wanted.author_id is not None:
        await check_colleague(command, "author_id", wanted.author_id, WRITERS)
    if wanted.chair_id is not None:
        await check_colleague(command, "chair_id", wanted.chair_id, [Role.CHAIR])
    await advisory_lock(command.session, f"report {wanted.kind} {period.label} {wanted.chair_id}")
    query = select(Report.reference).where(
        col(Report.kind) == wanted.kind,
        col(Report.period) == period.label,
        col(Report.chair_id).is_not_distinct_from(wanted.chair_id),
        col(Report.state).in_(BEING_MADE),
    )
    if reference := (await command.session.exec(query)).first():
        raise ReportBeingMade(f"{reference} is not published yet.")
    (reference,) = await references(command.process.database.statements, REPORT, command.today.year)
    report = Report(
        reference=reference,
        kind=wanted.kind,
        period=period.label,
        first_day=period.first,
        last_day=period.last,
        chair_id=wanted.chair_id,
        state=ReportState.DRAFT,
        author_id=author,
        drafted_at=command.now,
    )
    command.session.add(report)
    # Sections refer to it.
    await command.session.flush()
    await begin_from(command, report, await _before(command, report))
    command.publish(ReportDrafted.model_validate(report, from_attributes=True))
    await command.audit("draft_report", [], reference)
    return report


async def _before(command: Command, report: Report) -> Report | None:
    """The latest report of the same kind about an earlier period, or the same."""
    query = select(Report).where(
        col(Report.kind) == report.kind,
        col(Report.chair_id).is_not_distinct_from(report.chair_id),
        col(Report.last_day) <= report.last_day,
        col(Report.approved_at).is_not(None),
    )
    newest = query.order_by(col(Report.last_day).desc(), col(Report.id).desc())
    return (await command.session.exec(newest)).first()
