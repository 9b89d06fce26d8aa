"""Section 47 enquiries from elsewhere: a CSV with a row for each, all of it or none."""

from collections.abc import Sequence
from typing import IO

from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.web.importing import ImportOut, Record, Report, chunks, copy_rows
from services.conferences.children.cases import cases_of, practice_of
from services.conferences.children.deadlines import refresh
from services.conferences.children.models import Child
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.imports.children import read_row
from services.conferences.imports.rows import ENQUIRY_COLUMNS, ENQUIRY_REQUIRED, EnquiryRow
from services.conferences.rules.conferences import enquiry_counted_from
from services.conferences.rules.timescales import Practice, conferences
from services.conferences.rules.vocabulary import ConferenceKind, RequestKind

CHILDREN_AT_ONCE = 500
Numbered = list[tuple[int, EnquiryRow]]


async def import_enquiries(command: Command, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import section 47 enquiries from a CSV file in UTF-8 with a heading; all rows, or none if one of them is wrong.

    A dry run only checks. Whoever calls undoes the transaction where nothing was imported.
    """
    report, seen, concerned = Report(), set[str](), set[str]()
    practice = practice_of(command)
    async for chunk in chunks(file, ENQUIRY_COLUMNS, ENQUIRY_REQUIRED, report):
        rows = [(number, row) for number, line in chunk if (row := read_row(EnquiryRow, number, line, report))]
        for number, row in rows:
            for name in ("started_on", "strategy_discussion_on"):
                if (day := getattr(row, name)) is not None and day > command.today:
                    report.add(number, name, "The date must be today or in the past.")
            if row.request_id in seen:
                report.add(number, "request_id", "There is a row about this enquiry already.")
            seen.add(row.request_id)
        await _check_known(command, rows, report)
        if not dry_run and not report.problem_count:
            await _write(command, [_record(row, practice) for _, row in rows])
            concerned |= {row.person_id for _, row in rows}
    if concerned and not report.problem_count:
        await refresh_all(command, sorted(concerned))
    return report.out(0 if dry_run or report.problem_count else report.rows, dry_run)


async def _check_known(command: Command, rows: Numbered, report: Report) -> None:
    """Each child is there, held against changes by others until all is over, and no enquiry is."""
    named = select(Child.person_id).where(col(Child.person_id).in_({row.person_id for _, row in rows}))
    children = set((await command.session.exec(named.order_by(col(Child.person_id)).with_for_update())).all())
    brought = select(ConferenceRequest.request_id).where(
        col(ConferenceRequest.kind) == RequestKind.SECTION_47_ENQUIRY,
        col(ConferenceRequest.request_id).in_([row.request_id for _, row in rows]),
    )
    known = set((await command.session.exec(brought)).all())
    for number, row in rows:
        if row.person_id not in children:
            report.add(number, "person_id", "There is no child with this number.")
        if row.request_id in known:
            report.add(number, "request_id", "There is an enquiry with this number already.")


def _record(row: EnquiryRow, practice: Practice) -> Record:
    event_on = enquiry_counted_from(row.started_on, row.strategy_discussion_on)
    return {
        "id": new_id(),
        "kind": RequestKind.SECTION_47_ENQUIRY,
        "request_id": row.request_id,
        "person_id": row.person_id,
        "started_on": row.started_on,
        "strategy_discussion_on": row.strategy_discussion_on,
        "event_on": event_on,
        "due_on": conferences(practice)[ConferenceKind.INITIAL].due_on(event_on),
        "conference_not_required": row.conference_not_required,
        "version": 1,
    }


async def _write(command: Command, records: Sequence[Record]) -> None:
    if not records:
        return
    await copy_rows(command.session, ConferenceRequest, records)
    first = records[0]["request_id"]
    ids = [one["person_id"] for one in records]
    await command.audit("import_section_47_enquiries", ids, f"{first} and {len(records) - 1} more")


async def refresh_all(command: Command, person_ids: Sequence[str]) -> None:
    """Bring the deadlines of children to what is owed now, some hundred children at a time."""
    for begin in range(0, len(person_ids), CHILDREN_AT_ONCE):
        ids = person_ids[begin : begin + CHILDREN_AT_ONCE]
        children = (await command.session.exec(select(Child).where(col(Child.person_id).in_(ids)))).all()
        cases = await cases_of(command.session, children)
        await refresh(command, cases)
