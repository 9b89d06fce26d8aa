"""Decisions of a review: written, sent to the manager, agreed or objected to, carried out or not."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, func, select

from chassis.access.visibility import check_may_see
from chassis.base.problems import Conflict, NotFound, refuse
from chassis.children.models import Child
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_version
from services.reviews.children.cases import ChildInCare, child_in_care
from services.reviews.children.deadlines import following, record, settle
from services.reviews.children.models import Deadline
from services.reviews.decisions.models import Decision
from services.reviews.decisions.schemas import DecisionIn, DecisionsIn
from services.reviews.events import DecisionObjected, DecisionsAgreed, DecisionsRecorded
from services.reviews.meetings.meeting import check_held, locked_part
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.rules.meetings import objection_due_on
from services.reviews.rules.vocabulary import DecisionState


class DecisionsAlreadyRecorded(Conflict):
    """The decisions of this review for this child have already been sent."""


class NotWaiting(Conflict):
    """This decision is not waiting for this answer."""


async def record_decisions(
    command: Command, reference: str, person_id: str, version: int, wanted: DecisionsIn
) -> tuple[Review, list[Decision]]:
    """Record a review's decisions for a child and send them to the manager, who has 5 working days to object."""
    review, part = await locked_part(command, reference, person_id, version)
    check_held(review)
    if part.decisions_on is not None:
        raise DecisionsAlreadyRecorded(f"They were written on {part.decisions_on}.")
    decided_on = wanted.decided_on or command.today
    _check_day(part, decided_on, command)
    of = await child_in_care(command.session, person_id)
    decisions = [
        _decision(part, of.identity, number, decision, command.today)
        for number, decision in enumerate(wanted.decisions, 1)
    ]
    command.session.add_all(decisions)
    part.decisions_on = decided_on
    review.version += 1
    await settle(command.session, reference, [person_id], DeadlineKind.DECISIONS)
    if decisions:
        _send(command, part, of, len(decisions))
    await command.audit("record_decisions", [person_id], reference)
    return review, decisions


def _send(command: Command, part: ChildReview, of: ChildInCare, count: int) -> None:
    """Send decisions to the manager, who receives them now, however long ago they were written."""
    owing = following(DeadlineKind.MANAGER_RESPONSE, command.today, part.reference)
    command.session.add(Deadline(**record(of, owing)))
    command.publish(
        DecisionsRecorded(
            child_review_id=part.id,
            reference=part.reference,
            person_id=part.person_id,
            chair_id=part.chair_id,
            manager_id=of.identity.manager_id,
            count=count,
            respond_by=objection_due_on(command.today),
        )
    )


def _decision(part: ChildReview, child: Child, number: int, wanted: DecisionIn, sent_on: date) -> Decision:
    return Decision(
        child_review_id=part.id,
        reference=part.reference,
        person_id=part.person_id,
        number=number,
        decision=wanted.decision,
        owner=wanted.owner,
        due_on=wanted.due_on,
        state=DecisionState.SENT,
        manager_id=child.manager_id,
        sent_on=sent_on,
        respond_by=objection_due_on(sent_on),
        chair_id=part.chair_id,
    )


def _check_day(part: ChildReview, day: date, command: Command) -> None:
    refuse([future_violation("decided_on", day, command.today)])
    if part.held_on is not None and day < part.held_on:
        refuse([Violation("decided_on", "after_the_review", f"The review was held on {part.held_on}.")])


async def locked_decision(command: Command, decision_id: UUID, version: int) -> Decision:
    """A decision, locked with the other decisions of the same child's review.

    Otherwise two answers at once would each see the other decision waiting, and neither would be the last.
    """
    together = select(ChildReview.id).join(Decision, col(Decision.child_review_id) == col(ChildReview.id))
    await command.session.exec(together.where(col(Decision.id) == decision_id).with_for_update(of=ChildReview))
    decision = await command.session.get(Decision, decision_id, with_for_update=True)
    if decision is None:
        raise NotFound
    await check_may_see(command, [decision.person_id])
    check_version(decision, version)
    return decision


async def agree_to_decision(command: Command, decision_id: UUID, version: int) -> Decision:
    """Agree to a decision as the manager."""
    decision = await locked_decision(command, decision_id, version)
    _check_state(decision, DecisionState.SENT)
    decision.state = DecisionState.AGREED
    return await _responded(command, decision, "agree_to_decision")


async def object_to_decision(command: Command, decision_id: UUID, version: int, objection: str) -> Decision:
    """Object to a decision as the manager, within 5 working days of receipt; after that, silence was agreement."""
    decision = await locked_decision(command, decision_id, version)
    _check_state(decision, DecisionState.SENT)
    if command.today > decision.respond_by:
        raise NotWaiting(f"The last day to object was {decision.respond_by}: silence is agreement.")
    decision.state, decision.objection = DecisionState.OBJECTED, objection
    command.publish(
        DecisionObjected(
            decision_id=decision.id,
            reference=decision.reference,
            person_id=decision.person_id,
            chair_id=decision.chair_id,
        )
    )
    return await _responded(command, decision, "object_to_decision")


async def settle_objection(command: Command, decision_id: UUID, version: int, settlement: str) -> Decision:
    """Record how an objection was settled, informally or by escalation."""
    decision = await locked_decision(command, decision_id, version)
    _check_state(decision, DecisionState.OBJECTED)
    decision.state, decision.settlement = DecisionState.SETTLED, settlement
    decision.version += 1
    await command.audit("settle_objection", [decision.person_id], decision.reference)
    return decision


async def check_decision(command: Command, decision_id: UUID, version: int, *, implemented: bool) -> Decision:
    """Record whether the chair found a decision carried out before the next review."""
    decision = await locked_decision(command, decision_id, version)
    decision.implemented, decision.checked_on, decision.checked_by = implemented, command.today, command.caller.subject
    decision.version += 1
    await command.audit("check_decision", [decision.person_id], decision.reference)
    return decision


def _check_state(decision: Decision, wanted: DecisionState) -> None:
    if decision.state != wanted:
        raise NotWaiting(f"It is {decision.state}.", state=decision.state)


async def _responded(command: Command, decision: Decision, action: str) -> Decision:
    decision.responded_on, decision.responded_by = command.today, command.caller.subject
    decision.version += 1
    await command.session.flush()
    await _close_response(command, decision)
    await command.audit(action, [decision.person_id], decision.reference)
    return decision


async def _close_response(command: Command, decision: Decision) -> None:
    """Close the manager's deadline once they have answered every decision of a child's review."""
    waiting = select(func.count()).where(
        col(Decision.child_review_id) == decision.child_review_id, col(Decision.state) == DecisionState.SENT
    )
    if (await command.session.exec(waiting)).one():
        return
    await settle(command.session, decision.reference, [decision.person_id], DeadlineKind.MANAGER_RESPONSE)
    states = select(Decision.state).where(col(Decision.child_review_id) == decision.child_review_id)
    if all_agreed((await command.session.exec(states)).all()):
        command.publish(
            DecisionsAgreed(
                child_review_id=decision.child_review_id,
                reference=decision.reference,
                person_id=decision.person_id,
                chair_id=decision.chair_id,
                by_silence=False,
            )
        )


def all_agreed(states: Sequence[str]) -> bool:
    """Whether the manager agreed to every decision of a child's review, in words or by silence."""
    return set(states) <= {DecisionState.AGREED, DecisionState.AGREED_BY_SILENCE}
