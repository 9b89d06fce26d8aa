"""What this service does when a chair confirms what a conference proposed: it raises each proposal, once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from chassis.command import Command, command_for
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import wrong_names
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from services.escalations.clients import Conferences, ConfirmedProposal
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.raising import Origin, names, raise_escalations
from services.escalations.escalations.schemas import EscalationIn
from services.escalations.events import EscalationRefused
from services.escalations.rules import Kind

SAME = (
    "person_ids",
    "agency_id",
    "agency_role",
    "professional_name",
    "professional_team",
    "area_id",
    "reason",
    "owner_id",
    "meeting_on",
)


class EscalationsConfirmed(ReceivedEvent):
    """What is read of a chair's confirmation."""

    source: ClassVar[str] = "conferences"
    type: ClassVar[str] = "conference.escalations_confirmed"

    reference: str
    proposal_ids: list[UUID]


async def raise_confirmed(event: EscalationsConfirmed, receipt: Receipt) -> None:
    """Raise those of a conference's confirmed proposals that are not raised yet, in their deciders' names.

    What the directory does not have is told to the conference, for that proposal alone; the others are raised. Where
    conferences cannot be asked nothing is done, and the event is told again.
    """
    # Told twice at once, whoever comes second finds what the first one raised.
    await advisory_lock(receipt.session, f"proposals of {event.reference}")
    raised = select(Escalation.proposal_id).where(col(Escalation.proposal_id).in_(event.proposal_ids))
    missing = set(event.proposal_ids) - set((await receipt.session.exec(raised)).all())
    if not missing:
        return
    decided: defaultdict[str, list[ConfirmedProposal]] = defaultdict(list)
    for proposal in await Conferences(receipt.process).confirmed(event.reference):
        if proposal.id in missing:
            decided[proposal.decided_by].append(proposal)
    for decided_by, proposals in decided.items():
        await _raise(command_for(receipt, decided_by), proposals)


async def _raise(command: Command, proposals: Sequence[ConfirmedProposal]) -> None:
    wanted, origins = [], []
    for proposal in proposals:
        one = _escalation(proposal)
        if wrong := await wrong_names(command, names(command, one)):
            command.publish(
                EscalationRefused(
                    proposal_id=proposal.id,
                    meeting_reference=proposal.reference,
                    field=wrong[0].field,
                    rule=wrong[0].rule,
                )
            )
        else:
            wanted.append(one)
            origins.append(Origin(proposal_id=proposal.id))
    if wanted:
        await raise_escalations(command, wanted, origins=origins)


def _escalation(proposal: ConfirmedProposal) -> EscalationIn:
    said = {name: getattr(proposal, name) for name in SAME}
    return EscalationIn(
        kind=Kind.CONFERENCE_CONTRIBUTION,
        meeting_reference=proposal.reference,
        raised_on=proposal.decided_on,
        **said,
    )


SUBSCRIPTIONS = (Subscription(EscalationsConfirmed, raise_confirmed),)
