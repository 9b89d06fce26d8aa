"""Past midway checks of plans from elsewhere: a row for each."""

from collections.abc import Collection

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.importing.rows import CsvImport, import_past_rows
from chassis.importing.writing import plain
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

    def check(number: int, row: PlanCheckRow, case: Case) -> PlanCheck | None:
        plan = case.plan_on(row.done_on)
        found = case.midway_by(plan, row.done_on, practice_of(importing.command)) if plan else None
        if found is None:
            importing.report.add(number, "done_on", "The child was on no plan on that day.")
            return None
        if (CheckKind.MIDWAY, found.reference) in case.checks_done:
            importing.report.add(number, "done_on", f"There is a check after {found.reference} already.")
            return None
        case.checks_done.add((CheckKind.MIDWAY, found.reference))
        concern_to_id = worker_of(case.child, row.concern_to)
        said = row.model_dump() | {"kind": CheckKind.MIDWAY} | found._asdict()
        return plain(PlanCheck, id=new_id(), concern_to_id=concern_to_id, **said)

    await import_past_rows(importing, PlanCheck, check, _known_cases, refresh_all)


async def _known_cases(command: Command, person_ids: Collection[str]) -> dict[str, Case]:
    known = await protections(command, person_ids)
    return {case.person_id: case for case in await cases_of(command.session, known)}
