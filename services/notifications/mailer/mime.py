"""A message as MIME source, in both of its forms."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from services.notifications.mailer.outcomes import Mail

# The standard library loses spaces where it folds a header: none is, up to the longest line that RFC 5322 allows.
UNFOLDED = SMTP.clone(max_line_length=998)


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
    return message.as_bytes(policy=UNFOLDED)
