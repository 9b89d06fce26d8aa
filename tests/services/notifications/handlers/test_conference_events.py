"""People invited to a conference are sent each piece of news once, with their own link, and nobody else is."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import Response

from chassis.base import clock
from chassis.base.fields import day_in_words as day
from chassis.web.service_clients import ServiceOutOfReach
from services.notifications.clients.conferences import Conferences
from services.notifications.emails import ANSWER_LINK
from services.notifications.mailer.queue import Mailer, way_of
from tests.support.journeys.loop import smtp_server, words
from tests.support.notifications.other_services import ADVOCACY, Notifications, in_days, running_notifications
from tests.support.running import Running

NOTHING = [0, 0, 0]
FIRST, SECOND, THIRD = (str(UUID(int=number)) for number in (1, 2, 3))
ADVOCATE: dict[str, Any] = {"invited_as": "advocate", "report_due_on": None, "name": "Advocacy service"}
NEW_DAY = in_days(21)


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


async def invite(notifications: Notifications, invitation_id: str = FIRST, **more: Any) -> int:
    """Tell that somebody was invited."""
    data: dict[str, Any] = {
        "invitation_id": invitation_id,
        "reference": "CONF-1",
        "chair_id": "chair-1",
        "report_due_on": in_days(7),
    }
    return await notifications.publish("conference.invited", source="conferences", **data, **more)


async def subjects(notifications: Notifications) -> dict[str, list[str]]:
    """The subjects of everybody's messages, in order."""
    found: dict[str, list[str]] = {}
    for row in await notifications.messages():
        found.setdefault(row["recipient_id"], []).append(row["subject"])
    return found


@pytest.mark.parametrize(
    "failing",
    [
        lambda: Response(status_code=500),
        lambda: Response(status_code=404),
        lambda: Response("{", media_type="application/json"),
        lambda: Response('{"reference": "CONF-1"}', media_type="application/json"),
    ],
    ids=["500", "404", "no JSON", "another shape"],
)
async def test_while_conferences_cannot_be_asked_nothing_is_done_and_the_event_is_taken_later(
    notifications: Notifications, failing: Any
) -> None:
    notifications.others.invited()
    notifications.others.failing = failing
    event = uuid4()
    assert await invite(notifications, event_id=event) >= 500
    assert await notifications.kept() == NOTHING
    notifications.others.failing = None
    assert await invite(notifications, event_id=event) == 204
    assert await notifications.recipients() == [FIRST]


async def test_when_a_link_cannot_be_made_nobody_is_half_told(
    notifications: Notifications, monkeypatch: pytest.MonkeyPatch
) -> None:
    notifications.others.invited(1)
    notifications.others.invited(2)
    assert [await invite(notifications, each) for each in (FIRST, SECOND)] == [204, 204]
    before = await notifications.kept()
    made: list[UUID] = []
    original = Conferences.create_link

    async def breaks(self: Conferences, wanted: Any) -> str:
        made.append(wanted.invitation_id)
        if len(made) == 2:
            raise ServiceOutOfReach("TimeoutError")
        return await original(self, wanted)

    with monkeypatch.context() as patched:
        patched.setattr(Conferences, "create_link", breaks)
        assert await notifications.tell_of_conference("moved", 2) >= 500
    assert len(made) == 2
    assert await notifications.kept() == before
    assert await notifications.tell_of_conference("moved", 2) == 204
    assert await notifications.recipients() == [FIRST, FIRST, SECOND, SECOND]


async def test_an_invitation_says_when_where_and_until_when_and_its_secret_goes_when_it_was_sent(
    running: Running,
) -> None:
    async with (
        smtp_server() as (postbox, port),
        running_notifications(running, smtp_port=port, smtp_security="none") as notifications,
    ):
        notifications.others.invited()
        assert await invite(notifications) == 204
        (row,) = await notifications.messages()
        assert (row["recipient_id"], row["address"]) == (FIRST, "invited-1@example.org")
        assert row["answer_url"].endswith("/contribution/token-1")
        for form in (row["html"], row["text"]):
            assert ANSWER_LINK in form
            assert "token-1" not in form
        assert "token" not in row["answer_link"]
        process = notifications.client.process
        way = way_of(process)
        assert await Mailer(process, way).send_due() == 1
        await way.close()
        (mail,) = postbox.to("invited-1@example.org")
        for form in (words(mail), words(mail, "html")):
            assert "/contribution/token-1" in form
            assert "CONF-1" in form
            assert day(date.fromisoformat(in_days(7))) in form
            assert day(date.fromisoformat(in_days(14))) in form
            assert "Town Hall" in form
            assert "Planted" not in form
        (row,) = await notifications.messages()
        assert (row["state"], row["answer_url"]) == ("sent", None)
        assert "token-1" not in str(list(row.values()))


