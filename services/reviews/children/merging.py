"""Merging two person numbers of one child, and undoing that."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, any_, func, literal, update
from sqlmodel import col, select

from chassis.base.problems import Conflict, NotFound, refuse
from chassis.command import Command
from chassis.law.violations import Violation
from services.reviews.chairs.models import Allocation
from services.reviews.children.actions import stand, tell_looked_after
from services.reviews.children.cases import Case, cases_of, locked_cases
from services.reviews.children.deadlines import refresh
from services.reviews.children.models import Deadline, LookedAfterChild, PeriodOfCare, PersonMerge, Voided
from services.reviews.children.schemas import MergeIn
from services.reviews.decisions.models import Decision
from services.reviews.disruption.models import DisruptionReferral
from services.reviews.feedback.models import Feedback
from services.reviews.leaving_care.models import LeavingCareDecision
from services.reviews.meetings.models import ChildReview, Invitation, Review
from services.reviews.rules.children import periods_violation
from services.reviews.rules.vocabulary import ContactKind
from services.reviews.visits.models import Contact, MidpointCheck

OF_ONE_CHILD: tuple[Any, ...] = (
    ChildReview,
    Decision,
    Contact,
    MidpointCheck,
    LeavingCareDecision,
    DisruptionReferral,
    # Deadlines that follow from a child's situation are worked out again afterwards.
    Deadline,
)
# The allocations that the merge ended.
ENDED = "ended_allocation"
OF_SEVERAL: tuple[Any, ...] = (Review, Invitation, Feedback, Voided)


class NotToBeMerged(Conflict):
    """These two numbers cannot be one child: both are in the same meeting."""


class MergeUndone(Conflict):
    """This merge has already been undone."""


async def merge_looked_after_child(command: Command, person_id: str, wanted: MergeIn) -> PersonMerge:
    """Move everything to another number of the same child.

    Periods of care that overlap those of the other number stay behind. What was moved is kept, so that the
    merge can be undone.
    """
    if person_id == wanted.into_person_id:
        refuse([Violation("into_person_id", "another_number", "A number is not merged into itself.")])
    gone, kept = await locked_cases(command, [person_id, wanted.into_person_id], "into_person_id")
    common = select(Review.reference).where(
        col(Review.person_ids).contains([person_id]), col(Review.person_ids).contains([wanted.into_person_id])
    )
    if references := (await command.session.exec(common)).all():
        raise NotToBeMerged(references=sorted(references))
    moved = {
        "period_of_care": await _move_periods(command, gone, kept),
        # Of two present chairs that of the number that stays counts, and the other's time ends.
        ENDED: await _end_allocation(command, person_id) if kept.child.chair_id else [],
        "allocation": await _move(command, Allocation, person_id, wanted.into_person_id),
    }
    for table in OF_ONE_CHILD:
        moved[table.__tablename__] = await _move(command, table, person_id, wanted.into_person_id)
    for table in OF_SEVERAL:
        moved[table.__tablename__] = await _rename(command, table, person_id, wanted.into_person_id)
    merge = PersonMerge(
        from_person_id=person_id,
        into_person_id=wanted.into_person_id,
        merged_at=command.now,
        merged_by=command.caller.subject,
        reason=wanted.reason,
        moved={name: [str(row_id) for row_id in ids] for name, ids in moved.items()},
    )
    command.session.add(merge)
    gone.child.merged_into = wanted.into_person_id
    # Undone, both stay restricted until somebody says otherwise.
    kept.child.restricted = kept.child.restricted or gone.child.restricted
    await _afterwards(command, [person_id, wanted.into_person_id], "merge_looked_after_child", wanted.reason)
    return merge


async def undo_merge(command: Command, merge_id: UUID) -> PersonMerge:
    """Undo a merge: everything that was moved returns to its earlier number."""
    merge = await command.session.get(PersonMerge, merge_id, with_for_update=True)
    if merge is None:
        raise NotFound
    if merge.undone_at is not None:
        raise MergeUndone
    here, there = merge.into_person_id, merge.from_person_id
    both = select(LookedAfterChild).where(col(LookedAfterChild.person_id).in_([here, there]))
    await command.session.exec(both.order_by(col(LookedAfterChild.person_id)).with_for_update())
    for table in (PeriodOfCare, Allocation, *OF_ONE_CHILD):
        ids = [UUID(row_id) for row_id in merge.moved[table.__tablename__]]
        await command.session.exec(update(table).where(col(table.id).in_(ids)).values(person_id=there))
    for table in OF_SEVERAL:
        # Merges from before anything could be voided do not list it.
        ids = [UUID(row_id) for row_id in merge.moved.get(table.__tablename__, [])]
        await _replace(command, table, ids, here, there)
    ended = [UUID(row_id) for row_id in merge.moved[ENDED]]
    await command.session.exec(update(Allocation).where(col(Allocation.id).in_(ended)).values(ends_on=None))
    child = await command.session.get_one(LookedAfterChild, there, with_for_update=True)
    child.merged_into = None
    merge.undone_at, merge.undone_by = command.now, command.caller.subject
    await _afterwards(command, [there, here], "undo_merge", merge.reason)
    return merge


async def _move_periods(command: Command, gone: Case, kept: Case) -> list[UUID]:
    moved = []
    for period in gone.periods:
        together = sorted([*kept.periods, period], key=lambda care: care.starts_on)
        cares = Case(kept.child, together).cares()
        if periods_violation(cares, min(gone.child.born_on, kept.child.born_on), command.today) is None:
            period.person_id = kept.child.person_id
            kept.periods = together
            moved.append(period.id)
    await command.session.flush()
    return moved


async def _end_allocation(command: Command, person_id: str) -> list[UUID]:
    """End a child's present chair today; which row that was."""
    query = select(Allocation).where(col(Allocation.person_id) == person_id, col(Allocation.ends_on).is_(None))
    rows = (await command.session.exec(query)).all()
    for row in rows:
        row.ends_on = max(row.starts_on, command.today)
    await command.session.flush()
    return [row.id for row in rows]


