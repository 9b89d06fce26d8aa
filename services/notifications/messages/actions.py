"""What people do with messages and addresses: send again, print, suppress, and lift that."""

from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import col, func, select

from chassis.access.visibility import SEES_RESTRICTED, check_may_see
from chassis.base.problems import Conflict, NotFound
from chassis.command import Command
from chassis.db.database import advisory_lock
from services.notifications.clients.conferences import Conferences, ContributionLinkWanted
from services.notifications.clients.escalations import LinkWanted
from services.notifications.clients.papers import PaperLinkWanted
from services.notifications.directory.models import Colleague
from services.notifications.messages.models import Message, Suppression
from services.notifications.messages.queueing import AnyLink, link_url
from services.notifications.messages.schemas import SuppressionIn
from services.notifications.moves import CODE, SENT_BEFORE, TO_PRINT
from services.notifications.rules import LINK_LIVES_AT_LEAST, MessageState

# The next one of these says all that the one before said, if that was not sent.
SUPERSEDED = frozenset(
    {"newly_responsible", "quarterly", "quarterly_reminder", "to_route", "weekly_reminder", "weekly_report"}
)
LINK: TypeAdapter[AnyLink] = TypeAdapter(AnyLink)


class StillQueued(Conflict):
    """This message has not been sent yet."""


class NothingToPrint(Conflict):
    """This is not a letter waiting to be printed."""


class RecipientLeft(Conflict):
    """The recipient has left or is no longer invited."""


class LinkEnded(Conflict):
    """The link in this message has expired or was stopped, so there is nothing to send again."""


class CodeNotKept(Conflict):
    """A code is kept nowhere, so it cannot be sent again. Its page has a button that sends a new one."""


class AddressSuppressed(Conflict):
    """This address is suppressed. Lift the suppression first."""


async def resend_message(command: Command, message_id: UUID) -> Message:
    """Send a message again, to the recipient's current address, with a new link if it has a link."""
    original = await command.session.get(Message, message_id)
    if original is None:
        raise NotFound
    if original.template == CODE:
        raise CodeNotKept
    if original.state not in SENT_BEFORE:
        raise StillQueued
    link = _link_of(command, original)
    address = await _present_address(command, original, link)
    if await command.session.get(Suppression, address.lower()) is not None:
        raise AddressSuppressed
    url = await link_url(command.process, link) if link else None
    if link and url is None:
        raise LinkEnded
    kept = original.model_dump(
        include={"template", "recipient_id", "subject", "html", "text", "calendar", "schedule", "period", "person_ids"}
    )
    message = Message(
        **kept,
        address=address,
        answer_link=link.model_dump(mode="json") if link else None,
        answer_url=url,
        resent_from=original.id,
        state=MessageState.QUEUED,
        queued_at=command.now,
        due_at=command.now,
    )
    command.session.add(message)
    await command.session.flush()
    await command.audit("resend_message", [], str(original.id))
    return message


def _link_of(command: Command, message: Message) -> AnyLink | None:
    """The answer link that a message needs if it is sent now."""
    link: AnyLink | None = LINK.validate_python(message.answer_link) if message.answer_link else None
    if isinstance(link, LinkWanted):
        return link.model_copy(update={"expires_on": max(link.expires_on, command.today + LINK_LIVES_AT_LEAST)})
    return link


async def _present_address(command: Command, message: Message, link: AnyLink | None) -> str:
    """The current address of a colleague, or of somebody invited to a future conference; a paper's stays the same."""
    if isinstance(link, PaperLinkWanted):
        return message.address
    if isinstance(link, ContributionLinkWanted):
        letter = await Conferences(command.process).letter(link.invitation_id)
        if letter.email is None or not letter.is_coming(command.today):
            raise RecipientLeft
        return letter.email
    recipient = await command.session.get(Colleague, message.recipient_id)
    if recipient is None or (recipient.ends_on is not None and recipient.ends_on < command.today):
        raise RecipientLeft
    return recipient.email


async def mark_printed(command: Command, message_id: UUID) -> Message:
    """Record who printed a letter, and when."""
    message = await command.session.get(Message, message_id, with_for_update=True)
    if message is None or (message.person_ids is None and not command.caller.is_any(*SEES_RESTRICTED)):
        raise NotFound
    await check_may_see(command, message.person_ids or [])
    if message.state not in TO_PRINT:
        raise NothingToPrint
    message.state, message.printed_at, message.printed_by = MessageState.PRINTED, command.now, command.caller.subject
    await command.audit("print_letter", [], str(message.id))
    return message


async def suppress_address(command: Command, wanted: SuppressionIn) -> Suppression:
    """Stop sending to an address. Repeating this keeps the first reason."""
    return await suppress(command, wanted.address, wanted.reason)


async def suppress(command: Command, address: str, reason: str) -> Suppression:
    """Stop sending to an address, for this reason or an earlier one."""
    await advisory_lock(command.session, f"suppression {address.lower()}")
    found = await command.session.get(Suppression, address.lower())
    if found is None:
        found = Suppression(address=address.lower(), reason=reason, since=command.now, by=command.caller.subject)
        command.session.add(found)
        await command.session.flush()
        await command.audit("suppress_address", [], found.address)
    return found


async def lift_suppression(command: Command, address: str) -> None:
    """Send to an address again, at first what was not sent to it meanwhile, with fresh links.

    Of what comes again and again it is the latest.
    """
    found = await command.session.get(Suppression, address.lower())
    if found is None:
        raise NotFound
    await command.session.delete(found)
    await command.session.flush()
    await command.audit("lift_suppression", [], found.address)
    unsent = select(Message).where(
        func.lower(col(Message.address)) == found.address, col(Message.state) == MessageState.SUPPRESSED
    )
    latest = set()
    for message in (await command.session.exec(unsent.order_by(col(Message.id).desc()).with_for_update())).all():
        kind = (message.recipient_id, message.template)
        if message.template not in SUPERSEDED or kind not in latest:
            latest.add(kind)
            await _send_at_last(command, message)


async def _send_at_last(command: Command, message: Message) -> None:
    """Queue a message that was suppressed, unless its recipient has left since, or has another address that is.

    Nor is a code sent, which is kept nowhere, or a link that has ended.
    """
    if message.template == CODE:
        return
    link = _link_of(command, message)
    try:
        address = await _present_address(command, message, link)
    except RecipientLeft:
        is_colleague = await command.session.get(Colleague, message.recipient_id) is not None
        if is_colleague or isinstance(link, ContributionLinkWanted):
            return
        # An advocate or a child is known by the address alone.
        address = message.address
    if await command.session.get(Suppression, address.lower()) is not None:
        return
    url = await link_url(command.process, link) if link else None
    if link and url is None:
        return
    message.address, message.state, message.due_at = address, MessageState.QUEUED, command.now
    message.answer_link = link.model_dump(mode="json") if link else None
    message.answer_url = url
