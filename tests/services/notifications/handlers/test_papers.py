"""The link to a paper goes to whoever was given it, and can be sent again for as long as it works."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from tests.support.notifications.other_services import Notifications, running_notifications
from tests.support.running import Running

LINK = uuid4()


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


async def give(notifications: Notifications) -> None:
    """A paper is given to a doctor."""
    told = await notifications.publish("paper_link.requested", source="conferences", link_id=LINK, reference="CONF-1")
    assert told == 204


async def test_the_link_stands_beside_the_words_of_its_message(notifications: Notifications) -> None:
    await give(notifications)
    (row,) = await notifications.messages()
    assert (row["template"], row["address"], row["state"]) == ("paper_link", "gp@example.org", "queued")
    assert row["answer_url"].endswith("/conference-papers/token-1")
    assert "token-1" not in row["html"] + row["text"] + row["subject"]
    assert notifications.others.links == [str(LINK)]


async def test_it_is_sent_again_with_a_new_link_unless_that_has_ended(notifications: Notifications) -> None:
    await give(notifications)
    (row,) = await notifications.messages()
    await notifications.client.process.database.statements.rows(
        "UPDATE message SET state = 'failed', failed_at = now(), due_at = NULL, answer_url = NULL"
    )
    path = f"/v1/messages/{row['id']}/resend"
    assert (await notifications.ask("POST", path, role=Role.ADMINISTRATOR)).status_code == 202
    again = (await notifications.messages())[-1]
    assert (again["address"], again["state"]) == ("gp@example.org", "queued")
    assert again["answer_url"].endswith("/conference-papers/token-2")
    notifications.others.has_ended = True
    refused = await notifications.ask("POST", path, role=Role.ADMINISTRATOR)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/link-ended")


@pytest.mark.parametrize("has_ended", [False, True])
async def test_what_was_suppressed_goes_out_with_a_new_link_when_that_is_lifted(
    notifications: Notifications, has_ended: bool
) -> None:
    address = {"address": "gp@example.org"}
    wanted = address | {"reason": "It bounced."}
    assert (await notifications.ask("POST", "/v1/messages/suppressions", wanted)).status_code == 201
    await give(notifications)
    (row,) = await notifications.messages()
    assert (row["state"], row["answer_url"]) == ("suppressed", None)
    notifications.others.has_ended = has_ended
    assert (await notifications.ask("POST", "/v1/messages/suppressions/lift", address)).status_code == 204
    (row,) = await notifications.messages()
    assert row["state"] == ("suppressed" if has_ended else "queued")
    assert bool(row["answer_url"]) is not has_ended
