"""Visits, other contacts and midpoint checks of the past, from elsewhere: a row for each."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.importing.rows import CsvImport, import_past_rows
from chassis.importing.writing import plain
from services.reviews.children.cases import Case
from services.reviews.imports.reviews import known_cases, refresh_all
from services.reviews.imports.rows import ContactRow, MidpointCheckRow
from services.reviews.rules.vocabulary import ContactKind
from services.reviews.visits.models import Contact, MidpointCheck


async def import_contacts(importing: CsvImport[ContactRow]) -> None:
    """Import past visits and other contacts from CSV: all rows, or none. Import the children's care first.

    A row that says what an earlier one says, or what was recorded before, is refused. Two contacts of one kind on one
    day are told apart by their notes.
    """
    seen, recorded = dict[tuple[Any, ...], int](), set[tuple[Any, ...]]()

    async def cases_and_contacts(command: Command, person_ids: Collection[str]) -> Mapping[str, Case]:
        found = await command.session.exec(select(Contact).where(col(Contact.person_id).in_(person_ids)))
        recorded.update(_said(contact) for contact in found.all())
        return await known_cases(command, person_ids)

    def contact(number: int, row: ContactRow, case: Case) -> Contact | None:
        first = seen.setdefault(_said(row), number)
        if first != number or _said(row) in recorded:
            found = "It was recorded before." if first == number else f"Row {first} says the same."
            reason = f"{found} If it is another contact, tell it apart by its note."
            importing.report.add(number, "happened_on", reason)
            return None
        last = case.child.last_visit_on
        if row.kind is ContactKind.VISIT and (last is None or last < row.happened_on):
            case.child.last_visit_on = row.happened_on
        return plain(Contact, id=new_id(), recorded_at=importing.command.now, **row.model_dump())

    await import_past_rows(importing, Contact, contact, cases_and_contacts, refresh_all)


def _said(contact: ContactRow | Contact) -> tuple[Any, ...]:
    return tuple(getattr(contact, name) for name in ContactRow.model_fields)


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

    await import_past_rows(importing, MidpointCheck, check, known_cases, refresh_all)