async def test_told_many_times_at_once_each_recipient_has_one_message_for_each_news(
    notifications: Notifications,
) -> None:
    """As one event that is delivered again, and as several that say the same."""
    for number in (1, 2):
        notifications.others.invited(number)
    notifications.others.invited(3, email=None, **ADVOCATE)
    same = uuid4()

    async def at_once(kind: str, **data: Any) -> None:
        told_now = (
            notifications.publish(kind, source="conferences", event_id=same if odd % 2 else None, **data)
            for odd in range(6)
        )
        assert set(await asyncio.gather(*told_now)) == {204}

    await at_once("conference.planned", reference="CONF-1", version=1)
    same = uuid4()
    await at_once("conference.invited", invitation_id=FIRST)
    same = uuid4()
    await at_once("conference.invited", invitation_id=SECOND)
    assert await notifications.recipients() == [FIRST, SECOND, "advocacy-service"]
    for version, news in ((2, "moved"), (3, "moved"), (4, "cancelled")):
        if news == "cancelled":
            notifications.others.conference(state="cancelled")
        same = uuid4()
        await at_once(f"conference.{news}", reference="CONF-1", version=version)
    found = await subjects(notifications)
    assert {who: len(said) for who, said in found.items()} == {FIRST: 4, SECOND: 4, "advocacy-service": 4}
    assert (await notifications.kept())[1] == 12


async def test_whoever_has_no_address_is_sent_nothing_until_there_is_one(notifications: Notifications) -> None:
    notifications.others.invited(email=None)
    assert await invite(notifications) == 204
    assert await notifications.recipients() == []
    notifications.others.conference(email="found@example.org")
    assert [await invite(notifications), await invite(notifications)] == [204, 204]
    (row,) = await notifications.messages()
    assert row["address"] == "found@example.org"
    assert notifications.others.links == [FIRST]


@pytest.mark.parametrize(
    "so", [{"withdrawn": True}, {"state": "held"}, {"state": "cancelled"}, {"planned_on": in_days(-1)}]
)
async def test_nobody_is_invited_to_what_is_over_or_was_taken_back(
    notifications: Notifications, so: dict[str, Any]
) -> None:
    notifications.others.invited(**so)
    notifications.others.invited(2, **ADVOCATE | so)
    assert await invite(notifications) == 204
    assert await notifications.tell_of_conference("planned") == 204
    assert await notifications.tell_of_conference("moved", 2) == 204
    assert (await notifications.kept())[:2] == [0, 0]
    assert notifications.others.links == []


async def test_professionals_alone_have_a_link_and_observers_and_advocates_are_told_what_they_are_there_for(
    notifications: Notifications,
) -> None:
    notifications.others.invited(1)
    notifications.others.invited(2, invited_as="observer", report_due_on=None)
    notifications.others.invited(3, **ADVOCATE)
    for each in (FIRST, SECOND, THIRD):
        assert await invite(notifications, each) == 204
    professional, observer, advocate = await notifications.messages()
    assert notifications.others.links == [FIRST]
    assert "Please send your report by" in professional["text"]
    assert "You are invited to observe a conference" in observer["text"]
    assert "may want somebody to speak for them" in advocate["text"]
    for row in (observer, advocate):
        assert row["answer_url"] is None
        assert "report" not in row["text"]


async def test_the_advocate_who_is_invited_by_rule_is_asked_at_the_advocacy_service(
    notifications: Notifications,
) -> None:
    notifications.others.invited(1)
    notifications.others.invited(2, email=None, **ADVOCATE)
    assert await notifications.tell_of_conference("planned") == 204
    (row,) = await notifications.messages()
    assert (row["recipient_id"], row["address"]) == ("advocacy-service", ADVOCACY)
    assert row["subject"].startswith("Invitation to a conference: CONF-1")


async def test_where_no_advocacy_address_is_known_the_safeguarding_team_is_asked(running: Running) -> None:
    async with running_notifications(running, advocacy_email="") as notifications:
        notifications.others.invited(1, email=None, **ADVOCATE)
        assert await notifications.tell_of_conference("planned") == 204
        notifications.others.conference(planned_on=NEW_DAY)
        assert await notifications.tell_of_conference("moved", 2) == 204
        asked, moved = await notifications.messages()
        assert {asked["recipient_id"], moved["recipient_id"]} == {"safe-1"}
        assert asked["subject"].startswith("Please invite an advocate: conference CONF-1")
        assert "Please tell the advocate." in moved["text"]


