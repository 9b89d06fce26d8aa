"""Following merges of two person numbers of one child, which the children service says, and their undoing."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from chassis.children.events import ChildMergedReceived, ChildMergeUndoneReceived
from chassis.children.merging import rename, rows_of_several
from chassis.children.replica import known_children
from chassis.command import Command
from chassis.meetings.locking import for_update
from chassis.papers.distribution import PaperLink
from services.reviews.chairs.models import Allocation
from services.reviews.children.actions import follow
from services.reviews.children.cases import Case, cases_of
from services.reviews.children.models import Deadline, LookedAfterChild, PeriodOfCare, PersonMerge, Voided
from services.reviews.decisions.models import Decision
from services.reviews.disruption.models import DisruptionReferral
from services.reviews.feedback.models import Feedback
from services.reviews.leaving_care.models import LeavingCareDecision
from services.reviews.meetings.models import ChildReview, Invitation, Review
from services.reviews.prompts.models import PromptDone
from services.reviews.rules.children import periods_violation
from services.reviews.rules.vocabulary import ContactKind
from services.reviews.visits.models import Contact, MidpointCheck

OF_ONE_CHILD: tuple[Any, ...] = (
    ChildReview,
    Decision,
    Contact,
    MidpointCheck,
    PromptDone,
    LeavingCareDecision,
    DisruptionReferral,
    # Deadlines that follow from a child's situation are worked out again afterwards.
    Deadline,
)
# A child has one of these: what both numbers have stays behind.
ONCE: dict[Any, tuple[str, ...]] = {MidpointCheck: ("reviewed_on",), PromptDone: ("prompt", "care_since")}
# Where a row says of which review it is.
OF_REVIEW: dict[Any, str] = {
    Review: "reference",
    ChildReview: "reference",
    Decision: "reference",
    Invitation: "reference",
    Feedback: "reference",
    PaperLink: "reference",
    Deadline: "review_reference",
}
OF_SEVERAL: tuple[Any, ...] = (Review, Invitation, Feedback, PaperLink, Voided)
# What somebody has to look at where it stays behind, with its day and its reference.
TOLD: dict[Any, tuple[str, str | None]] = {
    PeriodOfCare: ("starts_on", None),
    ChildReview: ("held_on", "reference"),
    MidpointCheck: ("done_on", None),
    PromptDone: ("done_on", None),
}
# The allocations that the merge ended, and whether the number that is kept was not known here before.
ENDED, MADE = "ended_allocation", "made_here"


async def follow_merge(command: Command, event: ChildMergedReceived) -> None:
    """Move everything to the number that is kept, once; what cannot be moved by rule stays behind and is listed.

    Periods of care that overlap those of the other number stay behind, and so does what both numbers have: a review in
    which both are, a check or a prompt of the same day.
    """
    here, there = event.from_person_id, event.into_person_id
    if await command.session.get(LookedAfterChild, here) is None:
        return
    # Who the child of the number that is kept is may not be known here yet.
    await known_children(command, [here, there])
    children = await _locked(command, [here, there])
    if await command.session.get(PersonMerge, event.merge_id) is not None:
        return
    made = there not in children
    if made:
        children[there] = LookedAfterChild(person_id=there, registered_on=children[here].registered_on)
        command.session.add(children[there])
        await command.session.flush()
    gone, kept = await cases_of(command, [children[here], children[there]])
    moved = await _move_all(command, gone, kept)
    merge = _merge(command, event)
    merge.moved = {name: [str(row_id) for row_id in ids] for name, ids in moved.items()} | {MADE: made}
    merge.left_behind = await _left_behind(command, here)
    command.session.add(merge)
    await _afterwards(command, [here, there], "follow_merge", merge)


async def follow_undoing(command: Command, event: ChildMergeUndoneReceived) -> None:
    """Everything that a merge moved returns to its earlier number, once."""
    here, there = event.into_person_id, event.from_person_id
    await _locked(command, [here, there])
    merge = await command.session.get(PersonMerge, event.merge_id, with_for_update=True)
    if merge is not None and merge.undone_at is not None:
        return
    # One that is undone before it was followed is not followed any more.
    kept = merge or _merge(command, event)
    kept.undone_at, kept.undone_by = command.now, command.caller.subject
    command.session.add(kept)
    if merge is None:
        return
    made, ended = merge.moved.get(MADE), [UUID(row_id) for row_id in merge.moved[ENDED]]
    for table in (PeriodOfCare, Allocation, *OF_ONE_CHILD, *OF_SEVERAL):
        ids = [UUID(row_id) for row_id in merge.moved.get(table.__tablename__, [])]
        await rename(command.session, table, ids, here, there)
    await command.session.exec(update(Allocation).where(col(Allocation.id).in_(ended)).values(ends_on=None))
    await _afterwards(command, [there, here], "follow_undoing", merge)
    if made:
        await _remove_if_empty(command, here)


def _merge(command: Command, event: ChildMergedReceived | ChildMergeUndoneReceived) -> PersonMerge:
    return PersonMerge(
        id=event.merge_id,
        from_person_id=event.from_person_id,
        into_person_id=event.into_person_id,
        merged_at=command.now,
        merged_by=command.caller.subject,
    )


async def _move_all(command: Command, gone: Case, kept: Case) -> dict[str, list[UUID]]:
    """Move what can be moved to the number that is kept; the rows, by table."""
    here, there = gone.person_id, kept.person_id
    common = await _common(command, here, there)
    moved = {
        "period_of_care": await _move_periods(command, gone, kept),
        # Of two present chairs that of the number that stays counts, and the other's time ends.
        ENDED: await _end_allocation(command, here) if kept.child.chair_id else [],
    }
    for table in (Allocation, *OF_ONE_CHILD, *OF_SEVERAL):
        moved[table.__tablename__] = await _move(command, table, here, there, common)
    return moved


async def _locked(command: Command, person_ids: Sequence[str]) -> dict[str, LookedAfterChild]:
    query = select(LookedAfterChild).where(col(LookedAfterChild.person_id).in_(person_ids))
    rows = await command.session.exec(for_update(query.order_by(col(LookedAfterChild.person_id))))
    return {child.person_id: child for child in rows.all()}


async def _common(command: Command, here: str, there: str) -> Sequence[str]:
    """The references of the reviews in which both numbers are, which nobody saw when they were merged."""
    both = select(Review.reference).where(col(Review.person_ids).contains([here, there]))
    return (await command.session.exec(both)).all()


async def _move_periods(command: Command, gone: Case, kept: Case) -> list[UUID]:
    moved = []
    for period in gone.periods:
        together = sorted([*kept.periods, period], key=lambda care: (care.starts_on, care.ends_on or date.max))
        cares = Case(kept.child, kept.identity, together).cares()
        if periods_violation(cares, min(gone.born_on, kept.born_on), command.today) is None:
            period.person_id = kept.person_id
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


def _movable(table: Any, common: Sequence[str]) -> list[Any]:
    """The condition that a row is of no review in which both numbers are."""
    reference = getattr(table, OF_REVIEW[table]) if table in OF_REVIEW else None
    return [] if reference is None else [reference.is_(None) | reference.not_in(common)]


async def _move(command: Command, table: Any, here: str, there: str, common: Sequence[str]) -> list[UUID]:
    where = _movable(table, common)
    if table in ONCE:
        other = aliased(table)
        same = [getattr(other, name) == getattr(table, name) for name in ONCE[table]]
        where.append(~exists().where(other.person_id == there, *same))
    if table in OF_SEVERAL:
        ids = await rows_of_several(command.session, table, here, there, *where)
    else:
        ids = list((await command.session.exec(select(table.id).where(table.person_id == here, *where))).all())
    await rename(command.session, table, ids, here, there)
    return ids


async def _left_behind(command: Command, person_id: str) -> list[dict[str, Any]]:
    """What stays under the number that was merged and somebody has to look at."""
    found: list[dict[str, Any]] = []
    for table, (day, reference) in TOLD.items():
        for row in (await command.session.exec(select(table).where(table.person_id == person_id))).all():
            on = getattr(row, day)
            found.append(
                {
                    "kind": table.__tablename__,
                    "on": None if on is None else on.isoformat(),
                    "reference": getattr(row, reference) if reference else None,
                }
            )
    return found


async def _remove_if_empty(command: Command, person_id: str) -> None:
    """Remove the child's care, which a merge made here, unless something was recorded since."""
    for table in (PeriodOfCare, Allocation, *OF_ONE_CHILD):
        if (await command.session.exec(select(table.person_id).where(table.person_id == person_id))).first():
            return
    await command.session.delete(await command.session.get_one(LookedAfterChild, person_id))


async def _afterwards(command: Command, person_ids: list[str], action: str, merge: PersonMerge) -> None:
    record = str(merge.id)
    await command.session.flush()
    command.session.expunge_all()
    cases = await cases_of(command, list((await _locked(command, person_ids)).values()))
    for case in cases:
        case.child.version += 1
        earlier = case.child.looked_after_since
        await _stand_again(command, case)
        await follow(command, case, earlier)
    await command.audit(action, person_ids, record)


async def _stand_again(command: Command, case: Case) -> None:
    """Write on a child what follows from the rows that are theirs now: chair and last visit."""
    child = case.child
    chair = select(Allocation.chair_id).where(
        col(Allocation.person_id) == child.person_id, col(Allocation.ends_on).is_(None)
    )
    visit = select(func.max(Contact.happened_on)).where(
        col(Contact.person_id) == child.person_id, col(Contact.kind) == ContactKind.VISIT
    )
    child.chair_id = (await command.session.exec(chair)).first()
    child.last_visit_on = (await command.session.exec(visit)).one()
