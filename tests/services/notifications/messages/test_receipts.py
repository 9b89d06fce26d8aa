"""What providers say of messages comes late, twice, out of order, forwarded, about others, and in free text."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from services.notifications.rules import MessageState
from tests.support.notifications.mailing import Mailing, mailing
from tests.support.notifications.other_services import running_notifications
from tests.support.running import Running

TOKEN = "planted-callback-token"
OTHER = "somewhere-else@example.org"
JSON = dict[str, Any]
SENT: JSON = {"state": MessageState.SENT, "due_at": None, "answer_url": None}


@pytest.fixture
async def sending(running: Running) -> AsyncIterator[Mailing]:
    async with mailing(await running("notifications", notify_callback_token=TOKEN)) as sending:
        yield sending


@dataclass(frozen=True)
class Notified:
    """A callback of GOV.UK Notify: `minutes` is when it happened, by Notify's clock."""

    status: str
    minutes: int | None = 0
    to: str | None = None
    at: str | None = None

    async def tell(self, sending: Mailing, message: UUID, address: str) -> None:
        moment = None if self.minutes is None else (clock.now() - timedelta(hours=9, minutes=-self.minutes)).isoformat()
        body: JSON = {"reference": str(message), "to": self.to or address, "status": self.status}
        body |= {"completed_at": self.at or moment}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = await sending.client.post("/callbacks/notify", json=body, headers=headers)
        assert answer.status_code == 204, answer.text


@dataclass(frozen=True)
class Reported:
    """A delivery-status mail, perhaps one that somebody forwarded, as a server writes it."""

    status: str
    minutes: int = 0
    about: str | None = None
    diagnostic: str = ""
    forwarded: bool = False
    action: str = "failed"
    # Another one of which it says that it failed: this one, or with an empty text our recipient.
    also: str | None = None

    async def tell(self, sending: Mailing, message: UUID, address: str) -> None:
        parts = [
            (self.about or address, self.action),
            *([(self.also or address.lower(), "failed")] if self.also is not None else []),
        ]
        groups = "".join(
            f"\nFinal-Recipient: rfc822; {about}\nAction: {action}\nStatus: {self.status}\n"
            + (f"Diagnostic-Code: {self.diagnostic}\n" if self.diagnostic else "")
            for about, action in parts
        )
        date = format_datetime(clock.now() - timedelta(hours=9, minutes=-self.minutes))
        report = (
            f"From: daemon@mx.example.org\nTo: bounces+{message}@example.org\nDate: {date}\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n{groups}\n--b--\n"
        )
        raw = report.encode()
        if self.forwarded:
            raw = (
                "To: bounces@example.org\nDate: Mon, 1 Jan 2018 09:00:00 +0000\nContent-Type: multipart/mixed; boundary=f\n"
                f"\n--f\nContent-Type: message/rfc822\n\n{report}\n--f--\n"
            ).encode()
        headers = sending.client.as_(Role.ADMINISTRATOR) | {"Content-Type": "message/rfc822"}
        answer = await sending.client.post("/v1/messages/bounces", content=raw, headers=headers)
        assert answer.status_code == 200, answer.text


