"""A message as MIME source, written directly: building it with the standard library takes longer than sending it."""

import base64
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr

from services.notifications.mailer.outcomes import Mail

BOUNDARY = "=_part_of_this_message_="


class NotOneLine(ValueError):
    """A header would hold more than one line."""


def message_id(mail: Mail, sender: str) -> str:
    """The message's identifier: the same for every try, so that a second copy can be known as one."""
    return f"<{mail.id}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"


def source(mail: Mail, sender: str, reply_to: str, now: datetime) -> bytes:
    """The message's source with both of its forms; `NotOneLine` if a header would break."""
    name, address = parseaddr(sender)
    headers = {
        "From": formataddr((name, address)),
        "To": mail.address,
        "Subject": mail.subject if mail.subject.isascii() else Header(mail.subject, "utf-8", 900).encode(),
        "Date": format_datetime(now),
        "Message-ID": message_id(mail, sender),
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{BOUNDARY}"',
    }
    if reply_to:
        headers["Reply-To"] = formataddr(parseaddr(reply_to))
    for value in (*headers.values(), mail.subject):
        if "\r" in value or "\n" in value:
            raise NotOneLine
    head = "".join(f"{field}: {value}\r\n" for field, value in headers.items())
    return (
        f"{head}\r\n--{BOUNDARY}\r\n{_part('plain', mail.text)}\r\n"
        f"--{BOUNDARY}\r\n{_part('html', mail.html)}\r\n--{BOUNDARY}--\r\n"
    ).encode("ascii")


def _part(kind: str, words: str) -> str:
    encoded = base64.encodebytes(words.encode()).decode("ascii").replace("\n", "\r\n")
    return f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}"
