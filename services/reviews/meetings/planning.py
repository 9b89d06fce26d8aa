"""Planning reviews, for one child or for several: what each is, when it is due, and who may chair it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update
from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.db.numbering import references
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.ages import childhood_violation
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation
from chassis.meetings.deadlines import Followed
from services.reviews.children.cases import COLLEAGUE, Case, locked_cases, of_sequence
from services.reviews.children.deadlines import following, refresh
from services.reviews.disruption.models import DisruptionReferral
from services.reviews.events import ReviewPlanned
from services.reviews.meetings.invitations import advocate_invitation, with_advocate
from services.reviews.meetings.meeting import Meeting
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.meetings.schemas import PlanReviewIn
from services.reviews.rules.chairs import panel_chair_violation
from services.reviews.rules.meetings import PanelMember, early_review_violation, panel_violation, too_early_violation
from services.reviews.rules.sequence import ReviewDue
from services.reviews.rules.timescales import OTHERS
from services.reviews.rules.vocabulary import ReferralState, ReviewKind, ReviewState, Track

PREFIX = "REV"
WAITING_REFERRAL = (
    col(DisruptionReferral.state) == ReferralState.ACCEPTED,
    col(DisruptionReferral.review_reference).is_(None),
)


class AlreadyPlanned(Conflict):
    """A review of this sequence has already been planned for a child."""


@dataclass(frozen=True)
class Part:
    """A child's part in a meeting that is being planned."""

    case: Case
    track: Track
    kind: ReviewKind
    due: ReviewDue | None


async def plan_review(command: Command, wanted: PlanReviewIn) -> Meeting:
    """Plan a review for one or several children. Each due date is set here and does not change."""
    cases = await locked_cases(command, wanted.person_ids)
    parts = [_part(case, number, wanted.sequence, command.today) for number, case in enumerate(cases)]
    accepted = await _accepted_chair(command, wanted.person_ids) if wanted.sequence is Track.DISRUPTION else None
    chair_id = wanted.chair_id or accepted or cases[0].child.chair_id or command.caller.subject
    await check_names(command, [NamedEntry("chair_id", COLLEAGUE, chair_id, "chair")])
    _check(wanted, parts, chair_id)
    year = wanted.planned_on.year
    (reference,) = await references(command.process.database.statements, PREFIX, year)
    review = _review(wanted, cases, reference, chair_id)
    command.session.add(review)
    # Its parts and invitations refer to it.
    await command.session.flush()
    rows = {part.case.child.person_id: _child_review(review, part) for part in parts}
    command.session.add_all(rows.values())
    _invite_advocate(command, review, cases)
    for case in cases:
        case.reviews.append(rows[case.child.person_id])
    report = following(DeadlineKind.SOCIAL_WORKER_REPORT, wanted.planned_on, reference)
    followed = Followed(reference, frozenset(), [] if wanted.sequence is Track.SECURE else [report])
    await refresh(command.session, cases, command.today, followed)
    if wanted.sequence is Track.DISRUPTION:
        await _link_referrals(command, wanted.person_ids, reference)
    command.publish(ReviewPlanned.model_validate(review, from_attributes=True))
    await command.audit("plan_review", wanted.person_ids, reference)
    return Meeting(review, {case.child.person_id: case for case in cases}, rows)


async def _accepted_chair(command: Command, person_ids: Sequence[str]) -> str | None:
    """The chair named when the children's referrals were accepted; every child must have one."""
    query = select(DisruptionReferral.person_id, DisruptionReferral.chair_id).where(
        col(DisruptionReferral.person_id).in_(person_ids), *WAITING_REFERRAL
    )
    referred = dict((await command.session.exec(query)).all())
    message = "A disruption meeting follows a referral that was accepted."
    refuse(
        Violation(f"person_ids.{number}", "accepted_referral", message)
        for number, person_id in enumerate(person_ids)
        if person_id not in referred
    )
    return referred[person_ids[0]]


