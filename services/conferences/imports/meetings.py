"""One conference of an import: its rows and those of its invitations, checked, carried out, and made into records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chassis.command import Command
from chassis.events.event import Outgoing
from chassis.web.importing import Record, columns_of
from services.conferences.children.cases import COLLEAGUE, Case, managing, practice_of
from services.conferences.children.deadlines import proposals, record
from services.conferences.children.models import Deadline
from services.conferences.contributions.models import Invitation
from services.conferences.events import EscalationsConfirmed
from services.conferences.imports.past_conferences import PastMeeting, carry_out, past_meeting, place, wrong_days
from services.conferences.imports.past_contributions import Contributed, contributed, is_decided
from services.conferences.imports.past_ends import end_plans
from services.conferences.imports.report import Importing
from services.conferences.imports.rows import ConferenceRow, InvitationRow
from services.conferences.meetings.holding import present
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.proposals.models import Proposal
from services.conferences.rules.conferences import chair_violation, is_quorate, quorum_violation
from services.conferences.rules.vocabulary import ProposalState

Rows = Sequence[tuple[int, ConferenceRow]]
Guests = Sequence[tuple[int, InvitationRow]]
Problem = tuple[int, str, str]


def take_in(
    importing: Importing, rows: Rows, guests: Guests, cases: Mapping[str, Case], references: Mapping[int, list[str]]
) -> dict[Any, list[Record]] | None:
    """The records of one conference by table, its children's cases changed by it; none where something is wrong."""
    command, about = importing.command, {row.person_id for _, row in rows}
    problems = [*_wrong(importing, rows, cases)]
    if problems or about & importing.broken:
        _refuse(importing, problems)
        return None
    if not all(end_plans(importing, cases[row.person_id], row.held_on) for _, row in rows):
        return None
    meeting = past_meeting(command, rows, cases, references[rows[0][1].held_on.year].pop())
    problems = [*place(command, meeting, cases)]
    found, wrong = contributed(meeting.conference, guests, importing.directory, command.today)
    problems += _assemble(command, meeting, found)
    if problems or wrong:
        _refuse(importing, problems, wrong)
        return None
    owed = carry_out(command, meeting, cases)
    _look_for_conflicts(importing, meeting, cases)
    importing.concerned |= about
    return {
        Conference: [columns_of(meeting.conference)],
        ChildConference: [columns_of(one) for one in meeting.parts],
        Invitation: [columns_of(one) for one in found.invitations],
        Proposal: found.proposals,
        Deadline: [*owed, *_decisions_owed(meeting.conference, found, cases)],
        Outgoing: [columns_of(one) for one in _confirmed(command, meeting.conference, found)],
    }


def _refuse(importing: Importing, problems: Sequence[Problem], wrong: Sequence[Problem] = ()) -> None:
    for problem in problems:
        importing.conferences.add(*problem)
    for problem in wrong:
        importing.invitations.add(*problem)


def _wrong(importing: Importing, rows: Rows, cases: Mapping[str, Case]) -> Iterator[Problem]:
    """What is wrong with a conference before anything is known of what it was."""
    number, first = rows[0]
    if (COLLEAGUE, first.chair_id) not in importing.directory.entries:
        yield number, "chair_id", "The directory has no such colleague."
    yield from wrong_days(rows, importing.command.today)
    seen = set()
    for number, row in rows:
        if row.of_meeting() != first.of_meeting():
            yield number, "meeting", "The rows of one conference say the same of all that is the conference's."
        if row.person_id not in cases:
            yield number, "person_id", "There is no child with this number."
        elif row.person_id in seen:
            yield number, "person_id", "Name each child of a conference once."
        seen.add(row.person_id)


def _assemble(command: Command, meeting: PastMeeting, found: Contributed) -> list[Problem]:
    """Write down whether the conference was quorate; where nobody's attendance is known, nobody knows."""
    number, first = meeting.rows[0]
    conference = meeting.conference
    known = any(one.agency_id is not None and one.attendance is not None for one in found.invitations)
    if not known and first.inquorate_because is None:
        return []
    conference.quorate = is_quorate(present(found.invitations), practice_of(command))
    conference.inquorate_because = None if conference.quorate else first.inquorate_because
    refusal = quorum_violation(quorate=conference.quorate, because=first.inquorate_because)
    return [(number, refusal.field, refusal.message)] if refusal else []


def _look_for_conflicts(importing: Importing, meeting: PastMeeting, cases: Mapping[str, Case]) -> None:
    """Whoever chaired once may work on the case today; whoever chairs today may not."""
    for number, row in meeting.rows:
        child = cases[row.person_id].child
        refusal = chair_violation(row.chair_id, managing(child)) if child.plan_since is not None else None
        importing.conflicts.pop(row.person_id, None)
        if refusal is not None:
            importing.conflicts[row.person_id] = (number, refusal.field, refusal.message)


def _decisions_owed(conference: Conference, found: Contributed, cases: Mapping[str, Case]) -> Iterator[Record]:
    """What waits for the chair's decision stands once on the list of the first child."""
    if conference.closed_on is not None and not all(is_decided(one) for one in found.proposals):
        child = cases[conference.person_ids[0]].child
        row = record(child, proposals(conference.closed_on, conference.reference))
        yield row | {"chair_id": conference.chair_id, "owner_id": conference.chair_id}


def _confirmed(command: Command, conference: Conference, found: Contributed) -> Iterator[Outgoing]:
    """What chairs confirmed is to be raised, as if they confirmed it now; it keeps the day on which they did."""
    confirmed = [one["id"] for one in found.proposals if one["state"] is ProposalState.CONFIRMED]
    if confirmed:
        told = EscalationsConfirmed(
            reference=conference.reference, chair_id=conference.chair_id, proposal_ids=confirmed
        )
        yield Outgoing.of(told, command.now)
