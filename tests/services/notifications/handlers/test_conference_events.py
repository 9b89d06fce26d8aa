"""People invited to a conference are sent each piece of news once, with their own link, and nobody else is."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import Response

from chassis.base import clock
from chassis.web.service_clients import ServiceOutOfReach
from services.notifications.clients import Conferences
from services.notifications.emails import ANSWER_LINK, day
from services.notifications.mailer.queue import Mailer, way_of
from tests.support.journeys.loop import smtp_server, words
from tests.support.notifications.other_services import ADVOCACY, Told, in_days, told
from tests.support.running import Running

NOTHING = [0, 0, 0]
FIRST, SECOND, THIRD = (str(UUID(int=number)) for number in (1, 2, 3))
ADVOCATE: dict[str, Any] = {"invited_as": "advocate", "report_due_on": None, "name": "Advocacy service"}
NEW_DAY = in_days(21)


@pytest.fixture
async def one(running: Running) -> AsyncIterator[Told]:
    async with told(running) as one:
        yield one


async def invite(one: Told, invitation_id: str = FIRST, **more: Any) -> int:
    """Tell that somebody was invited."""
    data: dict[str, Any] = {
        "invitation_id": invitation_id,
        "reference": "CONF-1",
        "chair_id": "chair-1",
        "report_due_on": in_days(7),
    }
    return await one.publish("conference.invited", source="conferences", **data, **more)


async def subjects(one: Told) -> dict[str, list[str]]:
    """The subjects of everybody's messages, in order."""
    found: dict[str, list[str]] = {}
    for row in await one.messages():
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
    one: Told, failing: Any
) -> None:
    one.others.invited()
    one.others.failing = failing
    event = uuid4()
    assert await invite(one, event_id=event) >= 500
    assert await one.kept() == NOTHING
    one.others.failing = None
    assert await invite(one, event_id=event) == 204
    assert await one.recipients() == [FIRST]


