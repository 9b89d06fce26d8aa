"""Sending by GOV.UK Notify, against a stand-in of it that Notify's own client takes for the real one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from chassis.events.standard_webhooks import JITTER, PAUSES
from tests.support.notifications import notify
from tests.support.notifications.mailing import ADDRESS, Mailing, mailing
from tests.support.notifications.notify import Notify, Refused
from tests.support.running import Running
from tests.support.serving import listening

TOKEN = "the-token-that-both-sides-keep"
SOON = PAUSES[1] * (1 + JITTER) + timedelta(seconds=1)


@pytest.fixture
async def standin() -> AsyncIterator[tuple[Notify, str]]:
    stand_in = Notify()
    async with listening(stand_in.app()) as address:
        yield stand_in, address


@pytest.fixture
async def post(running: Running, standin: tuple[Notify, str]) -> AsyncIterator[tuple[Mailing, Notify]]:
    stand_in, address = standin
    client = await running(
        "notifications",
        mail_sender="notify",
        notify_url=address,
        notify_key=stand_in.key,
        notify_template_id=stand_in.template_id,
        notify_callback_token=TOKEN,
        mails_per_second=0,
    )
    async with mailing(client) as sending:
        yield sending, stand_in


async def test_the_official_client_takes_the_stand_in_for_the_real_one(standin: tuple[Notify, str]) -> None:
    stand_in, address = standin
    client = NotificationsAPIClient(stand_in.key, base_url=address)
    words = {"subject": "Hello", "body": "Words"}
    ask = asyncio.to_thread
    made = await ask(client.send_email_notification, ADDRESS, stand_in.template_id, words, "our-reference")
    assert (made["reference"], made["content"]["body"]) == ("our-reference", "Words")
    read = await ask(client.get_notification_by_id, made["id"])
    assert (read["email_address"], read["status"], read["type"]) == (ADDRESS, "created", "email")
    found = await ask(client.get_all_notifications, reference="our-reference")
    assert [notification["id"] for notification in found["notifications"]] == [made["id"]]
    for arguments, status, message in (
        ((ADDRESS, stand_in.template_id, {"subject": "Hello"}), 400, "Missing personalisation: body"),
        ((ADDRESS, str(uuid4()), words), 400, "Template not found"),
        (("nowhere", stand_in.template_id, words), 400, "email_address Not a valid email address"),
    ):
        with pytest.raises(HTTPError) as refused:
            await ask(client.send_email_notification, *arguments)
        assert refused.value.status_code == status
        problems: Any = refused.value.message
        assert problems[0]["message"] == message
    stranger = NotificationsAPIClient(Notify().key, base_url=address)
    with pytest.raises(HTTPError) as unknown:
        await ask(stranger.send_email_notification, ADDRESS, stand_in.template_id, words)
    assert unknown.value.status_code == 403


async def test_a_message_is_handed_over_in_plain_words_under_its_own_reference(post: tuple[Mailing, Notify]) -> None:
    sending, stand_in = post
    message = await sending.queue(subject="A child’s care")
    await sending.send()
    (taken,) = stand_in.taken.values()
    assert (taken["reference"], taken["email_address"]) == (str(message), ADDRESS)
    assert taken["subject"] == "A child’s care"
    assert taken["body"] == "Answer: http://127.0.0.1/answer/secret\n"
    row = await sending.row(message)
    assert (row["state"], row["provider_reference"]) == ("sent", taken["id"])
    assert stand_in.calls == ["POST /v2/notifications/email"]


async def test_after_an_unknown_end_the_reference_is_looked_up_before_anything_is_sent(
    post: tuple[Mailing, Notify],
) -> None:
    sending, stand_in = post
    message, stand_in.falls_silent = await sending.queue(), 1
    await sending.send()
    row = await sending.row(message)
    assert row["state"] == "queued"
    assert row["failure"].startswith("no answer, fate unknown: ")
    await sending.send(SOON)
    (taken,) = stand_in.taken.values()
    row = await sending.row(message)
    assert (row["state"], row["provider_reference"]) == ("sent", taken["id"])
    assert stand_in.calls == ["POST /v2/notifications/email", "GET /v2/notifications"]


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        # Too many in a minute, and too many today.
        (notify.RATE, "sent"),
        (notify.TODAY, "sent"),
        # They have a problem of their own.
        (notify.BROKEN, "sent"),
        # Our clock or our key is wrong, which somebody will put right: no message is at fault.
        (notify.CLOCK, "sent"),
        (notify.NO_KEY, "sent"),
        # The message itself is refused.
        (notify.TEAM_ONLY, "failed"),
    ],
)
async def test_a_refusal_is_for_now_or_for_good(post: tuple[Mailing, Notify], refusal: Refused, state: str) -> None:
    sending, stand_in = post
    message, stand_in.refusals = await sending.queue(), [refusal]
    await sending.send()
    assert (await sending.row(message))["state"] == ("queued" if state == "sent" else "failed")
    await sending.send(SOON)
    row = await sending.row(message)
    assert row["state"] == state
    assert len(stand_in.taken) == (1 if state == "sent" else 0)
    assert str(refusal.status) in row["attempts"]


async def call_back(sending: Mailing, body: dict[str, Any], token: str | None = TOKEN) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return await sending.client.post("/callbacks/notify", json=body, headers=headers)


@pytest.mark.parametrize(
    ("status", "state", "suppressed"),
    [
        # It arrived.
        ("delivered", "delivered", 0),
        # The address is not there: nothing more is sent to it.
        ("permanent-failure", "bounced", 1),
        # The inbox was full, or Notify itself failed: shown, but the address may be written to again.
        ("temporary-failure", "bounced", 0),
        ("technical-failure", "bounced", 0),
    ],
)
async def test_what_became_of_a_message_is_taken_in(
    post: tuple[Mailing, Notify], status: str, state: str, suppressed: int
) -> None:
    sending, stand_in = post
    message = await sending.queue()
    await sending.send()
    callback = stand_in.callback(next(iter(stand_in.taken)), status)
    for _ in range(2):
        assert (await call_back(sending, callback)).status_code == 204
    assert (await sending.row(message))["state"] == state
    listed = (await sending.client.get("/v1/messages/suppressions", headers=sending.manager())).json()["items"]
    assert len(listed) == suppressed
    events = await sending.client.process.database.statements.rows("SELECT type, data FROM chassis.outgoing")
    assert [event["type"] for event in events] == (["message.bounced"] if state == "bounced" else [])
    assert all(ADDRESS not in event["data"] for event in events)


async def test_a_callback_without_the_token_is_refused(post: tuple[Mailing, Notify]) -> None:
    sending, stand_in = post
    message = await sending.queue()
    await sending.send()
    body = stand_in.callback(next(iter(stand_in.taken)), "permanent-failure")
    for token in (None, "another", f"{TOKEN}x", TOKEN[:-1], TOKEN.upper()):
        assert (await call_back(sending, body, token)).status_code == 401
    assert (await sending.row(message))["state"] == "sent"


async def test_where_no_token_was_agreed_no_callback_is_taken(running: Running) -> None:
    client = await running("notifications")
    for token in ("anything", "%20"):
        headers = {"Authorization": f"Bearer {token}"}
        answer = await client.post("/callbacks/notify", json={"status": "delivered"}, headers=headers)
        assert answer.status_code == 401


async def test_a_callback_about_somebody_elses_message_changes_nothing(post: tuple[Mailing, Notify]) -> None:
    sending, _ = post
    for reference in (None, str(UUID(int=7))):
        assert (await call_back(sending, {"reference": reference, "status": "permanent-failure"})).status_code == 204
    rows = await sending.client.process.database.statements.rows("SELECT address FROM suppression")
    assert rows == []
