"""What providers say became of a message: it comes late, twice, out of order, and about other addresses.

The provider's own time decides which outcome stands. Only the address that the message was sent to is ever suppressed.
"""

import email
import email.utils
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Mail
from uuid import UUID

from sqlmodel import col, select

from chassis.base.problems import Malformed
from chassis.command import Command
from services.notifications.events import MessageBounced
from services.notifications.messages.actions import suppress
from services.notifications.messages.models import Message, Suppression
from services.notifications.rules import MessageState

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TAGGED = re.compile(rf"\+({_UUID})@")
_MESSAGE_ID = re.compile(rf"<({_UUID})@")
# A status code of RFC 3463 in whatever words it stands, but not part of an IP address.
_CODE = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
FAILED, MAILBOX_FULL = "failed", ".2.2"
# What was never handed over has no outcome.
_HANDED_OVER = frozenset(MessageState) - {MessageState.SUPPRESSED, MessageState.TO_PRINT, MessageState.PRINTED}


@dataclass(frozen=True)
class Outcome:
    """What a provider says of a message: when by its own clock, and about which address, if it says so."""

    delivered: bool
    at: datetime | None
    about: str | None
    permanent: bool = False
    reason: str = ""

    def is_for_good(self, address: str) -> bool:
        """Whether nothing will arrive at this address: where a mail went on to from there is another one."""
        return self.permanent and (self.about is None or self.about.lower() == address.lower())


async def take_outcome(command: Command, message_id: UUID, outcome: Outcome) -> None:
    """Record what became of a message, unless what is known already is later."""
    message = await command.session.get(Message, message_id, with_for_update=True)
    if message is None or message.state not in _HANDED_OVER:
        return
    state = MessageState.DELIVERED if outcome.delivered else MessageState.BOUNCED
    at = min(outcome.at or command.now, command.now)
    known = message.outcome_at
    if known is not None and (at <= known or (outcome.at is None and message.state == state)):
        return
    was_bounced = message.state == MessageState.BOUNCED
    message.state, message.outcome_at = state, at
    message.due_at = message.answer_url = None
    if outcome.delivered:
        # It may be told before our own mailer has noted that it was sent.
        message.sent_at = message.sent_at or at
        message.delivered_at, message.failed_at, message.failure = at, None, None
        return
    message.failed_at, message.failure = at, outcome.reason
    permanent = outcome.is_for_good(message.address)
    is_new = permanent and await command.session.get(Suppression, message.address.lower()) is None
    if is_new:
        await suppress(command, message.address, f"It bounced: {outcome.reason}")
    if is_new or not was_bounced:
        command.publish(MessageBounced(message_id=message.id, recipient_id=message.recipient_id, permanent=permanent))


def moment_of(text: str | None) -> datetime | None:
    """A provider's time (ISO 8601), or None if it is none."""
    try:
        return _aware(datetime.fromisoformat(text or ""))
    except ValueError:
        return None


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def take_bounce(command: Command, raw: bytes) -> tuple[list[UUID], bool]:
    """Take in a delivery-status mail (RFC 3464): returns its messages, and whether they failed permanently."""
    mail = email.message_from_bytes(raw)
    # Somebody may have forwarded it.
    report = next((part for part in mail.walk() if part.get_content_type() == "multipart/report"), mail)
    status = next((part for part in report.walk() if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        raise Malformed("This is not a delivery-status mail.")
    fields = [part for part in status.get_payload() if isinstance(part, Mail)] if status.is_multipart() else []
    query = select(Message.id, Message.address).where(
        col(Message.id).in_({UUID(found) for found in _identifiers(mail)})
    )
    found, permanent = [], False
    for message_id, address in sorted((await command.session.exec(query)).all()):
        if (outcome := _outcome(report, fields, address)) is not None:
            await take_outcome(command, message_id, outcome)
            found.append(message_id)
            permanent = permanent or outcome.is_for_good(address)
    return found, permanent


def _identifiers(mail: Mail) -> Iterator[str]:
    """The message identifiers in a delivery-status mail: in its recipient, or in the returned message."""
    for part in mail.walk():
        yield from _TAGGED.findall(str(part.get("To", "")))
        yield from _MESSAGE_ID.findall(str(part.get("Message-ID", "")))
        if part.get_content_type() == "text/rfc822-headers":
            yield from _identifiers(email.message_from_string(str(part.get_payload())))


def _outcome(report: Mail, fields: Sequence[Mail], address: str) -> Outcome | None:
    """How sending to an address failed, None if it did not; only else what is said of where the mail went on to."""
    mine = [part for part in fields if _recipient(part) == address.lower()]
    failed = next((part for part in mine or fields if str(part.get("Action", "")).strip().lower() == FAILED), None)
    if failed is None:
        return None
    codes = [code for name in ("Status", "Diagnostic-Code") for code in _CODE.findall(str(failed.get(name, "")))]
    is_full = any(code.endswith(MAILBOX_FULL) for code in codes)
    return Outcome(
        delivered=False,
        at=_at(report, failed),
        about=_recipient(failed),
        permanent=bool(codes) and codes[0].startswith("5") and not is_full,
        reason=f"status {codes[0] if codes else 'unknown'}",
    )


def _recipient(part: Mail) -> str:
    """The address of `rfc822; somebody@example.org`."""
    return email.utils.parseaddr(str(part.get("Final-Recipient", "")).rpartition(";")[2])[1].lower()


def _at(report: Mail, failed: Mail) -> datetime | None:
    """When it failed, as the mail server says it, or else when the mail says it was written."""
    for said in (failed.get("Last-Attempt-Date"), report.get("Date")):
        try:
            return _aware(email.utils.parsedate_to_datetime(str(said)))
        except ValueError:
            continue
    return None
