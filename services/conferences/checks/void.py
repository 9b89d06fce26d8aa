"""Taking back what was written down between conferences by mistake: what is owed follows from what is left."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Conflict, NotFound
from chassis.command import Command
from chassis.meetings.corrections import TakenBackOut, take_back
from chassis.meetings.deadlines import Followed
from services.conferences.checks.models import CoreGroup, Feedback, PlanCheck, TakenBack, TwelveMonthDiscussion
from services.conferences.children.cases import Case, locked_case, practice_of
from services.conferences.children.deadlines import everything, preparation, refresh
from services.conferences.meetings.meeting import locked_conference
from services.conferences.meetings.models import Conference
from services.conferences.rules.vocabulary import CheckKind, ConferenceKind, OwedKind


class CoreGroupFollowed(Conflict):
    """A later core group of this child was written down, whose day was counted from this one: take that back first."""


async def take_back_core_group(command: Command, group_id: UUID, because: str) -> TakenBackOut:
    """Take back that a child's core group met or did not: it is owed as before. Only the last can be taken back."""
    row, case = await _found(command, CoreGroup, group_id)
    later = select(CoreGroup.id).where(col(CoreGroup.person_id) == row.person_id, col(CoreGroup.id) > row.id)
    if (await command.session.exec(later)).first() is not None:
        raise CoreGroupFollowed
    case.core_groups.pop()
    return await _taken_back(command, row, case, because, OwedKind.CORE_GROUP)


async def take_back_plan_check(command: Command, check_id: UUID, because: str) -> TakenBackOut:
    """Take back a check of a plan, which is owed again. A concern that it raised was sent, and is not sent for."""
    row, case = await _found(command, PlanCheck, check_id)
    case.checks_done.discard((row.kind, row.reference))
    if row.kind == CheckKind.PREPARATION:
        return await _taken_back(command, row, case, because, followed=await _preparation(command, row, case))
    return await _taken_back(command, row, case, because, OwedKind.MIDWAY_CHECK)


async def take_back_discussion(command: Command, discussion_id: UUID, because: str) -> TakenBackOut:
    """Take back a 12-month discussion, which is owed again while the plan runs."""
    row, case = await _found(command, TwelveMonthDiscussion, discussion_id)
    case.discussed.discard(row.plan_id)
    return await _taken_back(command, row, case, because, OwedKind.TWELVE_MONTH_DISCUSSION)


async def take_back_feedback(command: Command, feedback_id: UUID, because: str) -> TakenBackOut:
    """Take back what was written down as somebody's feedback about a conference."""
    row = await command.session.get(Feedback, feedback_id, with_for_update=True)
    if row is None:
        raise NotFound
    await locked_conference(command, row.reference, None)
    return await take_back(command, TakenBack, row, row.person_ids, because)


async def _found(command: Command, table: Any, row_id: UUID) -> tuple[Any, Case]:
    """A row about a child with the child's case, held against changes; `NotFound` where the caller sees none."""
    about = (await command.session.exec(select(table.person_id).where(table.id == row_id))).first()
    if about is None:
        raise NotFound
    case = await locked_case(command, about)
    row = await command.session.get(table, row_id)
    if row is None:
        raise NotFound
    return row, case


async def _taken_back(
    command: Command, row: Any, case: Case, because: str, kind: OwedKind | None = None, followed: Followed | None = None
) -> TakenBackOut:
    kept = await take_back(command, TakenBack, row, [row.person_id], because)
    practice = practice_of(command)
    again = {one.key() for one in everything(case, practice, command.today) if one.kind == kind}
    await refresh(command.session, [case], practice, command.today, followed, again=again)
    return kept


async def _preparation(command: Command, row: PlanCheck, case: Case) -> Followed | None:
    """The check before a conference, if that is still planned."""
    planned = case.in_hand()
    if planned is None or planned.reference != row.reference:
        return None
    query = select(col(Conference.planned_on)).where(col(Conference.reference) == row.reference)
    planned_on = (await command.session.exec(query)).one()
    owed = preparation(ConferenceKind(planned.kind), planned_on, row.reference, practice_of(command))
    return Followed(row.reference, frozenset(), owed)
