"""Who chairs a child's conferences: allocated singly, or handed over in one step by a chair who leaves."""

from collections.abc import Sequence

from sqlmodel import col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from chassis.base.problems import Conflict, refuse
from chassis.children.models import Child
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation
from chassis.meetings.allocations import AllocateIn
from chassis.meetings.handing_over import ChairConflict, ChairHandedOver, HandOverRefusal
from services.conferences.chairs.models import Allocation
from services.conferences.children.cases import COLLEAGUE, Case, cases_of, locked_case, managing, practice_of
from services.conferences.children.deadlines import OF_CHAIR, refresh
from services.conferences.children.models import Deadline, Protection
from services.conferences.contributions.models import Invitation
from services.conferences.events import ConferencesHandedOver
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.proposals.models import Proposal
from services.conferences.rules.conferences import chair_violation
from services.conferences.rules.vocabulary import ConferenceState, ProposalState

OPEN = (ConferenceState.PLANNED, ConferenceState.HELD)
UNDECIDED = (ProposalState.PROPOSED, ProposalState.REFUSED)


class NothingToChair(Conflict):
    """This child is not on a plan and no conference has been requested."""


async def allocate_chair(command: Command, person_id: str, wanted: AllocateIn) -> Allocation:
    """Name the chair of a child's conferences; those that are planned already keep theirs until they are moved."""
    case = await locked_case(command, person_id)
    await check_names(command, [NamedEntry("chair_id", COLLEAGUE, wanted.chair_id, "chair")])
    refuse([chair_violation(wanted.chair_id, managing(case.child)), _dated(wanted)])
    if case.due(practice_of(command)) is None:
        raise NothingToChair
    if case.protection.chair_id != wanted.chair_id:
        _allocate(case, wanted.chair_id)
        await refresh(command, [case])
        await _say_who(command, [person_id])
    await command.audit("allocate_chair", [person_id], f"{person_id} to {wanted.chair_id}")
    return (await command.session.exec(_open([person_id]))).one()


def _dated(wanted: AllocateIn) -> Violation | None:
    message = "The chair of a child's conferences is allocated from today on."
    return None if wanted.starts_on is None else Violation("starts_on", "reviews_only", message)


async def _say_who(command: Command, person_ids: Sequence[str]) -> None:
    """Say in the history who allocated the chairs that these children have now."""
    await command.session.flush()
    for allocation in (await command.session.exec(_open(person_ids))).all():
        allocation.allocated_by = command.caller.subject


def _open(person_ids: Sequence[str]) -> SelectOfScalar[Allocation]:
    return select(Allocation).where(col(Allocation.person_id).in_(person_ids), col(Allocation.ends_on).is_(None))


def _allocate(case: Case, chair_id: str) -> None:
    case.protection.chair_id = chair_id
    case.protection.version += 1
    plan = case.plan()
    if plan is not None:
        plan.chair_id = chair_id
        plan.version += 1


async def hand_over(command: Command, event: ChairHandedOver) -> None:
    """Give every child of a chair, and every conference of theirs to come or to close, to another one; tell what was.

    Children with whom the new chair has a conflict stay, and so do the conferences about them.
    """
    query = select(Protection).where(col(Protection.chair_id) == event.chair_id)
    rows = (await command.session.exec(query.order_by(col(Protection.person_id)).with_for_update())).all()
    given, refused = [], list[HandOverRefusal]()
    for case in await cases_of(command.session, rows):
        if violation := chair_violation(event.to, managing(case.child)):
            rule = ChairConflict(violation.rule)
            refused.append(HandOverRefusal(person_id=case.person_id, reference=None, rule=rule))
            continue
        _allocate(case, event.to)
        given.append(case)
    await refresh(command, given)
    references, stay = await _hand_over_conferences(command, event)
    person_ids = [case.person_id for case in given]
    await _say_who(command, person_ids)
    command.publish(
        ConferencesHandedOver(
            hand_over_id=event.hand_over_id,
            person_ids=person_ids,
            references=references,
            refused=[*refused, *stay],
        )
    )
    await command.audit("hand_over", person_ids, f"{event.chair_id} to {event.to}")


async def _hand_over_conferences(command: Command, event: ChairHandedOver) -> tuple[list[str], list[HandOverRefusal]]:
    """The references of the conferences handed over, and those that stay, with the children who are the reason."""
    undecided = select(Proposal.conference_id).where(col(Proposal.state).in_(UNDECIDED))
    query = select(Conference).where(
        col(Conference.chair_id) == event.chair_id,
        col(Conference.state).in_(OPEN) | col(Conference.id).in_(undecided),
    )
    rows = (await command.session.exec(query.order_by(col(Conference.reference)).with_for_update())).all()
    about = {person_id for row in rows for person_id in row.person_ids}
    children = (await command.session.exec(select(Child).where(col(Child.person_id).in_(about)))).all()
    found = {child.person_id: chair_violation(event.to, managing(child)) for child in children}
    apart = {person_id: ChairConflict(violation.rule) for person_id, violation in found.items() if violation}
    refused = [
        HandOverRefusal(person_id=person_id, reference=row.reference, rule=apart[person_id])
        for row in rows
        for person_id in row.person_ids
        if person_id in apart
    ]
    moved = [conference for conference in rows if not apart.keys() & set(conference.person_ids)]
    references = [conference.reference for conference in moved]
    for conference in moved:
        conference.chair_id = event.to
        conference.version += 1
    await command.session.flush()
    for table in (ChildConference, Invitation, Proposal):
        repeated = update(table).where(table.reference.in_(references))  # type: ignore[attr-defined]
        await command.session.exec(repeated.values(chair_id=event.to))
    # Deadlines of the meeting itself stay with its chair, even if the child has another chair now.
    owed = update(Deadline).where(col(Deadline.conference_reference).in_(references), col(Deadline.kind).in_(OF_CHAIR))
    await command.session.exec(owed.values(chair_id=event.to, owner_id=event.to))
    return references, refused
