"""The contribution pages: what an invited professional sees and can say by the link of an email, and nobody else."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.problems import Unavailable
from chassis.papers.directory import Directory
from tests.support.clocks import until
from tests.support.conferences.desk import DIRECTORY, NOTIFICATIONS, Desk, coming_working_day
from tests.support.conferences.invited import PERSON_ID, VENUE, Invited, days_on, invite, words
from tests.support.links import address_of, seal_in
from tests.support.running import Running
from tests.support.waiting import PATIENCE

SENT = {"report": "yes", "attending": "attend"}
AWAY = {"report": "no", "attending": "apologies"}


@pytest.fixture
async def invited(desk: Desk) -> Invited:
    return await invite(desk)


@pytest.fixture
async def visitor(invited: Invited) -> Invited:
    """The health visitor has opened their link."""
    await invited.opened(invited.visitor)
    return invited


def day(days: int) -> str:
    """A day from today on, as a browser sends it."""
    return days_on(days).isoformat()


def checked(page: str) -> set[str]:
    """The fields that are chosen on a page."""
    return set(re.findall(r'id="([\w-]+)" value="[\w-]+" checked', page))


async def received(invited: Invited) -> list[tuple[str | None, str | None]]:
    """What others were told of reports and apologies."""
    events = await invited.published("conference.contribution_changed")
    return [(event["report_received_on"], event["apologies_on"]) for event in events]


# The link and the cookie.


async def test_a_link_is_made_for_the_service_that_sends_it(invited: Invited) -> None:
    link = await invited.link(invited.visitor)
    assert link["path"] == f"/contribution/{link['token']}"
    assert len(link["token"]) >= 43
    assert link["token"] not in str(await invited.everything()), "the token is kept nowhere"
    for role in Role:
        if role is not Role.SERVICE:
            headers = invited.client.as_(role, subject="chair-1")
            assert (await invited.asked_for_link(invited.visitor, headers)).status_code == 403


async def test_no_link_is_made_where_nothing_can_be_said(invited: Invited) -> None:
    async def refused(invitation: Any) -> tuple[int, str]:
        answer = await invited.asked_for_link(invitation)
        return answer.status_code, answer.json()["type"]

    assert await refused(invited.mother) == (409, "/problems/no-link-for-family")
    assert await refused(uuid4()) == (404, "/problems/not-found")
    await invited.withdraw(invited.observer)
    assert await refused(invited.observer) == (409, "/problems/uninvited")
    with clock.shifted(timedelta(days=invited.ahead)):
        assert (await invited.asked_for_link(invited.visitor)).status_code == 201
    with clock.shifted(timedelta(days=invited.ahead + 1)):
        assert await refused(invited.visitor) == (409, "/problems/conference-over")
    await invited.was_held()
    assert await refused(invited.visitor) == (409, "/problems/conference-not-planned")


async def test_a_link_becomes_a_cookie_and_leaves_the_address(invited: Invited) -> None:
    link = await invited.link(invited.visitor)
    answer = await invited.client.get(link["path"])
    assert (answer.status_code, answer.headers["location"]) == (303, address_of(invited.client))
    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert flags == {"httponly", f"path={address_of(invited.client)}", "samesite=lax", "max-age=7200"}
    assert link["token"] not in answer.headers["set-cookie"]


async def test_over_https_the_cookie_stays_there(running: Running) -> None:
    desk = Desk(await running("conferences", log_level="error", public_url="https://chairs.example.org"))
    await desk.rows(DIRECTORY)
    invited = await invite(desk)
    answer = await invited.client.get((await invited.link(invited.visitor))["path"])
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_looking_changes_nothing(visitor: Invited) -> None:
    await visitor.say(**AWAY)
    link = await visitor.link(visitor.school)
    before = await visitor.everything()
    own = address_of(visitor.client)
    for path, status in ((own, 200), (f"{own}/receipt", 200), ("/contribution/style.css", 200), (f"{own}x", 404)):
        assert (await visitor.client.get(path)).status_code == status
    assert (await visitor.client.get(link["path"])).status_code == 303
    assert (await visitor.client.get(address_of(visitor.client))).status_code == 200
    assert await visitor.everything() == before


async def test_a_link_that_does_not_work_offers_a_new_one_only_where_one_is_sent(invited: Invited) -> None:
    old_address = await invited.link(invited.visitor)
    assert (await invited.change(invited.visitor, {"email": "visitor@new.example.org"})).status_code == 200
    revoked = await invited.link(invited.visitor)
    assert await invited.revoke(revoked) == 204
    withdrawn, processes = await invited.link(invited.school), await invited.link(invited.observer)
    await invited.withdraw(invited.school)
    pages = []
    for link in (old_address, {"token": "x" * 43}, revoked, withdrawn):
        page = await invited.client.get(f"/contribution/{link['token']}")
        assert (page.status_code, "set-cookie" in page.headers) == (404, False)
        pages.append(page.text.replace(link["token"], ""))
    with clock.shifted(timedelta(days=invited.ahead + 1)):
        assert (await invited.client.get(processes["path"])).status_code == 303, (
            "on the day after, it says that it is over"
        )
    with clock.shifted(timedelta(days=invited.ahead + 2)):
        page = await invited.client.get(processes["path"])
        pages.append(page.text.replace(processes["token"], ""))
    old, unknown, *stopped, over = pages
    assert (old, stopped[0]) == (unknown, stopped[1])
    secrets = (invited.reference, "Dunmarsh", "health", VENUE, "revoked", "withdrawn")
    assert all(word not in page for page in pages for word in secrets)
    assert ["Send me a new link" in page for page in pages] == [True, True, False, False, False]
    assert "This link was stopped" in stopped[0] and "reply to the email" in stopped[0]
    assert "This link has expired" in over


async def test_a_cookie_works_no_longer_than_its_link(invited: Invited) -> None:
    await invited.opened(invited.visitor)
    cookie = invited.client.cookies["contribution"]
    stranger = httpx.AsyncClient(base_url=invited.client.base_url, timeout=PATIENCE)
    own = address_of(invited.client)
    bare = await stranger.get("/contribution")
    assert (bare.status_code, bare.headers["content-type"]) == (404, "text/html; charset=utf-8")
    before = await invited.everything()
    answers = [await stranger.post(own, data=SENT | {"report_on": day(0)})]
    for forged in ("nonsense", cookie[:-4] + "AAAA", ".".join(["eyJhbGciOiJub25lIn0", cookie.split(".")[1], ""])):
        stranger.cookies.set("contribution", forged)
        answers.append(await stranger.post(own, data=SENT | {"report_on": day(0)}))
        answers += [await stranger.get(own), await stranger.get(f"{own}/receipt")]
        stranger.cookies.clear()
    with clock.shifted(timedelta(days=invited.ahead + 2)):
        answers += [await invited.client.get(address_of(invited.client)), await invited.say(**AWAY)]
    assert await invited.everything() == before
    (link,) = await invited.desk.rows("SELECT id FROM contribution_link")
    assert await invited.revoke(link, role=Role.TEAM_MANAGER, subject="manager-1") == 204
    answers += [await invited.client.get(address_of(invited.client)), await invited.say(**AWAY)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, bare.text)}
    assert (await invited.row(invited.visitor))["version"] == 1
    await stranger.aclose()


async def test_a_link_opens_one_invitation_alone(visitor: Invited) -> None:
    await visitor.say(**AWAY)
    versions = {name: (await visitor.row(getattr(visitor, name)))["version"] for name in ("visitor", "school")}
    assert versions == {"visitor": 2, "school": 1}


async def test_each_form_is_about_its_own_invitation(visitor: Invited) -> None:
    """Whoever has two invitations' pages open does not say of one what is meant for the other."""
    first = address_of(visitor.client)
    seal = seal_in((await visitor.client.get(first)).text)
    await visitor.opened(visitor.school)
    before = await visitor.everything()
    for tampered in (seal_in((await visitor.client.get(address_of(visitor.client))).text), f"{seal[:-4]}AAAA", ""):
        page = await visitor.client.post(first, data=AWAY | {"seal": tampered})
        assert (page.status_code, problems(page, beside=0)) == (422, ["main"])
        assert checked(page.text) == {"report-no", "attending-apologies"}
    assert await visitor.everything() == before
    sent = await visitor.client.post(first, data=AWAY | {"seal": seal})
    assert sent.headers["location"] == f"{first}/receipt"
    said = [(await visitor.row(invitation_id))["apologies_on"] for invitation_id in (visitor.visitor, visitor.school)]
    assert said == [days_on(0), None]


