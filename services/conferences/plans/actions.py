"""Plans that start, continue and end: as a conference decided, or without one by transfer, age, death or departure."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Conflict, NotFound, refuse
from chassis.command import Command
from chassis.events.event import Event
from chassis.law.violations import Violation
from chassis.web.versions import check_version
from services.conferences.children.cases import Case, locked_case
from services.conferences.children.deadlines import refresh
from services.conferences.enquiries.actions import answer
from services.conferences.events import PlanEnded, PlanStarted
from services.conferences.meetings.models import ChildConference
from services.conferences.meetings.schemas import ChildConferenceHeldIn
from services.conferences.plans.models import ProtectionPlan
from services.conferences.plans.schemas import EndPlanIn
from services.conferences.rules.plans import Spell, end_violation, previous_plans
from services.conferences.rules.vocabulary import Outcome, PlanEnd


class PlanNotRunning(Conflict):
    """This plan has already ended."""


class NotOnPlan(Conflict):
    """This child is not on a child protection plan."""


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
    plan = next(plan for plan in case.plans if plan.id == plan_id)
    check_version(plan, version)
    if plan.ends_on is not None:
        raise PlanNotRunning(f"It ended on {plan.ends_on}.")
    spell = Spell(plan.starts_on)
    refuse([end_violation(wanted.reason, spell, wanted.ends_on, case.child.born_on, command.today)])
    command.publish(end(case, plan, wanted.reason, wanted.ends_on, None))
    await refresh(command, [case])
    await command.audit("end_plan", [person_id], f"{person_id} {wanted.reason}")
    return plan


def decide(case: Case, part: ChildConference, decision: ChildConferenceHeldIn) -> list[Event]:
    """Carry out what was decided for a child at a held conference; return the events to publish.

    A plan starts on the day of its conference (children in need census).
    """
    assert part.held_on is not None
    answer(case, part.request_id, part.reference, part.held_on)
    match decision.outcome:
        case Outcome.PLAN_MADE:
            return [_start(case, part, decision)]
        case Outcome.CONTINUES:
            _go_on(case, part, decision)
        case Outcome.ENDED:
            plan = case.plan()
            assert plan is not None
            part.plan_id, part.category = plan.id, plan.latest_category
            return [end(case, plan, PlanEnd.CONFERENCE, part.held_on, part.reference)]
        case Outcome.NOT_MADE:
            part.plan_id = None
            if not case.requests:
                case.protection.chair_id = None
            case.protection.version += 1
    return []


def _start(case: Case, part: ChildConference, decision: ChildConferenceHeldIn) -> PlanStarted:
    assert part.held_on is not None
    assert decision.category is not None
    child, protection = case.child, case.protection
    ends = [plan.ends_on for plan in case.plans if plan.ends_on is not None]
    plan = ProtectionPlan(
        person_id=child.person_id,
        starts_on=part.held_on,
        initial_category=decision.category,
        latest_category=decision.category,
        # A census return may count more earlier plans than are known here.
        previous_plans=max(
            previous_plans(case.spells(), part.held_on), *(known.previous_plans + 1 for known in case.plans), 0
        ),
        previous_ended_on=max(ends, default=None),
        started_by=part.reference,
        chair_id=part.chair_id,
        area_id=child.area_id,
        team=child.team,
    )
    case.plans.append(plan)
    part.plan_id, part.category = plan.id, decision.category
    protection.plan_since, protection.category = part.held_on, decision.category
    protection.chair_id = part.chair_id
    protection.version += 1
    return PlanStarted(
        plan_id=plan.id,
        person_id=child.person_id,
        starts_on=part.held_on,
        category=decision.category,
        reference=part.reference,
        version=plan.version,
    )


def _go_on(case: Case, part: ChildConference, decision: ChildConferenceHeldIn) -> None:
    plan = case.plan()
    assert plan is not None
    part.plan_id = plan.id
    plan.latest_category = decision.category or plan.latest_category
    plan.version += 1
    part.category = plan.latest_category
    case.protection.category = plan.latest_category
    case.protection.version += 1


def end(case: Case, plan: ProtectionPlan, reason: PlanEnd, ends_on: date, reference: str | None) -> PlanEnded:
    """End a plan; a child who is on no plan any more has no chair here."""
    plan.ends_on, plan.end_reason, plan.ended_by = ends_on, reason, reference
    plan.version += 1
    case.protection.plan_since, case.protection.category, case.protection.chair_id = None, None, None
    case.protection.version += 1
    return PlanEnded(
        plan_id=plan.id, person_id=plan.person_id, ends_on=ends_on, end_reason=reason, version=plan.version
    )


def running_plan(case: Case) -> ProtectionPlan:
    """The plan that a child is on; `NotOnPlan` where there is none."""
    plan = case.plan()
    if plan is None:
        raise NotOnPlan(f"{case.person_id} is not on a plan.")
    return plan


def before_plan_violation(field: str, day: date, plan: ProtectionPlan) -> Violation | None:
    """Why a day cannot be in the time of a plan, if it cannot: the plan started later."""
    message = f"The plan started on {plan.starts_on}."
    return Violation(field, "after_the_plan_started", message) if day < plan.starts_on else None
