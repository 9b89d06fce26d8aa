"""Correcting what was recorded about a held conference: the date, and how each child took part."""

from collections.abc import Collection, Sequence
from datetime import date

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.law.participation import Participation
from chassis.law.violations import Violation
from chassis.meetings.corrections import Changes, keep_correction
from services.conferences.children.cases import Case, practice_of
from services.conferences.children.deadlines import refresh
from services.conferences.contributions.actions import ContributionSettled
from services.conferences.events import ConferenceCorrected, PlanCorrected
from services.conferences.meetings.holding import ON_PLAN, attend, participation_violation, present, wrong_days
from services.conferences.meetings.meeting import Meeting, check_held, invitations_of, locked_meeting
from services.conferences.meetings.models import ChildConference, Correction
from services.conferences.meetings.recounting import count_anew, wrong_in_order
from services.conferences.meetings.schemas import ChildConferenceCorrectionIn, CorrectConferenceIn
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.conferences import is_quorate, quorum_violation
from services.conferences.rules.vocabulary import ConferenceState, Outcome


async def correct_conference(command: Command, reference: str, version: int, wanted: CorrectConferenceIn) -> Meeting:
    """Correct what was recorded when a conference was held; what is left out stays.

    With a new date, all that is counted from it changes: whether it was in time, the plans that it made or
    ended, what is due after it, and the conference after it. What it decided is not corrected.
    """
    meeting = await locked_meeting(command, reference, version)
    conference = meeting.conference
    check_held(conference)
    if wanted.attendance and conference.state == ConferenceState.CLOSED:
        raise ContributionSettled(f"It was closed on {conference.closed_on}.", fields=["attendance"])
    assert conference.held_on is not None
    earlier, held_on = conference.held_on, wanted.held_on or conference.held_on
    invitations = await invitations_of(command, conference)
    changes, said = Changes(), wanted.said_of_meeting()
    refusals = [*_wrong(meeting, wanted, held_on, command.today), *attend(invitations, wanted.attendance, changes)]
    if changes.made:
        quorate = is_quorate(present(invitations), practice_of(command))
        because = said.get("inquorate_because", conference.inquorate_because)
        refusals.append(quorum_violation(quorate=quorate, because=because))
        said |= {"quorate": quorate, "inquorate_because": None if quorate else because}
    elif conference.quorate:
        said.pop("inquorate_because", None)
    refuse(refusals)
    changes.make(conference, {"held_on": held_on} | said)
    plans = _write_parts(meeting, wanted.children, changes)
    if not changes.made:
        return meeting
    conference.version += 1
    if held_on != earlier:
        plans += await count_anew(command, meeting, earlier)
    await refresh(command, meeting.ordered())
    command.publish(ConferenceCorrected.model_validate(conference, from_attributes=True))
    tell_corrected(command, plans)
    await keep_correction(command, Correction, conference, changes, wanted.reason, "correct_conference")
    return meeting


def _write_parts(
    meeting: Meeting, wanted: Sequence[ChildConferenceCorrectionIn], changes: Changes
) -> list[ProtectionPlan]:
    """Record how children took part; return the plans whose category changed."""
    plans = []
    for child in wanted:
        case, part = meeting.cases[child.person_id], meeting.parts[child.person_id]
        category = part.category
        changes.make(part, child.said(), child.person_id)
        plan = case.plan_of(part)
        if part.category != category and plan is not None:
            _follow_category(case, part, plan)
            plans.append(plan)
    return plans


def _follow_category(case: Case, part: ChildConference, plan: ProtectionPlan) -> None:
    """A plan has the category of the conference that made it, and of the last that was held about it."""
    assert part.category is not None
    if part.outcome == Outcome.PLAN_MADE:
        plan.initial_category = part.category
    if not any(later.held_on is not None for later in case.after(part)):
        plan.latest_category = part.category
        if plan.ends_on is None:
            case.protection.category = part.category
            case.protection.version += 1
    plan.version += 1


def _wrong(meeting: Meeting, wanted: CorrectConferenceIn, held_on: date, today: date) -> list[Violation | None]:
    conference = meeting.conference
    refusals = wrong_days(held_on, wanted.family_contacted_on or conference.family_contacted_on, today)
    named = [child.person_id for child in wanted.children]
    for number, child in enumerate(wanted.children):
        at = f"children.{number}."
        if child.person_id not in meeting.parts:
            refusals.append(
                Violation(f"{at}person_id", "of_this_conference", "The conference is not about this child.")
            )
        elif named.count(child.person_id) > 1:
            refusals.append(Violation(f"{at}person_id", "once", "Name each child once."))
        else:
            case, part = meeting.cases[child.person_id], meeting.parts[child.person_id]
            refusals += _wrong_for_child(case, part, child, held_on, at)
    if held_on != conference.held_on:
        refusals += _wrong_on_another_day(meeting, named, held_on)
    return list(dict.fromkeys(refusals))


def _wrong_for_child(
    case: Case, part: ChildConference, child: ChildConferenceCorrectionIn, held_on: date, at: str
) -> list[Violation]:
    said = child.said()
    found = []
    if said.keys() & {"participation", "attended"}:
        code, attended = said.get("participation", part.participation), said.get("attended", part.attended)
        found.append(participation_violation(case.child.born_on, held_on, code, attended=bool(attended)))
    if child.category is not None and part.outcome not in ON_PLAN:
        found.append(Violation("category", "plans_only", "Only a plan that is made or continues has a category."))
    return [Violation(f"{at}{refusal.field}", refusal.rule, refusal.message) for refusal in found if refusal]


def _wrong_on_another_day(meeting: Meeting, named: Collection[str], held_on: date) -> list[Violation | None]:
    refusals: list[Violation | None] = []
    for case in meeting.ordered():
        part = meeting.parts[case.person_id]
        # A return does not say how a child took part.
        if part.person_id not in named and (part.participation is not None or part.unborn):
            code = None if part.participation is None else Participation(part.participation)
            wrong = participation_violation(case.child.born_on, held_on, code, attended=bool(part.attended))
            refusals.append(wrong and Violation("held_on", wrong.rule, wrong.message))
        refusals += wrong_in_order(meeting.conference, case, part, held_on)
    return refusals


def tell_corrected(command: Command, plans: Sequence[ProtectionPlan]) -> None:
    """Publish plans as they are now, each once."""
    for plan in {plan.id: plan for plan in plans}.values():
        command.publish(
            PlanCorrected(
                plan_id=plan.id,
                person_id=plan.person_id,
                starts_on=plan.starts_on,
                ends_on=plan.ends_on,
                category=plan.latest_category,
                version=plan.version,
            )
        )
