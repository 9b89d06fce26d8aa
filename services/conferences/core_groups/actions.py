"""Core groups: recorded, and voided."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation, future_violation
from chassis.meetings.corrections import VoidedOut
from services.conferences.children.cases import Case, locked_cases, practice_of
from services.conferences.children.deadlines import refresh
from services.conferences.children.void import locked_row, void_of_child
from services.conferences.core_groups.models import CoreGroup
from services.conferences.core_groups.schemas import CoreGroupIn
from services.conferences.plans.actions import before_plan_violation, running_plan
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.timescales import others


class CoreGroupFollowed(Conflict):
    """A later core group of this child has been recorded. Void that one first."""


async def record_core_group(command: Command, wanted: CoreGroupIn) -> list[CoreGroup]:
    """Record that the core group of one or more children met, or did not, and when it meets next."""
    cases = await locked_cases(command, wanted.person_ids)
    plans = [running_plan(case) for case in cases]
    refusals = [future_violation("held_on", wanted.held_on, command.today)]
    refusals += [before_plan_violation("held_on", wanted.held_on, plan) for plan in plans if wanted.held_on]
    if wanted.missed_because is not None and wanted.next_on is not None and wanted.next_on < command.today:
        refusals.append(Violation("next_on", "not_in_the_past", "The date must be today or in the future."))
    refuse(list(dict.fromkeys(refusals)))
    rows = [_core_group(command, case, plan, wanted) for case, plan in zip(cases, plans, strict=True)]
    command.session.add_all(rows)
    for case, row in zip(cases, rows, strict=True):
        case.core_groups.append(row)
    await refresh(command, cases)
    await command.audit("record_core_group", wanted.person_ids, rows[0].reference)
    return rows


def _core_group(command: Command, case: Case, plan: ProtectionPlan, wanted: CoreGroupIn) -> CoreGroup:
    event_on, due_on = _core_group_due(command, case, plan)
    held = case.held_for(plan)
    return CoreGroup(
        reference=held[-1].reference if held else plan.started_by or "",
        person_id=case.person_id,
        due_on=due_on or wanted.held_on or command.today,
        event_on=event_on,
        **wanted.model_dump(exclude={"person_ids"}),
        recorded_on=command.today,
        recorded_by=command.caller.subject,
    )


def _core_group_due(command: Command, case: Case, plan: ProtectionPlan) -> tuple[date, date | None]:
    """From when and by when the recorded core group was due."""
    before = [group for group in case.core_groups if group.due_on >= plan.starts_on]
    if before:
        return before[-1].held_on or before[-1].due_on, before[-1].next_on
    return plan.starts_on, others(practice_of(command))[DeadlineKind.CORE_GROUP].due_on(plan.starts_on)


async def void_core_group(command: Command, group_id: UUID, reason: str) -> VoidedOut:
    """Void the record of a core group, which is due as before. Only a child's last one can be voided."""
    row, case = await locked_row(command, CoreGroup, group_id)
    later = select(CoreGroup.id).where(col(CoreGroup.person_id) == row.person_id, col(CoreGroup.id) > row.id)
    if (await command.session.exec(later)).first() is not None:
        raise CoreGroupFollowed
    case.core_groups.pop()
    return await void_of_child(command, row, case, reason, DeadlineKind.CORE_GROUP)
