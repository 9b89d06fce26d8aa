"""The files of past conferences as far as they have been taken in, and the plans that end in between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from chassis.command import Command
from chassis.importing.report import Report
from chassis.importing.rows import CsvImport
from chassis.law.violations import Violation
from services.conferences.children.cases import Case
from services.conferences.imports.rows import ConferenceRow, InvitationRow, PlanEndRow
from services.conferences.imports.waiting_rows import LaidAside
from services.conferences.plans.actions import end
from services.conferences.rules.plans import Spell, end_violation


@dataclass
class ConferenceFiles:
    """The files of past conferences as far as they have been taken in.

    `plan_ends` are plans that ended without a conference, until their child has come so far. `broken` are children with
    something wrong, of whom nothing later can be said; `conflicts` those who are on a plan and whose chair works on
    their case, with the row and the reason.
    """

    command: Command
    conferences: CsvImport[ConferenceRow]
    invitations: LaidAside[InvitationRow]
    plan_ends: LaidAside[PlanEndRow]
    count: int = 0
    broken: set[str] = field(default_factory=set)
    concerned: set[str] = field(default_factory=set)
    conflicts: dict[str, tuple[int, Violation]] = field(default_factory=dict)

    def reports(self) -> dict[str, Report]:
        """What became of each file, by its name."""
        return {
            "conferences": self.conferences.report,
            "invitations": self.invitations.report,
            "plan_ends": self.plan_ends.report,
        }

    def problem_count(self) -> int:
        """How much is wrong in all files."""
        return sum(report.problem_count for report in self.reports().values())

    def end_plans(self, case: Case, before: date | None = None) -> bool:
        """End the plans of a child that ended before a day, or whenever; whether all of it could have been so.

        What is wrong is reported.
        """
        report = self.plan_ends.report
        problems_before = report.problem_count
        for number, row in sorted(self._ends(case.person_id, before), key=lambda numbered: numbered[1].ends_on):
            plan, refusal = case.plan(), _refused(case, row, self.command.today)
            if plan is None or refusal is not None:
                report.refuse(number, [refusal])
                continue
            # It is told to nobody: it is history.
            end(case, plan, row.reason, row.ends_on, None)
        return report.problem_count == problems_before

    def _ends(self, person_id: str, before: date | None) -> Iterator[tuple[int, PlanEndRow]]:
        """The rows about a child whose day has come, each once."""
        for line in self.plan_ends.look(person_id):
            rows = self.plan_ends.file.read([line])
            if not rows or before is None or rows[0][1].ends_on < before:
                self.plan_ends.forget(line[0])
                yield from rows


def _refused(case: Case, row: PlanEndRow, today: date) -> Violation | None:
    plan = case.plan()
    if plan is None:
        return Violation("ends_on", "plan_runs", "The child is on no plan on that day.")
    last = max((part.held_on for part in case.parts if part.held_on), default=row.ends_on)
    if row.ends_on < last:
        return Violation("ends_on", "in_order", f"The child had a conference on {last}: the plan ended after that.")
    return end_violation(row.reason, Spell(plan.starts_on), row.ends_on, case.child.born_on, today)