async def test_what_was_chosen_comes_back_when_the_cookie_ran_out(visitor: Invited) -> None:
    own = address_of(visitor.client)
    seal = seal_in((await visitor.client.get(own)).text)
    visitor.client.cookies.clear()
    back = await visitor.client.post(own, data=AWAY | {"seal": seal})
    assert (back.status_code, checked(back.text)) == (422, {"report-no", "attending-apologies"})
    assert (await visitor.row(visitor.visitor))["apologies_on"] is None
    assert (await visitor.client.post(own, data=AWAY | {"seal": seal_in(back.text)})).status_code == 303


async def test_another_site_sends_nothing(visitor: Invited) -> None:
    own = address_of(visitor.client)
    data = AWAY | {"seal": seal_in((await visitor.client.get(own)).text)}
    before = await visitor.everything()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
        assert (await visitor.client.post(own, data=data, headers=headers)).status_code == 403
    assert await visitor.everything() == before


async def test_a_link_ends_with_the_agency(visitor: Invited) -> None:
    own, link = address_of(visitor.client), await visitor.link(visitor.school)
    agency = (await visitor.row(visitor.visitor))["agency_id"]
    await visitor.desk.rows("UPDATE chassis.copy SET ends_on = $1 WHERE id = $2", days_on(0), agency)
    assert (await visitor.client.get(own)).status_code == 200
    with clock.shifted(timedelta(days=1)):
        assert (await visitor.client.get(own)).status_code == 404
        assert (await visitor.client.get(link["path"])).status_code == 303, "another agency"


