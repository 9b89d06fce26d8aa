"""What this service does when something becomes of an escalation: it keeps the link, and what became of a proposal."""

from uuid import UUID

from chassis.command import command_for
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.meetings.raised import ChallengeRaised, EscalationClosed, EscalationRaised, Raised, keep_raised
from services.conferences.meetings.meeting import locked_conference
from services.conferences.proposals.actions import owe_decisions
from services.conferences.proposals.models import Proposal, RaisedEscalation
from services.conferences.rules.vocabulary import ProposalState

# Why a proposal was not raised, in words for its chair, by the field that the directory refused.
REFUSED_BECAUSE = {
    "agency_id": "The agency is no longer in the directory.",
    "agency_role": "The agency no longer has this role in the directory.",
    "area_id": "The area is no longer in the directory.",
    "owner_id": "The conference's chair has left: hand the conference over and confirm again.",
}


class EscalationRefused(ReceivedEvent):
    """A proposal of ours could not be raised."""

    source = "escalations"
    type = "escalation.refused"

    proposal_id: UUID
    meeting_reference: str
    field: str
    rule: str


async def keep_escalation(event: EscalationRaised, receipt: Receipt) -> None:
    """Keep the link from a conference to the escalation, and from the proposal that it was raised from."""
    await _keep(event, receipt)
    if event.proposal_id is None or event.meeting_reference is None:
        return
    # The conference is locked before its proposals, as in every decision about them.
    await locked_conference(command_for(receipt), event.meeting_reference, None)
    proposal = await receipt.session.get_one(Proposal, event.proposal_id, with_for_update=True)
    if proposal.state != ProposalState.RAISED:
        proposal.state, proposal.escalation_reference = ProposalState.RAISED, event.reference
        proposal.refused_because = proposal.dismissed_because = None
        proposal.version += 1


async def keep_challenge(event: ChallengeRaised, receipt: Receipt) -> None:
    """Keep the link from a conference to the positive challenge that was raised about it."""
    await _keep(event, receipt)


async def close_escalation(event: EscalationClosed, receipt: Receipt) -> None:
    """Remember that an escalation was closed, even if it was not known yet that it was raised."""
    await _keep(event, receipt)


async def keep_refusal(event: EscalationRefused, receipt: Receipt) -> None:
    """Return a proposal that could not be raised to the chair, with the reason: a decision is due again."""
    command = command_for(receipt)
    conference = await locked_conference(command, event.meeting_reference, None)
    proposal = await receipt.session.get_one(Proposal, event.proposal_id, with_for_update=True)
    # Whatever was decided or raised since is newer.
    if proposal.state != ProposalState.CONFIRMED:
        return
    proposal.state = ProposalState.REFUSED
    proposal.refused_because = REFUSED_BECAUSE.get(event.field, f"It was refused: {event.field} ({event.rule}).")
    proposal.version += 1
    await owe_decisions(command, conference)


async def _keep(event: Raised, receipt: Receipt) -> None:
    await keep_raised(event, receipt, RaisedEscalation, "conference_reference", "CONF-")


SUBSCRIPTIONS = (
    Subscription(EscalationRaised, keep_escalation),
    Subscription(ChallengeRaised, keep_challenge),
    Subscription(EscalationClosed, close_escalation),
    Subscription(EscalationRefused, keep_refusal),
)
