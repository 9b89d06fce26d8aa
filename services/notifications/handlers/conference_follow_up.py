"""What this service does after a conference: it announces papers, and passes on concerns about plans."""

from datetime import date, timedelta
from uuid import UUID

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.law.labels import label
from services.notifications.clients.conferences import Conferences
from services.notifications.directory.snapshot import Directory
from services.notifications.handlers.sending import send
from services.notifications.messages.queueing import Addressee, Draft
from services.notifications.rules import Position
from services.notifications.settings import settings_of

TELL_OF_PAPERS, TELL_OF_CONCERN = "tell_of_conference_papers", "tell_of_concern"
OUTLINE_PLAN, RECORD = "outline plan", "record"
PROFESSIONAL = "professional"
# Papers sent longer ago and recorded only now are no news.
NEWS = timedelta(days=28)


class OutlinePlanSent(ReceivedEvent):
    """The outline of a conference's plans was sent out."""

    source = "conferences"
    type = "conference.outline_plan_sent"

    reference: str
    sent_on: date
    by_link: bool = False


class RecordDistributed(ReceivedEvent):
    """The record of a conference was given to those who should have it."""

    source = "conferences"
    type = "conference.record_distributed"

    reference: str
    distributed_on: date
    by_link: bool = False


class ConcernRaised(ReceivedEvent):
    """A check of a plan found a concern."""

    source = "conferences"
    type = "plan_check.concern_raised"

    check_id: UUID
    kind: str
    reference: str
    person_id: str | None = None
    chair_id: str | None
    concern_to: str
    concern_to_id: str | None


async def tell_of_outline_plan(event: OutlinePlanSent, receipt: Receipt) -> None:
    """Tell the invited professionals that the outline plan was sent, unless it was sent to them by links."""
    if not event.by_link:
        await _tell_of_papers(receipt, event.reference, OUTLINE_PLAN, event.sent_on)


async def tell_of_record(event: RecordDistributed, receipt: Receipt) -> None:
    """Tell the invited professionals that the record was sent, unless it was sent to them by links."""
    if not event.by_link:
        await _tell_of_papers(receipt, event.reference, RECORD, event.distributed_on)


async def _tell_of_papers(receipt: Receipt, reference: str, paper: str, sent_on: date) -> None:
    """Say that a paper was sent and how to ask for it: emails do not contain it."""
    directory = await Directory.at(receipt)
    if sent_on < directory.day - NEWS:
        return
    for letter in await Conferences(receipt.process).letters(reference):
        if letter.invited_as == PROFESSIONAL and letter.email is not None and not letter.withdrawn:
            chair = directory.colleagues.get(letter.chair_id)
            context = {
                "reference": reference,
                "paper": paper,
                "sent_on": sent_on,
                "chair": chair.name if chair else None,
                "chair_email": chair.email if chair else None,
            }
            recipient = Addressee(str(letter.invitation_id), letter.email)
            draft = Draft("conference_papers", recipient, context, person_ids=letter.person_ids)
            await send(receipt, draft, TELL_OF_PAPERS, f"{reference} {paper}")


async def tell_of_concern(event: ConcernRaised, receipt: Receipt) -> None:
    """Tell the person who works on the case about a concern; if they are not known, every team manager."""
    directory = await Directory.at(receipt)
    colleague = directory.colleagues.get(event.concern_to_id or "")
    context = {
        "reference": event.reference,
        "check": f"{event.kind} check",
        "chair": directory.names.get(event.chair_id or ""),
        "meant_for": None if colleague else label("ConcernTo", event.concern_to).lower(),
        "url": settings_of(receipt.process).page_of(event.reference, "conferences"),
    }
    for recipient in [colleague] if colleague else directory.in_position(Position.TEAM_MANAGER):
        draft = Draft("plan_concern", recipient, context, person_ids=[event.person_id] if event.person_id else None)
        await send(receipt, draft, TELL_OF_CONCERN, str(event.check_id))


SUBSCRIPTIONS = (
    Subscription(OutlinePlanSent, tell_of_outline_plan),
    Subscription(RecordDistributed, tell_of_record),
    Subscription(ConcernRaised, tell_of_concern),
)
