"""Past midpoint checks from elsewhere: a row for each, which belongs to the last review that was held by its day."""

from collections.abc import Iterator, Mapping, Sequence

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records, plain
from services.reviews.children.cases import Case
from services.reviews.imports.reviews import known_cases, refresh_all
from services.reviews.imports.rows import MidpointCheckRow
from services.reviews.visits.models import MidpointCheck

Rows = Sequence[tuple[int, MidpointCheckRow]]


async def import_midpoint_checks(importing: CsvImport[MidpointCheckRow]) -> None:
    """Import past midpoint checks from CSV: all rows, or none. Import the reviews first.

    Each belongs to the child's last review that was held by the day of the check.
    """
    command, concerned = importing.command, set[str]()
    async for rows in importing.rows():
        cases = await known_cases(command, {row.person_id for _, row in rows})
        checks = list(_checks(importing, rows, cases))
        # A dry run writes as well, so that later rows are checked against earlier ones; all is undone afterwards.
        if checks and not importing.report.problem_count:
            await _write(command, checks)
        concerned |= cases.keys()
    if importing.writes:
        await refresh_all(command, sorted(concerned))


def _checks(importing: CsvImport[MidpointCheckRow], rows: Rows, cases: Mapping[str, Case]) -> Iterator[MidpointCheck]:
    for number, row in rows:
        case = cases.get(row.person_id)
        found = case.midpoint_by(row.done_on) if case else None
        if case is None:
            importing.report.add(number, "person_id", "There is no child with this number.")
        elif found is None:
            importing.report.add(number, "done_on", "No review of the child had been held by that day.")
        elif found.reviewed_on in case.midpoints_done:
            message = f"There is a check after the review of {found.reviewed_on} already."
            importing.report.add(number, "done_on", message)
        else:
            case.midpoints_done.add(found.reviewed_on)
            yield plain(MidpointCheck, id=new_id(), **row.model_dump(), **found._asdict())


async def _write(command: Command, checks: Sequence[MidpointCheck]) -> None:
    records = Records(MidpointCheck)
    records.add(MidpointCheck, checks)
    ids = records.of(MidpointCheck, "person_id")
    await records.write(command.session)
    await command.audit("import_midpoint_checks", ids, f"{ids[0]} and {len(ids) - 1} more")