async def test_when_a_link_cannot_be_made_nobody_is_half_told(one: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    one.others.invited(1)
    one.others.invited(2)
    assert [await invite(one, each) for each in (FIRST, SECOND)] == [204, 204]
    before = await one.kept()
    made: list[UUID] = []
    original = Conferences.create_link

    async def breaks(self: Conferences, wanted: Any) -> str:
        made.append(wanted.invitation_id)
        if len(made) == 2:
            raise ServiceOutOfReach("TimeoutError")
        return await original(self, wanted)

    with monkeypatch.context() as patched:
        patched.setattr(Conferences, "create_link", breaks)
        assert await one.tell_of_conference("moved", 2) >= 500
    assert len(made) == 2
    assert await one.kept() == before
    assert await one.tell_of_conference("moved", 2) == 204
    assert await one.recipients() == [FIRST, FIRST, SECOND, SECOND]


async def test_an_invitation_says_when_where_and_until_when_and_its_secret_goes_when_it_was_sent(
    running: Running,
) -> None:
    async with smtp_server() as (postbox, port), told(running, smtp_port=port, smtp_security="none") as one:
        one.others.invited()
        assert await invite(one) == 204
        (row,) = await one.messages()
        assert (row["recipient_id"], row["address"]) == (FIRST, "invited-1@example.org")
        assert row["answer_url"].endswith("/contribution/token-1")
        for form in (row["html"], row["text"]):
            assert ANSWER_LINK in form
            assert "token-1" not in form
        assert "token" not in row["answer_link"]
        process = one.client.process
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
        (row,) = await one.messages()
        assert (row["state"], row["answer_url"]) == ("sent", None)
        assert "token-1" not in str(list(row.values()))


async def test_told_many_times_at_once_each_recipient_has_one_message_for_each_news(one: Told) -> None:
    """As one event that is delivered again, and as several that say the same."""
    for number in (1, 2):
        one.others.invited(number)
    one.others.invited(3, email=None, **ADVOCATE)
    same = uuid4()

    async def at_once(kind: str, **data: Any) -> None:
        told_now = (
            one.publish(kind, source="conferences", event_id=same if odd % 2 else None, **data) for odd in range(6)
        )
        assert set(await asyncio.gather(*told_now)) == {204}

    await at_once("conference.planned", reference="CONF-1", version=1)
    same = uuid4()
    await at_once("conference.invited", invitation_id=FIRST)
    same = uuid4()
    await at_once("conference.invited", invitation_id=SECOND)
    assert await one.recipients() == [FIRST, SECOND, "advocacy-service"]
    for version, news in ((2, "moved"), (3, "moved"), (4, "cancelled")):
        if news == "cancelled":
            one.others.conference(state="cancelled")
        same = uuid4()
        await at_once(f"conference.{news}", reference="CONF-1", version=version)
    found = await subjects(one)
    assert {who: len(said) for who, said in found.items()} == {FIRST: 4, SECOND: 4, "advocacy-service": 4}
    assert (await one.kept())[1] == 12


async def test_whoever_has_no_address_is_sent_nothing_until_there_is_one(one: Told) -> None:
    one.others.invited(email=None)
    assert await invite(one) == 204
    assert await one.recipients() == []
    one.others.conference(email="found@example.org")
    assert [await invite(one), await invite(one)] == [204, 204]
    (row,) = await one.messages()
    assert row["address"] == "found@example.org"
    assert one.others.links == [FIRST]


@pytest.mark.parametrize(
    "so", [{"withdrawn": True}, {"state": "held"}, {"state": "cancelled"}, {"planned_on": in_days(-1)}]
)
async def test_nobody_is_invited_to_what_is_over_or_was_taken_back(one: Told, so: dict[str, Any]) -> None:
    one.others.invited(**so)
    one.others.invited(2, **ADVOCATE | so)
    assert await invite(one) == 204
    assert await one.tell_of_conference("planned") == 204
    assert await one.tell_of_conference("moved", 2) == 204
    assert (await one.kept())[:2] == [0, 0]
    assert one.others.links == []


async def test_professionals_alone_have_a_link_and_observers_and_advocates_are_told_what_they_are_there_for(
    one: Told,
) -> None:
    one.others.invited(1)
    one.others.invited(2, invited_as="observer", report_due_on=None)
    one.others.invited(3, **ADVOCATE)
    for each in (FIRST, SECOND, THIRD):
        assert await invite(one, each) == 204
    professional, observer, advocate = await one.messages()
    assert one.others.links == [FIRST]
    assert "Please send your report by" in professional["text"]
    assert "You are invited to observe a conference" in observer["text"]
    assert "may want somebody to speak for them" in advocate["text"]
    for row in (observer, advocate):
        assert row["answer_url"] is None
        assert "report" not in row["text"]


async def test_the_advocate_who_is_invited_by_rule_is_asked_at_the_advocacy_service(one: Told) -> None:
    one.others.invited(1)
    one.others.invited(2, email=None, **ADVOCATE)
    assert await one.tell_of_conference("planned") == 204
    (row,) = await one.messages()
    assert (row["recipient_id"], row["address"]) == ("advocacy-service", ADVOCACY)
    assert row["subject"].startswith("Invitation to a conference: CONF-1")


async def test_where_no_advocacy_address_is_known_the_safeguarding_team_is_asked(running: Running) -> None:
    async with told(running, advocacy_email="") as one:
        one.others.invited(1, email=None, **ADVOCATE)
        assert await one.tell_of_conference("planned") == 204
        one.others.conference(planned_on=NEW_DAY)
        assert await one.tell_of_conference("moved", 2) == 204
        asked, moved = await one.messages()
        assert {asked["recipient_id"], moved["recipient_id"]} == {"safe-1"}
        assert asked["subject"].startswith("Please invite an advocate: conference CONF-1")
        assert "Please tell the advocate." in moved["text"]


async def test_a_move_is_told_to_those_who_were_invited_with_what_holds_now(one: Told) -> None:
    one.others.invited(1)
    one.others.invited(2)
    assert await invite(one) == 204
    one.others.conference(planned_on=NEW_DAY, planned_time=None, mode="video", report_due_on=in_days(16))
    for _ in range(2):
        assert await one.tell_of_conference("moved", 2) == 204
    assert await one.recipients() == [FIRST, FIRST]
    row = (await one.messages())[1]
    assert row["subject"] == f"A conference has changed: CONF-1, {day(date.fromisoformat(NEW_DAY))}"
    assert f"Please send your report by {day(date.fromisoformat(in_days(16)))}" in row["text"]
    assert "by video" in row["text"]
    assert "09:30" not in row["text"]
    assert row["answer_url"].endswith("/contribution/token-2")
    assert "This link replaces the one in our earlier email." in row["text"]


async def test_whose_report_came_is_not_asked_for_it_again(one: Told) -> None:
    one.others.invited(1)
    assert await invite(one) == 204
    one.others.conference(planned_on=NEW_DAY, report_received_on=in_days(0))
    assert await one.tell_of_conference("moved", 2) == 204
    invited, moved = await one.messages()
    assert "Please send your report" in invited["text"]
    assert "report" not in moved["text"]


async def test_an_advocate_may_be_wanted_for_the_new_day_and_not_any_more_for_another(one: Told) -> None:
    one.others.invited(1)
    assert await invite(one) == 204
    one.others.invited(2, email=None, **ADVOCATE)
    assert await one.tell_of_conference("moved", 2) == 204
    one.others.invitations[SECOND]["withdrawn"] = True
    for version in (3, 4):
        assert await one.tell_of_conference("moved", version) == 204
    found = await subjects(one)
    assert [one.split(":")[0] for one in found["advocacy-service"]] == [
        "Invitation to a conference",
        "You do not need to come",
    ]
    assert len(found[FIRST]) == 4


async def test_a_move_heard_before_the_invitation_invites_once_to_the_new_day(one: Told) -> None:
    one.others.invited(1, planned_on=NEW_DAY)
    one.others.invited(2, email=None, **ADVOCATE | {"planned_on": NEW_DAY})
    assert await one.tell_of_conference("moved", 2) == 204
    assert [await invite(one), await one.tell_of_conference("planned", 1)] == [204, 204]
    found = await subjects(one)
    invitation = f"Invitation to a conference: CONF-1, {day(date.fromisoformat(NEW_DAY))}"
    assert found == {"advocacy-service": [invitation], FIRST: [invitation]}


async def test_only_those_who_were_invited_hear_that_a_conference_was_cancelled(one: Told) -> None:
    for number in (1, 2, 3):
        one.others.invited(number, planned_on=in_days(0))
    assert [await invite(one, each) for each in (FIRST, SECOND)] == [204, 204]
    # A reference that begins in the same way is another conference.
    one.others.invited(4, reference="CONF-10")
    assert await invite(one, str(UUID(int=4))) == 204
    one.others.conference(state="cancelled", planned_on=in_days(-1))
    one.others.invitations[SECOND]["withdrawn"] = True
    assert await one.tell_of_conference("cancelled", 2) == 204
    cancelled = [row for row in await one.messages() if "cancelled" in row["subject"]]
    assert [row["recipient_id"] for row in cancelled] == [FIRST]
    assert cancelled[0]["answer_url"] is None


async def test_whose_invitation_is_taken_back_hears_so_once_if_they_were_invited(one: Told) -> None:
    one.others.invited(1)
    one.others.invited(2)
    assert await invite(one) == 204
    data: dict[str, Any] = {"reference": "CONF-1", "chair_id": "chair-1"}
    # As long as it was not taken back, or was by mistake, nobody is told.
    assert await one.publish("conference.uninvited", source="conferences", invitation_id=FIRST, **data) == 204
    assert len(await one.messages()) == 1
    one.others.conference(withdrawn=True)
    for each in (FIRST, SECOND, FIRST):
        assert await one.publish("conference.uninvited", source="conferences", invitation_id=each, **data) == 204
    assert await one.tell_of_conference("moved", 2) == 204
    found = await subjects(one)
    assert list(found) == [FIRST]
    assert found[FIRST][1:] == ["You do not need to come: conference CONF-1"]
    assert (await one.messages())[1]["answer_url"] is None


async def test_a_cancellation_heard_when_the_conference_is_planned_again_is_not_told(one: Told) -> None:
    one.others.invited()
    assert await invite(one) == 204
    assert await one.tell_of_conference("cancelled", 2) == 204
    assert await one.recipients() == [FIRST]


async def ask_for_link(one: Told, **corrected: int) -> int:
    data: dict[str, Any] = {"link_id": uuid4(), "invitation_id": FIRST} | corrected
    return await one.publish("contribution_link.requested", source="conferences", **data)


async def test_a_new_link_is_sent_once_an_hour_however_often_it_is_asked_for(one: Told) -> None:
    one.others.invited()
    assert set(await asyncio.gather(*(ask_for_link(one) for _ in range(4)))) == {204}
    (row,) = await one.messages()
    assert row["template"] == "contribution_link"
    assert row["answer_url"].endswith("/contribution/token-1")
    assert one.others.links == [FIRST]
    with clock.shifted(timedelta(hours=1)):
        assert await ask_for_link(one) == 204
    assert one.others.links == [FIRST, FIRST]
    assert len(await one.messages()) == 2


@pytest.mark.parametrize("so", [{"email": None}, {"withdrawn": True}, {"state": "closed"}, {"planned_on": in_days(-1)}])
async def test_no_new_link_is_sent_to_whoever_has_nothing_more_to_say(one: Told, so: dict[str, Any]) -> None:
    one.others.invited(**so)
    assert await ask_for_link(one) == 204
    assert (await one.kept())[:2] == [0, 0]
    assert one.others.links == []


async def test_each_corrected_address_is_sent_a_link_once_also_within_the_hour(one: Told) -> None:
    one.others.invited()
    assert await ask_for_link(one) == 204
    one.others.conference(email="right@example.org")
    for version in (2, 2, 3):
        assert await ask_for_link(one, invitation_version=version) == 204
    assert [row["address"] for row in (await one.messages())[1:]] == ["right@example.org"] * 2


async def test_an_invitation_is_sent_again_to_the_present_address_with_a_fresh_link(one: Told) -> None:
    one.others.invited()
    assert await invite(one) == 204
    (first,) = await one.messages()
    sql = "UPDATE message SET state = 'bounced', due_at = NULL, answer_url = NULL"
    await one.client.process.database.statements.rows(sql)
    one.others.conference(email="right@example.org")
    answer = await one.ask("POST", f"/v1/messages/{first['id']}/resend")
    assert answer.status_code == 202, answer.text
    again = (await one.messages())[1]
    assert (again["address"], again["recipient_id"]) == ("right@example.org", FIRST)
    assert again["answer_url"].endswith("/contribution/token-2")
    one.others.conference(withdrawn=True)
    assert (await one.ask("POST", f"/v1/messages/{first['id']}/resend")).status_code == 409
    one.others.failing = lambda: Response(status_code=500)
    assert (await one.ask("POST", f"/v1/messages/{first['id']}/resend")).status_code == 503
    assert len(await one.messages()) == 2


async def test_to_an_address_that_bounced_no_link_is_made(one: Told) -> None:
    wanted = {"address": "INVITED-1@example.org", "reason": "It bounced."}
    assert (await one.ask("POST", "/v1/suppressions", wanted)).status_code == 201
    one.others.invited()
    assert await invite(one) == 204
    (row,) = await one.messages()
    assert (row["state"], row["answer_url"]) == ("suppressed", None)
    assert one.others.links == []
