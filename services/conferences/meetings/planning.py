"""Planning conferences, for one child or for several: what each is, when it is due, and who may chair it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.db.numbering import references
from chassis.events.directory_replica import NamedEntry, ReplicaEntry, check_names
from chassis.law.ages import childhood_violation
from chassis.law.participation import is_advocate_invited
from chassis.law.violations import Violation
from services.conferences.children.cases import COLLEAGUE, REVIEW, Case, locked_cases, managing, practice_of
from services.conferences.children.deadlines import preparation, record, refresh
from services.conferences.children.models import Deadline
from services.conferences.contributions.models import Invitation
from services.conferences.events import ConferencePlanned
from services.conferences.meetings.meeting import Meeting
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.schemas import PlanConferenceIn
from services.conferences.rules.conferences import ConferenceDue, chair_violation, day_violation
from services.conferences.rules.timescales import Practice, report_due_on
from services.conferences.rules.vocabulary import INITIAL_KINDS, ConferenceState, InvitedAs

PREFIX = "CONF"
ADVOCATE = "Advocacy service"
OPEN_REVIEW = frozenset({"planned", "adjourned"})


class ConferenceAlreadyPlanned(Conflict):
    """A conference is already planned for one of the children."""


@dataclass(frozen=True)
class Part:
    """A child's part in a conference that is being planned: which it is for them, and what it answers."""

    case: Case
    due: ConferenceDue
    request_id: UUID | None


async def plan_conference(command: Command, wanted: PlanConferenceIn) -> Meeting:
    """Plan a conference for one or several children. Each due date is worked out here and stays."""
    practice = practice_of(command)
    cases = await locked_cases(command, wanted.person_ids)
    parts = [_part(case, number, practice) for number, case in enumerate(cases)]
    allocated = (case.protection.chair_id for case in cases if case.protection.chair_id)
    chair_id = wanted.chair_id or next(allocated, command.caller.subject)
    await check_names(command, [NamedEntry("chair_id", COLLEAGUE, chair_id, "chair")])
    refuse([*wrong_in_plan(parts, wanted.planned_on, chair_id), await review_violation(command, wanted, chair_id)])
    (reference,) = await references(command.process.database.statements, PREFIX, wanted.planned_on.year)
    conference = _conference(wanted, parts, reference, chair_id, practice)
    command.session.add(conference)
    # Its parts and invitations refer to it.
    await command.session.flush()
    rows = {part.case.person_id: _child_conference(conference, part) for part in parts}
    command.session.add_all(rows.values())
    if children := with_advocate(cases, wanted.planned_on):
        invite_advocate(command, conference, children)
    for case in cases:
        _take_on(case, rows[case.person_id])
    await refresh(command, cases)
    command.session.add_all(
        Deadline(**record(part.case, deadline))
        for part in parts
        for deadline in preparation(part.due.kind, wanted.planned_on, reference, practice)
    )
    command.publish(ConferencePlanned.model_validate(conference, from_attributes=True))
    await command.audit("plan_conference", wanted.person_ids, reference)
    return Meeting(conference, {case.person_id: case for case in cases}, rows)


def _take_on(case: Case, row: ChildConference) -> None:
    """What changes for a child by a conference that is planned: it is in hand, and has a chair."""
    case.parts.append(row)
    if case.protection.chair_id is None:
        case.protection.chair_id = row.chair_id
        case.protection.version += 1


def _part(case: Case, number: int, practice: Practice) -> Part:
    due = case.due(practice)
    if due is None:
        message = "The child is not on a plan, and no section 47 enquiry or transfer is waiting for a conference."
        refuse([Violation(f"person_ids.{number}", "conference_due", message)])
    assert due is not None
    if in_hand := case.in_hand():
        raise ConferenceAlreadyPlanned(f"It is {in_hand.reference}.", references=[in_hand.reference])
    request = case.waiting() if due.kind in INITIAL_KINDS else None
    return Part(case, due, None if request is None else request.id)


