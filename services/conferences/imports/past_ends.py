"""Plans of the past that ended without a conference: a transfer, the 18th birthday, death, or leaving the country."""

from collections.abc import Iterator
from datetime import date

from chassis.law.violations import Violation
from services.conferences.children.cases import Case
from services.conferences.imports.children import read_row
from services.conferences.imports.report import Importing
from services.conferences.imports.rows import PlanEndRow
from services.conferences.plans.actions import end
from services.conferences.rules.plans import Spell, end_violation
from services.conferences.rules.vocabulary import PlanEnd


def end_plans(importing: Importing, case: Case, before: date | None = None) -> bool:
    """End the plans of a child that ended before a day, or whenever; whether all of it could have been so.

    What is wrong is reported.
    """
    number_before = importing.plan_ends.problem_count
    for number, row in sorted(_ends(importing, case.child.person_id, before), key=lambda one: one[1].ends_on):
        refusal = _refused(case, row, importing.command.today)
        plan = case.plan()
        if refusal is not None or plan is None:
            importing.plan_ends.add(number, refusal.field if refusal else "", refusal.message if refusal else "")
            continue
        if row.reason is PlanEnd.DEATH:
            case.child.died_on = row.ends_on
        # It is told to nobody: it is history.
        end(case, plan, row.reason, row.ends_on, None)
    return importing.plan_ends.problem_count == number_before


def _ends(importing: Importing, person_id: str, before: date | None) -> Iterator[tuple[int, PlanEndRow]]:
    """The rows about a child whose day has come, each once."""
    for number, line in importing.ends.look(person_id):
        row = read_row(PlanEndRow, number, line, importing.plan_ends)
        if row is None or before is None or row.ends_on < before:
            importing.ends.done(number)
            if row is not None:
                yield number, row


def _refused(case: Case, row: PlanEndRow, today: date) -> Violation | None:
    plan = case.plan()
    if plan is None:
        return Violation("ends_on", "plan_runs", "The child is on no plan on that day.")
    last = max((one.held_on for one in case.parts if one.held_on), default=row.ends_on)
    if row.ends_on < last:
        return Violation("ends_on", "in_order", f"The child had a conference on {last}: the plan ended after that.")
    return end_violation(row.reason, Spell(plan.starts_on), row.ends_on, case.child.born_on, today)
