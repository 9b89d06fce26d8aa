"""Between conferences: core groups, midway and preparation checks, 12-month discussions, feedback."""

from datetime import date

from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.timescales import midpoint
from chassis.law.violations import Violation
from services.conferences.checks.models import CoreGroup, Feedback, PlanCheck, TwelveMonthDiscussion
from services.conferences.checks.schemas import (
    ConferenceFeedbackIn,
    ConferencePlanCheckIn,
    CoreGroupIn,
    TwelveMonthDiscussionIn,
)
from services.conferences.children.cases import COLLEAGUE, Case, locked_case, locked_cases, practice_of
from services.conferences.children.deadlines import refresh, settle
from services.conferences.children.models import Child, ProtectionPlan
from services.conferences.events import ConcernRaised
from services.conferences.meetings.meeting import check_held, locked_conference
from services.conferences.meetings.models import Conference
from services.conferences.rules.plans import leader_violation
from services.conferences.rules.timescales import others, twelve_month_discussion_due_on
from services.conferences.rules.vocabulary import CheckKind, ConcernTo, OwedKind


class NotOnPlan(Conflict):
    """This child is on no child protection plan."""


class NoConferenceToCheck(Conflict):
    """There is no such conference of this plan, or it was checked already."""


class DiscussedAlready(Conflict):
    """The 12-month discussion of this plan was held already."""


def _running(case: Case) -> ProtectionPlan:
    plan = case.plan()
    if plan is None:
        raise NotOnPlan(f"{case.child.person_id} is on no plan.")
    return plan


def _future(field: str, day: date | None, today: date) -> Violation | None:
    return Violation(field, "not_in_the_future", "This day has not come yet.") if day and day > today else None


def _before_plan(field: str, day: date, plan: ProtectionPlan) -> Violation | None:
    message = f"The plan started on {plan.starts_on}."
    return Violation(field, "after_the_plan_started", message) if day < plan.starts_on else None


async def record_core_group(command: Command, wanted: CoreGroupIn) -> list[CoreGroup]:
    """Write down that the core group of one or several children met, or did not, and when it meets next."""
    cases = await locked_cases(command, wanted.person_ids)
    plans = [_running(case) for case in cases]
    refusals = [_future("held_on", wanted.held_on, command.today)]
    refusals += [_before_plan("held_on", wanted.held_on, one) for one in plans if wanted.held_on]
    if wanted.missed_because is not None and wanted.next_on is not None and wanted.next_on < command.today:
        refusals.append(Violation("next_on", "not_in_the_past", "It meets instead on a day to come."))
    refuse(list(dict.fromkeys(refusals)))
    rows = [_core_group(command, case, plan, wanted) for case, plan in zip(cases, plans, strict=True)]
    command.session.add_all(rows)
    for case, row in zip(cases, rows, strict=True):
        case.core_groups.append(row)
    await refresh(command.session, cases, practice_of(command), command.today)
    await command.audit("record_core_group", wanted.person_ids, rows[0].reference)
    return rows


def _core_group(command: Command, case: Case, plan: ProtectionPlan, wanted: CoreGroupIn) -> CoreGroup:
    event_on, due_on = _core_group_due(command, case, plan)
    held = case.held_for(plan)
    return CoreGroup(
        reference=held[-1].reference if held else plan.started_by or "",
        person_id=case.child.person_id,
        due_on=due_on or wanted.held_on or command.today,
        event_on=event_on,
        held_on=wanted.held_on,
        missed_because=wanted.missed_because,
        attended=[one.model_dump() for one in wanted.attended],
        next_on=wanted.next_on,
        recorded_on=command.today,
        recorded_by=command.caller.subject,
    )


def _core_group_due(command: Command, case: Case, plan: ProtectionPlan) -> tuple[date, date | None]:
    """From when, and until when, the core group that is written down was due."""
    before = [one for one in case.core_groups if one.due_on >= plan.starts_on]
    if before:
        return before[-1].held_on or before[-1].due_on, before[-1].next_on
    return plan.starts_on, others(practice_of(command))[OwedKind.CORE_GROUP].due_on(plan.starts_on)


