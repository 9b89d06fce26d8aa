"""What becomes of a planned conference before it is held: moved, cancelled, combined with a review."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.ages import childhoods_violation
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation
from chassis.meetings.deadlines import Followed
from services.conferences.children.cases import COLLEAGUE, managing, practice_of
from services.conferences.children.deadlines import preparation, record, refresh, settle
from services.conferences.children.models import Deadline
from services.conferences.contributions.models import Invitation
from services.conferences.events import ConferenceCancelled, ConferenceMoved
from services.conferences.meetings.meeting import Meeting, check_planned, invitations_of, locked_meeting
from services.conferences.meetings.models import Conference
from services.conferences.meetings.planning import combination_violation, invite_advocate, with_advocate
from services.conferences.meetings.schemas import MoveConferenceIn
from services.conferences.rules.conferences import chair_violation, day_violation
from services.conferences.rules.timescales import report_due_on
from services.conferences.rules.vocabulary import ConferenceKind, ConferenceState

BEFOREHAND = frozenset({DeadlineKind.PREPARATION_CHECK})
CLEARED = frozenset({"planned_time", "venue", "join_link", "minute_taker"})


class FollowsReview(Conflict):
    """This conference is combined with a looked-after review: move the review, and the conference follows."""


async def move_conference(command: Command, reference: str, version: int, wanted: MoveConferenceIn) -> Meeting:
    """Move a planned conference, or change how it is held or who chairs it; the due dates stay where they are."""
    meeting = await locked_meeting(command, reference, version)
    conference = meeting.conference
    check_planned(conference)
    if wanted.chair_id is not None:
        await check_names(command, [NamedEntry("chair_id", COLLEAGUE, wanted.chair_id, "chair")])
    changes = _changes(conference, wanted)
    if conference.review_reference is not None and changes.keys() & {"planned_on", "chair_id"}:
        raise FollowsReview(f"It is {conference.review_reference}.", reference=conference.review_reference)
    refuse(_wrong_in_move(meeting, wanted))
    if changes:
        await _change(command, meeting, changes, "move_conference")
    return meeting


def _changes(conference: Conference, wanted: MoveConferenceIn) -> dict[str, Any]:
    """What really changes: a request that changes nothing is not published."""
    said = wanted.model_dump(exclude_unset=True)
    return {
        name: value
        for name, value in said.items()
        if value != getattr(conference, name) and (value is not None or name in CLEARED)
    }


def _wrong_in_move(meeting: Meeting, wanted: MoveConferenceIn) -> list[Violation | None]:
    refusals: list[Violation | None] = []
    for case in meeting.ordered():
        part = meeting.parts[case.person_id]
        if wanted.chair_id is not None:
            refusals.append(chair_violation(wanted.chair_id, managing(case.child)))
        if wanted.planned_on is not None:
            refusals.append(day_violation("planned_on", ConferenceKind(part.kind), wanted.planned_on))
            if wanted.planned_on < part.event_on:
                message = f"The date must not be before {part.event_on}, from which the conference is counted."
                refusals.append(Violation("planned_on", "after_what_it_follows", message))
    if wanted.planned_on is not None:
        refusals.append(childhoods_violation("planned_on", meeting.born_on(), wanted.planned_on))
    return list(dict.fromkeys(refusals))


async def _change(command: Command, meeting: Meeting, changes: dict[str, Any], action: str) -> None:
    conference = meeting.conference
    invitations = await invitations_of(command, conference)
    conference.version += 1
    for name, value in changes.items():
        setattr(conference, name, value)
    kinds = [ConferenceKind(part.kind) for part in meeting.parts.values()]
    conference.report_due_on = report_due_on(kinds, conference.planned_on, practice_of(command))
    for part in meeting.parts.values():
        part.chair_id = conference.chair_id
    for invitation in invitations:
        invitation.chair_id = conference.chair_id
    if "planned_on" in changes:
        await _follow_day(command, meeting, invitations)
    command.publish(ConferenceMoved.model_validate(conference, from_attributes=True))
    await command.audit(action, conference.person_ids, conference.reference)


async def _follow_day(command: Command, meeting: Meeting, invitations: Sequence[Invitation]) -> None:
    """What depends on the day of the conference follows it: reports, the advocate, the check before it."""
    conference, practice = meeting.conference, practice_of(command)
    for invitation in invitations:
        if invitation.report_expected and invitation.report_due_on != conference.report_due_on:
            invitation.report_due_on = conference.report_due_on
            invitation.version += 1
    await _follow_advocate(command, meeting)
    waiting = select(Deadline.person_id).where(
        col(Deadline.conference_reference) == conference.reference,
        col(Deadline.kind) == DeadlineKind.PREPARATION_CHECK,
    )
    unprepared = set((await command.session.exec(waiting)).all())
    await settle(command.session, conference.reference, conference.person_ids, DeadlineKind.PREPARATION_CHECK)
    for case in meeting.ordered():
        part = meeting.parts[case.person_id]
        if case.person_id in unprepared:
            owed = preparation(ConferenceKind(part.kind), conference.planned_on, conference.reference, practice)
            command.session.add_all(Deadline(**record(case, deadline)) for deadline in owed)


async def _follow_advocate(command: Command, meeting: Meeting) -> None:
    """Who has an advocate depends on the day, so the invitation follows it when that changes."""
    wanted = with_advocate(meeting.ordered(), meeting.conference.planned_on)
    query = select(Invitation).where(col(Invitation.conference_id) == meeting.conference.id, col(Invitation.automatic))
    row = (await command.session.exec(query)).first()
    if row is None and wanted:
        invite_advocate(command, meeting.conference, wanted)
    elif row is not None and (wanted != row.person_ids or row.withdrawn_on is not None):
        row.version += 1
        row.person_ids = wanted or row.person_ids
        row.withdrawn_on = None if wanted else row.withdrawn_on or command.today


async def cancel_conference(command: Command, reference: str, version: int, reason: str) -> Meeting:
    """Cancel a conference, with the reason; what was due stays due."""
    meeting = await locked_meeting(command, reference, version)
    conference = meeting.conference
    check_planned(conference)
    conference.state, conference.cancelled_on = ConferenceState.CANCELLED, command.today
    conference.cancelled_because = reason
    conference.version += 1
    for part in meeting.parts.values():
        part.cancelled = True
    followed = Followed(reference, BEFOREHAND)
    await refresh(command, meeting.ordered(), followed)
    command.publish(ConferenceCancelled.model_validate(conference, from_attributes=True))
    await command.audit("cancel_conference", conference.person_ids, reference, reason)
    return meeting


async def combine(command: Command, reference: str, version: int, review_reference: str | None) -> Meeting:
    """Make a planned conference one meeting with a looked-after review, or take the two apart."""
    meeting = await locked_meeting(command, reference, version)
    conference = meeting.conference
    check_planned(conference)
    if review_reference is not None:
        about = conference.person_ids
        day, chair_id = conference.planned_on, conference.chair_id
        refuse([await combination_violation(command, review_reference, day, chair_id, about)])
    if conference.review_reference != review_reference:
        await _change(command, meeting, {"review_reference": review_reference}, "combine")
    return meeting


async def _with_review(command: Command, review_reference: str) -> list[str]:
    query = select(Conference.reference).where(
        col(Conference.review_reference) == review_reference, col(Conference.state) == ConferenceState.PLANNED
    )
    return list((await command.session.exec(query)).all())


async def follow_review(command: Command, review_reference: str, planned_on: date, chair_id: str) -> None:
    """A review was moved, or has another chair: the conferences that are one meeting with it go along.

    A day on which an initial conference cannot be held, or a chair who may not chair it, takes the two apart instead.
    """
    wanted = MoveConferenceIn(planned_on=planned_on, chair_id=chair_id)
    for reference in await _with_review(command, review_reference):
        meeting = await locked_meeting(command, reference, None)
        changes = _changes(meeting.conference, wanted)
        if meeting.conference.state != ConferenceState.PLANNED or not changes:
            continue
        if any(_wrong_in_move(meeting, wanted)):
            await _change(command, meeting, {"review_reference": None}, "part_from_review")
        else:
            await _change(command, meeting, changes, "follow_review")


async def part_from_review(command: Command, review_reference: str) -> None:
    """A review was cancelled: the conferences that were one meeting with it stand alone."""
    for reference in await _with_review(command, review_reference):
        meeting = await locked_meeting(command, reference, None)
        await _change(command, meeting, {"review_reference": None}, "part_from_review")
