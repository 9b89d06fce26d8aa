"""What this service does when the holder of a link asks for a code: it goes to the address on file."""

from uuid import UUID

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from services.notifications.clients.codes import LinkCodes
from services.notifications.messages.queueing import Addressee, Draft, queue
from services.notifications.moves import CODE
from services.notifications.settings import settings_of


class ConferenceCodeRequested(ReceivedEvent):
    """A code is to be sent to whom a link of the conferences service is for."""

    source = "conferences"
    type = "link_code.requested"

    code_id: UUID


class ReviewCodeRequested(ReceivedEvent):
    """A code is to be sent to whom a link of the reviews service is for."""

    source = "reviews"
    type = "link_code.requested"

    code_id: UUID


async def send_code(event: ConferenceCodeRequested | ReviewCodeRequested, receipt: Receipt) -> None:
    """Send the code, which is made now; its email says nothing of what it opens."""
    issued = await LinkCodes(receipt.process, settings_of(receipt.process).url_of(event.source)).issue(event.code_id)
    if issued.code is None:
        return
    draft = Draft(CODE, Addressee(str(issued.link_id), issued.email), {}, secret=issued.code, person_ids=[])
    await queue(receipt.process, receipt.session, draft, receipt.now, schedule=None, period=None)


SUBSCRIPTIONS = (Subscription(ConferenceCodeRequested, send_code), Subscription(ReviewCodeRequested, send_code))