async def _link_referrals(command: Command, person_ids: Sequence[str], reference: str) -> None:
    rows = update(DisruptionReferral).where(col(DisruptionReferral.person_id).in_(person_ids), *WAITING_REFERRAL)
    await command.session.exec(rows.values(review_reference=reference, version=col(DisruptionReferral.version) + 1))


def _part(case: Case, number: int, sequence: Track | None, today: date) -> Part:
    if sequence is Track.DISRUPTION:
        return Part(case, Track.DISRUPTION, ReviewKind.DISRUPTION, None)
    span = case.running(today)
    due = span.due() if span else []
    wanted = of_sequence(due, sequence)
    if wanted is None:
        rule, words = ("looked_after", "This child is not looked after now.")
        if due and sequence is Track.SECURE:
            rule, words = ("in_secure_accommodation", "This child is not in secure accommodation now.")
        elif due:
            words = "This child was not returned by prospective adopters, or was reviewed since."
            rule = "returned_by_adopters"
        refuse([Violation(f"person_ids.{number}", rule, words)])
    assert wanted is not None
    if in_hand := case.in_hand(wanted.track):
        raise AlreadyPlanned(f"It is {in_hand.reference}.", references=[in_hand.reference])
    return Part(case, wanted.track, wanted.kind, wanted)


def _check(wanted: PlanReviewIn, parts: Sequence[Part], chair_id: str) -> None:
    refusals: list[Violation | None] = []
    if wanted.sequence is Track.SECURE:
        refusals.append(panel_violation([PanelMember(member.name, member.independent) for member in wanted.panel]))
        own = frozenset(part.case.child.chair_id for part in parts if part.case.child.chair_id)
        refusals.append(panel_chair_violation(chair_id, own))
    elif wanted.panel:
        refusals.append(Violation("panel", "secure_only", "Only a review of a secure placement has a panel."))
    for number, part in enumerate(parts):
        child = part.case.identity
        if chair_id in {child.manager_id, child.social_worker_id}:
            message = "A chair does not manage the child's case or work on it (regulation 46)."
            refusals.append(Violation("chair_id", "independent", message))
        refusals.append(childhood_violation("planned_on", part.case.born_on, wanted.planned_on))
        if part.due is not None and wanted.planned_on < part.due.event_on:
            message = f"The sequence has reached {part.due.event_on}: a review is held after that."
            refusals.append(Violation(f"person_ids.{number}", "after_the_one_before", message))
        if part.due is not None:
            refusals.append(too_early_violation("planned_on", part.kind, part.due.event_on, wanted.planned_on))
        if wanted.early_trigger is not None:
            refusals.append(early_review_violation(part.kind, part.due.due_on if part.due else None, wanted.planned_on))
    refuse(refusals)


def _review(wanted: PlanReviewIn, cases: Sequence[Case], reference: str, chair_id: str) -> Review:
    return Review(
        reference=reference,
        state=ReviewState.PLANNED,
        person_ids=list(wanted.person_ids),
        planned_on=wanted.planned_on,
        planned_time=wanted.planned_time,
        chair_id=chair_id,
        area_id=cases[0].identity.area_id,
        mode=wanted.mode,
        venue=wanted.venue,
        join_link=wanted.join_link,
        early_trigger=wanted.early_trigger,
        panel=[member.model_dump() for member in wanted.panel],
    )


def _child_review(review: Review, part: Part) -> ChildReview:
    child, due = part.case.identity, part.due
    report_due = OTHERS[DeadlineKind.SOCIAL_WORKER_REPORT].due_on(review.planned_on)
    return ChildReview(
        review_id=review.id,
        reference=review.reference,
        person_id=child.person_id,
        track=part.track,
        kind=part.kind,
        due_on=due.due_on if due else None,
        event_on=due.event_on if due else None,
        rule=due.rule if due else None,
        chair_id=review.chair_id,
        area_id=child.area_id,
        team=child.team,
        social_worker_report_due_on=None if part.track is Track.SECURE else report_due,
    )


def _invite_advocate(command: Command, review: Review, cases: Sequence[Case]) -> None:
    children = with_advocate(cases, review.planned_on)
    if children:
        command.session.add(advocate_invitation(review, children, command.today))
