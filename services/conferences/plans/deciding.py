"""What a conference decided for a child: a plan is made, goes on or ends."""

from datetime import date

from chassis.events.event import Event
from services.conferences.children.cases import Case
from services.conferences.children.models import ProtectionPlan
from services.conferences.enquiries.actions import answer
from services.conferences.events import PlanEnded, PlanStarted
from services.conferences.meetings.models import ChildConference
from services.conferences.meetings.schemas import ChildConferenceHeldIn
from services.conferences.rules.plans import previous_plans
from services.conferences.rules.vocabulary import Outcome, PlanEnd


def decide(case: Case, part: ChildConference, one: ChildConferenceHeldIn) -> list[Event]:
    """Carry out what was decided for a child at a conference that was held; what others are told of it.

    A plan starts on the day of its conference (children in need census).
    """
    assert part.held_on is not None
    answer(case, part.request_id, part.reference, part.held_on)
    match one.outcome:
        case Outcome.PLAN_MADE:
            return [_start(case, part, one)]
        case Outcome.CONTINUES:
            _go_on(case, part, one)
        case Outcome.ENDED:
            plan = case.plan()
            assert plan is not None
            part.plan_id, part.category = plan.id, plan.latest_category
            return [end(case, plan, PlanEnd.CONFERENCE, part.held_on, part.reference)]
        case Outcome.NOT_MADE:
            part.plan_id = None
            if not case.requests:
                case.child.chair_id = None
            case.child.version += 1
    return []


def _start(case: Case, part: ChildConference, one: ChildConferenceHeldIn) -> PlanStarted:
    assert part.held_on is not None
    assert one.category is not None
    child = case.child
    ends = [plan.ends_on for plan in case.plans if plan.ends_on is not None]
    plan = ProtectionPlan(
        person_id=child.person_id,
        starts_on=part.held_on,
        initial_category=one.category,
        latest_category=one.category,
        # A return may tell of more plans before than are known here.
        previous_plans=max(
            previous_plans(case.spells(), part.held_on), *(known.previous_plans + 1 for known in case.plans), 0
        ),
        previous_ended_on=max(ends, default=None),
        started_by=part.reference,
        chair_id=part.chair_id,
        area_id=child.area_id,
        team=child.team,
        restricted=child.restricted,
    )
    case.plans.append(plan)
    part.plan_id, part.category = plan.id, one.category
    child.plan_since, child.category, child.chair_id = part.held_on, one.category, part.chair_id
    child.version += 1
    return PlanStarted(
        plan_id=plan.id,
        person_id=child.person_id,
        starts_on=part.held_on,
        category=one.category,
        reference=part.reference,
        version=plan.version,
    )


def _go_on(case: Case, part: ChildConference, one: ChildConferenceHeldIn) -> None:
    plan = case.plan()
    assert plan is not None
    part.plan_id = plan.id
    plan.latest_category = one.category or plan.latest_category
    plan.version += 1
    part.category = plan.latest_category
    case.child.category = plan.latest_category
    case.child.version += 1


def end(case: Case, plan: ProtectionPlan, reason: PlanEnd, ends_on: date, reference: str | None) -> PlanEnded:
    """End a plan; a child who is on no plan any more has no chair here."""
    plan.ends_on, plan.end_reason, plan.ended_by = ends_on, reason, reference
    plan.version += 1
    case.child.plan_since, case.child.category, case.child.chair_id = None, None, None
    case.child.version += 1
    return PlanEnded(
        plan_id=plan.id, person_id=plan.person_id, ends_on=ends_on, end_reason=reason, version=plan.version
    )
