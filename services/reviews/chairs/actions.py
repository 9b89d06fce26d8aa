"""Who is whose Independent Reviewing Officer, with the history of it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from chassis.base.problems import Conflict, refuse
from chassis.children.models import Child
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation
from chassis.meetings.allocations import AllocateIn
from chassis.meetings.handing_over import ChairConflict, ChairHandedOver, HandOverRefusal
from services.reviews.chairs.models import Allocation
from services.reviews.children.cases import COLLEAGUE, Case, ChildInCare, cases_of, locked_case
from services.reviews.children.deadlines import refresh
from services.reviews.children.models import LookedAfterChild
from services.reviews.events import ChairAllocated, ReviewHandedOver, ReviewsHandedOver
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.rules.chairs import Standing, chair_violation
from services.reviews.rules.vocabulary import ReviewState, Track


class NotLookedAfter(Conflict):
    """This child is not looked after now."""


async def allocate_chair(command: Command, person_id: str, wanted: AllocateIn) -> Allocation:
    """Allocate an Independent Reviewing Officer to a child; earlier ones stay in the history."""
    case = await locked_case(command, person_id)
    starts_on = wanted.starts_on or command.today
    await check_names(command, [NamedEntry("chair_id", COLLEAGUE, wanted.chair_id, "chair")])
    await _check(command, case, wanted.chair_id, starts_on)
    if case.child.chair_id != wanted.chair_id:
        await _allocate(command, case, wanted.chair_id, starts_on)
        await refresh(command.session, [case], command.today)
    await command.audit("allocate_chair", [person_id], f"{person_id} to {wanted.chair_id}")
    return (await command.session.exec(_open(person_id))).one()


async def _check(command: Command, case: Case, chair_id: str, starts_on: date) -> None:
    span = case.running(command.today)
    if span is None:
        raise NotLookedAfter
    refusals = [chair_violation(chair_id, await standing_of(command.session, case))]
    if not span.care.starts_on <= starts_on <= command.today:
        message = "A chair is allocated from the start of the period of care at the earliest, and not in the future."
        refusals.append(Violation("starts_on", "within_care", message))
    last = (await command.session.exec(_open(case.child.person_id))).first()
    if last is not None and starts_on < last.starts_on:
        message = f"The present chair was allocated on {last.starts_on}."
        refusals.append(Violation("starts_on", "after_the_one_before", message))
    refuse(refusals)


async def standing_of(session: AsyncSession, of: ChildInCare) -> Standing:
    """What decides whether somebody may chair for this child."""
    child = of.identity
    babies = (
        select(LookedAfterChild.chair_id)
        .join(Child, col(Child.person_id) == col(LookedAfterChild.person_id))
        .where(col(Child.mother_person_id) == child.person_id, col(LookedAfterChild.looked_after_since).is_not(None))
    )
    mother = await session.get(LookedAfterChild, child.mother_person_id) if child.mother_person_id else None
    is_looked_after = mother is not None and mother.looked_after_since is not None
    return Standing(
        manager_id=child.manager_id,
        social_worker_id=child.social_worker_id,
        mother_chair_id=mother.chair_id if mother is not None and is_looked_after else None,
        baby_chair_ids=frozenset(chair_id for chair_id in (await session.exec(babies)).all() if chair_id),
    )


async def _allocate(command: Command, case: Case, chair_id: str, starts_on: date) -> None:
    child, earlier = case.child, case.child.chair_id
    before = (await command.session.exec(_open(child.person_id))).first()
    if before is not None:
        before.ends_on = max(before.starts_on, starts_on - timedelta(days=1))
        await command.session.flush()
    command.session.add(
        Allocation(
            person_id=child.person_id,
            chair_id=chair_id,
            starts_on=starts_on,
            allocated_by=command.caller.subject,
            allocated_at=command.now,
        )
    )
    child.chair_id = chair_id
    child.version += 1
    command.publish(
        ChairAllocated(
            person_id=child.person_id,
            chair_id=chair_id,
            earlier_chair_id=earlier,
            starts_on=starts_on,
            version=child.version,
        )
    )


def _open(person_id: str) -> SelectOfScalar[Allocation]:
    return select(Allocation).where(col(Allocation.person_id) == person_id, col(Allocation.ends_on).is_(None))


async def hand_over(command: Command, event: ChairHandedOver) -> None:
    """Give every child and every coming review of a chair to another one, and tell what was given.

    Children for whom the new chair has a conflict stay, and so do the reviews about them.
    """
    query = select(LookedAfterChild).where(
        col(LookedAfterChild.chair_id) == event.chair_id, col(LookedAfterChild.looked_after_since).is_not(None)
    )
    children = (await command.session.exec(query.order_by(col(LookedAfterChild.person_id)).with_for_update())).all()
    given, kept = [], dict[str, ChairConflict]()
    for case in await cases_of(command, children):
        if violation := chair_violation(event.to, await standing_of(command.session, case)):
            kept[case.child.person_id] = ChairConflict(violation.rule)
            continue
        await _allocate(command, case, event.to, event.starts_on)
        given.append(case)
    await refresh(command.session, given, command.today)
    references, refused = await _hand_over_reviews(command, event, kept)
    of_children = [HandOverRefusal(person_id=person_id, reference=None, rule=rule) for person_id, rule in kept.items()]
    person_ids = [case.child.person_id for case in given]
    command.publish(
        ReviewsHandedOver(
            hand_over_id=event.hand_over_id,
            person_ids=person_ids,
            references=references,
            refused=[*of_children, *refused],
        )
    )
    await command.audit("hand_over", person_ids, f"{event.chair_id} to {event.to}")


async def _hand_over_reviews(
    command: Command, event: ChairHandedOver, kept: Mapping[str, ChairConflict]
) -> tuple[list[str], list[HandOverRefusal]]:
    """The references of the reviews handed over, and those that stay, with the children who are the reason."""
    query = select(Review).where(
        col(Review.chair_id) == event.chair_id,
        col(Review.state).in_([ReviewState.PLANNED, ReviewState.ADJOURNED]),
    )
    rows = (await command.session.exec(query.order_by(col(Review.reference)).with_for_update())).all()
    conflicts = await _conflicts(command, [review.reference for review in rows], event.to)
    moved, refused = [], list[HandOverRefusal]()
    for review in rows:
        of_children = {person_id: kept[person_id] for person_id in review.person_ids if person_id in kept}
        rules = of_children | conflicts.get(review.reference, {})
        refused += [
            HandOverRefusal(person_id=person_id, reference=review.reference, rule=rule)
            for person_id, rule in rules.items()
        ]
        if not rules:
            moved.append(review)
    for review in moved:
        review.chair_id = event.to
        review.version += 1
        command.publish(ReviewHandedOver.model_validate(review, from_attributes=True))
    references = [review.reference for review in moved]
    parts = update(ChildReview).where(col(ChildReview.reference).in_(references))
    await command.session.exec(parts.values(chair_id=event.to))
    return references, refused


async def _conflicts(command: Command, references: Sequence[str], chair_id: str) -> dict[str, dict[str, ChairConflict]]:
    """The reviews that somebody may not chair, with the children who are the reason and the rule."""
    is_case = (col(Child.manager_id) == chair_id) | (col(Child.social_worker_id) == chair_id)
    is_own_panel = (col(ChildReview.track) == Track.SECURE) & (col(LookedAfterChild.chair_id) == chair_id)
    query = (
        select(ChildReview.reference, ChildReview.person_id, is_case)
        .join(LookedAfterChild, col(LookedAfterChild.person_id) == col(ChildReview.person_id))
        .join(Child, col(Child.person_id) == col(ChildReview.person_id))
    )
    found: dict[str, dict[str, ChairConflict]] = {}
    rows = await command.session.exec(query.where(col(ChildReview.reference).in_(references), is_case | is_own_panel))
    for reference, person_id, works_on_case in rows.all():
        rule = ChairConflict.INDEPENDENT if works_on_case else ChairConflict.NOT_THE_CHILDS_OWN_CHAIR
        found.setdefault(reference, {})[person_id] = rule
    return found
