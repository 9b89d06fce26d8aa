"""What is due for a child: deadlines that follow from the child's situation, and those of a conference."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.command import Command
from chassis.law.deadlines import DeadlineKind, DeadlineOwner
from chassis.law.timescales import midpoint
from chassis.meetings.deadlines import DeadlineBook, Followed, Key, OpenDeadline
from services.conferences.children.cases import Case, practice_of
from services.conferences.children.models import Deadline
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.timescales import (
    AGREED_CORE_GROUP_RULE,
    MIDWAY_RULE,
    PLAN_END_RULE,
    PROPOSALS_RULE,
    TWELVE_MONTH_RULE,
    Practice,
    conferences,
    others,
    twelve_month_discussion_due_on,
)
from services.conferences.rules.vocabulary import INITIAL_KINDS, CheckKind, ConferenceKind

# These follow from the child's situation and are recalculated with each change; the others belong to one conference.
STANDING = frozenset(
    {
        DeadlineKind.CONFERENCE,
        DeadlineKind.CORE_GROUP,
        DeadlineKind.MIDWAY_CHECK,
        DeadlineKind.TWELVE_MONTH_DISCUSSION,
        DeadlineKind.PLAN_END,
    }
)
NEVER_HISTORY = frozenset({DeadlineKind.CONFERENCE, DeadlineKind.PLAN_END})
# Anything else already this long overdue when it is first known is history, and gets no deadline.
HISTORY = timedelta(days=28)
FIRST, LATER = "first", "later"
_OWNERS = {
    DeadlineKind.CORE_GROUP: DeadlineOwner.SOCIAL_WORKER,
    DeadlineKind.OUTLINE_PLAN: DeadlineOwner.BUSINESS_SUPPORT,
}


def standing(case: Case, practice: Practice, today: date, already: Collection[Key] = ()) -> list[OpenDeadline]:
    """All that is due for a child because of their situation.

    `already` says what is on the list: that stays until it is done, and does not become history by being late.
    """
    return [
        deadline
        for deadline in everything(case, practice, today)
        if deadline.key() in already or not _is_history(deadline, today)
    ]


def everything(case: Case, practice: Practice, today: date) -> list[OpenDeadline]:
    """The same with what is history by now."""
    found = [*_conference(case, practice)]
    if plan := case.plan():
        found += [*_core_group(case, plan, practice), *_checks(case, plan, practice), *_discussion(case, plan)]
    return _until_childhood_is_over(case, found, practice, today)


def _until_childhood_is_over(
    case: Case, found: Sequence[OpenDeadline], practice: Practice, today: date
) -> list[OpenDeadline]:
    """Nothing is due after the 18th birthday or after a death.

    What is then due is recording the plan's end, as soon as at most one conference is due before.
    """
    over_on, plan = case.over_on(), case.plan()
    if over_on is None:
        return list(found)
    left = [deadline for deadline in found if max(deadline.due_on, today) < over_on]
    due = case.due(practice)
    last = max(today, due.due_on) if due else today
    if plan is not None and conferences(practice)[ConferenceKind.LATER_REVIEW].due_on(last) >= over_on:
        left.append(_owing(DeadlineKind.PLAN_END, over_on, over_on, PLAN_END_RULE, plan.started_by))
    return left


def _is_history(owing: OpenDeadline, today: date) -> bool:
    return owing.kind not in NEVER_HISTORY and owing.due_on < today - HISTORY


def _owing(kind: DeadlineKind, event_on: date, due_on: date, rule: str, reference: str | None = None) -> OpenDeadline:
    return OpenDeadline(kind, kind, event_on, due_on, rule, _OWNERS.get(kind, DeadlineOwner.CHAIR), reference)


def _conference(case: Case, practice: Practice) -> Iterator[OpenDeadline]:
    due = case.due(practice)
    if due is not None:
        planned = case.in_hand()
        reference = None if planned is None else planned.reference
        yield OpenDeadline(
            DeadlineKind.CONFERENCE,
            due.kind,
            due.event_on,
            due.due_on,
            due.rule,
            DeadlineOwner.CHAIR,
            reference,
        )


def _core_group(case: Case, plan: ProtectionPlan, practice: Practice) -> Iterator[OpenDeadline]:
    """The first, or the next that was agreed: two things, even if the first met on the day of the conference."""
    of_plan = [group for group in case.core_groups if group.due_on >= plan.starts_on]
    kind, owner = DeadlineKind.CORE_GROUP, DeadlineOwner.SOCIAL_WORKER
    if not of_plan:
        scale = others(practice)[kind]
        due_on = scale.due_on(plan.starts_on)
        yield OpenDeadline(kind, FIRST, plan.starts_on, due_on, scale.words(), owner, plan.started_by)
    elif (last := of_plan[-1]).next_on is not None:
        event_on = last.held_on or last.due_on
        yield OpenDeadline(kind, LATER, event_on, last.next_on, AGREED_CORE_GROUP_RULE, owner, plan.started_by)


def _checks(case: Case, plan: ProtectionPlan, practice: Practice) -> Iterator[OpenDeadline]:
    due, held = case.due(practice), case.held_for(plan)
    if due is not None and held and (CheckKind.MIDWAY, held[-1].reference) not in case.checks_done:
        last = held[-1].held_on or plan.starts_on
        kind = DeadlineKind.MIDWAY_CHECK
        yield _owing(kind, last, midpoint(last, due.due_on), MIDWAY_RULE, held[-1].reference)


def preparation(kind: ConferenceKind, planned_on: date, reference: str, practice: Practice) -> list[OpenDeadline]:
    """The check before a review conference that is planned for a day; none before an initial one."""
    if kind in INITIAL_KINDS:
        return []
    return [following(DeadlineKind.PREPARATION_CHECK, planned_on, reference, practice)]


def _discussion(case: Case, plan: ProtectionPlan) -> Iterator[OpenDeadline]:
    if plan.id not in case.discussed:
        kind = DeadlineKind.TWELVE_MONTH_DISCUSSION
        yield _owing(
            kind, plan.starts_on, twelve_month_discussion_due_on(plan.starts_on), TWELVE_MONTH_RULE, plan.started_by
        )


def following(kind: DeadlineKind, event_on: date, reference: str, practice: Practice) -> OpenDeadline:
    """A deadline that follows from a conference."""
    scale = others(practice)[kind]
    return _owing(kind, event_on, scale.due_on(event_on), scale.words(), reference)


def proposals(closed_on: date, reference: str) -> OpenDeadline:
    """That a chair confirms or dismisses what a closed conference proposes: at once."""
    return _owing(DeadlineKind.PROPOSALS, closed_on, closed_on, PROPOSALS_RULE, reference)


def _repeated(case: Case, owner_role: str) -> dict[str, Any]:
    """What a deadline repeats of its child."""
    owner = {
        DeadlineOwner.CHAIR: case.protection.chair_id,
        DeadlineOwner.SOCIAL_WORKER: case.child.social_worker_id,
        DeadlineOwner.TEAM_MANAGER: case.child.manager_id,
    }.get(DeadlineOwner(owner_role))
    return {
        "chair_id": case.protection.chair_id,
        "area_id": case.child.area_id,
        "team": case.child.team,
        "owner_id": owner,
    }


# These are due from the conference's own chair, even if the child has another chair by then.
OF_CHAIR = frozenset({str(DeadlineKind.PROPOSALS), str(DeadlineKind.RECORD)})
BOOK = DeadlineBook(Deadline, STANDING, "conference_reference", _repeated, of_chair=OF_CHAIR)
record, settle = BOOK.record, BOOK.settle


async def bring_up_to_date(
    session: AsyncSession,
    cases: Sequence[Case],
    practice: Practice,
    today: date,
    followed: Followed | None = None,
    again: Collection[Key] = (),
    *,
    anew: bool = False,
) -> None:
    """Bring the deadlines of these children up to date, as `DeadlineBook.refresh` does.

    What is due `again` comes back on the list however long overdue it is: it would have stayed there.
    """

    def owed(case: Case, already: Collection[Key]) -> list[OpenDeadline]:
        return standing(case, practice, today, {*already, *again})

    await BOOK.refresh(session, cases, owed, followed, anew=anew)


async def refresh(
    command: Command, cases: Sequence[Case], followed: Followed | None = None, again: Collection[Key] = ()
) -> None:
    """Bring the deadlines of these children to what is due now, by the council's settings."""
    await bring_up_to_date(command.session, cases, practice_of(command), command.today, followed, again)
