"""Section 47 enquiries from elsewhere: a row for each."""

from collections.abc import Sequence

from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records, lots, plain
from services.conferences.children.cases import cases_of, practice_of
from services.conferences.children.deadlines import refresh
from services.conferences.children.models import Protection
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.imports.children import hold_still, protections
from services.conferences.imports.rows import EnquiryRow
from services.conferences.rules.conferences import enquiry_counted_from
from services.conferences.rules.timescales import Practice, conferences
from services.conferences.rules.vocabulary import ConferenceKind, RequestKind


async def import_section_47_enquiries(importing: CsvImport[EnquiryRow]) -> None:
    """Import section 47 enquiries about children who are known here from CSV: every row, or none."""
    command, concerned = importing.command, set[str]()
    of_kind, request_id = col(ConferenceRequest.kind) == RequestKind.SECTION_47_ENQUIRY, ConferenceRequest.request_id
    await hold_still(command)
    async for rows in importing.rows():
        await _check_children(importing, rows)
        await importing.check_new(rows, "request_id", "an enquiry with this number", col(request_id), of_kind)
        if importing.writes:
            await _write(command, [row for _, row in rows])
            concerned |= {row.person_id for _, row in rows}
    if importing.writes:
        await refresh_all(command, sorted(concerned))


async def _check_children(importing: CsvImport[EnquiryRow], rows: Sequence[tuple[int, EnquiryRow]]) -> None:
    """Each child is there, and held against changes by others until all is over."""
    known = await protections(importing.command, {row.person_id for _, row in rows})
    children = {protection.person_id for protection in known}
    for number, row in rows:
        if row.person_id not in children:
            importing.report.add(number, "person_id", "There is no child with this number.")


def _request(row: EnquiryRow, practice: Practice) -> ConferenceRequest:
    event_on = enquiry_counted_from(row.started_on, row.strategy_discussion_on)
    return plain(
        ConferenceRequest,
        id=new_id(),
        kind=RequestKind.SECTION_47_ENQUIRY,
        request_id=row.request_id,
        person_id=row.person_id,
        started_on=row.started_on,
        strategy_discussion_on=row.strategy_discussion_on,
        event_on=event_on,
        due_on=conferences(practice)[ConferenceKind.INITIAL].due_on(event_on),
        conference_not_required=row.conference_not_required,
        version=1,
    )


async def _write(command: Command, rows: Sequence[EnquiryRow]) -> None:
    records = Records(ConferenceRequest)
    records.add(ConferenceRequest, [_request(row, practice_of(command)) for row in rows])
    await records.write(command.session)
    ids = [row.person_id for row in rows]
    await command.audit("import_section_47_enquiries", ids, f"{rows[0].request_id} and {len(rows) - 1} more")


async def refresh_all(command: Command, person_ids: Sequence[str]) -> None:
    """Bring the deadlines of children to what is owed now, some hundred children at a time."""
    for ids in lots(person_ids):
        known = (await command.session.exec(select(Protection).where(col(Protection.person_id).in_(ids)))).all()
        await refresh(command, await cases_of(command.session, known))