GONE, FULL, ARRIVED = "permanent-failure", "temporary-failure", "delivered"
CASES: list[tuple[str, Sequence[Notified | Reported], str, bool, int]] = [
    ("it arrived", [Notified(ARRIVED)], "delivered", False, 0),
    ("no such address", [Notified(GONE)], "bounced", True, 1),
    ("told twice", [Notified(GONE), Notified(GONE)], "bounced", True, 1),
    ("a mail told twice", [Reported("5.1.1"), Reported("5.1.1")], "bounced", True, 1),
    ("arrived after all", [Notified(FULL, 1), Notified(ARRIVED, 2)], "delivered", False, 1),
    ("out of order: it arrived later", [Notified(ARRIVED, 2), Notified(GONE, 1)], "delivered", False, 0),
    ("out of order: it failed later", [Notified(GONE, 2), Notified(ARRIVED, 1)], "bounced", True, 1),
    ("full at first, gone later", [Notified(FULL, 1), Notified(GONE, 2)], "bounced", True, 2),
    ("gone, and an older word of a full one", [Notified(GONE, 2), Notified(FULL, 1)], "bounced", True, 1),
    ("both ways, out of order", [Reported("5.1.1", 2), Notified(ARRIVED, 1)], "bounced", True, 1),
    ("no time, twice", [Notified(GONE, None), Notified(GONE, None)], "bounced", True, 1),
    ("free text for a time", [Notified(ARRIVED, at="yesterday")], "delivered", False, 0),
    ("free text for a status", [Notified("The mailbox is gone.")], "sent", False, 0),
    ("a clock that is ahead", [Notified(FULL, at="2999-01-01T00:00:00Z")], "bounced", False, 1),
    ("about another address", [Notified(GONE, to=OTHER)], "bounced", False, 1),
    ("of a forwarded mail", [Reported("5.1.1", about=OTHER)], "bounced", False, 1),
    ("forwarded on after it arrived", [Reported("5.1.1", action="relayed", also=OTHER)], "sent", False, 0),
    ("ours among others", [Reported("5.1.1", about=OTHER, also="")], "bounced", True, 1),
    ("the report itself was forwarded", [Reported("5.1.1", forwarded=True)], "bounced", True, 1),
    ("forwarded, and older than its arrival", [Notified(ARRIVED, 2), Reported("5.1.1", 1, forwarded=True)], "delivered", False, 0),
    ("a full mailbox", [Reported("4.2.2")], "bounced", False, 1),
    ("a full mailbox for good", [Reported("5.2.2")], "bounced", False, 1),
    ("a full mailbox in the words", [Reported("5.0.0", diagnostic="smtp; 552 5.2.2 Over quota")], "bounced", False, 1),
    ("a code with words", [Reported("5.1.1 (bad destination mailbox)")], "bounced", True, 1),
    ("words for a code", [Reported("User unknown", diagnostic="smtp; 550 5.1.1 No such user")], "bounced", True, 1),
    ("only words", [Reported("User unknown", diagnostic="smtp; no such user at 10.5.1.1")], "bounced", False, 1),
]  # fmt: skip


async def test_what_stands_after_all_that_is_told(sending: Mailing) -> None:
    process = sending.client.process
    for number, (case, told, state, suppressed, events) in enumerate(CASES):
        address = f"Officer-{number}@example.org"
        message = await sending.queue(address=address, **SENT, sent_at=clock.now())
        for word in told:
            await word.tell(sending, message, address)
        row = await sending.row(message)
        listed = (await sending.client.get("/v1/messages/suppressions", headers=sending.manager())).json()["items"]
        addresses = [entry["address"] for entry in listed]
        published = await process.database.statements.rows(
            "SELECT 1 FROM chassis.outgoing WHERE subject = $1", str(message)
        )
        assert (case, row["state"], address.lower() in addresses, len(published)) == (case, state, suppressed, events)
        assert OTHER not in addresses


async def test_a_receipt_that_is_faster_than_our_own_mailer_counts(sending: Mailing) -> None:
    message = await sending.queue()
    await Notified(ARRIVED).tell(sending, message, "officer-1@example.org")
    row = await sending.row(message)
    assert (row["state"], row["due_at"]) == ("delivered", None)


async def test_what_was_suppressed_by_mistake_goes_out_when_that_is_lifted(running: Running) -> None:
    async with running_notifications(running) as notifications, mailing(notifications.client) as sending:
        kept = SENT | {"state": MessageState.SUPPRESSED}
        await notifications.leave("chair-2")
        of_chair = {"recipient_id": "chair-1", "address": "Chair-1@example.org"} | kept
        mine = [await sending.queue(template="core_group_reminder", **of_chair) for _ in range(2)]
        older, newer = [await sending.queue(template="weekly_reminder", **of_chair) for _ in range(2)]
        left = await sending.queue(recipient_id="chair-2", address="chair-2@example.org", **kept)
        advocate = await sending.queue(recipient_id="advocacy-service", address="advocacy@example.org", **kept)
        sent = await sending.queue(recipient_id="chair-1", address="chair-1@example.org", **SENT, sent_at=clock.now())
        for address in ("chair-1@example.org", "chair-2@example.org", "advocacy@example.org"):
            given = {"address": address, "reason": "A mistake."}
            assert (await notifications.ask("POST", "/v1/messages/suppressions", given)).status_code == 201
            answer = await notifications.ask("POST", "/v1/messages/suppressions/lift", {"address": address})
            assert answer.status_code == 204, answer.text
        states = {
            message: (await sending.row(message))["state"] for message in (*mine, older, newer, left, advocate, sent)
        }
        queued = dict.fromkeys([*mine, newer, advocate], "queued")
        assert states == queued | {older: "suppressed", left: "suppressed", sent: "sent"}
