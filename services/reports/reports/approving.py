"""A report on its way: to the reviewer, back, approved with its figures, published."""

from sqlmodel import col, select

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.law.violations import Violation
from chassis.web.versions import check_version
from services.reports.events import ReportMoved, ReportPublished
from services.reports.reports.composing import compose
from services.reports.reports.models import ApprovedDocument, Report
from services.reports.reports.turns import check_colleague, check_turn
from services.reports.reports.writing import locked, sections, written
from services.reports.roles import APPROVERS
from services.reports.rules import ReportState, reviewer_violation


async def _moved(command: Command, reference: str, version: int, operation: str) -> Report:
    report = await locked(command, reference)
    check_version(report, version)
    check_turn(command, report, operation)
    report.version += 1
    await command.audit(operation, [], reference)
    return report


def _tell(command: Command, report: Report) -> None:
    command.publish(ReportMoved.model_validate(report, from_attributes=True))


async def send_to_reviewer(command: Command, reference: str, version: int, reviewer_id: str) -> Report:
    """Ask somebody who may approve it to review the report, or another one than until now.

    Refused while words are missing.
    """
    report = await _moved(command, reference, version, "send_report_to_reviewer")
    missing = [each for each in (await sections(command.session, command.process, report)).sections if each.missing]
    refuse(Violation(f"sections.{each.key}", "written", f"{each.heading} has no words of its own.") for each in missing)
    words = (await written(command.session, report)).values()
    writers = {report.author_id, *(each.written_by for each in words if each.prose and not each.from_last_report)}
    is_handed_on = report.state == ReportState.WITH_REVIEWER
    until_now, caller = (report.reviewer_id, command.caller.subject) if is_handed_on else (None, None)
    refuse([reviewer_violation(reviewer_id, writers, caller, until_now)])
    await check_colleague(command, "reviewer_id", reviewer_id, APPROVERS)
    report.state, report.reviewer_id = ReportState.WITH_REVIEWER, reviewer_id
    _tell(command, report)
    return report


async def return_report(command: Command, reference: str, version: int, reason: str) -> Report:
    """Send the report back to its author, with words; figures that were taken are given up."""
    report = await _moved(command, reference, version, "return_report")
    kept = await command.session.get(ApprovedDocument, report.id)
    if kept is not None:
        await command.session.delete(kept)
    report.state, report.returned_because = ReportState.DRAFT, reason
    report.approved_at = report.approved_by = None
    _tell(command, report)
    return report


async def approve_report(command: Command, reference: str, version: int) -> Report:
    """Approve the report: all its figures are taken now, once, and kept with it."""
    report = await _moved(command, reference, version, "approve_report")
    report.state, report.approved_at, report.approved_by = ReportState.APPROVED, command.now, command.caller.subject
    words = await written(command.session, report)
    composed = await compose(command.process, report, {key: each.prose for key, each in words.items()}, command.now)
    command.session.add(ApprovedDocument(report_id=report.id, content=composed.model_dump(mode="json")))
    _tell(command, report)
    return report


async def publish_report(command: Command, reference: str, version: int) -> Report:
    """Publish the report. What was published about the same is superseded."""
    report = await _moved(command, reference, version, "publish_report")
    query = select(Report).where(
        col(Report.kind) == report.kind,
        col(Report.period) == report.period,
        col(Report.chair_id).is_not_distinct_from(report.chair_id),
        col(Report.state) == ReportState.PUBLISHED,
    )
    for earlier in (await command.session.exec(query.with_for_update())).all():
        earlier.state, earlier.version = ReportState.SUPERSEDED, earlier.version + 1
    report.state, report.published_at = ReportState.PUBLISHED, command.now
    command.publish(ReportPublished.model_validate(report, from_attributes=True))
    return report