async def check_plan(command: Command, person_id: str, wanted: ConferencePlanCheckIn) -> PlanCheck:
    """Write down a chair's look at a plan, halfway between conferences or before the next; a concern is told."""
    case = await locked_case(command, person_id)
    plan = _running(case)
    done_on = wanted.done_on or command.today
    refuse([_future("done_on", done_on, command.today), _before_plan("done_on", done_on, plan)])
    reference, due_on = await _checked(command, case, plan, wanted.kind)
    row = PlanCheck(
        kind=wanted.kind,
        reference=reference,
        person_id=person_id,
        due_on=due_on,
        done_on=done_on,
        done_by=command.caller.subject,
        visits_in_time=wanted.visits_in_time,
        core_groups_held=wanted.core_groups_held,
        progress=wanted.progress,
        impact=wanted.impact,
        concern=wanted.concern,
        concern_to=wanted.concern_to,
        concern_to_id=_worker(case.child, wanted.concern_to),
    )
    command.session.add(row)
    case.checks_done.add((wanted.kind, reference))
    if wanted.kind is CheckKind.PREPARATION:
        await settle(command.session, reference, [person_id], OwedKind.PREPARATION_CHECK)
    await refresh(command.session, [case], practice_of(command), command.today)
    if wanted.concern_to is not None:
        command.publish(
            ConcernRaised(
                check_id=row.id,
                kind=row.kind,
                reference=reference,
                person_id=person_id,
                chair_id=case.child.chair_id,
                concern_to=wanted.concern_to,
                concern_to_id=row.concern_to_id,
            )
        )
    await command.audit("check_plan", [person_id], reference)
    return row


async def _checked(command: Command, case: Case, plan: ProtectionPlan, kind: CheckKind) -> tuple[str, date | None]:
    """The conference that a check belongs to, and until when the check was due."""
    practice = practice_of(command)
    due, held, planned = case.due(practice), case.held_for(plan), case.in_hand()
    if kind is CheckKind.PREPARATION and planned is not None:
        query = select(Conference).where(col(Conference.reference) == planned.reference)
        conference = (await command.session.exec(query)).one()
        found = planned.reference, others(practice)[OwedKind.PREPARATION_CHECK].due_on(conference.planned_on)
    elif kind is CheckKind.MIDWAY and held and due is not None:
        found = held[-1].reference, midpoint(held[-1].held_on or plan.starts_on, due.due_on)
    else:
        raise NoConferenceToCheck
    if (kind, found[0]) in case.checks_done:
        raise NoConferenceToCheck(f"{found[0]} was checked already.")
    return found


def _worker(child: Child, concern_to: ConcernTo | None) -> str | None:
    workers: dict[ConcernTo | None, str | None] = {
        ConcernTo.SOCIAL_WORKER: child.social_worker_id,
        ConcernTo.PRACTICE_SUPERVISOR: child.supervisor_id,
        ConcernTo.TEAM_MANAGER: child.manager_id,
    }
    return workers.get(concern_to)


async def record_discussion(command: Command, person_id: str, wanted: TwelveMonthDiscussionIn) -> TwelveMonthDiscussion:
    """Write down the discussion before a child reaches 12 months on a plan; the allocated chair does not lead it."""
    case = await locked_case(command, person_id)
    plan = _running(case)
    held_on = wanted.held_on or command.today
    await check_names(command, [NamedEntry("led_by", COLLEAGUE, wanted.led_by, "chair")])
    refuse(
        [
            leader_violation(wanted.led_by, case.child.chair_id),
            _future("held_on", held_on, command.today),
            _before_plan("held_on", held_on, plan),
        ]
    )
    if plan.id in case.discussed:
        raise DiscussedAlready
    row = TwelveMonthDiscussion(
        person_id=person_id,
        plan_id=plan.id,
        due_on=twelve_month_discussion_due_on(plan.starts_on),
        held_on=held_on,
        led_by=wanted.led_by,
        chair_id=case.child.chair_id,
        attended=wanted.attended,
        agenda=[one.model_dump(mode="json") for one in wanted.agenda],
        conclusion=wanted.conclusion,
    )
    command.session.add(row)
    case.discussed.add(plan.id)
    await refresh(command.session, [case], practice_of(command), command.today)
    await command.audit("record_discussion", [person_id], person_id)
    return row


async def record_feedback(command: Command, reference: str, wanted: ConferenceFeedbackIn) -> Feedback:
    """Write down what somebody said about a conference that was held."""
    conference = await locked_conference(command, reference, None)
    check_held(conference)
    given_on = wanted.given_on or command.today
    refuse([_future("given_on", given_on, command.today)])
    row = Feedback(
        reference=reference,
        person_ids=conference.person_ids,
        from_whom=wanted.from_whom,
        rating=wanted.rating,
        comment=wanted.comment,
        given_on=given_on,
        recorded_by=command.caller.subject,
    )
    command.session.add(row)
    await command.audit("record_feedback", conference.person_ids, reference)
    return row
