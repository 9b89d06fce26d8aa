"""What handlers share: nobody is sent the same message twice."""

from chassis.events.inbox import Receipt
from chassis.jobs.schedule import ScheduleClaim, claim
from services.notifications.directory.models import Colleague
from services.notifications.directory.snapshot import Directory
from services.notifications.messages.queueing import Addressee, Draft, queue
from services.notifications.rules import Position
from services.notifications.settings import settings_of

# The recipient's name for an advocacy service.
ADVOCACY = "advocacy-service"


def advocates(receipt: Receipt, known: str | None, directory: Directory) -> list[Addressee] | list[Colleague]:
    """Who to write to about an advocate: the advocate, the advocacy service, or the team that invites one."""
    address = known or settings_of(receipt.process).advocacy_email
    if address:
        return [Addressee(ADVOCACY, address)]
    return directory.in_position(Position.SAFEGUARDING_TEAM)


async def send(receipt: Receipt, draft: Draft, job: str, period: str) -> None:
    """Queue a message, unless its recipient had it before."""
    if await claim(receipt.session, job, period, draft.recipient.id, receipt.now):
        await queue(receipt.process, receipt.session, draft, receipt.now, schedule=None, period=None)


async def was_sent(receipt: Receipt, job: str, period: str, recipient: str) -> bool:
    """Whether somebody had this message before."""
    return await receipt.session.get(ScheduleClaim, (job, period, recipient)) is not None
