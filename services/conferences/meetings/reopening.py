"""Reopening a conference that was not held, or whose decisions were recorded wrongly."""

from sqlmodel import col, select

from chassis.base.problems import Conflict
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.meetings.corrections import Changes, keep_correction
from chassis.meetings.deadlines import Followed
from services.conferences.children.cases import Case, practice_of
from services.conferences.children.deadlines import preparation, record, refresh
from services.conferences.children.models import Deadline
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.events import ConferenceReopened, PlanVoided
from services.conferences.meetings.correcting import tell_corrected
from services.conferences.meetings.meeting import Meeting, check_held, invitations_of, locked_meeting
from services.conferences.meetings.models import ChildConference, Conference, Correction
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.vocabulary import CheckKind, ConferenceKind, ConferenceState, Outcome

SAID = ("participation", "attended", "advocate", "views", "outcome", "category")
SAID_OF_MEETING = ("held_on", "family_contacted_on", "family_met", "quorate", "inquorate_because")
FOLLOWS = ("held_on", "in_time", "age", "next_due_on")
AFTERWARDS = frozenset({DeadlineKind.RECORD, DeadlineKind.OUTLINE_PLAN})


class ConferenceFollowed(Conflict):
    """This conference has been acted on, so it cannot be reopened. Correct it instead."""


async def reopen_conference(command: Command, reference: str, version: int, reason: str) -> Meeting:
    """Reopen a conference: it is planned as before, and what it decided is withdrawn.

    Refused once something followed from it: it was closed, the outline plan sent, the record completed, the plan
    carried out, or the next conference planned.
    """
    meeting = await locked_meeting(command, reference, version)
    conference = meeting.conference
    check_held(conference)
    _check_nothing_followed(meeting)
    invitations = await invitations_of(command, conference)
    changes = Changes()
    changes.make(conference, {**dict.fromkeys(SAID_OF_MEETING), "core_group": []})
    conference.state = ConferenceState.PLANNED
    conference.record_due_on, conference.outline_plan_due_on = None, None
    conference.version += 1
    corrected = []
    for person_id, part in meeting.parts.items():
        case = meeting.cases[person_id]
        corrected += await _undecide(command, case, part)
        changes.make(part, dict.fromkeys(SAID), person_id)
        for name in FOLLOWS:
            setattr(part, name, None)
        part.unborn, part.looked_after = case.child.born_on is None, False
    for invitation in invitations:
        if changes.make(invitation, {"attendance": None}, str(invitation.id)):
            invitation.version += 1
    await _ask_again(command, conference, meeting.cases)
    await refresh(command, meeting.ordered(), Followed(reference, AFTERWARDS))
    _prepare_again(command, meeting)
    command.publish(ConferenceReopened.model_validate(conference, from_attributes=True))
    tell_corrected(command, corrected)
    await keep_correction(command, Correction, conference, changes, reason, "reopen_conference")
    return meeting


def _check_nothing_followed(meeting: Meeting) -> None:
    conference = meeting.conference
    if conference.state == ConferenceState.CLOSED:
        raise ConferenceFollowed(f"It was closed on {conference.closed_on}.")
    if conference.outline_plan_on is not None or conference.record_on is not None:
        raise ConferenceFollowed("Its outline plan was sent, or its record was completed.")
    for case in meeting.ordered():
        part = meeting.parts[case.person_id]
        if later := case.after(part):
            references = sorted(part.reference for part in later)
            raise ConferenceFollowed(f"The next conference is {', '.join(references)}.", references=references)
        if part.outcome == Outcome.NOT_MADE and case.waiting() is not None:
            raise ConferenceFollowed("Another conference has been requested since.")
        if _is_carried_out(case, part):
            raise ConferenceFollowed("The plan was carried out: a core group, a check, a discussion, or its end.")


def _is_carried_out(case: Case, part: ChildConference) -> bool:
    plan = case.plan_of(part)
    if plan is None or part.outcome == Outcome.ENDED:
        # A plan that began since then followed from another conference.
        return plan is not None and plan is not case.plans[-1]
    if plan.ends_on is not None or (CheckKind.MIDWAY, part.reference) in case.checks_done:
        return True
    met = any(group.due_on >= plan.starts_on for group in case.core_groups)
    return part.outcome == Outcome.PLAN_MADE and (met or plan.id in case.discussed)


async def _undecide(command: Command, case: Case, part: ChildConference) -> list[ProtectionPlan]:
    """Withdraw what was decided for a child; return the plans that changed."""
    protection, plan = case.protection, case.plan_of(part)
    protection.chair_id = protection.chair_id or part.chair_id
    protection.version += 1
    if plan is None:
        return []
    if part.outcome == Outcome.PLAN_MADE:
        command.publish(PlanVoided(plan_id=plan.id, person_id=plan.person_id, version=plan.version + 1))
        case.plans.remove(plan)
        part.plan_id, protection.plan_since, protection.category = None, None, None
        await command.session.delete(plan)
        return []
    if part.outcome == Outcome.CONTINUES:
        before = [
            earlier.category for earlier in case.held_for(plan) if earlier is not part and earlier.category is not None
        ]
        plan.latest_category = before[-1] if before else plan.initial_category
    plan.ends_on, plan.end_reason, plan.ended_by = None, None, None
    plan.version += 1
    protection.plan_since, protection.category = plan.starts_on, plan.latest_category
    return [plan]


async def _ask_again(command: Command, conference: Conference, cases: dict[str, Case]) -> None:
    """What asked for the conference waits for it again."""
    query = select(ConferenceRequest).where(col(ConferenceRequest.conference_reference) == conference.reference)
    for row in (await command.session.exec(query)).all():
        row.conference_reference, row.answered_on = None, None
        row.version += 1
        if row.person_id in cases:
            cases[row.person_id].requests.append(row)


def _prepare_again(command: Command, meeting: Meeting) -> None:
    """The check before the conference is due again, unless it was done."""
    conference, practice = meeting.conference, practice_of(command)
    for case in meeting.ordered():
        part = meeting.parts[case.person_id]
        if (CheckKind.PREPARATION, conference.reference) not in case.checks_done:
            owed = preparation(ConferenceKind(part.kind), conference.planned_on, conference.reference, practice)
            command.session.add_all(Deadline(**record(case, deadline)) for deadline in owed)
