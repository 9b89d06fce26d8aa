"""Taking back what was written down between conferences by mistake: what is owed follows from what is left."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Conflict, NotFound
from chassis.command import Acting
from chassis.meetings.deadlines import Followed
from chassis.meetings.void import TakenBackOut, take_back
from services.conferences.checks.models import CoreGroup, Feedback, PlanCheck, TakenBack, TwelveMonthDiscussion
from services.conferences.children.cases import Case, locked_case, practice_of
from services.conferences.children.deadlines import everything, preparation, refresh
from services.conferences.meetings.meeting import locked_conference
from services.conferences.meetings.models import Conference
from services.conferences.rules.vocabulary import CheckKind, ConferenceKind, OwedKind


class CoreGroupFollowed(Conflict):
    """A later core group of this child was written down, whose day was counted from this one: take that back first."""


async def take_back_core_group(act: Acting, group_id: UUID, because: str) -> TakenBackOut:
    """Take back that a child's core group met or did not: it is owed as before. Only the last can be taken back."""
    row, case = await _found(act, CoreGroup, group_id)
    later = select(CoreGroup.id).where(col(CoreGroup.person_id) == row.person_id, col(CoreGroup.id) > row.id)
    if (await act.session.exec(later)).first() is not None:
        raise CoreGroupFollowed
    case.core_groups.pop()
    return await _taken_back(act, row, case, because, OwedKind.CORE_GROUP)


async def take_back_plan_check(act: Acting, check_id: UUID, because: str) -> TakenBackOut:
    """Take back a check of a plan, which is owed again. A concern that it raised was sent, and is not sent for."""
    row, case = await _found(act, PlanCheck, check_id)
    case.checks_done.discard((row.kind, row.reference))
    if row.kind == CheckKind.PREPARATION:
        return await _taken_back(act, row, case, because, followed=await _preparation(act, row, case))
    return await _taken_back(act, row, case, because, OwedKind.MIDWAY_CHECK)


async def take_back_discussion(act: Acting, discussion_id: UUID, because: str) -> TakenBackOut:
    """Take back a 12-month discussion, which is owed again while the plan runs."""
    row, case = await _found(act, TwelveMonthDiscussion, discussion_id)
    case.discussed.discard(row.plan_id)
    return await _taken_back(act, row, case, because, OwedKind.TWELVE_MONTH_DISCUSSION)


async def take_back_feedback(act: Acting, feedback_id: UUID, because: str) -> TakenBackOut:
    """Take back what was written down as somebody's feedback about a conference."""
    row = await act.session.get(Feedback, feedback_id, with_for_update=True)
    if row is None:
        raise NotFound
    await locked_conference(act, row.reference, None)
    return await take_back(act, TakenBack, row, row.person_ids, because)


async def _found(act: Acting, table: Any, row_id: UUID) -> tuple[Any, Case]:
    """A row about a child with the child's case, held against changes; `NotFound` where the caller sees none."""
    about = (await act.session.exec(select(table.person_id).where(table.id == row_id))).first()
    if about is None:
        raise NotFound
    case = await locked_case(act, about)
    row = await act.session.get(table, row_id)
    if row is None:
        raise NotFound
    return row, case


async def _taken_back(
    act: Acting, row: Any, case: Case, because: str, kind: OwedKind | None = None, followed: Followed | None = None
) -> TakenBackOut:
    kept = await take_back(act, TakenBack, row, [row.person_id], because)
    practice = practice_of(act)
    again = {one.key() for one in everything(case, practice, act.today) if one.kind == kind}
    await refresh(act.session, [case], practice, act.today, followed, again=again)
    return kept


async def _preparation(act: Acting, row: PlanCheck, case: Case) -> Followed | None:
    """The check before a conference, if that is still planned."""
    planned = case.in_hand()
    if planned is None or planned.reference != row.reference:
        return None
    query = select(col(Conference.planned_on)).where(col(Conference.reference) == row.reference)
    planned_on = (await act.session.exec(query)).one()
    owed = preparation(ConferenceKind(planned.kind), planned_on, row.reference, practice_of(act))
    return Followed(row.reference, frozenset(), owed)
