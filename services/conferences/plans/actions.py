"""A plan that ends without a conference: by a completed transfer, the 18th birthday, death, or leaving the country."""

from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Conflict, NotFound, refuse
from chassis.command import Command
from chassis.web.versions import check_version
from services.conferences.children.cases import locked_case, practice_of
from services.conferences.children.deadlines import refresh
from services.conferences.children.models import ProtectionPlan
from services.conferences.children.schemas import EndPlanIn
from services.conferences.plans.deciding import end
from services.conferences.rules.plans import Spell, end_violation
from services.conferences.rules.vocabulary import PlanEnd


class PlanNotRunning(Conflict):
    """This plan has ended already."""


async def end_plan(command: Command, plan_id: UUID, version: int, wanted: EndPlanIn) -> ProtectionPlan:
    """End a plan for one of the reasons that need no conference; what was due for it is due no more.

    A conference that is planned for the child stays until it is cancelled or held.
    """
    person_id = (
        await command.session.exec(select(ProtectionPlan.person_id).where(col(ProtectionPlan.id) == plan_id))
    ).first()
    if person_id is None:
        raise NotFound
    case = await locked_case(command, person_id)
    plan = next(one for one in case.plans if one.id == plan_id)
    check_version(plan, version)
    if plan.ends_on is not None:
        raise PlanNotRunning(f"It ended on {plan.ends_on}.")
    spell = Spell(plan.starts_on)
    refuse([end_violation(wanted.reason, spell, wanted.ends_on, case.child.born_on, command.today)])
    if wanted.reason is PlanEnd.DEATH:
        case.child.died_on = wanted.ends_on
    command.publish(end(case, plan, wanted.reason, wanted.ends_on, None))
    await refresh(command.session, [case], practice_of(command), command.today)
    await command.audit("end_plan", [person_id], f"{person_id} {wanted.reason}")
    return plan
