"""The messages as files, one each, named in the order of their arrival; two copies of a message are two files."""

import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Literal

from chassis.base.clock import LONDON

ENDING = ".eml"
IDENTIFIER = re.compile(r"[0-9]{20}-[0-9]{6}")
# The policy that does not take addresses apart: a list of thousands is read in a moment.
HEADERS = BytesHeaderParser(policy=policy.compat32)


@dataclass(frozen=True)
class Summary:
    """What a list shows of a message."""

    identifier: str
    recipients: str
    subject: str
    date: str


class Kept:
    """One message as it came."""

    def __init__(self, identifier: str, source: bytes) -> None:
        self.identifier = identifier
        self.source = source

    @cached_property
    def parsed(self) -> EmailMessage:
        """The message's parts and headers."""
        return message_from_bytes(self.source, policy=policy.default)

    def body(self, form: Literal["html", "plain"]) -> str | None:
        """One form of what the message says, if it has it."""
        part = self.parsed.get_body((form,))
        return None if part is None else str(part.get_content())

    @property
    def summary(self) -> Summary:
        """What a list shows of it."""
        return _summary(self.identifier, HEADERS.parsebytes(self.source))


class Store:
    """The messages of one folder. Files never change, so what was read of one once is not read again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._numbers = count()
        self._summaries: dict[str, Summary] = {}

    def keep(self, source: bytes) -> str:
        """Keep a message; its identifier."""
        identifier = f"{time.time_ns():020d}-{next(self._numbers):06d}"
        half = self._folder / f"{identifier}.half"
        half.write_bytes(source)
        half.rename(self._folder / f"{identifier}{ENDING}")
        return identifier

    def identifiers(self) -> list[str]:
        """All messages, newest first."""
        return sorted((path.stem for path in self._folder.glob(f"*{ENDING}")), reverse=True)

    def find(self, identifier: str) -> Kept | None:
        """A message, if there is one of this identifier."""
        # Nothing but an identifier of ours may become a path.
        if not IDENTIFIER.fullmatch(identifier) or not self._path(identifier).exists():
            return None
        return Kept(identifier, self._path(identifier).read_bytes())

    def summaries(self, recipient: str = "") -> list[Summary]:
        """What a list shows of all messages, newest first; of those to a recipient whose address has these words."""
        wanted = recipient.strip().casefold()
        everything = [self._summary(identifier) for identifier in self.identifiers()]
        return [one for one in everything if wanted in one.recipients.casefold()]

    def _summary(self, identifier: str) -> Summary:
        if identifier not in self._summaries:
            with self._path(identifier).open("rb") as file:
                self._summaries[identifier] = _summary(identifier, HEADERS.parse(file))
        return self._summaries[identifier]

    def _path(self, identifier: str) -> Path:
        return self._folder / f"{identifier}{ENDING}"


def _summary(identifier: str, headers: "Message[str, str]") -> Summary:
    to, subject, date = (str(make_header(decode_header(headers.get(name, "")))) for name in ("To", "Subject", "Date"))
    return Summary(identifier, to, subject, _date(date))


def _date(text: str) -> str:
    """A date header in a form that people read; as it is if it is none."""
    try:
        moment = parsedate_to_datetime(text).astimezone(LONDON)
    except ValueError:
        return text
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"
