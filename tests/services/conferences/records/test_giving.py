"""Papers of a conference are given by links that ask for a code; who opened one, and when, is kept."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import MOTHER, Desk
from tests.support.conferences.giving import DOCTOR, NAME, Held, hold_with_record
from tests.support.links import opened, read, sent


@pytest.fixture
async def held(desk: Desk) -> Held:
    return await hold_with_record(desk)


async def test_a_record_is_given_by_a_link_that_asks_for_a_code(held: Held) -> None:
    await held.complete()
    link = await held.given(role=Role.BUSINESS_SUPPORT, subject="support-1")
    assert (link["email"], link["role"], link["sent_by"], link["openings"]) == (DOCTOR, "GP", "support-1", [])
    client = held.desk.client
    issued = await sent(client, link)
    answer = await client.get(issued["path"])
    address = answer.headers["location"]
    page = await client.get(address)
    assert "Send me a code" in page.text
    assert NAME not in page.text
    assert [(await read(client, address, form)).status_code for form in ("html", "pdf", "odt")] == [404, 404, 404]
    address = await opened(client, link)
    html, pdf = await read(client, address), await read(client, address, "pdf")
    assert NAME in html.text
    assert pdf.content.startswith(b"%PDF")
    (listed,) = (await held.desk.ask("GET", held.path)).json()
    assert [opening["form"] for opening in listed["openings"]] == ["html", "pdf"]
    entries = await held.desk.rows("SELECT caller, person_ids FROM chassis.audit_entry WHERE action = 'open_paper'")
    assert {entry["caller"] for entry in entries} == {f"paper link {link['id']}"}
    assert entries[0]["person_ids"] == ["P1", "P2"]


async def test_what_is_given_counts_as_distributed_and_nobody_is_told_twice(held: Held) -> None:
    await held.complete()
    await held.given()
    conference = (await held.desk.ask("GET", f"/v1/conferences/{held.conference['reference']}")).json()
    assert conference["distributed_to"] == ["Dr Yarrow Elmsgate, GP"]
    assert conference["distributed_on"] == clock.today().isoformat()
    (event,) = await held.desk.published("conference.record_distributed")
    assert event["by_link"] is True
    (event,) = await held.desk.published("paper_link.requested")
    assert sorted(event) == ["link_id", "reference"]


async def test_a_record_is_given_only_once_it_is_complete_and_an_outline_plan_before(held: Held) -> None:
    answer = await held.give(held.doctor)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conference-record-incomplete")
    assert await held.desk.published("paper_link.requested") == []
    answer = await held.give(held.doctor, paper="outline_plan")
    assert answer.status_code == 201, answer.text
    address = await opened(held.desk.client, answer.json()[0])
    assert "Outline child protection plan" in (await read(held.desk.client, address)).text
    assert (await held.give(held.doctor, paper="outline_plan")).status_code == 201
    (event,) = await held.desk.published("conference.outline_plan_sent")
    assert event["by_link"] is True


async def test_only_those_invited_for_all_children_with_an_address_are_given_it(held: Held) -> None:
    await held.complete()
    answer = await held.give(held.worker, str(uuid4()))
    refused = {(error["field"], error["rule"]) for error in answer.json()["errors"]}
    assert refused == {("recipients.0", "has_address"), ("recipients.1", "of_this_conference")}
    version = (await held.desk.ask("GET", f"/v1/conferences/{held.conference['reference']}")).json()["version"]
    mother = MOTHER | {"email": "mother@example.org", "person_ids": ["P1"]}
    (row,) = await held.desk.invited(held.conference | {"version": version}, mother)
    answer = await held.give(row["id"])
    assert [error["rule"] for error in answer.json()["errors"]] == ["about_all_children"]


async def stopped(held: Held, link: dict[str, Any], why: str) -> None:
    """Have a link be one that opens nothing any more, for one of the reasons."""
    if why == "revoked":
        assert (await held.desk.ask("POST", f"/v1/conferences/papers/{link['id']}/revoke")).status_code == 204
    elif why == "agency ended":
        await held.desk.rows(
            "UPDATE chassis.copy SET ends_on = $1 WHERE id = 'general-practice'", clock.today() - timedelta(days=1)
        )
    else:
        await held.desk.rows("UPDATE chassis.child SET restricted = true WHERE person_id = 'P2'")


async def send_me_a_new_link(browser: httpx.AsyncClient, path: str) -> httpx.Response:
    """Ask for a new link as the page of an old one does."""
    pages, _, token = path.rpartition("/")
    return await browser.post(f"{pages}/new-link", data={"token": token})


@pytest.mark.parametrize("why", ["revoked", "expired", "agency ended", "restricted since"])
async def test_a_link_works_no_longer_than_it_may(held: Held, why: str) -> None:
    await held.complete()
    link, client = await held.given(), held.desk.client
    address = await opened(client, link)
    days = timedelta(0)
    if why == "expired":
        days = timedelta(days=61)
    else:
        await stopped(held, link, why)
    with clock.shifted(days):
        assert (await client.get(address)).status_code == 404
        assert (await read(client, address)).status_code == 404
        assert (await sent(client, link))["path"] is None


async def test_whoever_holds_a_link_that_expired_has_a_new_one_sent_to_the_same_address(held: Held) -> None:
    await held.complete()
    client, path = held.desk.client, (await sent(held.desk.client, await held.given()))["path"]
    with clock.shifted(timedelta(days=61)):
        page = await client.get(path)
        assert (page.status_code, "This link has expired" in page.text) == (404, True)
        # Once by its button, and once more from another tab: the old link is known no more.
        pages = [await send_me_a_new_link(client, path) for _ in range(2)]
        assert {page.status_code for page in pages} == {200}
        assert pages[0].text == pages[1].text
        assert len(await held.desk.published("paper_link.requested")) == 2
        assert "This link does not work" in (await client.get(path)).text
        (link,) = (await held.desk.ask("GET", held.path)).json()
        renewed = await sent(client, link)
        assert (renewed["email"], renewed["expires_on"]) == (DOCTOR, (clock.today() + timedelta(days=60)).isoformat())
        assert (await client.get(renewed["path"])).status_code == 303


@pytest.mark.parametrize("why", ["revoked", "agency ended", "restricted since"])
async def test_a_link_that_was_stopped_says_so_and_offers_nothing(held: Held, why: str) -> None:
    await held.complete()
    link, client = await held.given(), held.desk.client
    path = (await sent(client, link))["path"]
    await stopped(held, link, why)
    for days in (0, 61):
        with clock.shifted(timedelta(days=days)):
            page = await client.get(path)
            assert (page.status_code, "This link was stopped" in page.text) == (404, True)
            assert "<form" not in page.text
            assert (await send_me_a_new_link(client, path)).status_code == 200
    assert len(await held.desk.published("paper_link.requested")) == 1


async def test_a_link_that_works_is_not_sent_again_by_whoever_holds_it(held: Held) -> None:
    await held.complete()
    client, path = held.desk.client, (await sent(held.desk.client, await held.given()))["path"]
    for unsent in (path, f"/conference-papers/{'x' * 43}"):
        assert (await send_me_a_new_link(client, unsent)).status_code == 200
    assert len(await held.desk.published("paper_link.requested")) == 1
    assert (await client.get(path)).status_code == 303


async def test_papers_of_restricted_children_are_given_by_those_who_may_see_them(held: Held) -> None:
    await held.complete()
    await held.desk.rows("UPDATE chassis.child SET restricted = true WHERE person_id = 'P2'")
    stranger: dict[str, Any] = {"role": Role.BUSINESS_SUPPORT, "subject": "support-1"}
    assert (await held.give(held.doctor, **stranger)).status_code == 404
    link = await held.given(role=Role.TEAM_MANAGER, subject="manager-1")
    assert (await held.desk.ask("GET", held.path, **stranger)).status_code == 404
    assert (await held.desk.ask("POST", f"/v1/conferences/papers/{link['id']}/revoke", **stranger)).status_code == 404
    address = await opened(held.desk.client, link)
    assert NAME in (await read(held.desk.client, address)).text


async def test_a_newly_sent_link_replaces_the_one_before_and_the_token_is_kept_nowhere(held: Held) -> None:
    await held.complete()
    link, client = await held.given(), held.desk.client
    first, second = await sent(client, link), await sent(client, link)
    assert (await client.get(first["path"])).status_code == 404
    assert (await client.get(second["path"])).status_code == 303
    rows = await held.desk.rows("SELECT t::text AS row FROM chassis.paper_link t")
    assert second["path"].rpartition("/")[2] not in str(rows)
