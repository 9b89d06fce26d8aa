"""What this service does when escalations are answered, or an officer needs a new link."""

from datetime import date
from uuid import UUID

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.law.labels import label
from chassis.law.periods import parse
from services.notifications.clients.escalations import Escalations, LinkWanted
from services.notifications.directory.snapshot import Directory
from services.notifications.handlers.sending import send
from services.notifications.messages.queueing import Draft
from services.notifications.rules import link_expires_on
from services.notifications.settings import settings_of

# An officer who asks repeatedly is sent one link an hour.
NEW_LINK, ANSWERED = "send_new_link", "tell_owner_of_answer"


class EscalationsAnswered(ReceivedEvent):
    """What is read of an answer."""

    source = "escalations"
    type = "escalation.answered"

    answer_id: UUID
    owner_id: str
    references: list[str]
    choice: str
    answered_on: date


class AnswerLinkRequested(ReceivedEvent):
    """What is read of a request for a new link: by an officer, or since an address was corrected."""

    source = "escalations"
    type = "answer_link.requested"

    answer_link_id: UUID
    colleague_id: str
    period: str
    references: list[str]
    corrected: int | None = None


async def tell_owner_of_answer(event: EscalationsAnswered, receipt: Receipt) -> None:
    """Tell the chair what was answered, unless they have left."""
    process = receipt.process
    owner = (await Directory.at(receipt)).colleagues.get(event.owner_id)
    if owner is None:
        return
    given = await Escalations(process).answer(event.answer_id)
    context = {
        "references": [
            {"reference": reference, "url": settings_of(process).page_of(reference)} for reference in event.references
        ],
        "answer": label("Choice", event.choice),
        "expected_on": given.expected_on,
        "has_note": bool(given.note),
    }
    await send(receipt, Draft("answered", owner, context), ANSWERED, str(event.answer_id))


async def send_new_link(event: AnswerLinkRequested, receipt: Receipt) -> None:
    """Send an officer a new link to the address on file: once for each correction, otherwise at most once an hour."""
    directory = await Directory.at(receipt)
    officer = directory.colleagues.get(event.colleague_id)
    if officer is None:
        return
    occasion = f"{receipt.now:%Y-%m-%d %H}" if event.corrected is None else f"version {event.corrected}"
    quarter = parse(event.period)
    wanted = LinkWanted(
        colleague_id=officer.id,
        period=event.period,
        references=event.references,
        expires_on=link_expires_on(quarter, directory.day),
    )
    context = {"quarter": quarter.name(), "expires_on": wanted.expires_on, "corrected": event.corrected is not None}
    await send(receipt, Draft("new_link", officer, context, wanted), NEW_LINK, f"{event.period} {occasion}")


SUBSCRIPTIONS = (
    Subscription(EscalationsAnswered, tell_owner_of_answer),
    Subscription(AnswerLinkRequested, send_new_link),
)