async def test_a_move_is_told_to_those_who_were_invited_with_what_holds_now(notifications: Notifications) -> None:
    notifications.others.invited(1)
    notifications.others.invited(2)
    assert await invite(notifications) == 204
    notifications.others.conference(planned_on=NEW_DAY, planned_time=None, mode="video", report_due_on=in_days(16))
    for _ in range(2):
        assert await notifications.tell_of_conference("moved", 2) == 204
    assert await notifications.recipients() == [FIRST, FIRST]
    row = (await notifications.messages())[1]
    assert row["subject"] == f"A conference has changed: CONF-1, {day(date.fromisoformat(NEW_DAY))}"
    assert (
        f"Please send your report by {date.fromisoformat(in_days(16)):%A} {day(date.fromisoformat(in_days(16)))}"
        in row["text"]
    )
    assert "by video" in row["text"]
    assert "09:30" not in row["text"]
    assert row["answer_url"].endswith("/contribution/token-2")


async def test_whose_report_came_is_not_asked_for_it_again(notifications: Notifications) -> None:
    notifications.others.invited(1)
    assert await invite(notifications) == 204
    notifications.others.conference(planned_on=NEW_DAY, report_received_on=in_days(0))
    assert await notifications.tell_of_conference("moved", 2) == 204
    invited, moved = await notifications.messages()
    assert "Please send your report" in invited["text"]
    assert "report" not in moved["text"]


async def test_an_advocate_may_be_wanted_for_the_new_day_and_not_any_more_for_another(
    notifications: Notifications,
) -> None:
    notifications.others.invited(1)
    assert await invite(notifications) == 204
    notifications.others.invited(2, email=None, **ADVOCATE)
    assert await notifications.tell_of_conference("moved", 2) == 204
    notifications.others.invitations[SECOND]["withdrawn"] = True
    for version in (3, 4):
        assert await notifications.tell_of_conference("moved", version) == 204
    found = await subjects(notifications)
    assert [subject.split(":")[0] for subject in found["advocacy-service"]] == [
        "Invitation to a conference",
        "You do not need to come",
    ]
    assert len(found[FIRST]) == 4


async def test_a_move_heard_before_the_invitation_invites_once_to_the_new_day(notifications: Notifications) -> None:
    notifications.others.invited(1, planned_on=NEW_DAY)
    notifications.others.invited(2, email=None, **ADVOCATE | {"planned_on": NEW_DAY})
    assert await notifications.tell_of_conference("moved", 2) == 204
    assert [await invite(notifications), await notifications.tell_of_conference("planned", 1)] == [204, 204]
    found = await subjects(notifications)
    invitation = f"Invitation to a conference: CONF-1, {day(date.fromisoformat(NEW_DAY))}"
    assert found == {"advocacy-service": [invitation], FIRST: [invitation]}


async def test_only_those_who_were_invited_hear_that_a_conference_was_cancelled(notifications: Notifications) -> None:
    for number in (1, 2, 3):
        notifications.others.invited(number, planned_on=in_days(0))
    assert [await invite(notifications, each) for each in (FIRST, SECOND)] == [204, 204]
    # A reference that begins in the same way is another conference.
    notifications.others.invited(4, reference="CONF-10")
    assert await invite(notifications, str(UUID(int=4))) == 204
    notifications.others.conference(state="cancelled", planned_on=in_days(-1))
    notifications.others.invitations[SECOND]["withdrawn"] = True
    assert await notifications.tell_of_conference("cancelled", 2) == 204
    cancelled = [row for row in await notifications.messages() if "cancelled" in row["subject"]]
    assert [row["recipient_id"] for row in cancelled] == [FIRST]
    assert cancelled[0]["answer_url"] is None


async def test_whose_invitation_is_taken_back_hears_so_once_if_they_were_invited(notifications: Notifications) -> None:
    notifications.others.invited(1)
    notifications.others.invited(2)
    assert await invite(notifications) == 204
    data: dict[str, Any] = {"reference": "CONF-1", "chair_id": "chair-1"}
    # As long as it was not taken back, or was by mistake, nobody is told.
    assert await notifications.publish("conference.uninvited", source="conferences", invitation_id=FIRST, **data) == 204
    assert len(await notifications.messages()) == 1
    notifications.others.conference(withdrawn=True)
    for each in (FIRST, SECOND, FIRST):
        assert (
            await notifications.publish("conference.uninvited", source="conferences", invitation_id=each, **data) == 204
        )
    assert await notifications.tell_of_conference("moved", 2) == 204
    found = await subjects(notifications)
    assert list(found) == [FIRST]
    assert found[FIRST][1:] == ["You do not need to come: conference CONF-1"]
    assert (await notifications.messages())[1]["answer_url"] is None


