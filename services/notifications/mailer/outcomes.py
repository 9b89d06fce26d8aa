"""The outcomes of sending a message, and the interface of a way of sending."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Mail:
    """A message to send: one recipient, and no copies; `calendar` is a calendar entry to attach."""

    id: UUID
    address: str
    subject: str
    html: str
    text: str
    tries: int = 1
    calendar: str | None = None


class NotNow(Exception):
    """The message was not taken, and may be later; the text names the reason without quoting anybody."""


class Never(Exception):
    """The message was refused for good."""


class Way(Protocol):
    """A way of sending."""

    async def send(self, mail: Mail) -> str:
        """Hand a message over; the reference under which the other side knows it.

        Raises `NotNow` or `Never`. A message whose fate is unknown counts as not taken.
        """

    async def close(self) -> None:
        """Close what is open."""
