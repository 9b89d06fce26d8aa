"""A code that was asked for goes to the address on file, and is kept no longer than it takes to send it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from tests.support.notifications.other_services import Notifications, running_notifications
from tests.support.running import Running


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


async def ask(notifications: Notifications) -> int:
    return await notifications.publish("link_code.requested", source="conferences", code_id=uuid4())


async def test_the_code_stands_beside_the_words_of_its_message(notifications: Notifications) -> None:
    assert await ask(notifications) == 204
    (row,) = await notifications.messages()
    assert (row["template"], row["address"], row["answer_url"]) == ("link_code", "visitor@example.org", "012345")
    assert "012345" not in row["html"] + row["text"] + row["subject"]
    shown = await notifications.ask("GET", f"/v1/messages/{row['id']}")
    assert shown.status_code == 200
    assert "012345" not in shown.text


async def test_a_code_is_not_sent_again_from_the_log(notifications: Notifications) -> None:
    assert await ask(notifications) == 204
    (row,) = await notifications.messages()
    await notifications.client.process.database.statements.rows(
        "UPDATE message SET state = 'failed', failed_at = now(), due_at = NULL, answer_url = NULL"
    )
    again = await notifications.ask("POST", f"/v1/messages/{row['id']}/resend", role=Role.ADMINISTRATOR)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/code-not-kept")
    assert "a button that sends a new one" in again.json()["title"] + str(again.json().get("detail"))
    shown = await notifications.ask("GET", f"/v1/messages/{row['id']}", role=Role.ADMINISTRATOR)
    assert shown.json()["can"] == []


async def test_a_code_that_was_suppressed_is_not_sent_when_that_is_lifted(notifications: Notifications) -> None:
    address = {"address": "visitor@example.org"}
    wanted = address | {"reason": "It bounced."}
    assert (await notifications.ask("POST", "/v1/messages/suppressions", wanted)).status_code == 201
    assert await ask(notifications) == 204
    assert (await notifications.ask("POST", "/v1/messages/suppressions/lift", address)).status_code == 204
    assert [row["state"] for row in await notifications.messages()] == ["suppressed"]


async def test_no_code_is_sent_that_would_come_too_late(notifications: Notifications) -> None:
    notifications.others.code = None
    assert await ask(notifications) == 204
    assert await notifications.messages() == []
