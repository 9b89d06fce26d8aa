"""What this service does when the directory changes, and when a chair confirms what a conference proposed."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from chassis.access import visibility
from chassis.children.merging import following_merges
from chassis.command import Command, command_for
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import AGENCIES, AREAS, ColleagueChanged, keep_changed, wrong_names
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.meetings.handing_over import ChairHandedOver
from services.escalations.answers import links as linking
from services.escalations.challenges.models import Challenge, GoodPractice
from services.escalations.clients import Conferences, ConfirmedProposal
from services.escalations.escalations import handing_over
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.raising import Origin, names, raise_escalations
from services.escalations.escalations.schemas import EscalationIn
from services.escalations.events import EscalationRefused
from services.escalations.models import MovedByMerge
from services.escalations.rules import COLLEAGUE, Kind


async def keep_colleague(event: ColleagueChanged, receipt: Receipt) -> None:
    """Keep a copy of the colleague; links that went to an address that was corrected are replaced."""
    await keep_changed(event, receipt, COLLEAGUE)
    if event.address_changed:
        await linking.replace_links(command_for(receipt), event.id, event.version)


class EscalationsConfirmed(ReceivedEvent):
    """What is read of a chair's confirmation."""

    source = "conferences"
    type = "conference.escalations_confirmed"

    reference: str
    proposal_ids: list[UUID]


async def raise_confirmed(event: EscalationsConfirmed, receipt: Receipt) -> None:
    """Raise a conference's confirmed proposals that are not raised yet, in the name of the chair who confirmed each.

    A proposal that names something unknown to the directory is refused, and the others are raised. If the conferences
    service cannot be reached, nothing is done and the event is delivered again.
    """
    # If the event is delivered twice at once, the second delivery finds what the first one raised.
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
        escalation = _escalation(proposal)
        if wrong := await wrong_names(command, names(command, escalation)):
            command.publish(
                EscalationRefused(
                    proposal_id=proposal.id,
                    meeting_reference=proposal.reference,
                    field=wrong[0].field,
                    rule=wrong[0].rule,
                )
            )
        else:
            wanted.append(escalation)
            origins.append(Origin(proposal_id=proposal.id))
    if wanted:
        await raise_escalations(command, wanted, origins=origins)


def _escalation(proposal: ConfirmedProposal) -> EscalationIn:
    return EscalationIn(
        kind=Kind.CONFERENCE_CONTRIBUTION,
        meeting_reference=proposal.reference,
        raised_on=proposal.decided_on,
        **proposal.model_dump(exclude={"id", "reference", "decided_by", "decided_on"}),
    )


async def hand_over(event: ChairHandedOver, receipt: Receipt) -> None:
    """Hand over a chair's escalations and challenges, in the name of the manager who asked for it."""
    await handing_over.hand_over(command_for(receipt, event.handed_over_by), event)


SUBSCRIPTIONS = (
    Subscription(ChairHandedOver, hand_over),
    Subscription(ColleagueChanged, keep_colleague),
    AGENCIES,
    AREAS,
    Subscription(EscalationsConfirmed, raise_confirmed),
    visibility.BY_REVIEWS,
    visibility.BY_CONFERENCES,
    visibility.BY_CHILDREN,
    *following_merges(MovedByMerge, Escalation, Challenge, GoodPractice),
)
