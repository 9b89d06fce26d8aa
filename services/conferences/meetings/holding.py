"""Holding a conference: how it went, what was decided for each child, and what is due from now on."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.law.ages import age_on
from chassis.law.deadlines import DeadlineKind
from chassis.law.participation import Attendance, Participation, code_violation
from chassis.law.violations import Violation, future_violation
from chassis.meetings.corrections import Changes
from chassis.meetings.deadlines import Followed, OpenDeadline
from services.conferences.children.cases import Case, practice_of
from services.conferences.children.deadlines import following, refresh
from services.conferences.contributions.models import Invitation
from services.conferences.events import ConferenceHeld
from services.conferences.meetings.meeting import Meeting, check_planned, invitations_of, locked_meeting
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.moving import BEFOREHAND
from services.conferences.meetings.schemas import ChildConferenceHeldIn, ConferenceAttendanceIn, HoldConferenceIn
from services.conferences.plans.actions import decide
from services.conferences.rules.conferences import (
    Present,
    day_violation,
    is_in_time,
    is_quorate,
    outcome_violation,
    quorum_violation,
)
from services.conferences.rules.plans import start_violation
from services.conferences.rules.timescales import others
from services.conferences.rules.vocabulary import INITIAL_KINDS, ConferenceKind, ConferenceState, InvitedAs, Outcome

SAID_OF_MEETING = {"family_contacted_on", "family_met", "core_group", "safety_scores", "dissent"}
ON_PLAN = frozenset({Outcome.PLAN_MADE, Outcome.CONTINUES})


async def hold_conference(command: Command, reference: str, version: int, wanted: HoldConferenceIn) -> Meeting:
    """Record that a conference was held, for all its children or none; plans and due dates follow at once.

    Whose plan has ended, or who has died, is left out: a sibling's conference goes on without them.
    """
    meeting = await locked_meeting(command, reference, version)
    conference = meeting.conference
    check_planned(conference)
    refusals = _wrong(meeting, wanted, command.today)
    invitations = await invitations_of(command, conference)
    refusals += attend(invitations, wanted.attendance, Changes())
    quorate = is_quorate(present(invitations), practice_of(command))
    refuse([*refusals, quorum_violation(quorate=quorate, because=wanted.inquorate_because)])
    _write(command, conference, wanted, quorate=quorate)
    for child in wanted.children:
        case, part = meeting.cases[child.person_id], meeting.parts[child.person_id]
        hold_part(case, part, child, wanted.held_on)
        for event in decide(case, part, child):
            command.publish(event)
        command.session.add_all(case.plans)
        part.next_due_on = case.next_due_on(practice_of(command))
    conference.outline_plan_due_on, owed = _afterwards(command, conference, wanted)
    await _leave_out(command, meeting, {child.person_id for child in wanted.children}, invitations)
    followed = Followed(reference, BEFOREHAND, owed, conference.chair_id)
    await refresh(command, meeting.ordered(), followed)
    command.publish(ConferenceHeld.model_validate(conference, from_attributes=True))
    await command.audit("hold_conference", conference.person_ids, reference)
    return meeting


async def _leave_out(
    command: Command, meeting: Meeting, named: Collection[str], invitations: Sequence[Invitation]
) -> None:
    """Leave out the children who were not named: the conference is no longer about them."""
    conference = meeting.conference
    left_out = [person_id for person_id in conference.person_ids if person_id not in named]
    if not left_out:
        return
    for person_id in left_out:
        meeting.parts.pop(person_id).cancelled = True
    conference.person_ids = [person_id for person_id in conference.person_ids if person_id in named]
    for invitation in invitations:
        about = [person_id for person_id in invitation.person_ids if person_id in named]
        # Who was invited about them alone stays invited about them.
        if about and about != invitation.person_ids:
            invitation.person_ids = about
            invitation.version += 1
    cases = [meeting.cases[person_id] for person_id in left_out]
    await refresh(command, cases, Followed(conference.reference, BEFOREHAND))
    await command.audit("leave_out_of_conference", left_out, conference.reference)


def _is_concerned(case: Case, part: ChildConference, held_on: date) -> bool:
    """Whether a conference on a day can be about a child: whose plan has ended, or who has died, is left out of it."""
    over_on, died_on = case.over_on(), case.died_on()
    if case.plan() is None:
        return part.kind in INITIAL_KINDS and (over_on is None or held_on < over_on)
    return died_on is None or held_on <= died_on


def _write(command: Command, conference: Conference, wanted: HoldConferenceIn, *, quorate: bool) -> None:
    conference.state, conference.held_on = ConferenceState.HELD, wanted.held_on
    conference.version += 1
    conference.quorate = quorate
    conference.inquorate_because = None if quorate else wanted.inquorate_because
    for name, said in wanted.model_dump(include=SAID_OF_MEETING).items():
        setattr(conference, name, said)
    conference.record_due_on = others(practice_of(command))[DeadlineKind.RECORD].due_on(wanted.held_on)


def _afterwards(
    command: Command, conference: Conference, wanted: HoldConferenceIn
) -> tuple[date | None, list[OpenDeadline]]:
    """When the outline plan is due, if there is one to send, and what else is due from now on."""
    practice, reference = practice_of(command), conference.reference
    owed = [following(DeadlineKind.RECORD, wanted.held_on, reference, practice)]
    if not any(child.outcome in ON_PLAN for child in wanted.children):
        return None, owed
    outline = following(DeadlineKind.OUTLINE_PLAN, wanted.held_on, reference, practice)
    return outline.due_on, [outline, *owed]


def _wrong(meeting: Meeting, wanted: HoldConferenceIn, today: date) -> list[Violation | None]:
    held_on = wanted.held_on
    refusals = wrong_days(held_on, wanted.family_contacted_on, today)
    given = Counter(child.person_id for child in wanted.children)
    for number, child in enumerate(wanted.children):
        at = f"children.{number}."
        if child.person_id not in meeting.parts:
            refusals.append(
                Violation(f"{at}person_id", "of_this_conference", "The conference is not about this child.")
            )
        elif given[child.person_id] > 1:
            refusals.append(Violation(f"{at}person_id", "once", "Name each child once."))
        else:
            refusals += wrong_for_child(
                meeting.cases[child.person_id], meeting.parts[child.person_id], child, held_on, at
            )
    unsaid = set(meeting.conference.person_ids) - given.keys()
    if missing := [
        person_id for person_id in unsaid if _is_concerned(meeting.cases[person_id], meeting.parts[person_id], held_on)
    ]:
        message = f"Enter what was decided for each child: {len(missing)} missing."
        refusals.append(Violation("children", "all_children", message))
    return list(dict.fromkeys(refusals))


def wrong_days(held_on: date, contacted_on: date | None, today: date) -> list[Violation | None]:
    """What cannot be so about the day of a conference, and the day on which its chair was in touch with the family."""
    refusals = [future_violation("held_on", held_on, today)]
    if contacted_on is not None and contacted_on > held_on:
        message = f"The family must be contacted by the date of the conference, {held_on}."
        refusals.append(Violation("family_contacted_on", "before_the_conference", message))
    return refusals


def wrong_for_child(
    case: Case, part: ChildConference, child: ChildConferenceHeldIn, held_on: date, at: str
) -> Sequence[Violation | None]:
    """What cannot be so about one child's part in a conference that was held on a day."""
    born_on = case.child.born_on
    found = [
        participation_violation(born_on, held_on, child.participation, attended=child.attended),
        outcome_violation(
            child.outcome, child.category, on_plan=case.plan() is not None, born_on=born_on, held_on=held_on
        ),
    ]
    refusals: list[Violation | None] = [
        Violation(f"{at}{refusal.field}", refusal.rule, refusal.message) for refusal in found if refusal
    ]
    if case.plan() is None and part.kind not in INITIAL_KINDS:
        message = "The child's plan has ended: leave the child out, or cancel the conference."
        refusals.append(Violation(f"{at}person_id", "plan_runs", message))
    if child.outcome is Outcome.PLAN_MADE:
        refusals.append(start_violation(case.spells(), held_on))
    return [*refusals, *wrong_day_for_child(case, part, held_on)]