async def test_a_corrected_address_ends_the_link_that_went_to_the_old_one(visitor: Invited) -> None:
    own = address_of(visitor.client)
    changed = await visitor.change(visitor.visitor, {"email": "visitor.new@example.org"})
    assert changed.status_code == 200
    assert (await visitor.client.get(own)).status_code == 404
    (published,) = await visitor.published("contribution_link.requested")
    assert (published["invitation_id"], published["invitation_version"]) == (visitor.visitor, changed.json()["version"])
    await visitor.opened(visitor.visitor)
    await visitor.change(visitor.visitor, {"email": None})
    assert (await visitor.client.get(address_of(visitor.client))).status_code == 404
    assert len(await visitor.published("contribution_link.requested")) == 1


async def test_a_reminders_link_does_not_end_that_of_the_email_before_it(invited: Invited) -> None:
    links = [await invited.link(invited.visitor) for _ in range(3)]
    statuses = [(await invited.client.get(link["path"])).status_code for link in links]
    assert statuses == [303, 303, 303]
    assert await invited.revoke(links[1]) == 204
    statuses = [(await invited.client.get(link["path"])).status_code for link in links]
    assert statuses == [303, 404, 303], "the others go on"


async def test_a_moved_conference_takes_its_links_along(invited: Invited) -> None:
    link = await invited.link(invited.visitor)
    later, sooner = coming_working_day(20), coming_working_day(1)
    await invited.move("", {"planned_on": later.isoformat()}, "PATCH")
    with clock.shifted(until(later)):
        assert (await invited.client.get(link["path"])).status_code == 303
        assert "Can you attend?" in await invited.page()
    await invited.move("", {"planned_on": sooner.isoformat()}, "PATCH")
    with clock.shifted(until(sooner + timedelta(days=2))):
        assert (await invited.client.get(link["path"])).status_code == 404


async def test_links_are_listed_and_revoked_by_whoever_may_see_the_conference(invited: Invited) -> None:
    first, second = await invited.link(invited.visitor), await invited.link(invited.visitor)
    await invited.restrict()
    path = f"/v1/invitations/{invited.visitor}/contribution-links"
    answer = await invited.desk.ask("GET", path)
    assert [link["id"] for link in answer.json()] == [second["id"], first["id"]]
    assert [link["superseded_at"] for link in answer.json()] == [None, None]
    assert second["token"] not in answer.text and "hash" not in answer.text
    (entry,) = await invited.audited("list_contribution_links")
    assert (entry["caller"], entry["person_ids"]) == ("chair-1", [PERSON_ID])
    assert (await invited.desk.ask("GET", path, subject="chair-2")).status_code == 404
    assert await invited.revoke(second, subject="chair-2") == 404
    assert await invited.revoke(second, role=Role.BUSINESS_SUPPORT) == 403
    assert await invited.revoke({"id": uuid4()}) == 404
    assert [await invited.revoke(second) for _ in range(2)] == [204, 204]
    (entry,) = await invited.audited("revoke_contribution_link")
    assert (entry["caller"], entry["person_ids"]) == ("chair-1", [PERSON_ID])
    assert (await invited.client.get(second["path"])).status_code == 404


