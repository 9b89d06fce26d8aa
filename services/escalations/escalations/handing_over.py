"""A chair hands over every open escalation and positive challenge to another one."""

from sqlmodel import col, select

from chassis.command import Command
from chassis.meetings.handing_over import ChairHandedOver
from services.escalations.challenges.models import Challenge
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.moving import open_of, reassign
from services.escalations.events import ChallengeReassigned, EscalationsHandedOver
from services.escalations.rules import ChallengeState


async def hand_over(command: Command, event: ChairHandedOver) -> None:
    """Give every open escalation and positive challenge of a chair to another one, and tell what was given."""
    escalations = await open_of(command, event.chair_id)
    for escalation in escalations:
        reassign(command, escalation, event.to)
    query = select(Challenge).where(
        col(Challenge.owner_id) == event.chair_id, col(Challenge.state) == ChallengeState.OPEN
    )
    challenges = (await command.session.exec(query.order_by(col(Challenge.reference)).with_for_update())).all()
    for challenge in challenges:
        challenge.owner_id = event.to
        challenge.version += 1
        command.publish(
            ChallengeReassigned(
                reference=challenge.reference,
                earlier_owner_id=event.chair_id,
                owner_id=event.to,
                version=challenge.version,
            )
        )
    given: list[Escalation | Challenge] = [*escalations, *challenges]
    references = [record.reference for record in given]
    command.publish(
        EscalationsHandedOver(hand_over_id=event.hand_over_id, person_ids=[], references=references, refused=[])
    )
    people = sorted({person_id for record in given for person_id in record.person_ids})
    await command.audit("hand_over", people, f"{event.chair_id} to {event.to}")
