"""What handlers share: whoever is told something is told it once."""

from chassis.events.inbox import Hearing
from chassis.jobs.schedule import ScheduleClaim, claim
from services.notifications.clients import settings_of
from services.notifications.directory.snapshot import Directory
from services.notifications.messages.queueing import Addressee, Draft, queue
from services.notifications.models import Colleague
from services.notifications.rules import Position

# Where an advocate is to be invited and no address is known, somebody has to see to it.
ADVOCACY = "advocacy-service"


def advocates(hearing: Hearing, known: str | None, directory: Directory) -> list[Addressee] | list[Colleague]:
    """Whom to write to about an advocate: the advocate, the advocacy service, or whoever is to invite one."""
    address = known or settings_of(hearing.work).advocacy_email
    if address:
        return [Addressee(ADVOCACY, address)]
    return directory.in_position(Position.SAFEGUARDING_TEAM)


async def send(hearing: Hearing, draft: Draft, job: str, period: str) -> None:
    """Queue a message for somebody who was not served with it before."""
    if await claim(hearing.session, job, period, draft.recipient.id, hearing.now):
        await queue(hearing.work, hearing.session, draft, hearing.now, schedule=None, period=None)


async def was_sent(hearing: Hearing, job: str, period: str, recipient: str) -> bool:
    """Whether somebody was served with this before."""
    return await hearing.session.get(ScheduleClaim, (job, period, recipient)) is not None