# What is shown and said.


async def test_the_page_shows_the_meeting_and_nobody(visitor: Invited) -> None:
    page = await visitor.page()
    planned, due = visitor.planned_on, visitor.report_due_on
    for shown in (
        *(visitor.reference, f"{planned:%A} {planned.day} {planned:%B %Y}, 14:30", "In person or by video", VENUE),
        *("Independent Chair", "Health visitor", "Health for Children Trust", f"By {due.day} {due:%B %Y}"),
    ):
        assert shown in page
    source = (await visitor.client.get(address_of(visitor.client))).text
    for hidden in ("Merrin", "Planted", PERSON_ID, "Nye", "Coldstone", "afeguarding-lead", "afeguarding lead"):
        assert hidden not in source
    for hidden in ("education", "Ada", "other", "Fallowby", "chair-1", "Dunmarsh", "community-health", visitor.visitor):
        assert hidden not in source.replace("anybody else", "")
    assert checked(source) == set(), "nothing is chosen for whoever has said nothing"
    assert f'value="{day(0)}"' in source


async def test_the_page_shows_how_to_join_and_the_agencys_own_reference(visitor: Invited) -> None:
    await visitor.move("", {"join_link": "https://meet.example.org/room?a=1&b=2"}, "PATCH")
    changed = await visitor.change(visitor.visitor, {"agency_reference": "HV/2019/3107"})
    assert changed.json()["agency_reference"] == "HV/2019/3107"
    page = await visitor.page()
    assert "Join at https://meet.example.org/room?a=1&amp;b=2" in page
    assert "Your reference for the case HV/2019/3107" in page
    letter = await visitor.desk.get(f"/internal/invitations/{visitor.visitor}/letter", **NOTIFICATIONS)
    assert "HV/2019/3107" not in str(letter), "emails do not say it"
    assert letter["join_link"] == "https://meet.example.org/room?a=1&b=2"
    cleared = await visitor.change(visitor.visitor, {"agency_reference": None})
    assert cleared.json()["agency_reference"] is None