async def test_a_cancellation_heard_when_the_conference_is_planned_again_is_not_told(
    notifications: Notifications,
) -> None:
    notifications.others.invited()
    assert await invite(notifications) == 204
    assert await notifications.tell_of_conference("cancelled", 2) == 204
    assert await notifications.recipients() == [FIRST]


async def ask_for_link(notifications: Notifications, **corrected: int) -> int:
    data: dict[str, Any] = {"link_id": uuid4(), "invitation_id": FIRST} | corrected
    return await notifications.publish("contribution_link.requested", source="conferences", **data)


async def test_a_new_link_is_sent_once_an_hour_however_often_it_is_asked_for(notifications: Notifications) -> None:
    notifications.others.invited()
    assert set(await asyncio.gather(*(ask_for_link(notifications) for _ in range(4)))) == {204}
    (row,) = await notifications.messages()
    assert row["template"] == "contribution_link"
    assert row["answer_url"].endswith("/contribution/token-1")
    assert notifications.others.links == [FIRST]
    with clock.shifted(timedelta(hours=1)):
        assert await ask_for_link(notifications) == 204
    assert notifications.others.links == [FIRST, FIRST]
    assert len(await notifications.messages()) == 2


@pytest.mark.parametrize("so", [{"email": None}, {"withdrawn": True}, {"state": "closed"}, {"planned_on": in_days(-1)}])
async def test_no_new_link_is_sent_to_whoever_has_nothing_more_to_say(
    notifications: Notifications, so: dict[str, Any]
) -> None:
    notifications.others.invited(**so)
    assert await ask_for_link(notifications) == 204
    assert (await notifications.kept())[:2] == [0, 0]
    assert notifications.others.links == []


async def test_each_corrected_address_is_sent_a_link_once_also_within_the_hour(notifications: Notifications) -> None:
    notifications.others.invited()
    assert await ask_for_link(notifications) == 204
    notifications.others.conference(email="right@example.org")
    for version in (2, 2, 3):
        assert await ask_for_link(notifications, invitation_version=version) == 204
    assert [row["address"] for row in (await notifications.messages())[1:]] == ["right@example.org"] * 2


async def test_an_invitation_is_sent_again_to_the_present_address_with_a_fresh_link(
    notifications: Notifications,
) -> None:
    notifications.others.invited()
    assert await invite(notifications) == 204
    (first,) = await notifications.messages()
    sql = "UPDATE message SET state = 'bounced', due_at = NULL, answer_url = NULL"
    await notifications.client.process.database.statements.rows(sql)
    notifications.others.conference(email="right@example.org")
    answer = await notifications.ask("POST", f"/v1/messages/{first['id']}/resend")
    assert answer.status_code == 202, answer.text
    again = (await notifications.messages())[1]
    assert (again["address"], again["recipient_id"]) == ("right@example.org", FIRST)
    assert again["answer_url"].endswith("/contribution/token-2")
    notifications.others.conference(withdrawn=True)
    assert (await notifications.ask("POST", f"/v1/messages/{first['id']}/resend")).status_code == 409
    notifications.others.failing = lambda: Response(status_code=500)
    assert (await notifications.ask("POST", f"/v1/messages/{first['id']}/resend")).status_code == 503
    assert len(await notifications.messages()) == 2


async def test_to_an_address_that_bounced_no_link_is_made(notifications: Notifications) -> None:
    wanted = {"address": "INVITED-1@example.org", "reason": "It bounced."}
    assert (await notifications.ask("POST", "/v1/messages/suppressions", wanted)).status_code == 201
    notifications.others.invited()
    assert await invite(notifications) == 204
    (row,) = await notifications.messages()
    assert (row["state"], row["answer_url"]) == ("suppressed", None)
    assert notifications.others.links == []


async def test_an_invitation_that_is_sent_again_is_sent_once_for_each_time(notifications: Notifications) -> None:
    notifications.others.invited(1)
    assert await invite(notifications) == 204
    data: dict[str, Any] = {"reference": "CONF-1", "chair_id": "chair-1", "invitation_id": FIRST, "report_due_on": None}
    for version in (2, 2, 3):
        event = data | {"again": version}
        assert await notifications.publish("conference.invited", source="conferences", **event) == 204
    assert len(await notifications.messages()) == 3
    assert len(notifications.others.links) == 3
