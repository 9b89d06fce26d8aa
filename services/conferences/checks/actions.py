"""Midway and preparation checks and 12-month discussions: recorded, and voided."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.children.models import Child
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import future_violation
from chassis.meetings.corrections import VoidedOut
from chassis.meetings.deadlines import Followed
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.checks.schemas import ConferencePlanCheckIn, TwelveMonthDiscussionIn
from services.conferences.children.cases import COLLEAGUE, Case, locked_case, practice_of
from services.conferences.children.deadlines import preparation, refresh, settle
from services.conferences.children.void import locked_row, void_of_child
from services.conferences.events import ConcernRaised
from services.conferences.meetings.models import Conference
from services.conferences.plans.actions import before_plan_violation, running_plan
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.plans import leader_violation
from services.conferences.rules.timescales import others, twelve_month_discussion_due_on
from services.conferences.rules.vocabulary import CheckKind, ConcernTo, ConferenceKind


class NoConferenceToCheck(Conflict):
    """This plan has no conference to check, or the check has already been recorded."""


class DiscussedAlready(Conflict):
    """The 12-month discussion of this plan has already been held."""


async def check_plan(command: Command, person_id: str, wanted: ConferencePlanCheckIn) -> PlanCheck:
    """Record a check of a plan, midway between conferences or before the next one; publish its concern."""
    case = await locked_case(command, person_id)
    done_on = wanted.done_on or command.today
    plan = case.plan_on(done_on) or running_plan(case)
    refuse([future_violation("done_on", done_on, command.today), before_plan_violation("done_on", done_on, plan)])
    reference, due_on = await _checked(command, case, plan, wanted.kind, done_on)
    row = PlanCheck(
        kind=wanted.kind,
        reference=reference,
        person_id=person_id,
        due_on=due_on,
        done_on=done_on,
        done_by=command.caller.subject,
        **wanted.model_dump(exclude={"kind", "done_on"}),
        concern_to_id=worker_of(case.child, wanted.concern_to),
    )
    command.session.add(row)
    case.checks_done.add((wanted.kind, reference))
    if wanted.kind is CheckKind.PREPARATION:
        await settle(command.session, reference, [person_id], DeadlineKind.PREPARATION_CHECK)
    await refresh(command, [case])
    if wanted.concern_to is not None:
        command.publish(
            ConcernRaised(
                check_id=row.id,
                kind=row.kind,
                reference=reference,
                person_id=person_id,
                chair_id=case.protection.chair_id,
                concern_to=wanted.concern_to,
                concern_to_id=row.concern_to_id,
            )
        )
    await command.audit("check_plan", [person_id], reference)
    return row


async def _checked(
    command: Command, case: Case, plan: ProtectionPlan, kind: CheckKind, done_on: date
) -> tuple[str, date]:
    """The conference that a check belongs to, and until when the check was due."""
    practice, planned = practice_of(command), case.in_hand()
    if kind is CheckKind.PREPARATION and planned is not None:
        query = select(Conference).where(col(Conference.reference) == planned.reference)
        conference = (await command.session.exec(query)).one()
        found = planned.reference, others(practice)[DeadlineKind.PREPARATION_CHECK].due_on(conference.planned_on)
    elif kind is CheckKind.MIDWAY and (midway := case.midway_by(plan, done_on, practice)):
        found = midway.reference, midway.due_on
    else:
        raise NoConferenceToCheck
    if (kind, found[0]) in case.checks_done:
        raise NoConferenceToCheck(f"The check for {found[0]} has already been recorded.")
    return found


def worker_of(child: Child, concern_to: ConcernTo | None) -> str | None:
    """Whom a concern about a child goes to."""
    workers: dict[ConcernTo | None, str | None] = {
        ConcernTo.SOCIAL_WORKER: child.social_worker_id,
        ConcernTo.PRACTICE_SUPERVISOR: child.supervisor_id,
        ConcernTo.TEAM_MANAGER: child.manager_id,
    }
    return workers.get(concern_to)


async def record_discussion(command: Command, person_id: str, wanted: TwelveMonthDiscussionIn) -> TwelveMonthDiscussion:
    """Record the discussion before a child reaches 12 months on a plan; the allocated chair cannot lead it."""
    case = await locked_case(command, person_id)
    plan = running_plan(case)
    held_on = wanted.held_on or command.today
    await check_names(command, [NamedEntry("led_by", COLLEAGUE, wanted.led_by, "chair")])
    refuse(
        [
            leader_violation(wanted.led_by, case.protection.chair_id),
            future_violation("held_on", held_on, command.today),
            before_plan_violation("held_on", held_on, plan),
        ]
    )
    if plan.id in case.discussed:
        raise DiscussedAlready
    row = TwelveMonthDiscussion(
        person_id=person_id,
        plan_id=plan.id,
        due_on=twelve_month_discussion_due_on(plan.starts_on),
        held_on=held_on,
        chair_id=case.protection.chair_id,
        **wanted.model_dump(mode="json", exclude={"held_on"}),
    )
    command.session.add(row)
    case.discussed.add(plan.id)
    await refresh(command, [case])
    await command.audit("record_discussion", [person_id], person_id)
    return row


async def void_plan_check(command: Command, check_id: UUID, reason: str) -> VoidedOut:
    """Void a check of a plan, which is due again. A concern that it raised stays sent."""
    row, case = await locked_row(command, PlanCheck, check_id)
    case.checks_done.discard((row.kind, row.reference))
    if row.kind == CheckKind.PREPARATION:
        return await void_of_child(command, row, case, reason, followed=await _preparation(command, row, case))
    return await void_of_child(command, row, case, reason, DeadlineKind.MIDWAY_CHECK)


async def void_discussion(command: Command, discussion_id: UUID, reason: str) -> VoidedOut:
    """Void a 12-month discussion, which is due again while the plan runs."""
    row, case = await locked_row(command, TwelveMonthDiscussion, discussion_id)
    case.discussed.discard(row.plan_id)
    return await void_of_child(command, row, case, reason, DeadlineKind.TWELVE_MONTH_DISCUSSION)


async def _preparation(command: Command, row: PlanCheck, case: Case) -> Followed | None:
    """The check before a conference, if that is still planned."""
    planned = case.in_hand()
    if planned is None or planned.reference != row.reference:
        return None
    query = select(col(Conference.planned_on)).where(col(Conference.reference) == row.reference)
    planned_on = (await command.session.exec(query)).one()
    owed = preparation(ConferenceKind(planned.kind), planned_on, row.reference, practice_of(command))
    return Followed(row.reference, frozenset(), owed)