def wrong_in_plan(parts: Sequence[Part], planned_on: date, chair_id: str) -> list[Violation | None]:
    """What stands against a conference about these children on this day with this chair."""
    refusals: list[Violation | None] = []
    for number, part in enumerate(parts):
        refusals.append(chair_violation(chair_id, managing(part.case.child)))
        refusals.append(day_violation("planned_on", part.due.kind, planned_on))
        refusals.append(childhood_violation("planned_on", part.case.child.born_on, planned_on))
        if planned_on < part.due.event_on:
            message = f"The date must not be before {part.due.event_on}, from which the conference is counted."
            refusals.append(Violation(f"person_ids.{number}", "after_what_it_follows", message))
    # What is wrong for several children in the same way is said once.
    return list(dict.fromkeys(refusals))


def _conference(
    wanted: PlanConferenceIn, parts: Sequence[Part], reference: str, chair_id: str, practice: Practice
) -> Conference:
    return Conference(
        reference=reference,
        state=ConferenceState.PLANNED,
        chair_id=chair_id,
        area_id=parts[0].case.child.area_id,
        **wanted.model_dump(exclude={"chair_id"}),
        report_due_on=report_due_on([part.due.kind for part in parts], wanted.planned_on, practice),
    )


def _child_conference(conference: Conference, part: Part) -> ChildConference:
    child, plan = part.case.child, part.case.plan()
    return ChildConference(
        conference_id=conference.id,
        reference=conference.reference,
        person_id=child.person_id,
        kind=part.due.kind,
        due_on=part.due.due_on,
        event_on=part.due.event_on,
        rule=part.due.rule,
        request_id=part.request_id,
        chair_id=conference.chair_id,
        area_id=child.area_id,
        team=child.team,
        unborn=child.born_on is None,
        plan_id=None if plan is None else plan.id,
    )


def with_advocate(cases: Sequence[Case], meeting_on: date) -> list[str]:
    """The children of 8 years or over on the day of the conference who did not opt out."""
    return [
        case.person_id
        for case in cases
        if case.child.born_on is not None
        and is_advocate_invited(case.child.born_on, meeting_on, case.protection.advocacy_opted_out_on)
    ]


def invite_advocate(command: Command, conference: Conference, person_ids: list[str]) -> None:
    """Invite an advocate to a conference for these children."""
    command.session.add(
        Invitation(
            conference_id=conference.id,
            reference=conference.reference,
            person_ids=person_ids,
            invited_as=InvitedAs.ADVOCATE,
            name=ADVOCATE,
            area_id=conference.area_id,
            automatic=True,
            invited_on=command.today,
            chair_id=conference.chair_id,
        )
    )


async def review_violation(command: Command, wanted: PlanConferenceIn, chair_id: str) -> Violation | None:
    """Why a conference cannot be one meeting with the review that it names, if it cannot."""
    if wanted.review_reference is None:
        return None
    return await combination_violation(command, wanted.review_reference, wanted.planned_on, chair_id, wanted.person_ids)


async def combination_violation(
    command: Command, review_reference: str, planned_on: date, chair_id: str, person_ids: list[str]
) -> Violation | None:
    """Why a conference and a review cannot be one meeting: they share a child, the day and the chair."""
    query = select(ReplicaEntry).where(col(ReplicaEntry.kind) == REVIEW, col(ReplicaEntry.id) == review_reference)
    # The lock makes a review that is moved at the same time wait, so that this conference can follow it.
    found = (await command.session.exec(query.with_for_update(read=True))).first()
    review: dict[str, Any] = {} if found is None else found.attributes
    if review.get("state") not in OPEN_REVIEW:
        return Violation("review_reference", "planned_review", "No such review is planned.")
    if not set(review.get("person_ids", [])) & set(person_ids):
        return Violation("review_reference", "same_child", "The review is not about any of these children.")
    if review["planned_on"] != planned_on.isoformat():
        message = f"The review is planned for another date, {review['planned_on']}."
        return Violation("review_reference", "same_day", message)
    if review.get("chair_id") != chair_id:
        return Violation("review_reference", "same_chair", f"The review is chaired by {review.get('chair_id')}.")
    return None
