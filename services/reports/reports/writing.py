"""The words of a report, section by section: begun from those of the report before, and written anew."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.problems import Conflict, NotFound, refuse
from chassis.command import Command
from chassis.process import Process
from chassis.web.versions import check_absent, check_version
from services.reports.reports.filling import prose_violations
from services.reports.reports.models import Report, ReportSection
from services.reports.reports.schemas import SectionOut, SectionsOut
from services.reports.reports.template import SectionTemplate, Template, template_of
from services.reports.reports.turns import possible
from services.reports.roles import AUTHORS
from services.reports.rules import ReportState
from services.reports.settings import settings_of


class ReportWritten(Conflict):
    """The words of this report are approved, or you are reviewing them: it has to be sent back first."""


async def locked(command: Command, reference: str) -> Report:
    """A report that the caller may see, until the action is over; `NotFound` if there is none."""
    query = select(Report).where(col(Report.reference) == reference).with_for_update()
    report = (await command.session.exec(query)).first()
    if report is None or (report.chair_id is not None and not command.caller.is_any(*AUTHORS)):
        raise NotFound
    return report


def template_for(process: Process, report: Report) -> Template:
    """What the report consists of."""
    return template_of(report.kind, settings_of(process).report_templates)


async def written(session: AsyncSession, report: Report) -> dict[str, ReportSection]:
    """The words of a report, by section."""
    query = select(ReportSection).where(col(ReportSection.report_id) == report.id)
    return {section.key: section for section in (await session.exec(query)).all()}


async def sections(session: AsyncSession, process: Process, report: Report) -> SectionsOut:
    """The sections of a report as they are being written."""
    words = await written(session, report)
    found = [_section(each, words.get(each.key)) for each in template_for(process, report).walk()]
    return SectionsOut(sections=found, missing=[each.heading for each in found if each.missing])


def _section(section: SectionTemplate, words: ReportSection | None) -> SectionOut:
    said = section.model_dump(include={"key", "heading", "guidance", "source"})
    if words is None:
        return SectionOut(
            **said, prose="", from_last_report=False, written_by=None, written_at=None, missing=section.words, version=0
        )
    is_missing = section.words and (words.from_last_report or not words.prose.strip())
    kept = words.model_dump(include={"prose", "from_last_report", "written_by", "written_at", "version"})
    return SectionOut(**said, **kept, missing=is_missing)


async def begin_from(command: Command, report: Report, before: Report | None) -> None:
    """Begin with the words of the report before, as far as it has the same sections; they are marked as its own."""
    template = template_for(command.process, report)
    if before is None:
        return
    words = await written(command.session, before)
    for section in template.walk():
        if (kept := words.get(section.key)) and kept.prose:
            command.session.add(
                ReportSection(
                    report_id=report.id,
                    key=section.key,
                    prose=kept.prose,
                    from_last_report=True,
                    written_by=kept.written_by,
                    written_at=kept.written_at,
                )
            )


async def write_section(command: Command, reference: str, key: str, version: int | None, prose: str) -> SectionOut:
    """Write the words of a section. Numbers are referred to; names and the like are refused."""
    report = await locked(command, reference)
    section = next((each for each in template_for(command.process, report).walk() if each.key == key), None)
    if section is None:
        raise NotFound
    words = await command.session.get(ReportSection, (report.id, key))
    if words is not None and words.prose == prose and not words.from_last_report:
        return _section(section, words)
    if "write_report_section" not in possible(report, command.caller):
        raise ReportWritten(f"{reference} is {report.state.replace('_', ' ')}.")
    refuse(prose_violations(prose, command.today))
    if words is None:
        check_absent(version)
        words = ReportSection(report_id=report.id, key=key, prose=prose, written_by="", written_at=command.now)
        command.session.add(words)
    else:
        check_version(words, version)
        words.prose, words.from_last_report, words.version = prose, False, words.version + 1
    if report.state == ReportState.WITH_REVIEWER:
        # The reviewer approves what they have read.
        report.version += 1
    words.written_by, words.written_at = command.caller.subject, command.now
    await command.audit("write_report_section", [], f"{reference}/{key}")
    return _section(section, words)
