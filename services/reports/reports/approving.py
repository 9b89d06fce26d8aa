"""A report on its way: to the reviewer, back, approved with its figures, published."""

from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation
from chassis.web.versions import check_version
from services.reports.events import ReportMoved, ReportPublished
from services.reports.moves import OF_REPORT
from services.reports.reports.composing import compose
from services.reports.reports.models import ApprovedDocument, Report
from services.reports.reports.writing import locked, sections, written
from services.reports.rules import ReportState


class ReportElsewhere(Conflict):
    """The report does not stand where this could be done with it."""


class OwnReport(Conflict):
    """Whoever wrote a report does not approve it."""


async def _moved(command: Command, reference: str, version: int, operation: str) -> Report:
    report = await locked(command, reference)
    check_version(report, version)
    if operation not in OF_REPORT.possible(report.state):
        raise ReportElsewhere(f"{reference} is {report.state.replace('_', ' ')}.")
    report.version += 1
    await command.audit(operation, [], reference)
    return report


def _tell(command: Command, report: Report) -> None:
    command.publish(ReportMoved.model_validate(report, from_attributes=True))


async def send_to_reviewer(command: Command, reference: str, version: int, reviewer_id: str) -> Report:
    """Ask somebody else to review the report; refused while words are missing."""
    report = await _moved(command, reference, version, "send_report_to_reviewer")
    missing = [each for each in (await sections(command.session, command.process, report)).sections if each.missing]
    refuse(Violation(f"sections.{each.key}", "written", f"{each.heading} has no words of its own.") for each in missing)
    if reviewer_id == report.author_id:
        refuse([Violation("reviewer_id", "another_person", "Somebody other than the author reviews a report.")])
    await check_names(command, [NamedEntry("reviewer_id", "colleague", reviewer_id)])
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
    if command.caller.subject == report.author_id:
        raise OwnReport(f"{reference} was written by you.")
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
