"""The messages as files, one each, named in the order of their arrival; two copies of a message are two files."""

import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Literal

from aiosmtpd.smtp import SMTP, Envelope, Session

from chassis.base.clock import LONDON

IDENTIFIER = re.compile(r"[0-9]{20}-[0-9]{6}")
# The policy that does not take addresses apart: a list of thousands is read in a moment.
HEADERS = BytesHeaderParser(policy=policy.compat32)


@dataclass(frozen=True)
class Kept:
    """One message as it came."""

    path: Path
    recipients: str
    subject: str
    date: str

    @property
    def source(self) -> bytes:
        """All of it."""
        return self.path.read_bytes()

    def body(self, form: Literal["html", "plain"]) -> str | None:
        """One form of what the message says, if it has it."""
        part = message_from_bytes(self.source, policy=policy.default).get_body((form,))
        return None if part is None else str(part.get_content())


class Store:
    """The messages of one folder, and what aiosmtpd does with a new one: it is kept, and sent nowhere."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._numbers = count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Keep a message; the name is aiosmtpd's."""
        self.keep(envelope.original_content or b"")
        return "250 Kept"

    def keep(self, source: bytes) -> None:
        """Keep a message."""
        identifier = f"{time.time_ns():020d}-{next(self._numbers):06d}"
        half = self._folder / f"{identifier}.half"
        half.write_bytes(source)
        half.rename(self._path(identifier))

    def identifiers(self) -> list[str]:
        """All messages, newest first."""
        return sorted((path.stem for path in self._folder.glob("*.eml")), reverse=True)

    def find(self, identifier: str) -> Kept | None:
        """A message, if there is one of this identifier."""
        # Nothing but an identifier of ours may become a path.
        is_ours = IDENTIFIER.fullmatch(identifier) and self._path(identifier).exists()
        return _read(self._path(identifier)) if is_ours else None

    def messages(self, recipient: str = "") -> list[Kept]:
        """All messages, newest first; of those to a recipient whose address has these words."""
        wanted = recipient.strip().casefold()
        everything = (_read(self._path(identifier)) for identifier in self.identifiers())
        return [message for message in everything if wanted in message.recipients.casefold()]

    def _path(self, identifier: str) -> Path:
        return self._folder / f"{identifier}.eml"


@cache
def _read(path: Path) -> Kept:
    """A message by its headers; its file never changes, so it is read once."""
    with path.open("rb") as file:
        headers = HEADERS.parse(file)
    to, subject, date = (str(make_header(decode_header(headers.get(name, "")))) for name in ("To", "Subject", "Date"))
    return Kept(path, to, subject, _date(date))


def _date(text: str) -> str:
    """A date header in a form that people read; as it is if it is none."""
    try:
        moment = parsedate_to_datetime(text).astimezone(LONDON)
    except ValueError:
        return text
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"
