"""Past conferences from elsewhere: CSV files of conferences, of who was invited, and of how plans ended besides.

What each conference was and when it had been due, the plans, and what was proposed follow from the records, by the same
rules as for one that is held now. Imported conferences are told to nobody: they are history. Escalations that were
confirmed are told, since only so they are raised.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import IO, Any

from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.db.numbering import references
from chassis.events.directory_replica import ReplicaEntry
from chassis.events.event import Outgoing
from chassis.meetings.locking import for_update
from chassis.web.importing import PROBLEMS_SHOWN, Record, Report, Row, chunks, copy_rows
from services.conferences.children.cases import AGENCY, Case, cases_of
from services.conferences.children.models import Child, Deadline
from services.conferences.contributions.models import Invitation
from services.conferences.imports.children import known_entries, read_row
from services.conferences.imports.enquiries import refresh_all
from services.conferences.imports.meetings import take_in
from services.conferences.imports.past_contributions import Directory
from services.conferences.imports.past_ends import end_plans
from services.conferences.imports.report import Importing
from services.conferences.imports.rows import (
    CONFERENCE_COLUMNS,
    CONFERENCE_REQUIRED,
    INVITATION_COLUMNS,
    INVITATION_REQUIRED,
    PLAN_END_COLUMNS,
    PLAN_END_REQUIRED,
    ConferenceRow,
    InvitationRow,
)
from services.conferences.imports.schemas import ConferenceImportOut, ConferenceImportProblemOut
from services.conferences.imports.waiting_rows import LaidAside, Lines
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.planning import PREFIX
from services.conferences.proposals.models import Proposal

Gathered = dict[Any, list[Record]]
INSERTED = (Conference, ChildConference, Invitation, Proposal, Deadline, Outgoing)
CHILDREN_AT_ONCE = 500


async def import_conferences(
    command: Command, conferences: IO[str], invitations: IO[str], plan_ends: IO[str] | None, *, dry_run: bool
) -> ConferenceImportOut:
    """Import past conferences from CSV files in UTF-8 with headings; all rows of all files, or none if one is wrong.

    Rows of one conference stand together; a child's conferences come in the order in which they were held. A dry run
    only checks. Whoever calls undoes the transaction where nothing was imported.
    """
    with closing(LaidAside("meeting")) as invited, closing(LaidAside("person_id")) as ends:
        importing = Importing(command, await _directory(command), ends)
        await invited.lay(invitations, INVITATION_COLUMNS, INVITATION_REQUIRED, importing.invitations)
        if plan_ends is not None:
            await ends.lay(plan_ends, PLAN_END_COLUMNS, PLAN_END_REQUIRED, importing.plan_ends)
        labels = set[str]()
        async for meetings in _meetings(conferences, importing.conferences):
            new = [lines for lines in meetings if _is_new(lines, labels, importing)]
            await _take_in_all(importing, new, invited, dry_run=dry_run)
        invited.report_left_over(importing.invitations, "The other file has no such meeting.")
        while ids := ends.keys(CHILDREN_AT_ONCE):
            await _end_all(importing, ids)
    for problem in sorted(importing.conflicts.values()):
        importing.conferences.add(*problem)
    if not dry_run and not importing.is_wrong():
        await refresh_all(command, sorted(importing.concerned))
    return _out(importing, dry_run=dry_run)


async def _end_all(importing: Importing, ids: Sequence[str]) -> None:
    """End the plans of children whose conferences have all been taken in."""
    cases = await _cases(importing.command, ids)
    for person_id in ids:
        if person_id in importing.broken or person_id not in cases:
            for number, _ in importing.ends.take_up(person_id):
                if person_id not in importing.broken:
                    importing.plan_ends.add(number, "person_id", "There is no child with this number.")
        else:
            end_plans(importing, cases[person_id])
            importing.conflicts.pop(person_id, None)
    importing.concerned |= cases.keys()
    await importing.command.audit("import_plan_ends", sorted(cases), f"{len(cases)} children")


async def _directory(command: Command) -> Directory:
    agencies = (await command.session.exec(select(ReplicaEntry).where(col(ReplicaEntry.kind) == AGENCY))).all()
    roles = {one.id: frozenset(one.attributes.get("roles") or []) for one in agencies}
    return Directory(await known_entries(command), roles)


async def _meetings(file: IO[str], report: Report) -> AsyncIterator[list[Lines]]:
    """The rows of each meeting, some hundred meetings at a time."""
    waiting: Lines = []
    async for chunk in chunks(file, CONFERENCE_COLUMNS, CONFERENCE_REQUIRED, report):
        whole: list[Lines] = []
        for one in chunk:
            if waiting and _label(one) != _label(waiting[-1]):
                whole.append(waiting)
                waiting = []
            waiting.append(one)
        yield whole
    if waiting:
        yield [waiting]


def _label(one: tuple[int, Row]) -> str:
    return one[1].get("meeting", "").strip()


def _is_new(lines: Lines, labels: set[str], importing: Importing) -> bool:
    label = _label(lines[0])
    if label in labels:
        importing.conferences.add(lines[0][0], "meeting", "The rows of one conference stand together.")
        return False
    labels.add(label)
    return True


async def _take_in_all(importing: Importing, meetings: Sequence[Lines], invited: LaidAside, *, dry_run: bool) -> None:
    rows = [_read(lines, importing) for lines in meetings]
    cases = await _cases(importing.command, sorted({row.person_id for several in rows for _, row in several}))
    numbers = await _numbers(importing.command, rows, dry_run=dry_run)
    gathered: Gathered = {table: [] for table in INSERTED}
    for lines, several in zip(meetings, rows, strict=True):
        found = _take_in(importing, lines, several, invited.take_up(_label(lines[0])), cases, numbers)
        if found is None:
            importing.broken |= {line.get("person_id", "").strip() for _, line in lines}
        for table, records in (found or {}).items():
            gathered[table] += records
        importing.count += found is not None
    # A dry run writes as well, so that later rows are checked against earlier ones; the caller undoes it.
    await _write(importing.command, gathered, cases)


def _read(lines: Lines, importing: Importing) -> list[tuple[int, ConferenceRow]]:
    report = importing.conferences
    return [(number, row) for number, line in lines if (row := read_row(ConferenceRow, number, line, report))]


def _take_in(
    importing: Importing,
    lines: Lines,
    rows: Sequence[tuple[int, ConferenceRow]],
    invited: Lines,
    cases: Mapping[str, Case],
    numbers: Mapping[int, list[str]],
) -> Gathered | None:
    guests = [
        (number, row)
        for number, line in invited
        if (row := read_row(InvitationRow, number, line, importing.invitations))
    ]
    if (len(rows), len(guests)) != (len(lines), len(invited)):
        return None
    return take_in(importing, rows, guests, cases, numbers)


async def _cases(command: Command, ids: Sequence[str]) -> dict[str, Case]:
    query = for_update(select(Child).where(col(Child.person_id).in_(ids)).order_by(col(Child.person_id)))
    cases = await cases_of(command.session, (await command.session.exec(query)).all())
    return {case.child.person_id: case for case in cases}


async def _numbers(
    command: Command, rows: Sequence[Sequence[tuple[int, ConferenceRow]]], *, dry_run: bool
) -> dict[int, list[str]]:
    """References for the conferences of each year, the last first; a dry run takes none for good."""
    years = Counter(several[0][1].held_on.year for several in rows if several)
    if dry_run:
        return {year: [f"{PREFIX}-{new_id()}" for _ in range(count)] for year, count in years.items()}
    statements = command.process.database.statements
    return {year: (await references(statements, PREFIX, year, count))[::-1] for year, count in years.items()}


async def _write(command: Command, gathered: Gathered, cases: Mapping[str, Case]) -> None:
    """The session writes what changed for children, and their new plans; what is new besides is copied."""
    parts = gathered[ChildConference]
    if not parts:
        return
    command.session.add_all(plan for case in cases.values() for plan in case.plans)
    for table, records in gathered.items():
        await copy_rows(command.session, table, records)
    first, count = gathered[Conference][0]["reference"], len(gathered[Conference])
    await command.audit(
        "import_conferences", sorted({one["person_id"] for one in parts}), f"{first} and {count - 1} more"
    )


def _out(importing: Importing, *, dry_run: bool) -> ConferenceImportOut:
    reports = importing.reports()
    rows = sum(one.rows for one in reports.values())
    problems = chain.from_iterable(
        (ConferenceImportProblemOut(file=name, **one.model_dump()) for one in report.problems)
        for name, report in reports.items()
    )
    return ConferenceImportOut(
        rows=rows,
        imported=0 if dry_run or importing.is_wrong() else rows,
        conferences=importing.count,
        dry_run=dry_run,
        problems=list(problems)[:PROBLEMS_SHOWN],
        problem_count=sum(one.problem_count for one in reports.values()),
    )
