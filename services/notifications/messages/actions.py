"""What happens to queued messages: they are sent again, printed, delivered, bounced or suppressed."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import col, select

from chassis.access.visibility import SEES_RESTRICTED, check_may_see
from chassis.base.problems import Conflict, Malformed, NotFound
from chassis.command import Command
from chassis.db.database import advisory_lock
from services.notifications.clients.conferences import Conferences, ContributionLinkWanted
from services.notifications.clients.escalations import LinkWanted
from services.notifications.directory.models import Colleague
from services.notifications.events import MessageBounced
from services.notifications.messages.models import Message, Suppression
from services.notifications.messages.queueing import AnyLink, link_url
from services.notifications.messages.schemas import SuppressionIn
from services.notifications.moves import SENT_BEFORE, TO_PRINT
from services.notifications.rules import LINK_LIVES_AT_LEAST, MessageState

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TAGGED = re.compile(rf"\+({_UUID})@")
LINK: TypeAdapter[AnyLink] = TypeAdapter(AnyLink)
_MESSAGE_ID = re.compile(rf"<({_UUID})@")


class StillQueued(Conflict):
    """This message has not been sent yet."""


class NothingToPrint(Conflict):
    """This is not a letter waiting to be printed."""


class RecipientLeft(Conflict):
    """The recipient has left or is no longer invited."""


class AddressSuppressed(Conflict):
    """This address is suppressed. Lift the suppression first."""


async def resend_message(command: Command, message_id: UUID) -> Message:
    """Send a message again, to the recipient's current address, with a new link if it has a link."""
    original = await command.session.get(Message, message_id)
    if original is None:
        raise NotFound
    if original.state not in SENT_BEFORE:
        raise StillQueued
    link: AnyLink | None = LINK.validate_python(original.answer_link) if original.answer_link else None
    address = await _present_address(command, original.recipient_id, link)
    if await command.session.get(Suppression, address.lower()) is not None:
        raise AddressSuppressed
    if isinstance(link, LinkWanted):
        link = link.model_copy(update={"expires_on": max(link.expires_on, command.today + LINK_LIVES_AT_LEAST)})
    kept = original.model_dump(
        include={"template", "recipient_id", "subject", "html", "text", "calendar", "schedule", "period", "person_ids"}
    )
    message = Message(
        **kept,
        address=address,
        answer_link=link.model_dump(mode="json") if link else None,
        answer_url=await link_url(command.process, link) if link else None,
        resent_from=original.id,
        state=MessageState.QUEUED,
        queued_at=command.now,
        due_at=command.now,
    )
    command.session.add(message)
    await command.session.flush()
    await command.audit("resend_message", [], str(original.id))
    return message


async def _present_address(command: Command, recipient_id: str, link: AnyLink | None) -> str:
    """The current address of a colleague, or of somebody invited to a future conference."""
    if isinstance(link, ContributionLinkWanted):
        letter = await Conferences(command.process).letter(link.invitation_id)
        if letter.email is None or not letter.is_coming(command.today):
            raise RecipientLeft
        return letter.email
    recipient = await command.session.get(Colleague, recipient_id)
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


async def mark_delivered(command: Command, message_id: UUID) -> None:
    """Record that a message was delivered."""
    message = await command.session.get(Message, message_id, with_for_update=True)
    if message is not None and message.state == MessageState.SENT:
        message.state, message.delivered_at = MessageState.DELIVERED, command.now


async def mark_bounced(command: Command, message_id: UUID, *, permanent: bool, reason: str) -> bool:
    """Record that a message bounced; a permanent failure suppresses its address."""
    message = await command.session.get(Message, message_id, with_for_update=True)
    if message is None:
        return False
    if message.state == MessageState.BOUNCED:
        return True
    message.state, message.failed_at, message.failure = MessageState.BOUNCED, command.now, reason
    message.due_at = message.answer_url = None
    if permanent:
        await _suppress(command, message.address, f"It bounced: {reason}")
    command.publish(MessageBounced(message_id=message.id, recipient_id=message.recipient_id, permanent=permanent))
    return True


async def suppress_address(command: Command, wanted: SuppressionIn) -> Suppression:
    """Stop sending to an address. Repeating this keeps the first reason."""
    return await _suppress(command, wanted.address, wanted.reason)


async def _suppress(command: Command, address: str, reason: str) -> Suppression:
    await advisory_lock(command.session, f"suppression {address.lower()}")
    found = await command.session.get(Suppression, address.lower())
    if found is None:
        found = Suppression(address=address.lower(), reason=reason, since=command.now, by=command.caller.subject)
        command.session.add(found)
        await command.session.flush()
        await command.audit("suppress_address", [], found.address)
    return found


async def lift_suppression(command: Command, address: str) -> None:
    """Send to an address again."""
    found = await command.session.get(Suppression, address.lower())
    if found is None:
        raise NotFound
    await command.session.delete(found)
    await command.audit("lift_suppression", [], found.address)


async def take_bounce(command: Command, raw: bytes) -> tuple[list[UUID], bool]:
    """Take in a delivery-status mail (RFC 3464): returns its messages, and whether they failed permanently."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    status = next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        raise Malformed("This is not a delivery-status mail.")
    fields = [part for part in status.get_payload() if hasattr(part, "get")] if status.is_multipart() else []
    codes = [str(part.get("Status", "")).strip() for part in fields]
    code = next((code for code in codes if re.fullmatch(r"[245]\.\d{1,3}\.\d{1,3}", code)), "")
    actions = {str(part.get("Action", "")).strip().lower() for part in fields}
    if "failed" not in actions:
        return [], False
    permanent = code.startswith("5")
    candidates = {UUID(found) for found in _identifiers(mail)}
    query = select(Message.id).where(col(Message.id).in_(candidates))
    known = sorted((await command.session.exec(query)).all())
    for message_id in known:
        await mark_bounced(command, message_id, permanent=permanent, reason=f"status {code or 'unknown'}")
    return known, permanent


def _identifiers(mail: EmailMessage) -> Iterator[str]:
    """The message identifiers in a delivery-status mail: in its recipient, or in the returned message."""
    yield from _TAGGED.findall(str(mail.get("To", "")))
    for part in mail.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            text = part.as_string()
            yield from _MESSAGE_ID.findall(text)