async def test_the_page_says_who_leads_the_conference_and_how_to_reach_them(
    visitor: Invited, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Led by Ilva Thornbury, Independent Chair, 01632 960001" in await visitor.page()

    async def breaks(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(Directory, "names", breaks)
    assert "Led by Independent Chair" in await visitor.page(), "the page is more than that"


async def test_what_follows_a_change_of_either_is_newer(invited: Invited) -> None:
    async def sequence() -> int:
        found = await invited.desk.get(f"/internal/invitations/{invited.visitor}/letter", **NOTIFICATIONS)
        return int(found["sequence"])

    seen = [await sequence()]
    await invited.move("", {"planned_time": "09:00"}, "PATCH")
    seen.append(await sequence())
    await invited.withdraw(invited.visitor)
    seen.append(await sequence())
    await invited.move("/cancel", {"reason": "Another day."})
    seen.append(await sequence())
    assert seen == sorted(set(seen))


async def test_a_report_was_sent_and_they_come(visitor: Invited) -> None:
    sent = await visitor.say(**SENT, report_on=day(-2))
    assert (sent.status_code, sent.headers["location"]) == (303, f"{address_of(visitor.client)}/receipt")
    receipt = words((await visitor.client.get(f"{address_of(visitor.client)}/receipt")).text)
    said = days_on(-2)
    assert f"Sent on {said.day} {said:%B %Y}" in receipt
    assert "You will attend" in receipt
    row = await visitor.row(visitor.visitor)
    assert (row["report_received_on"], row["apologies_on"], row["version"]) == (said, None, 2)
    assert await received(visitor) == [(day(-2), None)]
    (entry,) = await visitor.audited("contribute")
    assert (entry["caller"], entry["roles"]) == (f"invitation {visitor.visitor}", [])
    assert (entry["person_ids"], entry["record"]) == ([PERSON_ID], visitor.reference)
    (link,) = await visitor.desk.rows("SELECT used_at FROM contribution_link")
    assert link["used_at"] is not None


async def test_saying_so_again_corrects_it(visitor: Invited) -> None:
    await visitor.say(**AWAY)
    page = await visitor.client.get(address_of(visitor.client))
    assert checked(page.text) == {"report-no", "attending-apologies"}
    assert "Apologies sent on" in words(page.text)
    receipt = words((await visitor.client.get(f"{address_of(visitor.client)}/receipt")).text)
    assert "Not sent yet" in receipt and "Your report is still expected" in receipt
    with clock.shifted(timedelta(days=2)):
        await visitor.say(report="yes", report_on=day(0), attending="apologies")
        row = await visitor.row(visitor.visitor)
        assert row["report_received_on"] == days_on(0)
    assert row["apologies_on"] == days_on(0), "apologies keep the day on which they were first sent"
    await visitor.say(report="no", report_on=day(0), attending="attend")
    row = await visitor.row(visitor.visitor)
    assert (row["report_received_on"], row["apologies_on"], row["version"]) == (None, None, 4)
    assert await received(visitor) == [(None, day(0)), (day(2), day(0)), (None, None)]
    assert checked((await visitor.client.get(address_of(visitor.client))).text) == {"report-no", "attending-attend"}


async def test_saying_the_same_again_is_told_to_nobody(visitor: Invited) -> None:
    for _ in range(2):
        assert (await visitor.say(**SENT, report_on=day(-1))).status_code == 303
    assert await received(visitor) == [(day(-1), None)]
    assert (await visitor.row(visitor.visitor))["version"] == 2


async def test_what_business_support_wrote_down_is_shown(visitor: Invited) -> None:
    await visitor.change(visitor.visitor, {"report_received_on": day(-4)})
    source = (await visitor.client.get(address_of(visitor.client))).text
    assert checked(source) == {"report-yes"}
    assert f'value="{day(-4)}"' in source


async def test_an_observer_is_asked_only_whether_they_come(invited: Invited) -> None:
    await invited.opened(invited.observer)
    page = await invited.page()
    assert "report" not in page.lower()
    assert "Observer" in page
    assert (await invited.say(attending="apologies", report="yes", report_on=day(0))).status_code == 303
    row = await invited.row(invited.observer)
    assert (row["apologies_on"], row["report_received_on"]) == (days_on(0), None)
    assert "report" not in words((await invited.client.get(f"{address_of(invited.client)}/receipt")).text).lower()


@pytest.mark.parametrize(
    ("form", "places"),
    [
        ({}, ["report-yes", "attending-attend"]),
        ({"report": "perhaps", "attending": "perhaps"}, ["report-yes", "attending-attend"]),
        ({"report": "yes", "report_on": "", "attending": "attend"}, ["report_on"]),
        ({"report": "yes", "report_on": "2019-02-30", "attending": "attend"}, ["report_on"]),
        ({"report": "yes", "report_on": "0001-01-01", "attending": "attend"}, ["report_on"]),
        ({"report": "yes", "report_on": "tomorrow", "attending": "attend"}, ["report_on"]),
        ({"report": "no", "attending": ""}, ["attending-attend"]),
    ],
)
async def test_what_is_wrong_is_said_on_the_page_and_nothing_is_written(
    visitor: Invited, form: dict[str, str], places: list[str]
) -> None:
    before = await visitor.everything()
    page = await visitor.say(**form)
    assert page.status_code == 422
    assert problems(page) == places
    assert await visitor.everything() == before


def problems(page: httpx.Response, beside: int | None = None) -> list[str]:
    """Where the error summary leads; each place is on the page, and so many say what is wrong there: all, or none."""
    assert "<title>Error: " in page.text and 'role="alert"' in page.text
    (summary,) = re.findall(r"There is a problem</h2>\s*<ul>(.*?)</ul>", page.text, re.DOTALL)
    places = re.findall(r'href="#([^"]+)"', summary)
    assert all(page.text.count(f'id="{place}"') == 1 for place in places)
    assert page.text.count('class="message"') == (len(places) if beside is None else beside)
    return places


async def test_no_report_was_sent_tomorrow(visitor: Invited) -> None:
    before = await visitor.everything()
    page = await visitor.say(**SENT, report_on=day(1))
    assert (page.status_code, problems(page)) == (422, ["report_on"])
    assert checked(page.text) == {"report-yes", "attending-attend"}, "what was chosen stays"
    assert f'value="{day(1)}"' in page.text
    assert await visitor.everything() == before


async def test_a_report_that_was_shared_with_the_family_was_sent(visitor: Invited) -> None:
    await visitor.change(visitor.visitor, {"report_received_on": day(-1), "report_shared_on": day(-1)})
    page = await visitor.say(**AWAY)
    assert (page.status_code, problems(page)) == (422, ["report-yes"])
    assert "was shared with the family already" in words(page.text)
    assert (await visitor.row(visitor.visitor))["report_received_on"] == days_on(-1)


@pytest.mark.parametrize("how", ["gone by", "held", "closed", "cancelled"])
async def test_afterwards_the_page_says_that_it_is_over(visitor: Invited, how: str) -> None:
    await visitor.say(**AWAY)
    if how == "held":
        await visitor.was_held()
    elif how == "closed":
        await visitor.was_closed()
    elif how == "cancelled":
        await visitor.move("/cancel", {"reason": "Nobody could come."})
    before = await visitor.everything()
    with clock.shifted(timedelta(days=visitor.ahead + 1 if how == "gone by" else 0)):
        said = await visitor.say(report="yes", report_on=day(0), attending="attend")
        pages = [await visitor.client.get(address_of(visitor.client)), said]
        receipt = await visitor.client.get(f"{address_of(visitor.client)}/receipt")
    heading = "This conference was cancelled" if how == "cancelled" else "This conference is over"
    assert all(page.status_code == 200 and f"<h1>{heading}</h1>" in page.text for page in pages)
    assert all("<form" not in page.text and "Nobody could" not in page.text for page in pages)
    assert receipt.headers["location"] == address_of(visitor.client)
    assert await visitor.everything() == before


async def test_whoever_says_it_while_the_conference_is_closed_comes_too_late(visitor: Invited) -> None:
    async with visitor.being_closed():
        saying = asyncio.create_task(visitor.say(**SENT, report_on=day(0)))
        await asyncio.sleep(0.3)
        assert not saying.done()
    assert "This conference is over" in (await saying).text
    assert (await visitor.row(visitor.visitor))["report_received_on"] is None


async def test_on_the_day_itself_one_can_still_say_so(visitor: Invited) -> None:
    with clock.shifted(timedelta(days=visitor.ahead)):
        assert (await visitor.say(**AWAY)).status_code == 303
        assert (await visitor.row(visitor.visitor))["apologies_on"] == days_on(0)


async def test_there_is_no_receipt_before_something_was_said(visitor: Invited) -> None:
    receipt = await visitor.client.get(f"{address_of(visitor.client)}/receipt")
    assert (receipt.status_code, receipt.headers["location"]) == (303, address_of(visitor.client))


async def test_a_venue_is_shown_as_it_was_written(visitor: Invited) -> None:
    await visitor.move("", {"venue": "<script>alert(1)</script>", "planned_time": None}, "PATCH")
    source = (await visitor.client.get(address_of(visitor.client))).text
    assert "<script" not in source and "&lt;script&gt;" in source


async def test_pages_are_kept_nowhere_and_run_nothing(visitor: Invited) -> None:
    wrong = await visitor.say()
    said = await visitor.say(**AWAY)
    own = address_of(visitor.client)
    paths = (own, f"{own}/receipt", "/contribution/nonsense")
    pages = [await visitor.client.get(path) for path in paths]
    pages += [wrong, said, await visitor.client.post("/contribution/new-link", data={"token": "x"})]
    for page in pages:
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
        for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert rule in page.headers["content-security-policy"]
        assert "<script" not in page.text


async def test_asking_for_a_new_link_never_says_whether_there_was_one(invited: Invited) -> None:
    old, current = await invited.link(invited.visitor), await invited.link(invited.visitor)
    revoked, withdrawn = await invited.link(invited.observer), await invited.link(invited.school)
    assert await invited.revoke(revoked) == 204
    await invited.withdraw(invited.school)
    tokens = [link["token"] for link in (old, current, revoked, withdrawn)] + ["nonsense", ""]
    pages = [await invited.client.post("/contribution/new-link", data={"token": token}) for token in tokens]
    with clock.shifted(timedelta(days=invited.ahead + 1)):
        pages.append(await invited.client.post("/contribution/new-link", data={"token": current["token"]}))
    assert len({(page.status_code, page.text) for page in pages}) == 1
    published = await invited.published("contribution_link.requested")
    assert [event["link_id"] for event in published] == [old["id"], current["id"]]
    assert {(event["invitation_id"], event["invitation_version"]) for event in published} == {(invited.visitor, None)}
