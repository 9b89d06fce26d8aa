"""What this service does when a paper is given to somebody: it sends the link, never the paper."""

from uuid import UUID

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from services.notifications.clients.papers import PaperLinks, PaperLinkWanted
from services.notifications.messages.queueing import Addressee, Draft, queue
from services.notifications.settings import settings_of

PAPERS = {"record": "record", "outline_plan": "outline plan"}


class ConferencePaperGiven(ReceivedEvent):
    """A paper of a conference was given to somebody."""

    source = "conferences"
    type = "paper_link.requested"

    link_id: UUID


class ReviewPaperGiven(ReceivedEvent):
    """The record of a review was given to somebody."""

    source = "reviews"
    type = "paper_link.requested"

    link_id: UUID


async def send_paper_link(event: ConferencePaperGiven | ReviewPaperGiven, receipt: Receipt) -> None:
    """Send the link, which is made now; it asks for a code that goes to the same address."""
    settings = settings_of(receipt.process)
    issued = await PaperLinks(receipt.process, settings.url_of(event.source)).issue(event.link_id)
    if issued.path is None:
        return
    context = {"paper": PAPERS[issued.paper], "reference": issued.reference, "expires_on": issued.expires_on}
    recipient = Addressee(str(event.link_id), issued.email)
    wanted = PaperLinkWanted(service=event.source, link_id=event.link_id)
    url = f"{settings.public_url.rstrip('/')}{issued.path}"
    draft = Draft("paper_link", recipient, context, link=wanted, secret=url, person_ids=issued.person_ids)
    await queue(receipt.process, receipt.session, draft, receipt.now, schedule=None, period=None)


SUBSCRIPTIONS = (Subscription(ConferencePaperGiven, send_paper_link), Subscription(ReviewPaperGiven, send_paper_link))
