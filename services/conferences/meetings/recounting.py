"""What is counted from the date of a conference, when that date is corrected."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from chassis.command import Command
from chassis.law.ages import is_adult
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation
from services.conferences.children.cases import Case, practice_of
from services.conferences.children.deadlines import BOOK, following
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.meetings.holding import ON_PLAN, count_part, wrong_day_for_child
from services.conferences.meetings.meeting import Meeting
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.conferences import conference_due, is_in_time
from services.conferences.rules.plans import Spell, start_violation
from services.conferences.rules.timescales import Practice, conferences, others
from services.conferences.rules.vocabulary import ConferenceKind, Outcome


def wrong_in_order(conference: Conference, case: Case, part: ChildConference, held_on: date) -> list[Violation | None]:
    """Why a date cannot be right, given what came before and after it for a child."""
    refusals = wrong_day_for_child(case, part, held_on)
    if part.outcome in ON_PLAN and is_adult(case.child.born_on, held_on):
        refusals.append(Violation("held_on", "under_18", "A child protection plan cannot run past the 18th birthday."))
    steps = [day for day in (conference.outline_plan_on, conference.record_on) if day is not None]
    if steps and min(steps) < held_on:
        refusals.append(
            Violation("held_on", "before_what_followed", f"The outline plan or record is dated {min(steps)}.")
        )
    days = [later.held_on for later in case.after(part) if later.held_on is not None]
    if days and min(days) <= held_on:
        refusals.append(Violation("held_on", "before_the_one_after", f"The next conference was held on {min(days)}."))
    plan = case.plan_of(part)
    return refusals if plan is None else [*refusals, _plan_violation(case, part, plan, held_on)]


def _plan_violation(case: Case, part: ChildConference, plan: ProtectionPlan, held_on: date) -> Violation | None:
    """Why a plan cannot have been made or ended on a day, if it cannot."""
    number = case.plans.index(plan)
    if part.outcome == Outcome.PLAN_MADE:
        met = [group.held_on for group in case.core_groups if group.due_on >= plan.starts_on]
        after = [day for day in (*met, plan.ends_on) if day is not None]
        if after and min(after) < held_on:
            message = f"A core group met, or the plan ended, on {min(after)}."
            return Violation("held_on", "before_what_followed", message)
        return start_violation([Spell(earlier.starts_on, earlier.ends_on) for earlier in case.plans[:number]], held_on)
    later = [plan.starts_on for plan in case.plans[number + 1 :]]
    if part.outcome == Outcome.ENDED and later and min(later) <= held_on:
        return Violation("held_on", "no_overlap", f"The next plan started on {min(later)}.")
    return None


async def count_anew(command: Command, meeting: Meeting, earlier: date) -> list[ProtectionPlan]:
    """Recount what depends on the date of a conference; return the plans whose dates changed."""
    conference, practice, plans = meeting.conference, practice_of(command), list[ProtectionPlan]()
    held_on = conference.held_on
    assert held_on is not None
    conference.record_due_on = others(practice)[DeadlineKind.RECORD].due_on(held_on)
    if conference.outline_plan_due_on is not None:
        conference.outline_plan_due_on = others(practice)[DeadlineKind.OUTLINE_PLAN].due_on(held_on)
    for case in meeting.ordered():
        part = meeting.parts[case.person_id]
        after = [later.id for later in case.after(part)]
        count_part(case, part, held_on)
        plan = case.plan_of(part)
        if plan is not None:
            plans += _follow_in_plan(case, part, plan, held_on)
            part.next_due_on = _next_due_on(case, part, plan, practice)
        await _follow_in_next(command, after, earlier, held_on)
    await _follow_in_requests(command, conference.reference, earlier, held_on)
    owed = [
        following(kind, held_on, conference.reference, practice)
        for kind in (DeadlineKind.RECORD, DeadlineKind.OUTLINE_PLAN)
    ]
    await BOOK.replace(command.session, meeting.cases, owed, conference.chair_id)
    return plans


def _follow_in_plan(case: Case, part: ChildConference, plan: ProtectionPlan, held_on: date) -> list[ProtectionPlan]:
    """A plan starts, or ends, on the day of the conference that decided so."""
    if part.outcome == Outcome.PLAN_MADE:
        plan.starts_on = held_on
        if plan is case.plan():
            case.protection.plan_since = held_on
            case.protection.version += 1
    elif part.outcome == Outcome.ENDED:
        for later in case.plans:
            if later.previous_ended_on == plan.ends_on and later is not plan:
                later.previous_ended_on = held_on
                later.version += 1
        plan.ends_on = held_on
    else:
        return []
    plan.version += 1
    return [plan]


def _next_due_on(case: Case, part: ChildConference, plan: ProtectionPlan, practice: Practice) -> date | None:
    """Until when the conference after this one was, or is, due."""
    if part.outcome not in ON_PLAN or part.held_on is None:
        return None
    reviewed = [day for day in case.reviewed(plan) if day <= part.held_on]
    return case.in_childhood(conference_due(None, plan.starts_on, reviewed, practice))


async def _follow_in_next(command: Command, ids: Sequence[UUID], earlier: date, held_on: date) -> None:
    """The child's next conference is counted from the right day."""
    query = select(ChildConference).where(col(ChildConference.id).in_(ids), col(ChildConference.event_on) == earlier)
    rows = (await command.session.exec(query)).all()
    for row in rows:
        row.event_on, row.due_on = held_on, conferences(practice_of(command))[ConferenceKind(row.kind)].due_on(held_on)
        if row.held_on is not None:
            row.in_time = is_in_time(row.due_on, row.held_on)
    changed = update(Conference).where(col(Conference.id).in_([row.conference_id for row in rows]))
    await command.session.exec(changed.values(version=col(Conference.version) + 1))


async def _follow_in_requests(command: Command, reference: str, earlier: date, held_on: date) -> None:
    """What asked for the conference had its answer on the right day."""
    query = select(ConferenceRequest).where(
        col(ConferenceRequest.conference_reference) == reference, col(ConferenceRequest.answered_on) == earlier
    )
    for row in (await command.session.exec(query)).all():
        row.answered_on = held_on
        row.version += 1
