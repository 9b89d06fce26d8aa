"""Before a review: who is invited, what the child was asked, which plans there are."""

from chassis.acting import Acting
from services.reviews.actions.cases import refuse
from services.reviews.actions.meetings import ReviewNotOpen, locked_part, locked_review
from services.reviews.actions.owing import Owing, record, settle
from services.reviews.rules.meetings import missing_plans, plans_needed
from services.reviews.rules.refusals import Refusal
from services.reviews.rules.timescales import MISSING_PLAN_RULE
from services.reviews.rules.vocabulary import DeadlineKind, LegalStatus, Plan, ReviewState, Track
from services.reviews.schemas.meetings import InviteIn, PreparationIn
from services.reviews.tables import ChildReview, Deadline, Invitation, LookedAfterChild, Review

DAYS = ("contacted_beforehand_on", "consultation_sent_on", "consultation_returned_on", "social_worker_report_on")


async def invite(act: Acting, reference: str, version: int, wanted: InviteIn) -> Invitation:
    """Invite somebody to a review."""
    review = await locked_review(act, reference, version)
    if review.state not in {ReviewState.PLANNED, ReviewState.ADJOURNED}:
        raise ReviewNotOpen(f"{reference} is {review.state}.", reference=reference, state=review.state)
    refuse(
        Refusal(f"person_ids.{number}", "of_this_review", "The review is not about this child.")
        for number, one in enumerate(wanted.person_ids)
        if one not in review.person_ids
    )
    row = Invitation(
        review_id=review.id,
        reference=reference,
        person_ids=wanted.person_ids or review.person_ids,
        name=wanted.name,
        relationship=wanted.relationship,
        agency_id=wanted.agency_id,
        email=wanted.email,
        invited_on=act.today,
    )
    act.session.add(row)
    review.version += 1
    await act.audit("invite", row.person_ids, reference)
    return row


async def prepare_review(
    act: Acting, reference: str, person_id: str, version: int, wanted: PreparationIn
) -> tuple[Review, ChildReview]:
    """Write down how a child's review was prepared; what is left out stays."""
    review, part = await locked_part(act, reference, person_id, version)
    if review.state == ReviewState.CANCELLED:
        raise ReviewNotOpen(f"{reference} is {review.state}.", reference=reference, state=review.state)
    refuse(
        Refusal(name, "not_in_the_future", "This day has not come yet.")
        for name in DAYS
        if (day := getattr(wanted, name)) is not None and day > act.today
    )
    for name in DAYS:
        if name in wanted.model_fields_set:
            setattr(part, name, getattr(wanted, name))
    if wanted.plan_checks is not None:
        part.plan_checks = [one.model_dump(mode="json") for one in wanted.plan_checks]
        await _ask_to_escalate(act, review, part)
    if part.social_worker_report_on is not None:
        await settle(act.session, reference, [person_id], DeadlineKind.SOCIAL_WORKER_REPORT)
    review.version += 1
    await act.audit("prepare_review", [person_id], reference)
    return review, part


async def _ask_to_escalate(act: Acting, review: Review, part: ChildReview) -> None:
    """A plan that a child needs and that is missing is owed an escalation, until one is raised or the plan is there."""
    child = await act.session.get_one(LookedAfterChild, part.person_id)
    status = LegalStatus(child.legal_status) if child.legal_status else None
    needed = plans_needed(child.born_on, review.planned_on, status, Track(part.track))
    missing = missing_plans(needed, {Plan(one["plan"]): one["present"] for one in part.plan_checks})
    await settle(act.session, review.reference, [part.person_id], DeadlineKind.MISSING_PLAN)
    for plan in missing:
        owing = Owing(
            DeadlineKind.MISSING_PLAN,
            plan,
            act.today,
            review.planned_on,
            MISSING_PLAN_RULE,
            review_reference=review.reference,
        )
        act.session.add(Deadline(**record(child, owing)))
