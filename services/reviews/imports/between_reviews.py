"""Visits, other contacts and midpoint checks of the past, from elsewhere: a row for each."""

from collections.abc import Callable
from typing import Any, TypeVar

from chassis.base.fields import new_id
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records, plain
from services.reviews.children.cases import Case
from services.reviews.imports.reviews import known_cases, refresh_all
from services.reviews.imports.rows import ContactRow, MidpointCheckRow
from services.reviews.rules.vocabulary import ContactKind
from services.reviews.visits.models import Contact, MidpointCheck

OfChild = TypeVar("OfChild", ContactRow, MidpointCheckRow)


async def import_contacts(importing: CsvImport[ContactRow]) -> None:
    """Import past visits and other contacts from CSV: all rows, or none. Import the children's care first."""

    def contact(_: int, row: ContactRow, case: Case) -> Contact:
        last = case.child.last_visit_on
        if row.kind is ContactKind.VISIT and (last is None or last < row.happened_on):
            case.child.last_visit_on = row.happened_on
        return plain(Contact, id=new_id(), recorded_at=importing.command.now, **row.model_dump())

    await _take_in(importing, Contact, contact)


async def import_midpoint_checks(importing: CsvImport[MidpointCheckRow]) -> None:
    """Import past midpoint checks from CSV: all rows, or none. Import the reviews first.

    Each belongs to the child's last review that was held by the day of the check.
    """

    def check(number: int, row: MidpointCheckRow, case: Case) -> MidpointCheck | None:
        found = case.midpoint_by(row.done_on)
        if found is None:
            importing.report.add(number, "done_on", "No review of the child had been held by that day.")
            return None
        if found.reviewed_on in case.midpoints_done:
            message = f"There is a check after the review of {found.reviewed_on} already."
            importing.report.add(number, "done_on", message)
            return None
        case.midpoints_done.add(found.reviewed_on)
        return plain(MidpointCheck, id=new_id(), **row.model_dump(), **found._asdict())

    await _take_in(importing, MidpointCheck, check)


async def _take_in(
    importing: CsvImport[OfChild], table: type[Any], made_of: Callable[[int, OfChild, Case], Any]
) -> None:
    command, concerned = importing.command, set[str]()
    async for rows in importing.rows():
        cases = await known_cases(command, {row.person_id for _, row in rows})
        records = Records(table)
        for number, row in rows:
            if (case := cases.get(row.person_id)) is None:
                importing.report.add(number, "person_id", "There is no child with this number.")
            elif made := made_of(number, row, case):
                records.add(table, [made])
        ids = records.of(table, "person_id")
        # A dry run writes as well, so that later rows are checked against earlier ones; all is undone afterwards.
        if ids and not importing.report.problem_count:
            await records.write(command.session)
            await command.audit(f"import_{table.__tablename__}s", ids, f"{ids[0]} and {len(ids) - 1} more")
        concerned |= cases.keys()
    if importing.writes:
        await refresh_all(command, sorted(concerned))
