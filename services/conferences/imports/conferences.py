"""Past conferences from elsewhere: CSV files of conferences, of who was invited, and of how plans ended besides.

What each conference was and when it had been due, the plans, and what was proposed follow from the records, by the same
rules as for one that is held now. Imported conferences are told to nobody: they are history. Escalations that were
confirmed are told, since only so they are raised.
"""

import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import IO

from chassis.command import Command
from chassis.db.numbering import references_of
from chassis.events.event import Outgoing
from chassis.importing.reading import Line
from chassis.importing.report import PROBLEMS_SHOWN
from chassis.importing.rows import CsvImport, Known, cell
from chassis.importing.writing import RECORDS_AT_ONCE, Records
from services.conferences.children.cases import Case, cases_of
from services.conferences.children.models import Deadline
from services.conferences.contributions.models import Invitation
from services.conferences.imports.children import hold_still, protections
from services.conferences.imports.conference_files import ConferenceFiles
from services.conferences.imports.enquiries import refresh_all
from services.conferences.imports.meetings import take_in
from services.conferences.imports.rows import ConferenceRow, InvitationRow, PlanEndRow
from services.conferences.imports.schemas import ConferenceImportOut, ConferenceImportProblemOut
from services.conferences.imports.waiting_rows import LaidAside
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.planning import PREFIX
from services.conferences.proposals.models import Proposal


async def import_conferences(
    command: Command, conferences: IO[str], invitations: IO[str], plan_ends: IO[str] | None, *, dry_run: bool
) -> ConferenceImportOut:
    """Import past conferences from CSV files in UTF-8 with headings; all rows of all files, or none if one is wrong.

    Rows of one conference stand together; a child's conferences come in the order in which they were held. A dry run
    only checks. Whoever calls undoes the transaction where nothing was imported.
    """
    known = await Known.by(command)
    await hold_still(command)
    invited_file = CsvImport(command, InvitationRow, invitations, known)
    ends_file = CsvImport(command, PlanEndRow, plan_ends or io.StringIO(), known)
    with closing(LaidAside(invited_file, "meeting")) as invited, closing(LaidAside(ends_file, "person_id")) as ends:
        files = ConferenceFiles(command, CsvImport(command, ConferenceRow, conferences, known, dry_run), invited, ends)
        await invited.lay()
        if plan_ends is not None:
            await ends.lay()
        async for meetings in files.conferences.groups("meeting"):
            await _take_in_all(files, [lines for lines in meetings if _is_new(files, lines)])
        invited.refuse_rest("The other file has no such meeting.")
        while ids := ends.keys(RECORDS_AT_ONCE):
            await _end_all(files, ids)
    for number, conflict in sorted(files.conflicts.values(), key=lambda numbered: numbered[0]):
        files.conferences.report.refuse(number, [conflict])
    if not dry_run and not files.problem_count():
        await refresh_all(command, sorted(files.concerned))
    return _out(files, dry_run=dry_run)


def _is_new(files: ConferenceFiles, lines: Sequence[Line]) -> bool:
    label, importing = cell(lines[0], "meeting"), files.conferences
    if label in importing.seen:
        importing.report.add(lines[0][0], "meeting", "The rows of one conference stand together.")
        return False
    importing.seen.add(label)
    return True


async def _take_in_all(files: ConferenceFiles, meetings: Sequence[Sequence[Line]]) -> None:
    rows = [files.conferences.read(lines) for lines in meetings]
    cases = await _cases(files.command, {row.person_id for several in rows for _, row in several})
    years = [several[0][1].held_on.year for several in rows if several]
    statements = files.command.process.database.statements
    references = await references_of(statements, PREFIX, years, in_vain=files.conferences.dry_run)
    records = Records(Conference, ChildConference, Invitation, Proposal, Deadline, Outgoing)
    for lines, several in zip(meetings, rows, strict=True):
        invited = files.invitations.take_up(cell(lines[0], "meeting"))
        guests = files.invitations.file.read(invited)
        whole = (len(several), len(guests)) == (len(lines), len(invited))
        if whole and take_in(files, several, guests, cases, references, records):
            files.count += 1
        else:
            files.broken |= {cell(line, "person_id") for line in lines}
    # A dry run writes as well, so that later rows are checked against earlier ones; the caller undoes it.
    await _write(files.command, records, cases)


async def _end_all(files: ConferenceFiles, ids: Sequence[str]) -> None:
    """End the plans of children whose conferences have all been taken in."""
    cases = await _cases(files.command, ids)
    for person_id in ids:
        if person_id in cases and person_id not in files.broken:
            files.end_plans(cases[person_id])
            files.conflicts.pop(person_id, None)
            continue
        for number, _ in files.plan_ends.take_up(person_id):
            if person_id not in files.broken:
                files.plan_ends.report.add(number, "person_id", "There is no child with this number.")
    files.concerned |= cases.keys()
    await files.command.audit("import_plan_ends", sorted(cases), f"{len(cases)} children")


async def _cases(command: Command, ids: Sequence[str] | set[str]) -> dict[str, Case]:
    cases = await cases_of(command.session, await protections(command, ids))
    return {case.person_id: case for case in cases}


async def _write(command: Command, records: Records, cases: Mapping[str, Case]) -> None:
    """The session writes what changed for children, and their new plans; what is new besides is copied."""
    ids, references = records.of(ChildConference, "person_id"), records.of(Conference, "reference")
    if ids:
        command.session.add_all(plan for case in cases.values() for plan in case.plans)
        await records.write(command.session)
        await command.audit("import_conferences", sorted(set(ids)), f"{references[0]} and {len(references) - 1} more")


def _out(files: ConferenceFiles, *, dry_run: bool) -> ConferenceImportOut:
    reports = files.reports()
    rows, problem_count = sum(report.rows for report in reports.values()), files.problem_count()
    problems = [
        ConferenceImportProblemOut(file=name, **problem.model_dump())
        for name, report in reports.items()
        for problem in report.problems
    ]
    return ConferenceImportOut(
        rows=rows,
        imported=0 if dry_run or problem_count else rows,
        conferences=files.count,
        dry_run=dry_run,
        problems=problems[:PROBLEMS_SHOWN],
        problem_count=problem_count,
    )
