"""The code behind which an invited professional is shown who the children are: sent to their address, to nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from chassis.base import clock
from tests.support.conferences.desk import DIRECTORY, Desk
from tests.support.conferences.invited import PERSON_ID, Invited, invite, words
from tests.support.links import address_of, another, ask_for_code, code_seal_in, enter_code, issued
from tests.support.running import Running
from tests.support.waiting import PATIENCE

EMAIL = "visitor@example.org"


async def visitor_at(running: Running, **settings: bool) -> Invited:
    """The health visitor has opened their link."""
    desk = Desk(await running("conferences", log_level="error", **settings))
    await desk.rows(DIRECTORY)
    invited = await invite(desk)
    assert (await invited.change(invited.visitor, {"email": EMAIL})).status_code == 200
    await invited.opened(invited.visitor)
    return invited


@pytest.fixture
async def visitor(running: Running) -> Invited:
    return await visitor_at(running, names_on_invitations=True)


@pytest.fixture
async def stranger(visitor: Invited) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser in which the same link was opened: the email was forwarded."""
    async with httpx.AsyncClient(base_url=visitor.client.base_url, timeout=PATIENCE) as browser:
        for cookie in visitor.client.cookies.jar:
            browser.cookies.set(cookie.name, cookie.value or "", path=str(cookie.path))
        yield browser


async def name(visitor: Invited) -> str:
    """The child's name."""
    (child,) = await visitor.desk.rows("SELECT given_name, family_name FROM chassis.child")
    return f"{child['given_name']} {child['family_name']}"


async def test_names_are_shown_after_a_code_that_went_to_the_address_on_file(visitor: Invited) -> None:
    assert await name(visitor) not in await visitor.page()
    assert (await ask_for_code(visitor.client)).headers["location"] == f"{address_of(visitor.client)}/code"
    code = await issued(visitor.client)
    assert code["email"] == EMAIL
    assert len(code["code"]) == 6
    answer = await enter_code(visitor.client, f" {code['code'][:3]} {code['code'][3:]} ")
    assert (answer.status_code, answer.headers["location"]) == (303, address_of(visitor.client))
    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert flags == {"httponly", f"path={address_of(visitor.client)}", "samesite=lax", "max-age=1800"}
    page = await visitor.page()
    assert await name(visitor) in page
    assert "born on" in page
    (entry,) = await visitor.audited("show_children_of_invitation")
    assert (entry["person_ids"], entry["record"]) == ([PERSON_ID], visitor.reference)
    assert entry["caller"] == f"invitation {visitor.visitor}"
    assert code["code"] not in str(await visitor.everything()), "the code is kept nowhere"


async def test_an_event_names_neither_the_code_nor_anybody(visitor: Invited) -> None:
    await ask_for_code(visitor.client)
    (event,) = await visitor.published("link_code.requested")
    assert list(event) == ["code_id"]


async def test_nothing_is_shown_or_sent_where_the_council_did_not_switch_it_on(running: Running) -> None:
    visitor = await visitor_at(running)
    page = await visitor.client.get(address_of(visitor.client))
    assert code_seal_in(page.text) == ""
    assert (await visitor.client.get(f"{address_of(visitor.client)}/code")).status_code == 404
    assert (await ask_for_code(visitor.client)).status_code == 404
    assert await visitor.published("link_code.requested") == []


async def test_every_code_that_does_not_work_is_answered_the_same(
    visitor: Invited, stranger: httpx.AsyncClient
) -> None:
    await ask_for_code(visitor.client)
    code = (await issued(visitor.client))["code"]
    answers = [await enter_code(visitor.client, typed) for typed in (another(code), "", "x" * 20)]
    # Whoever the link was forwarded to has not asked for it in their browser, also if they do now.
    answers.append(await enter_code(stranger, code))
    await ask_for_code(stranger)
    answers.append(await enter_code(stranger, code))
    with clock.shifted(timedelta(minutes=16)):
        answers.append(await enter_code(visitor.client, code))
    assert {(answer.status_code, words(answer.text)) for answer in answers} == {(422, words(answers[0].text))}
    assert "That code does not work" in answers[0].text
    assert (await enter_code(visitor.client, code)).status_code == 303
    assert (await enter_code(visitor.client, code)).status_code == 422, "a code is good once"


async def test_after_five_tries_a_code_works_no_more(visitor: Invited) -> None:
    await ask_for_code(visitor.client)
    code = (await issued(visitor.client))["code"]
    for _ in range(5):
        assert (await enter_code(visitor.client, another(code))).status_code == 422
    assert (await enter_code(visitor.client, code)).status_code == 422


async def test_in_two_tabs_the_code_of_either_works(visitor: Invited) -> None:
    await ask_for_code(visitor.client)
    await ask_for_code(visitor.client)
    first, second = (await issued(visitor.client, 0))["code"], (await issued(visitor.client, 1))["code"]
    assert (await enter_code(visitor.client, first)).status_code == 303
    assert (await enter_code(visitor.client, second)).status_code == 303


async def test_a_code_goes_to_the_address_on_file_whoever_asks(visitor: Invited, stranger: httpx.AsyncClient) -> None:
    await ask_for_code(stranger)
    assert (await issued(visitor.client))["email"] == EMAIL
    assert await name(visitor) not in words((await stranger.get(address_of(visitor.client))).text)


async def test_at_most_five_codes_an_hour_are_sent_and_nobody_is_told(visitor: Invited) -> None:
    answers = [await ask_for_code(visitor.client) for _ in range(7)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {
        (303, f"{address_of(visitor.client)}/code")
    }
    assert len(await visitor.published("link_code.requested")) == 5
    with clock.shifted(timedelta(minutes=61)):
        await ask_for_code(visitor.client)
    assert len(await visitor.published("link_code.requested")) == 6


async def test_a_code_that_would_come_too_late_is_not_made(visitor: Invited) -> None:
    await ask_for_code(visitor.client)
    with clock.shifted(timedelta(minutes=16)):
        assert (await issued(visitor.client))["code"] is None


async def test_a_code_opens_nothing_once_the_link_is_revoked(visitor: Invited) -> None:
    await ask_for_code(visitor.client)
    code = (await issued(visitor.client))["code"]
    assert (await enter_code(visitor.client, code)).status_code == 303
    (link,) = await visitor.desk.rows("SELECT id FROM contribution_link WHERE superseded_at IS NULL")
    assert await visitor.revoke(link) == 204
    assert (await visitor.client.get(address_of(visitor.client))).status_code == 404
    assert (await visitor.client.get(f"{address_of(visitor.client)}/code")).status_code == 404


async def test_a_form_without_its_seal_or_of_another_site_sends_nothing(visitor: Invited) -> None:
    address = address_of(visitor.client)
    assert (await visitor.client.post(f"{address}/code/send")).status_code == 404
    seal = code_seal_in((await visitor.client.get(address)).text)
    elsewhere = await visitor.client.post(
        f"{address}/code/send", data={"seal": seal}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert elsewhere.status_code == 403
    assert await visitor.published("link_code.requested") == []


async def test_a_restricted_child_is_not_named(visitor: Invited) -> None:
    await visitor.restrict()
    await ask_for_code(visitor.client)
    await enter_code(visitor.client, (await issued(visitor.client))["code"])
    page = await visitor.page()
    assert await name(visitor) not in page
    assert "We do not show the child here. Please ask the chair." in page
