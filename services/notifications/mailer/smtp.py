"""Sending by SMTP: connections are kept and used again.

SMTP cannot say whether a message was taken when the connection breaks after its last line: such a message is sent
again under the same Message-ID, and its attempt says so.
"""

import asyncio
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import aiosmtplib
from icalendar import Calendar

from chassis.base import clock
from services.notifications.mailer.outcomes import Mail, Never, NotNow
from services.notifications.settings import NotificationsSettings

TIMEOUT_SECONDS = 30
# Servers close a connection on which nothing happens; a fresh one is cheaper than finding out.
IDLE_SECONDS = 20
# The standard library loses spaces where it folds a header: none is, up to the longest line that RFC 5322 allows.
UNFOLDED = SMTP.clone(max_line_length=998)


class Smtp:
    """The mail server of the settings."""

    def __init__(self, settings: NotificationsSettings) -> None:
        self._settings = settings
        self._sender = parseaddr(settings.mail_from)[1]
        self._from = str(Address(settings.council_name, addr_spec=self._sender))
        self._idle: list[tuple[float, aiosmtplib.SMTP]] = []

    async def send(self, mail: Mail) -> str:
        """Hand a message over to the mail server; what it answered."""
        settings = self._settings
        try:
            message = source(mail, self._from, settings.council_questions_email, clock.now())
        except UnicodeEncodeError:
            raise Never("The address has letters that mail servers do not take.") from None
        except ValueError:
            raise Never("A header would have more than one line.") from None
        try:
            client = await self._connection()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise NotNow(f"no connection: {type(error).__name__}") from error
        try:
            _, answer = await client.sendmail(self._envelope_sender(mail), [mail.address], message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            self._keep(client)
            raise _refused(error.recipients[0].code) from error
        except aiosmtplib.SMTPResponseException as error:
            client.close()
            raise _refused(error.code) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            client.close()
            raise NotNow(f"connection lost, fate unknown: {type(error).__name__}") from error
        self._keep(client)
        return answer[:200]

    def _envelope_sender(self, mail: Mail) -> str:
        """Where this message's bounces go; with a plus sign and its identifier if bounces have an address."""
        local, _, domain = self._settings.mail_bounces_to.rpartition("@")
        return f"{local}+{mail.id}@{domain}" if local else self._sender

    async def _connection(self) -> aiosmtplib.SMTP:
        moment = asyncio.get_running_loop().time()
        while self._idle:
            since, client = self._idle.pop()
            if moment - since < IDLE_SECONDS and client.is_connected:
                return client
            client.close()
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            tls_context=ssl.create_default_context() if settings.smtp_security != "none" else None,
            username=settings.smtp_username or None,
            password=settings.smtp_password.get_secret_value() or None,
            timeout=TIMEOUT_SECONDS,
        )
        await client.connect()
        return client

    def _keep(self, client: aiosmtplib.SMTP) -> None:
        self._idle.append((asyncio.get_running_loop().time(), client))

    async def close(self) -> None:
        """Close the connections that are kept."""
        for _, client in self._idle:
            client.close()
        self._idle.clear()


def _refused(code: int) -> NotNow | Never:
    """A refusal by its code: 4xx for now, 5xx for good (RFC 5321, section 4.2.1)."""
    return Never(f"refused: {code}") if code >= 500 else NotNow(f"refused for now: {code}")


def message_id(mail: Mail, sender: str) -> str:
    """The message's identifier: the same for every try, so that a second copy can be known as one."""
    return f"<{mail.id}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"


def source(mail: Mail, sender: str, reply_to: str, now: datetime) -> bytes:
    """The message's source; `ValueError` if a header would have several lines, or the address is not ASCII."""
    mail.address.encode("ascii")
    headers = {
        "From": sender,
        "To": mail.address,
        "Subject": mail.subject,
        "Message-ID": message_id(mail, sender),
        "Auto-Submitted": "auto-generated",
    }
    if reply_to:
        headers["Reply-To"] = reply_to
    message = EmailMessage(SMTP)
    for name, value in headers.items():
        # The standard library refuses a line break within a header, and not at its end.
        if value.endswith(("\r", "\n")):
            raise ValueError("Header values may not end with linefeed or carriage return characters")
        message[name] = value
    message["Date"] = now
    # Given as bytes, the words arrive exactly as they were written: text would be given a last line break.
    for kind, words in (("plain", mail.text), ("html", mail.html)):
        message.add_alternative(words.encode(), "text", kind, params={"charset": "utf-8"})
    if mail.calendar:
        # Calendar programs read the method from here (RFC 6047, section 2.4).
        method = str(Calendar.from_ical(mail.calendar)["method"])
        params = {"charset": "utf-8", "method": method}
        message.add_attachment(mail.calendar.encode(), "text", "calendar", filename="meeting.ics", params=params)
    return message.as_bytes(policy=UNFOLDED)
