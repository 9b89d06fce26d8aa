"""Closing a conference: what was missing is proposed for escalation, and its chair confirms or dismisses each."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.law.participation import Attendance
from chassis.law.violations import Violation
from services.conferences.children.cases import cases_of
from services.conferences.children.deadlines import proposals, record, settle
from services.conferences.children.models import Deadline, Protection
from services.conferences.contributions.models import Invitation
from services.conferences.events import ConferenceClosed, EscalationsConfirmed
from services.conferences.meetings.meeting import check_held, invitations_of, locked_conference
from services.conferences.meetings.models import Conference
from services.conferences.proposals.models import Proposal
from services.conferences.proposals.schemas import DecideProposalsIn
from services.conferences.rules.conferences import reason_to_escalate
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs, ProposalState

# What can still be decided: a proposal that could not be raised needs another decision.
OPEN = frozenset({ProposalState.PROPOSED, ProposalState.REFUSED})


class ConferenceClosedAlready(Conflict):
    """This conference is already closed."""


class ProposalDecided(Conflict):
    """This proposal has already been decided."""


async def close_conference(command: Command, reference: str, version: int) -> tuple[Conference, list[Proposal]]:
    """Close a conference that was held, and propose an escalation for each professional who failed it.

    Each of them whose report was expected and did not come, or who neither attended nor sent apologies, with the reason
    derived from those two facts.
    """
    conference = await locked_conference(command, reference, version)
    check_held(conference)
    if conference.state == ConferenceState.CLOSED:
        raise ConferenceClosedAlready(f"It was closed on {conference.closed_on}.")
    invitations = await invitations_of(command, conference)
    professionals = [invitation for invitation in invitations if invitation.invited_as == InvitedAs.PROFESSIONAL]
    refuse(_unknown(professionals))
    conference.state, conference.closed_on = ConferenceState.CLOSED, command.today
    conference.version += 1
    found = [
        Proposal(**proposal)
        for invitation in professionals
        if (proposal := proposal_of(conference, invitation, command.today))
    ]
    command.session.add_all(found)
    if found:
        await owe_decisions(command, conference)
    command.publish(
        ConferenceClosed(
            reference=reference,
            chair_id=conference.chair_id,
            version=conference.version,
            closed_on=command.today,
            proposals=len(found),
        )
    )
    await command.audit("close_conference", conference.person_ids, reference)
    return conference, found


def _unknown(professionals: list[Invitation]) -> list[Violation]:
    return [
        Violation(
            "attendance", "known_for_all", f"Say whether {invitation.agency_role} of {invitation.agency_id} attended."
        )
        for invitation in professionals
        if invitation.attendance is None
    ]


def proposal_of(conference: Conference, invitation: Invitation, proposed_on: date) -> dict[str, Any] | None:
    """The columns of the proposal about one professional's contribution, if it gives cause for one."""
    assert invitation.attendance is not None
    missing = invitation.report_expected and invitation.report_received_on is None
    reason = reason_to_escalate(report_missing=missing, attendance=Attendance(invitation.attendance))
    if reason is None:
        return None
    return {
        "id": new_id(),
        "conference_id": conference.id,
        "reference": conference.reference,
        "invitation_id": invitation.id,
        "person_ids": invitation.person_ids,
        "agency_id": invitation.agency_id,
        "agency_role": invitation.agency_role,
        "professional_name": invitation.name,
        "professional_team": invitation.team,
        "area_id": invitation.area_id,
        "reason": reason,
        "state": ProposalState.PROPOSED,
        "chair_id": conference.chair_id,
        "proposed_on": proposed_on,
        "version": 1,
    }


async def owe_decisions(command: Command, conference: Conference) -> None:
    """Make a decision on a conference's proposals due from its chair: once, on the list of its first child."""
    protection = await command.session.get_one(Protection, conference.person_ids[0])
    (case,) = await cases_of(command.session, [protection])
    await settle(command.session, conference.reference, conference.person_ids, DeadlineKind.PROPOSALS)
    row = record(case, proposals(conference.closed_on or command.today, conference.reference))
    # A child who is on no plan any more has no chair, and the conference still has.
    command.session.add(Deadline(**row | {"chair_id": conference.chair_id, "owner_id": conference.chair_id}))


async def decide_proposals(command: Command, reference: str, wanted: DecideProposalsIn) -> list[Proposal]:
    """Confirm or dismiss proposals of a conference, all or none; confirmed ones are raised by the escalations service.

    The answer shows all of the conference's proposals as they stand now.
    """
    conference = await locked_conference(command, reference, None)
    query = select(Proposal).where(col(Proposal.conference_id) == conference.id).order_by(col(Proposal.id))
    rows = {row.id: row for row in (await command.session.exec(query.with_for_update())).all()}
    refuse(_wrong(rows, [decision.proposal_id for decision in wanted.decisions]))
    confirmed = []
    for decision in wanted.decisions:
        row = rows[decision.proposal_id]
        if row.state not in OPEN:
            raise ProposalDecided(f"It is {row.state}.", proposal_id=str(row.id), state=row.state)
        row.state = ProposalState.CONFIRMED if decision.confirm else ProposalState.DISMISSED
        row.dismissed_because, row.refused_because = decision.dismissed_because, None
        row.decided_on, row.decided_by = command.today, command.caller.subject
        row.version += 1
        if decision.confirm:
            confirmed.append(row.id)
    if confirmed:
        command.publish(EscalationsConfirmed(reference=reference, chair_id=conference.chair_id, proposal_ids=confirmed))
    if not any(row.state in OPEN for row in rows.values()):
        await settle(command.session, reference, conference.person_ids, DeadlineKind.PROPOSALS)
    await command.audit("decide_proposals", conference.person_ids, reference)
    return list(rows.values())


def _wrong(rows: dict[UUID, Proposal], ids: list[UUID]) -> list[Violation]:
    refusals = []
    for number, proposal_id in enumerate(ids):
        at = f"decisions.{number}.proposal_id"
        if proposal_id not in rows:
            refusals.append(Violation(at, "of_this_conference", "The conference has no such proposal."))
        elif ids.index(proposal_id) != number:
            refusals.append(Violation(at, "once", "Name each proposal once."))
    return refusals
