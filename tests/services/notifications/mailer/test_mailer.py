"""The queue of messages under every failure of a mail server: nothing is lost, hidden or sent in vain."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from chassis.base import clock
from chassis.events.standard_webhooks import JITTER, PAUSES
from services.notifications.mailer.outcomes import Mail
from services.notifications.mailer.queue import LEASE, Mailer
from services.notifications.settings import NotificationsSettings
from tests.support.journeys.loop import Postbox, smtp_server, words
from tests.support.notifications.mailing import ADDRESS, Mailing, mailing
from tests.support.running import Running
from tests.support.serving import free_port

SOON = PAUSES[1] * (1 + JITTER)


@pytest.fixture
async def post(running: Running) -> AsyncIterator[tuple[Mailing, Postbox]]:
    async with smtp_server() as (postbox, port):
        client = await running("notifications", smtp_port=port, smtp_security="none", mails_per_second=0)
        async with mailing(client) as sending:
            yield sending, postbox


async def test_a_message_is_sent_once_with_its_link_which_is_then_forgotten(post: tuple[Mailing, Postbox]) -> None:
    mailing, postbox = post
    message = await mailing.queue()
    assert (await mailing.send(), await mailing.send()) == (1, 0)
    (mail,) = postbox.mails
    assert mail["To"] == ADDRESS
    assert "http://127.0.0.1/answer/secret" in words(mail)
    assert "http://127.0.0.1/answer/secret" in words(mail, "html")
    row = await mailing.row(message)
    assert (row["state"], row["due_at"], row["answer_url"], row["tries"]) == ("sent", None, None, 1)


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        # Grey-listed: it is tried again and then taken.
        ("451 come back later", ["queued", "sent"]),
        # The server itself is about to stop.
        ("421 closing", ["queued", "sent"]),
        # Full for now.
        ("452 no room", ["queued", "sent"]),
        # Refused for good: it stops, and shows.
        ("550 no such user", ["failed", "failed"]),
        ("554 no thanks", ["failed", "failed"]),
    ],
)
async def test_a_refusal_is_for_now_or_for_good(post: tuple[Mailing, Postbox], answer: str, states: list[str]) -> None:
    mailing, postbox = post
    message = await mailing.queue()
    postbox.answers = [answer]
    found = []
    for later in (timedelta(0), SOON + timedelta(seconds=1)):
        await mailing.send(later)
        found.append((await mailing.row(message))["state"])
    assert found == states
    assert len(postbox.mails) == states.count("sent")
    path = f"/v1/messages/{message}"
    shown = (await mailing.client.get(path, headers=mailing.manager())).json()
    code = answer[:3]
    assert shown["attempts"][0]["outcome"] == (f"refused: {code}" if code > "500" else f"refused for now: {code}")
    if states[0] == "failed":
        assert (shown["failure"], shown["due_at"]) == (f"refused: {code}", None)


async def test_it_is_given_up_after_the_last_try(post: tuple[Mailing, Postbox]) -> None:
    mailing, postbox = post
    message = await mailing.queue()
    postbox.answers = ["451 later"] * 20
    later = timedelta(0)
    for pause in PAUSES:
        later += pause * (1 + JITTER) + timedelta(seconds=5)
        await mailing.send(later)
    row = await mailing.row(message)
    assert (row["state"], row["tries"], row["failure"]) == ("failed", len(PAUSES), "refused for now: 451")


async def test_no_mail_server_at_all_only_delays_it(running: Running) -> None:
    port = free_port()
    client = await running("notifications", smtp_port=port, smtp_security="none")
    async with mailing(client) as sending:
        message = await sending.queue()
        await sending.send()
        row = await sending.row(message)
        assert row["state"] == "queued"
        assert row["failure"].startswith("no connection: ")


async def test_a_crash_between_sending_and_writing_down_sends_the_same_message_again(
    post: tuple[Mailing, Postbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing, postbox = post
    message = await mailing.queue()

    async def crash(*_: Any) -> None:
        raise SystemError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(Mailer, "_settle", crash)
        with pytest.raises(ExceptionGroup):
            await mailing.send()
    assert len(postbox.mails) == 1
    assert await mailing.send(LEASE / 2) == 0
    assert await mailing.send(LEASE + timedelta(seconds=1)) == 1
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert str(message) in first["Message-ID"]
    assert (await mailing.row(message))["tries"] == 2


async def test_a_stopped_mailer_writes_down_what_left_and_frees_what_did_not(post: tuple[Mailing, Postbox]) -> None:
    mailing, postbox = post
    messages = [await mailing.queue() for _ in range(8)]
    held, may_end, left = asyncio.Event(), asyncio.Event(), []

    class Slow:
        async def send(self, mail: Mail) -> str:
            left.append(mail.id)
            held.set()
            await may_end.wait()
            return "taken"

    task = asyncio.create_task(Mailer(mailing.client.process, Slow()).send_due())  # type: ignore[arg-type]
    await held.wait()
    task.cancel()
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(task, return_exceptions=True)
    for message in left:
        assert (await mailing.row(message))["state"] == "sent"
    assert await mailing.send(timedelta(seconds=1)) == len(messages) - len(left)
    assert len(postbox.mails) == len(messages) - len(left) > 0


async def test_mailers_at_once_send_each_message_once(post: tuple[Mailing, Postbox]) -> None:
    mailing, postbox = post
    for _ in range(60):
        await mailing.queue()
    await asyncio.gather(*(mailing.mailer.send_due() for _ in range(3)))
    while await mailing.send():
        pass
    assert len({mail["Message-ID"] for mail in postbox.mails}) == len(postbox.mails) == 60


async def test_the_limit_of_messages_per_second_keeps_their_order_and_forgets_none(running: Running) -> None:
    async with smtp_server() as (postbox, port):
        client = await running("notifications", smtp_port=port, smtp_security="none", mails_per_second=100)
        async with mailing(client) as sending:
            start = clock.now() - timedelta(minutes=1)
            for number in range(23):
                await sending.queue(subject=str(number), due_at=start + timedelta(seconds=number))
            while await sending.send():
                pass
    subjects = [int(mail["Subject"]) for mail in postbox.mails]
    assert sorted(subjects) == list(range(23))
    # Each connection finishes in its own time; nobody overtakes by more than there are connections.
    assert isinstance(client.settings, NotificationsSettings)
    assert all(abs(place - number) <= client.settings.mail_connections for place, number in enumerate(subjects))


async def test_one_message_that_cannot_be_written_holds_up_no_other(post: tuple[Mailing, Postbox]) -> None:
    mailing, postbox = post
    refused = [
        await mailing.queue(subject="Hello\r\nBcc: everybody@example.org"),
        await mailing.queue(address="jörg@example.org"),
    ]
    others = [await mailing.queue() for _ in range(6)]
    await mailing.send()
    for message in refused:
        assert (await mailing.row(message))["state"] == "failed"
    for message in others:
        assert (await mailing.row(message))["state"] == "sent"
    assert all(mail["Bcc"] is None for mail in postbox.mails)


async def test_what_nobody_foresaw_is_tried_again(post: tuple[Mailing, Postbox]) -> None:
    mailing, _ = post
    message = await mailing.queue()

    class Odd:
        async def send(self, mail: Mail) -> str:
            raise LookupError(ADDRESS)

    await Mailer(mailing.client.process, Odd()).send_due()  # type: ignore[arg-type]
    row = await mailing.row(message)
    assert (row["state"], row["failure"]) == ("queued", "unexpected: LookupError")


async def test_a_connection_is_used_again_and_replaced_when_it_broke(post: tuple[Mailing, Postbox]) -> None:
    mailing, postbox = post
    for _ in range(3):
        await mailing.queue()
        await mailing.send()
    way = mailing.mailer._way
    assert len(way._idle) == 1  # type: ignore[attr-defined]
    way._idle[0][1].close()  # type: ignore[attr-defined]
    await mailing.queue()
    await mailing.send()
    assert len(postbox.mails) == 4
