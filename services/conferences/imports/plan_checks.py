"""Past midway checks of plans from elsewhere: a row for each."""

from chassis.base.fields import new_id
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records, plain
from services.conferences.checks.actions import worker_of
from services.conferences.checks.models import PlanCheck
from services.conferences.children.cases import Case, cases_of, practice_of
from services.conferences.imports.children import protections
from services.conferences.imports.enquiries import refresh_all
from services.conferences.imports.rows import PlanCheckRow
from services.conferences.rules.vocabulary import CheckKind


async def import_plan_checks(importing: CsvImport[PlanCheckRow]) -> None:
    """Import past midway checks of plans from CSV: all rows, or none. Import the conferences first.

    Each belongs to the last conference that was held by the day of the check. Nobody is told of a concern.
    """
    command, concerned = importing.command, set[str]()
    async for rows in importing.rows():
        known = await protections(command, {row.person_id for _, row in rows})
        cases = {case.person_id: case for case in await cases_of(command.session, known)}
        records = Records(PlanCheck)
        for number, row in rows:
            if (case := cases.get(row.person_id)) is None:
                importing.report.add(number, "person_id", "There is no child with this number.")
            else:
                records.add(PlanCheck, _checks(importing, number, row, case))
        ids = records.of(PlanCheck, "person_id")
        # A dry run writes as well, so that later rows are checked against earlier ones; all is undone afterwards.
        if ids and not importing.report.problem_count:
            await records.write(command.session)
            await command.audit("import_plan_checks", ids, f"{ids[0]} and {len(ids) - 1} more")
        concerned |= cases.keys()
    if importing.writes:
        await refresh_all(command, sorted(concerned))


def _checks(importing: CsvImport[PlanCheckRow], number: int, row: PlanCheckRow, case: Case) -> list[PlanCheck]:
    plan = case.plan_on(row.done_on)
    found = case.midway_by(plan, row.done_on, practice_of(importing.command)) if plan else None
    if found is None:
        importing.report.add(number, "done_on", "The child was on no plan on that day.")
    elif (CheckKind.MIDWAY, found.reference) in case.checks_done:
        importing.report.add(number, "done_on", f"There is a check after {found.reference} already.")
    else:
        case.checks_done.add((CheckKind.MIDWAY, found.reference))
        concern_to_id = worker_of(case.child, row.concern_to)
        said = row.model_dump() | {"kind": CheckKind.MIDWAY} | found._asdict()
        return [plain(PlanCheck, id=new_id(), concern_to_id=concern_to_id, **said)]
    return []