def wrong_day_for_child(case: Case, part: ChildConference, held_on: date) -> list[Violation | None]:
    """What cannot be so about the day of a conference for one child, whatever it decided."""
    refusals = [day_violation("held_on", ConferenceKind(part.kind), held_on)]
    if held_on < part.event_on:
        message = f"The date must not be before {part.event_on}, from which the conference is counted."
        refusals.append(Violation("held_on", "after_what_it_follows", message))
    died_on = case.died_on()
    if died_on is not None and died_on < held_on:
        refusals.append(Violation("held_on", "before_death", f"The child died on {died_on}."))
    twice = [row.reference for row in case.parts if row.id != part.id and row.held_on == held_on]
    if twice:
        refusals.append(Violation("held_on", "not_twice", f"The child had a conference on that date: {twice[0]}."))
    return refusals


def participation_violation(
    born_on: date | None, held_on: date, code: Participation | None, *, attended: bool
) -> Violation | None:
    """Why a child cannot have taken part so, if they cannot: they were not born, or the code does not fit."""
    if born_on is None or born_on > held_on:
        if code is not None or attended:
            message = "A child not yet born on the date of the conference cannot take part."
            return Violation("participation", "born", message)
        return None
    if code is None:
        return Violation("participation", "required", "Enter how the child took part: PN0 to PN7.")
    return code_violation(born_on, held_on, code, attended=attended)


