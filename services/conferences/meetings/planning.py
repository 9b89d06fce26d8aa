"""Planning conferences, for one child or for several: what each is, when it is due, and who may chair it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.db.numbering import references
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.ages import childhood_violation
from chassis.law.participation import is_advocate_invited
from chassis.law.violations import Violation
from services.conferences.children.cases import COLLEAGUE, Case, locked_cases, managing, practice_of
from services.conferences.children.deadlines import preparation, record, refresh
from services.conferences.children.models import Deadline
from services.conferences.events import ConferencePlanned
from services.conferences.meetings.combining import review_violation
from services.conferences.meetings.meeting import Meeting
from services.conferences.meetings.models import ChildConference, Conference, Invitation
from services.conferences.meetings.schemas import PlanConferenceIn
from services.conferences.rules.conferences import ConferenceDue, chair_violation, day_violation
from services.conferences.rules.timescales import Practice, report_due_on
from services.conferences.rules.vocabulary import INITIAL_KINDS, ConferenceState, InvitedAs

PREFIX = "CONF"
ADVOCATE = "Advocacy service"


class AlreadyPlanned(Conflict):
    """A child's conference is planned already."""


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
    allocated = (case.child.chair_id for case in cases if case.child.chair_id)
    chair_id = wanted.chair_id or next(allocated, command.caller.subject)
    await check_names(command, [NamedEntry("chair_id", COLLEAGUE, chair_id, "chair")])
    refuse([*wrong_in_plan(parts, wanted.planned_on, chair_id), await review_violation(command, wanted, chair_id)])
    (reference,) = await references(command.process.database.statements, PREFIX, wanted.planned_on.year)
    conference = _conference(wanted, parts, reference, chair_id, practice)
    command.session.add(conference)
    # Its parts and invitations refer to it.
    await command.session.flush()
    rows = {part.case.child.person_id: _child_conference(conference, part) for part in parts}
    command.session.add_all(rows.values())
    if children := with_advocate(cases, wanted.planned_on):
        invite_advocate(command, conference, children)
    for case in cases:
        _take_on(case, rows[case.child.person_id])
    await refresh(command.session, cases, practice, command.today)
    command.session.add_all(
        Deadline(**record(part.case.child, one))
        for part in parts
        for one in preparation(part.due.kind, wanted.planned_on, reference, practice)
    )
    command.publish(ConferencePlanned(**{name: getattr(conference, name) for name in ConferencePlanned.model_fields}))
    await command.audit("plan_conference", wanted.person_ids, reference)
    return Meeting(conference, {case.child.person_id: case for case in cases}, rows)


def _take_on(case: Case, row: ChildConference) -> None:
    """What changes for a child by a conference that is planned: it is in hand, and has a chair."""
    case.parts.append(row)
    if case.child.chair_id is None:
        case.child.chair_id = row.chair_id
        case.child.version += 1


def _part(case: Case, number: int, practice: Practice) -> Part:
    due = case.due(practice)
    if due is None:
        message = "No section 47 enquiry or transfer of this child waits for a conference, and there is no plan."
        refuse([Violation(f"person_ids.{number}", "conference_due", message)])
    assert due is not None
    if in_hand := case.in_hand():
        raise AlreadyPlanned(f"It is {in_hand.reference}.", references=[in_hand.reference])
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
            message = f"It is counted from {part.due.event_on}: a conference is held after that."
            refusals.append(Violation(f"person_ids.{number}", "after_what_it_follows", message))
    # What is wrong for several children in the same way is said once.
    return list(dict.fromkeys(refusals))


def _conference(
    wanted: PlanConferenceIn, parts: Sequence[Part], reference: str, chair_id: str, practice: Practice
) -> Conference:
    return Conference(
        reference=reference,
        state=ConferenceState.PLANNED,
        person_ids=list(wanted.person_ids),
        planned_on=wanted.planned_on,
        planned_time=wanted.planned_time,
        chair_id=chair_id,
        area_id=parts[0].case.child.area_id,
        mode=wanted.mode,
        venue=wanted.venue,
        minute_taker=wanted.minute_taker,
        review_reference=wanted.review_reference,
        report_due_on=report_due_on([part.due.kind for part in parts], wanted.planned_on, practice),
        restricted=any(part.case.child.restricted for part in parts),
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
        restricted=child.restricted,
        unborn=child.born_on is None,
        plan_id=None if plan is None else plan.id,
    )


def with_advocate(cases: Sequence[Case], meeting_on: date) -> list[str]:
    """The children of 8 years or over on the day of the conference who did not opt out."""
    children = [case.child for case in cases]
    return [
        one.person_id
        for one in children
        if one.born_on is not None and is_advocate_invited(one.born_on, meeting_on, one.advocacy_opted_out_on)
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
            restricted=conference.restricted,
            chair_id=conference.chair_id,
        )
    )
