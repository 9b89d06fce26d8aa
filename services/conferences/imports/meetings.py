"""One conference of an import: its rows and those of its invitations, checked, carried out, and made into records."""

from collections.abc import Iterator, Mapping, Sequence

from chassis.command import Command
from chassis.events.event import Outgoing
from chassis.importing.writing import Record, Records
from services.conferences.children.cases import Case, managing, practice_of
from services.conferences.children.deadlines import proposals, record
from services.conferences.children.models import Deadline
from services.conferences.contributions.models import Invitation
from services.conferences.events import EscalationsConfirmed
from services.conferences.imports.conference_files import ConferenceFiles
from services.conferences.imports.past_conferences import PastMeeting, carry_out, meeting_of, place
from services.conferences.imports.past_contributions import contributed, is_decided
from services.conferences.imports.rows import ConferenceRow, InvitationRow
from services.conferences.meetings.holding import ON_PLAN, present
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.proposals.models import Proposal
from services.conferences.rules.conferences import chair_violation, is_quorate, quorum_violation
from services.conferences.rules.vocabulary import ProposalState

Rows = Sequence[tuple[int, ConferenceRow]]
Guests = Sequence[tuple[int, InvitationRow]]


def take_in(
    files: ConferenceFiles,
    rows: Rows,
    guests: Guests,
    cases: Mapping[str, Case],
    references: Mapping[int, Iterator[str]],
    records: Records,
) -> bool:
    """Add the records of one conference, its children's cases changed by it; not where something is wrong."""
    command, about, problems_before = files.command, {row.person_id for _, row in rows}, files.problem_count()
    _check(files, rows, cases)
    if files.problem_count() > problems_before or about & files.broken:
        return False
    if not all(files.end_plans(cases[row.person_id], row.held_on) for _, row in rows):
        return False
    meeting = meeting_of(command, rows, cases, next(references[rows[0][1].held_on.year]))
    place(files.conferences.report, command, meeting, cases)
    invitations, proposed = contributed(files.invitations.report, meeting.conference, guests, command.today)
    _assemble(files, meeting, invitations)
    if files.problem_count() > problems_before:
        return False
    records.add(Deadline, carry_out(command, meeting, cases))
    records.add(Deadline, _decisions_owed(meeting.conference, proposed, cases))
    records.add(Conference, [meeting.conference])
    records.add(ChildConference, meeting.parts)
    records.add(Invitation, invitations)
    records.add(Proposal, proposed)
    records.add(Outgoing, _confirmed(command, meeting.conference, proposed))
    _look_for_conflicts(files, meeting, cases)
    files.concerned |= about
    return True


def _check(files: ConferenceFiles, rows: Rows, cases: Mapping[str, Case]) -> None:
    """Refuse what is wrong with a conference before anything is known of what it was."""
    report, first, seen = files.conferences.report, rows[0][1], set[str]()
    if first.outline_plan_on is not None and not any(row.outcome in ON_PLAN for _, row in rows):
        message = "This conference made no plan, and none goes on: there is nothing to outline."
        report.add(rows[0][0], "outline_plan_on", message)
    for number, row in rows:
        if row.of_meeting() != first.of_meeting():
            report.add(number, "meeting", "The rows of one conference say the same of all that is the conference's.")
        if row.person_id not in cases:
            report.add(number, "person_id", "There is no child with this number.")
        elif row.person_id in seen:
            report.add(number, "person_id", "Name each child of a conference once.")
        seen.add(row.person_id)


def _assemble(files: ConferenceFiles, meeting: PastMeeting, invitations: Sequence[Invitation]) -> None:
    """Write down whether the conference was quorate; where nobody's attendance is known, nobody knows."""
    number, first = meeting.rows[0]
    conference = meeting.conference
    known = any(guest.agency_id is not None and guest.attendance is not None for guest in invitations)
    if known or first.inquorate_because is not None:
        conference.quorate = is_quorate(present(invitations), practice_of(files.command))
        conference.inquorate_because = None if conference.quorate else first.inquorate_because
        refusal = quorum_violation(quorate=conference.quorate, because=first.inquorate_because)
        files.conferences.report.refuse(number, [refusal])


def _look_for_conflicts(files: ConferenceFiles, meeting: PastMeeting, cases: Mapping[str, Case]) -> None:
    """Whoever chaired once may work on the case today; whoever chairs today may not."""
    for number, row in meeting.rows:
        case = cases[row.person_id]
        refusal = chair_violation(row.chair_id, managing(case.child)) if case.plan() is not None else None
        files.conflicts.pop(row.person_id, None)
        if refusal is not None:
            files.conflicts[row.person_id] = (number, refusal)


def _decisions_owed(conference: Conference, proposed: Sequence[Record], cases: Mapping[str, Case]) -> Iterator[Record]:
    """What waits for the chair's decision stands once on the list of the first child."""
    if conference.closed_on is not None and not all(is_decided(proposal) for proposal in proposed):
        row = record(cases[conference.person_ids[0]], proposals(conference.closed_on, conference.reference))
        yield row | {"chair_id": conference.chair_id, "owner_id": conference.chair_id}


def _confirmed(command: Command, conference: Conference, proposed: Sequence[Record]) -> Iterator[Outgoing]:
    """What chairs confirmed is to be raised, as if they confirmed it now; it keeps the day on which they did."""
    confirmed = [proposal["id"] for proposal in proposed if proposal["state"] is ProposalState.CONFIRMED]
    if confirmed:
        event = EscalationsConfirmed(
            reference=conference.reference, chair_id=conference.chair_id, proposal_ids=confirmed
        )
        yield Outgoing.of(event, command.now)