async def _move(command: Command, table: Any, here: str, there: str) -> list[UUID]:
    moving = update(table).where(table.person_id == here).values(person_id=there).returning(table.id)
    return list((await command.session.exec(moving)).scalars().all())


async def _rename(command: Command, table: Any, here: str, there: str) -> list[UUID]:
    rows = select(table.id).where(literal(here, Text) == any_(table.person_ids))
    ids = list((await command.session.exec(rows)).all())
    await _replace(command, table, ids, here, there)
    return ids


async def _replace(command: Command, table: Any, ids: list[UUID], here: str, there: str) -> None:
    changes: dict[str, Any] = {
        "person_ids": func.array_replace(table.person_ids, literal(here, Text), literal(there, Text))
    }
    if table is Review:
        changes["version"] = table.version + 1
    await command.session.exec(update(table).where(table.id.in_(ids)).values(changes))


async def _afterwards(command: Command, person_ids: list[str], action: str, why: str) -> None:
    await command.session.flush()
    command.session.expunge_all()
    query = select(LookedAfterChild).where(col(LookedAfterChild.person_id).in_(person_ids))
    cases = await cases_of(command, (await command.session.exec(query)).all())
    for case in cases:
        case.child.version += 1
        earlier = case.child.looked_after_since
        await _stand_again(command, case)
        tell_looked_after(command, case, earlier)
    await refresh(command.session, cases, command.today)
    await command.audit(action, person_ids, " and ".join(person_ids), why)


async def _stand_again(command: Command, case: Case) -> None:
    """Write on a child what follows from the rows that are theirs now: care, chair and last visit."""
    child = case.child
    chair = select(Allocation.chair_id).where(
        col(Allocation.person_id) == child.person_id, col(Allocation.ends_on).is_(None)
    )
    visit = select(func.max(Contact.happened_on)).where(
        col(Contact.person_id) == child.person_id, col(Contact.kind) == ContactKind.VISIT
    )
    child.chair_id = (await command.session.exec(chair)).first()
    child.last_visit_on = (await command.session.exec(visit)).one()
    stand(case)