def hold_part(case: Case, part: ChildConference, child: ChildConferenceHeldIn, held_on: date) -> None:
    """Record how a child took part in a conference, and what it decided."""
    part.participation, part.attended, part.views = child.participation, child.attended, child.views
    part.advocate, part.outcome = child.advocate, child.outcome
    count_part(case, part, held_on)


def count_part(case: Case, part: ChildConference, held_on: date) -> None:
    """What follows for a child's part from the day on which the conference was held."""
    born_on = case.child.born_on
    part.held_on, part.in_time = held_on, is_in_time(part.due_on, held_on)
    part.unborn = born_on is None or born_on > held_on
    part.age = None if born_on is None or part.unborn else age_on(born_on, held_on)
    since = case.protection.looked_after_since
    part.looked_after = since is not None and since <= held_on


def attend(
    invitations: Sequence[Invitation], wanted: Sequence[ConferenceAttendanceIn], changes: Changes
) -> list[Violation | None]:
    """Record who attended; return what cannot be right."""
    invited = {invitation.id: invitation for invitation in invitations}
    refusals: list[Violation | None] = []
    seen = set()
    for number, person in enumerate(wanted):
        row, at = invited.get(person.invitation_id), f"attendance.{number}.invitation_id"
        if row is None:
            refusals.append(Violation(at, "of_this_conference", "This invitation is not to the conference."))
        elif row.id in seen:
            refusals.append(Violation(at, "once", "Name each invitation once."))
        elif changes.make(row, {"attendance": person.attendance}, str(row.id)):
            row.version += 1
        seen.add(person.invitation_id)
    return refusals


def present(invitations: Sequence[Invitation]) -> list[Present]:
    """The professionals who attended: observers and the family do not count for the quorum."""
    return [
        Present(invitation.agency_id, invitation.agency_role)
        for invitation in invitations
        if invitation.invited_as == InvitedAs.PROFESSIONAL
        and invitation.attendance == Attendance.ATTENDED
        and invitation.agency_id is not None
        and invitation.agency_role is not None
    ]
