"""Before a review: what the child was asked, the social worker's report, and which plans there are."""

from collections import Counter
from datetime import date

from sqlmodel import col, select

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind, DeadlineOwner
from chassis.law.violations import Violation, future_violation
from chassis.meetings.deadlines import OpenDeadline
from services.reviews.children.cases import child_in_care
from services.reviews.children.deadlines import following, record, settle
from services.reviews.children.models import Deadline
from services.reviews.meetings.meeting import ReviewNotOpen, locked_part
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.meetings.schemas import PreparationIn
from services.reviews.rules.meetings import missing_plans, plans_needed
from services.reviews.rules.timescales import MISSING_PLAN_RULE
from services.reviews.rules.vocabulary import LegalStatus, Plan, ReviewState, Track

DAYS = ("contacted_beforehand_on", "consultation_sent_on", "consultation_returned_on", "social_worker_report_on")


async def prepare_review(
    command: Command, reference: str, person_id: str, version: int, wanted: PreparationIn
) -> tuple[Review, ChildReview]:
    """Record how a child's review was prepared; fields left out do not change."""
    review, part = await locked_part(command, reference, person_id, version)
    if review.state == ReviewState.CANCELLED:
        raise ReviewNotOpen(f"{reference} is {review.state}.", reference=reference, state=review.state)
    refuse(_wrong_in_preparation(part, wanted, command.today))
    for name in DAYS:
        if name in wanted.model_fields_set:
            setattr(part, name, getattr(wanted, name))
    if wanted.plan_checks is not None:
        part.plan_checks = [check.model_dump(mode="json") for check in wanted.plan_checks]
        await ask_to_escalate(command, review, part)
    if "social_worker_report_on" in wanted.model_fields_set:
        await await_report(command, review, part)
    review.version += 1
    await command.audit("prepare_review", [person_id], reference)
    return review, part


def _wrong_in_preparation(part: ChildReview, wanted: PreparationIn, today: date) -> list[Violation | None]:
    days = {name: getattr(wanted if name in wanted.model_fields_set else part, name) for name in DAYS}
    checks = wanted.plan_checks or []
    dated = {f"plan_checks.{number}.dated_on": check.dated_on for number, check in enumerate(checks)}
    said = {name: days[name] for name in wanted.model_fields_set & set(DAYS)} | dated
    refusals: list[Violation | None] = [future_violation(name, day, today) for name, day in sorted(said.items())]
    times = Counter(check.plan for check in checks)
    for number, check in enumerate(checks):
        if times[check.plan] > 1:
            refusals.append(Violation(f"plan_checks.{number}.plan", "once", "Name each plan once."))
    sent, returned = days["consultation_sent_on"], days["consultation_returned_on"]
    if sent and returned and returned < sent:
        message = f"The form was sent on {sent}: it comes back after that."
        refusals.append(Violation("consultation_returned_on", "after_it_was_sent", message))
    contacted = wanted.contacted_beforehand_on
    if contacted and part.held_on and contacted > part.held_on:
        message = f"The review was held on {part.held_on}: beforehand is before that."
        refusals.append(Violation("contacted_beforehand_on", "before_the_review", message))
    return refusals


async def await_report(command: Command, review: Review, part: ChildReview) -> None:
    """Keep the deadline of the social worker's report open until the report is there."""
    await settle(command.session, review.reference, [part.person_id], DeadlineKind.SOCIAL_WORKER_REPORT)
    is_expected = part.social_worker_report_due_on is not None and review.state != ReviewState.HELD
    if is_expected and part.social_worker_report_on is None:
        of = await child_in_care(command.session, part.person_id)
        # It was due before the first sitting, however much later the review goes on.
        owing = following(DeadlineKind.SOCIAL_WORKER_REPORT, review.sat_on or review.planned_on, review.reference)
        command.session.add(Deadline(**record(of, owing)))


async def ask_to_escalate(command: Command, review: Review, part: ChildReview) -> None:
    """Keep a deadline to escalate each missing plan open until it is escalated or there."""
    of = await child_in_care(command.session, part.person_id)
    status = LegalStatus(of.child.legal_status) if of.child.legal_status else None
    needed = plans_needed(of.born_on, review.planned_on, status, Track(part.track))
    missing = missing_plans(needed, {Plan(check["plan"]): check["present"] for check in part.plan_checks})
    query = select(Deadline).where(
        col(Deadline.review_reference) == review.reference,
        col(Deadline.person_id) == part.person_id,
        col(Deadline.kind) == DeadlineKind.MISSING_PLAN,
    )
    known = {deadline.subject: deadline for deadline in (await command.session.exec(query)).all()}
    for gone in known.keys() - set(missing):
        await command.session.delete(known[gone])
    # A deadline on the list does not change, so that it is not published as missed twice.
    for plan in missing:
        if plan not in known:
            owing = OpenDeadline(
                DeadlineKind.MISSING_PLAN,
                plan,
                command.today,
                review.planned_on,
                MISSING_PLAN_RULE,
                DeadlineOwner.CHAIR,
                review.reference,
            )
            command.session.add(Deadline(**record(of, owing)))
