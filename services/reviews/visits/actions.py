"""Between reviews: contacts and visits, midpoint checks, prompts, leaving care, feedback."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from chassis.access.visibility import check_may_see, hidden_among
from chassis.base.problems import Conflict, NotFound
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.timescales import midpoint
from chassis.law.violations import Violation
from chassis.web.refusing import refuse
from chassis.web.versions import check_version
from services.reviews.chairs.actions import NotLookedAfter
from services.reviews.children.cases import COLLEAGUE, locked_case
from services.reviews.children.deadlines import refresh
from services.reviews.children.models import LookedAfterChild
from services.reviews.meetings.models import Review
from services.reviews.rules.children import approval_needed, is_within_care
from services.reviews.rules.sequence import last_main_review
from services.reviews.rules.vocabulary import ContactKind, ReviewState
from services.reviews.visits.models import Contact, Feedback, LeavingCareDecision, MidpointCheck, PromptDone
from services.reviews.visits.schemas import (
    ContactIn,
    FeedbackIn,
    LeavingCareDecideIn,
    LeavingCareIn,
    MidpointCheckIn,
    PromptDoneIn,
)


class NothingToCheck(Conflict):
    """There is no review in this period of care after which to check, or it was checked already."""


class NoApprovalNeeded(Conflict):
    """The law asks for nobody's approval before this child stops being looked after."""


class AlreadyDecided(Conflict):
    """This was decided already."""


def day_violation(field: str, day: date, today: date) -> Violation | None:
    """Why a day on which something is said to have happened cannot be so, if it cannot."""
    return Violation(field, "not_in_the_future", "This day has not come yet.") if day > today else None


async def record_contact(command: Command, person_id: str, wanted: ContactIn) -> Contact:
    """Write down a visit to a child or another contact; a visit sets the clock of the next one."""
    case = await locked_case(command, person_id)
    made_by = wanted.made_by or command.caller.subject
    await check_names(command, [NamedEntry("made_by", COLLEAGUE, made_by)])
    refuse([day_violation("happened_on", wanted.happened_on, command.today)])
    row = Contact(
        person_id=person_id,
        kind=wanted.kind,
        happened_on=wanted.happened_on,
        made_by=made_by,
        seen_alone=wanted.seen_alone,
        note=wanted.note,
        recorded_at=command.now,
    )
    command.session.add(row)
    child = case.child
    if wanted.kind is ContactKind.VISIT and (child.last_visit_on is None or child.last_visit_on < wanted.happened_on):
        child.last_visit_on = wanted.happened_on
        await refresh(command.session, [case], command.today)
    await command.audit("record_contact", [person_id], person_id)
    return row


async def check_midpoint(command: Command, person_id: str, wanted: MidpointCheckIn) -> MidpointCheck:
    """Write down the check halfway between a child's last review and the next."""
    case = await locked_case(command, person_id)
    span = case.running(command.today)
    reviewed_on = last_main_review(span.held) if span else None
    if span is None or reviewed_on is None or reviewed_on in case.midpoints_done:
        raise NothingToCheck
    done_on = wanted.done_on or command.today
    refuse([day_violation("done_on", done_on, command.today)])
    if done_on < reviewed_on:
        refuse([Violation("done_on", "after_the_review", f"The last review was held on {reviewed_on}.")])
    due = span.due()[0]
    row = MidpointCheck(
        person_id=person_id,
        reviewed_on=reviewed_on,
        due_on=midpoint(reviewed_on, due.due_on),
        done_on=done_on,
        done_by=command.caller.subject,
        on_track=wanted.on_track,
        note=wanted.note,
    )
    command.session.add(row)
    case.midpoints_done.add(reviewed_on)
    await refresh(command.session, [case], command.today)
    await command.audit("check_midpoint", [person_id], person_id)
    return row


async def do_prompt(command: Command, person_id: str, wanted: PromptDoneIn) -> PromptDone:
    """Write down that something of which the chair was reminded was seen to."""
    case = await locked_case(command, person_id)
    if not case.periods:
        raise NotLookedAfter
    done_on = wanted.done_on or command.today
    refuse([day_violation("done_on", done_on, command.today)])
    since = case.periods[-1].starts_on
    row = await command.session.get(PromptDone, (person_id, str(wanted.prompt), since))
    if row is None:
        row = PromptDone(
            person_id=person_id, prompt=wanted.prompt, care_since=since, done_on=done_on, done_by=command.caller.subject
        )
        command.session.add(row)
        case.prompts_done.add((wanted.prompt, since))
        await refresh(command.session, [case], command.today)
    await command.audit("do_prompt", [person_id], person_id)
    return row


async def request_leaving_care(command: Command, person_id: str, wanted: LeavingCareIn) -> LeavingCareDecision:
    """Ask for the approval that the law wants before a child leaves care; who gives it follows from the law."""
    case = await locked_case(command, person_id)
    requested_on = wanted.requested_on or command.today
    refuse([day_violation("requested_on", requested_on, command.today)])
    care = next((one for one in reversed(case.cares()) if is_within_care([one], requested_on)), None)
    if care is None:
        raise NotLookedAfter
    approval = approval_needed(care.as_on(requested_on), case.child.born_on, requested_on)
    if approval is None:
        raise NoApprovalNeeded
    row = LeavingCareDecision(person_id=person_id, approval=approval, requested_on=requested_on)
    command.session.add(row)
    await command.audit("request_leaving_care", [person_id], person_id)
    return row


async def decide_leaving_care(
    command: Command, decision_id: UUID, version: int, wanted: LeavingCareDecideIn
) -> LeavingCareDecision:
    """Write down what the director or the nominated officer decided."""
    row = await command.session.get(LeavingCareDecision, decision_id, with_for_update=True)
    child = None if row is None else await command.session.get(LookedAfterChild, row.person_id)
    if row is None or child is None:
        raise NotFound
    await check_may_see(command, [row.person_id])
    check_version(row, version)
    if row.decided_on is not None:
        raise AlreadyDecided
    decided_on = wanted.decided_on or command.today
    refuse([day_violation("decided_on", decided_on, command.today)])
    if decided_on < row.requested_on:
        refuse([Violation("decided_on", "after_the_request", f"It was asked for on {row.requested_on}.")])
    row.decided_on, row.approved = decided_on, wanted.approved
    row.decided_by, row.note = wanted.decided_by, wanted.note
    row.version += 1
    await command.audit("decide_leaving_care", [row.person_id], str(row.id))
    return row


async def give_feedback(command: Command, wanted: FeedbackIn) -> Feedback:
    """Write down what somebody said about a review that was held."""
    review = (await command.session.exec(select(Review).where(col(Review.reference) == wanted.reference))).first()
    if review is None or await hidden_among(command, review.person_ids):
        refuse([Violation("reference", "known_review", "There is no such review, or you may not see it.")])
        raise NotFound
    if review.state != ReviewState.HELD or review.held_on is None:
        refuse([Violation("reference", "held", "Feedback is about a review that was held.")])
    given_on = wanted.given_on or command.today
    refuse([day_violation("given_on", given_on, command.today)])
    if review.held_on is not None and given_on < review.held_on:
        refuse([Violation("given_on", "after_the_review", f"The review was held on {review.held_on}.")])
    row = Feedback(
        reference=review.reference,
        person_ids=review.person_ids,
        from_whom=wanted.from_whom,
        rating=wanted.rating,
        comment=wanted.comment,
        given_on=given_on,
        recorded_by=command.caller.subject,
    )
    command.session.add(row)
    await command.audit("give_feedback", review.person_ids, review.reference)
    return row
