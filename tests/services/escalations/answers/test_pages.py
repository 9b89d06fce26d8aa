"""The answer pages: what a liaison officer can see and do with the link in an email, and nobody else."""

import re
from asyncio import gather
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from services.escalations.rules import CHOICE_LABELS, Choice
from tests.support.escalations.desk import CARE_PLANNING, Desk, days_ago
from tests.support.links import address_of, seal_in, send_form
from tests.support.running import Running
from tests.support.settings import COUNCIL, OF_THE_COUNCIL
from tests.support.waiting import PATIENCE

NEW_LINK = "Send me a new link"
PERIOD: dict[str, Any] = {"raised_on": "2019-06-03", "meeting_on": "2019-06-01"}


@pytest.fixture
async def mine(desk: Desk) -> list[str]:
    """Two of one theme and one of another, whose link the officer has opened."""
    references = [(await desk.raised(**PERIOD))["reference"] for _ in range(2)]
    references.append((await desk.raised(CARE_PLANNING, **PERIOD))["reference"])
    await opened(desk, references)
    return references


async def opened(desk: Desk, references: list[str], officer: str = "officer-1") -> str:
    """Open a new link; its token."""
    token = str((await desk.link(references, officer))["token"])
    answer = await desk.client.get(f"/answer/{token}")
    assert (answer.status_code, answer.headers["location"]) == (303, address_of(desk.client))
    return token


async def send(desk: Desk, **data: Any) -> httpx.Response:
    """Send the form as a browser does."""
    return await send_form(desk.client, data)


async def states(desk: Desk, references: list[str]) -> list[tuple[str, str | None]]:
    """How escalations stand, and what was answered."""
    kept = [await desk.kept(reference) for reference in references]
    return [(escalation["state"], escalation["answer"]) for escalation in kept]


def labelled_problems(page: httpx.Response) -> list[str]:
    """Where the error summary leads; each place is on the page."""
    assert page.status_code == 422, page.text
    assert page.headers["content-type"].startswith("text/html")
    assert 'role="alert"' in page.text
    assert "<title>Error: " in page.text
    (summary,) = re.findall(r"There is a problem</h2>\s*<ul>(.*?)</ul>", page.text, re.DOTALL)
    places = re.findall(r'href="#([^"]+)"', summary)
    assert all(page.text.count(f'id="{place}"') == 1 for place in places)
    return places


async def test_a_link_becomes_a_cookie_and_leaves_the_address(desk: Desk) -> None:
    token = (await desk.link([(await desk.raised())["reference"]]))["token"]
    answer = await desk.client.get(f"/answer/{token}?choice=dealt_with")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address_of(desk.client)}?choice=dealt_with")
    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert flags == {"httponly", f"path={address_of(desk.client)}", "samesite=lax", "max-age=7200"}
    assert token not in answer.headers["set-cookie"]
    strange = await desk.client.get(f"/answer/{token}?choice=https://example.org")
    assert strange.headers["location"] == address_of(desk.client)
    page = await desk.client.get(f"{address_of(desk.client)}?choice=dealt_with")
    assert 'value="dealt_with" checked' in page.text
    assert "checked" not in (await desk.client.get(f"{address_of(desk.client)}?choice=other")).text


async def test_over_https_the_cookie_stays_there(running: Running) -> None:
    desk = await Desk.open(running, public_url="https://chairs.example.org")
    token = (await desk.link([(await desk.raised())["reference"]]))["token"]
    assert "secure" in (await desk.client.get(f"/answer/{token}")).headers["set-cookie"].lower()


async def test_looking_changes_nothing(desk: Desk, mine: list[str]) -> None:
    token = (await desk.link(mine))["token"]
    receipt = (await desk.client.get(f"/answer/{token}")).status_code
    assert receipt == 303
    sent = await send(desk, scope="one", key=mine[0], choice="dealt_with")
    before = await desk.everything()
    own = address_of(desk.client)
    for path in (f"/answer/{token}", f"/answer/{token}?choice=dealt_with", own, f"{own}?choice=dealt_with"):
        assert (await desk.client.get(path)).status_code in {200, 303}
    assert (await desk.client.get(f"{own}/escalations/{mine[0]}")).status_code == 200
    assert (await desk.client.get(sent.headers["location"])).status_code == 200
    assert (await desk.client.get("/answer/style.css")).status_code == 200
    assert (await desk.client.get("/answer/nonsense")).status_code == 404
    assert await desk.everything() == before


async def test_a_link_that_does_not_work_says_so_and_offers_a_new_one_only_where_one_is_sent(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    superseded = await desk.link([reference])
    await desk.rows("UPDATE answer_link SET superseded_at = now()")
    revoked = await desk.link([reference])
    await desk.post(f"/v1/answers/links/{revoked['id']}/revoke", role=Role.TEAM_MANAGER)
    expired = await desk.link([reference], "officer-2", days=5)
    pages = []
    with clock.shifted(timedelta(days=6)):
        for token in (superseded["token"], expired["token"], "x" * 43, revoked["token"]):
            page = await desk.client.get(f"/answer/{token}?choice=dealt_with")
            assert (page.status_code, "set-cookie" in page.headers) == (404, False)
            pages.append(page.text.replace(token, ""))
    *offered, stopped = pages
    assert len(set(offered)) == 1
    assert NEW_LINK in offered[0]
    assert "This link was stopped" in stopped and "reply to the email" in stopped and NEW_LINK not in stopped
    assert all(word not in page for page in pages for word in (reference, "officer-", "Surgery", "revoked"))
    processes = await desk.client.get(f"/answer/{expired['token']}")
    assert processes.status_code == 303, "on its last days it works"


async def test_a_cookie_works_no_longer_than_its_link(desk: Desk, mine: list[str]) -> None:
    cookie = desk.client.cookies["answer"]
    no_cookie = httpx.AsyncClient(base_url=desk.client.base_url, timeout=PATIENCE)
    own = address_of(desk.client)
    bare = await no_cookie.get("/answer")
    assert (bare.status_code, bare.headers["content-type"]) == (404, "text/html; charset=utf-8")
    before = await desk.everything()
    answers = [await no_cookie.post(own, data={"scope": "all", "choice": "dealt_with"})]
    # Somebody made it up, or signed it otherwise.
    for forged in ("nonsense", cookie[:-4] + "AAAA", ".".join(["eyJhbGciOiJub25lIn0", cookie.split(".")[1], ""])):
        no_cookie.cookies.set("answer", forged)
        answers.append(await no_cookie.post(own, data={"scope": "all", "choice": "dealt_with"}))
        answers.append(await no_cookie.get(f"{own}/escalations/{mine[0]}"))
        no_cookie.cookies.clear()
    with clock.shifted(timedelta(days=31)):
        answers += [await desk.client.get(address_of(desk.client)), await send(desk, scope="all", choice="dealt_with")]
    await desk.rows("UPDATE answer_link SET superseded_at = now()")
    answers += [await desk.client.get(address_of(desk.client)), await send(desk, scope="all", choice="dealt_with")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, bare.text)}
    await desk.rows("UPDATE answer_link SET superseded_at = NULL")
    assert await desk.everything() == before
    await no_cookie.aclose()


async def test_one_answer_serves_all(desk: Desk, mine: list[str]) -> None:
    page = (await desk.client.get(address_of(desk.client))).text
    assert "Send this answer for all 3" in page
    sent = await send(desk, scope="all", choice="dealt_with", note="We spoke.\r\nTwice.")
    assert sent.status_code == 303
    receipt = (await desk.client.get(sent.headers["location"])).text
    for words in ("Answer received", "3 escalations answered", CHOICE_LABELS[Choice.DEALT_WITH], "We spoke."):
        assert words in receipt
    assert await states(desk, mine) == [("answered", "dealt_with")] * 3
    (given,) = (await desk.get(f"/v1/escalations/{mine[0]}/answers")).json()
    assert (given["answered_by"], given["note"], given["references"]) == (
        "officer-1",
        "We spoke.\nTwice.",
        sorted(mine),
    )
    assert (await desk.history(mine[0]))[-1]["actor"] == "officer-1"
    (entry,) = await desk.audited("answer_escalation")
    assert (entry["caller"], entry["roles"]) == ("officer-1", ["liaison_officer"])
    assert len(await desk.published("escalation.answered")) == 1
    assert "All answered" in (await desk.client.get(address_of(desk.client))).text


async def test_a_form_that_is_sent_twice_counts_once(desk: Desk, mine: list[str]) -> None:
    both = await gather(*(send(desk, scope="all", choice="dealt_with") for _ in range(2)))
    (receipt,) = {answer.headers["location"] for answer in both}
    before = await desk.everything()
    for form in ({"scope": "all"}, {"scope": "theme", "key": "drift_and_delay"}, {"scope": "one", "key": mine[0]}):
        assert (await send(desk, **form, choice="records_differ")).headers["location"] == receipt
    assert await desk.everything() == before
    assert len(await desk.published("escalation.answered")) == 1


async def test_an_answer_is_changed_by_the_form_that_says_so(desk: Desk, mine: list[str]) -> None:
    changes = 'name="again" value="true"'
    page = await desk.client.get(address_of(desk.client))
    assert changes not in page.text
    await send(desk, scope="theme", key="drift_and_delay", choice="dealt_with")
    assert (await desk.client.get(address_of(desk.client))).text.count(changes) == 1
    await send(desk, scope="theme", key="drift_and_delay", choice="changed_practice", again="true")
    await send(desk, scope="all", choice="dealt_with")
    assert Counter(await states(desk, mine)) == {("answered", "changed_practice"): 1, ("answered", "dealt_with"): 2}
    assert (await desk.client.get(address_of(desk.client))).text.count(changes) == 3
    await send(desk, scope="all", choice="records_differ", again="true")
    assert await states(desk, mine) == [("answered", "records_differ")] * 3
    assert changes in (await desk.client.get(f"{address_of(desk.client)}/escalations/{mine[0]}")).text
    await send(desk, scope="one", key=mine[0], choice="dealt_with", again="true")
    assert await states(desk, mine) == [("answered", "dealt_with"), *[("answered", "records_differ")] * 2]


async def test_one_theme_or_one_escalation_can_be_answered_alone(desk: Desk, mine: list[str]) -> None:
    await send(desk, scope="theme", key="drift_and_delay", choice="changed_practice")
    await send(desk, scope="one", key=mine[0], choice="still_looking", expected_on=days_ago(-9))
    assert await states(desk, mine) == [
        ("open", None),
        ("open", None),
        ("answered", "changed_practice"),
    ]
    sent = await send(desk, scope="all", choice="dealt_with")
    assert (await desk.client.get(sent.headers["location"])).text.count("1 escalation answered") == 1
    assert Counter(await states(desk, mine))[("answered", "dealt_with")] == 1, "who is still looking is left alone"
    page = (await desk.client.get(f"{address_of(desk.client)}/escalations/{mine[0]}")).text
    assert CHOICE_LABELS[Choice.STILL_LOOKING] in page
    assert "by you on" in page
    await desk.post("/v1/answers", {"references": [mine[0]], "choice": "dealt_with"})
    assert (
        "by the chairs’ team for you on"
        in (await desk.client.get(f"{address_of(desk.client)}/escalations/{mine[0]}")).text
    )


async def test_what_is_wrong_is_said_on_the_page_and_nothing_is_written(desk: Desk, mine: list[str]) -> None:
    before = await desk.everything()
    nhs = "It was 943 476 5919."
    theme = {"scope": "theme", "key": "drift_and_delay"}
    just_this = {"scope": "one", "key": mine[0]}
    cases: list[tuple[dict[str, str], list[str]]] = [
        # Nothing chosen, or nothing that we know.
        ({"scope": "all"}, ["all-dealt_with"]),
        ({"scope": "all", "choice": "other"}, ["all-dealt_with"]),
        # Whoever is still looking says until when; nobody else does.
        ({"scope": "all", "choice": "still_looking"}, ["all-expected_on"]),
        ({"scope": "all", "choice": "still_looking", "expected_on": "2019-02-30"}, ["all-expected_on"]),
        ({"scope": "all", "choice": "still_looking", "expected_on": days_ago(0)}, ["all-expected_on"]),
        ({"scope": "all", "choice": "dealt_with", "expected_on": days_ago(-3)}, ["all-expected_on"]),
        # What identifies somebody, or is too long.
        ({"scope": "all", "choice": "dealt_with", "note": nhs}, ["all-note"]),
        ({"scope": "all", "choice": "dealt_with", "note": "Robin Planted was away"}, ["all-note"]),
        ({"scope": "all", "choice": "dealt_with", "note": "x" * 2001}, ["all-note"]),
        # The other forms lead to themselves.
        (theme, ["theme-2-dealt_with"]),
        (theme | {"choice": "still_looking", "note": nhs}, ["theme-2-note", "theme-2-expected_on"]),
        (just_this, ["one-dealt_with"]),
        (just_this | {"choice": "dealt_with", "note": nhs}, ["one-note"]),
    ]
    for form, places in cases:
        page = await send(desk, **form)
        assert (form, labelled_problems(page)) == (form, places)
        assert form.get("note", "") in page.text, "what was written is not lost"
    assert await desk.everything() == before


async def test_a_note_is_as_long_as_it_was_typed(desk: Desk, mine: list[str]) -> None:
    sent = await send(desk, scope="all", choice="dealt_with", note="\r\n".join(["x" * 99] * 20))
    assert sent.status_code == 303


async def test_what_is_another_officers_cannot_be_seen_nor_answered(desk: Desk, mine: list[str]) -> None:
    theirs = (await desk.raised(**PERIOD, professional_team="Mill Surgery"))["reference"]
    await opened(desk, [theirs], "officer-2")
    sent = await send(desk, scope="all", choice="records_differ")
    theirs_received = sent.headers["location"]
    await opened(desk, mine)
    before = await desk.everything()
    for path in (
        f"{address_of(desk.client)}/escalations/{theirs}",
        f"{address_of(desk.client)}/escalations/nonsense",
        f"{address_of(desk.client)}/receipt/{theirs_received.rpartition('/')[2]}",
    ):
        answer = await desk.client.get(path)
        assert (answer.status_code, answer.headers["location"], answer.text) == (303, address_of(desk.client), "")
    for form in ({"choice": "dealt_with"}, {}, {"choice": "dealt_with", "note": "It was 943 476 5919."}):
        answer = await send(desk, scope="one", key=theirs, **form)
        assert (answer.status_code, answer.headers["location"]) == (303, address_of(desk.client))
    assert (await send(desk, scope="everything", choice="dealt_with")).headers["location"] == address_of(desk.client)
    assert await desk.everything() == before
    page = (await desk.client.get(address_of(desk.client))).text
    assert theirs not in page
    assert "Mill Surgery" not in page


async def test_what_the_chair_closed_can_be_seen_but_not_answered(desk: Desk, mine: list[str]) -> None:
    resolved, withdrawn, still_open = mine
    await desk.move(resolved, "resolve", {"resolution": "Done."})
    await desk.move(withdrawn, "withdraw", {"reason": "A mistake."})
    for reference in (resolved, withdrawn):
        answer = await send(desk, scope="one", key=reference, choice="dealt_with")
        assert (answer.status_code, answer.headers["location"]) == (303, address_of(desk.client))
    page = (await desk.client.get(address_of(desk.client))).text
    assert resolved in page
    assert withdrawn not in page
    closed = (await desk.client.get(f"{address_of(desk.client)}/escalations/{resolved}")).text
    assert "can no longer be changed" in closed
    assert "<form" not in closed
    await send(desk, scope="all", choice="dealt_with")
    assert await states(desk, mine) == [("resolved", None), ("withdrawn", None), ("answered", "dealt_with")]
    assert still_open in (await desk.client.get(address_of(desk.client))).text


async def test_the_pages_show_no_child_and_are_kept_by_nobody(desk: Desk, mine: list[str]) -> None:
    sent = await send(desk, scope="one", key=mine[0], choice="dealt_with")
    paths = [
        address_of(desk.client),
        f"{address_of(desk.client)}/escalations/{mine[0]}",
        sent.headers["location"],
        "/answer/nonsense",
    ]
    pages = [await desk.client.get(path) for path in paths] + [await send(desk, scope="all"), sent]
    for page in pages:
        assert all(secret not in page.text for secret in ("P10000", "chair-1", "officer-1", "Nobody wrote"))
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in page.headers["X-Robots-Tag"]
        policy = page.headers["Content-Security-Policy"]
        for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert rule in policy
        assert "<script" not in page.text
    assert all(words in pages[0].text for words in ("Robin Planted", "Bridge Surgery"))
    assert "1 June 2019" in pages[0].text


async def test_asking_for_a_new_link_never_says_whether_there_was_one(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    old, current = await desk.link([reference]), await desk.link([reference])
    revoked = await desk.link([reference], "officer-2")
    await desk.post(f"/v1/answers/links/{revoked['id']}/revoke", role=Role.TEAM_MANAGER)
    tokens = (old["token"], current["token"], revoked["token"], "nonsense", "")
    pages = [await desk.client.post("/answer/new-link", data={"token": token}) for token in tokens]
    assert len({(page.status_code, page.text) for page in pages}) == 1
    published = await desk.published("answer_link.requested")
    assert [event["subject"] for event in published] == [old["id"], current["id"]]
    assert all(old["token"] not in event["text"] for event in published)


async def test_each_form_is_about_its_own_link(desk: Desk, mine: list[str]) -> None:
    """Two officers' links, or two quarters', in one browser: each form answers what its page showed."""
    first = address_of(desk.client)
    seal = seal_in((await desk.client.get(first)).text)
    theirs = (await desk.raised(**PERIOD))["reference"]
    await opened(desk, [theirs], "officer-2")
    second = address_of(desk.client)
    assert second != first
    other = seal_in((await desk.client.get(second)).text)
    before = await desk.everything()
    for tampered in (other, f"{seal[:-4]}AAAA", "", desk.client.cookies.get("answer", path=first) or ""):
        data = {"scope": "all", "choice": "dealt_with", "note": "We spoke.", "seal": tampered}
        page = await desk.client.post(first, data=data)
        assert (labelled_problems(page), "We spoke." in page.text) == (["main"], True)
    assert await desk.everything() == before
    sent = await desk.client.post(first, data={"scope": "all", "choice": "dealt_with", "seal": seal})
    assert sent.headers["location"].startswith(f"{first}/receipt/")
    assert await states(desk, [*mine, theirs]) == [("answered", "dealt_with")] * 3 + [("open", None)]
    receipt = (await desk.client.get(sent.headers["location"])).text
    assert all(words in receipt for words in (*mine, "Quarter", "Agenc"))
    assert theirs not in receipt


async def test_what_was_written_comes_back_when_the_cookie_ran_out(desk: Desk, mine: list[str]) -> None:
    own = address_of(desk.client)
    data = {
        "scope": "all",
        "choice": "dealt_with",
        "note": "We spoke.",
        "seal": seal_in((await desk.client.get(own)).text),
    }
    desk.client.cookies.clear()
    back = await desk.client.post(own, data=data)
    assert (labelled_problems(back), "We spoke." in back.text) == (["main"], True)
    assert await states(desk, mine) == [("open", None)] * 3
    assert (await desk.client.post(own, data=data)).status_code == 303, "the page brought a fresh cookie"
    await desk.rows("UPDATE answer_link SET superseded_at = now()")
    dead = await desk.client.post(own, data=data)
    assert (dead.status_code, "We spoke." in dead.text) == (404, True)


async def test_another_site_sends_nothing(desk: Desk, mine: list[str]) -> None:
    own = address_of(desk.client)
    data = {"scope": "all", "choice": "dealt_with", "seal": seal_in((await desk.client.get(own)).text)}
    before = await desk.everything()
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ):
        assert (await desk.client.post(own, data=data, headers=headers)).status_code == 403
    assert await desk.everything() == before
    same = {"Origin": str(desk.client.base_url).rstrip("/")}
    assert (await desk.client.post(own, data=data, headers=same)).status_code == 303


async def test_a_link_ends_with_the_officer(desk: Desk, mine: list[str]) -> None:
    token = (await desk.link(mine[:1], "officer-2"))["token"]
    old = await opened(desk, mine)
    own = address_of(desk.client)
    seal = seal_in((await desk.client.get(own)).text)
    await desk.rows("UPDATE chassis.copy SET ends_on = $1 WHERE id = 'officer-1'", clock.today())
    assert (await desk.client.get(own)).status_code == 200, "on the last day"
    with clock.shifted(timedelta(days=1)):
        answers = [await desk.client.get(path) for path in (own, f"/answer/{old}")]
        answers.append(await desk.client.post(own, data={"scope": "all", "choice": "dealt_with", "seal": seal}))
        assert {answer.status_code for answer in answers} == {404}
        await desk.client.post("/answer/new-link", data={"token": old})
        assert await desk.rows("SELECT FROM chassis.outgoing WHERE type = 'answer_link.requested'") == []
        assert (await desk.client.get(f"/answer/{token}")).status_code == 303, "a colleague's works"
        await desk.rows("UPDATE chassis.copy SET ends_on = NULL WHERE id = 'officer-1'")
        assert (await desk.client.get(f"/answer/{old}")).status_code == 303, "whoever came back is let in"


async def test_all_links_of_a_quarter_show_the_same_until_the_last_expires(desk: Desk, mine: list[str]) -> None:
    first = address_of(desk.client)
    late = (await desk.raised())["reference"]
    await desk.link([late], days=60)
    with clock.shifted(timedelta(days=45)):
        token = (await desk.link([late], "officer-2"))["token"]
        assert token
        page = (await desk.client.get(first)).text
    assert all(reference in page for reference in mine)
    assert late not in page, "somebody else is responsible for it by now"


async def test_a_practice_is_answered_in_one_press(desk: Desk, mine: list[str]) -> None:
    other = (await desk.raised(professional_team="Hill Surgery", **PERIOD))["reference"]
    await opened(desk, [*mine, other])
    page = (await desk.client.get(address_of(desk.client))).text
    assert page.index("Bridge Surgery</strong>") < page.index("Hill Surgery</strong>"), "the most first"
    await send(desk, scope="unit", key="surgeries/Bridge Surgery", choice="changed_practice")
    assert await states(desk, [*mine, other]) == [("answered", "changed_practice")] * 3 + [("open", None)]


async def test_repeats_are_shown_by_person_and_by_team(desk: Desk, mine: list[str]) -> None:
    page = (await desk.client.get(address_of(desk.client))).text
    repeats = page[page.index("Professionals escalated more than once since 1 July 2018") :]
    assert "Robin Planted, GP, Bridge Surgery</th>" in repeats
    assert "Bridge Surgery</th>" in repeats[repeats.index("Practices and teams") :]


async def test_the_list_can_be_taken_along(desk: Desk, mine: list[str]) -> None:
    sheet = await desk.client.get(f"{address_of(desk.client)}/list.csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert sheet.text.count("Robin Planted") == len(mine)
    assert "Reference,Meeting,Who,What was escalated,Answer" in sheet.text, "nothing is missing in care planning"
    assert sheet.headers["Cache-Control"] == "no-store"


async def test_who_is_still_looking_is_asked_again_after_the_day(desk: Desk, mine: list[str]) -> None:
    await send(desk, scope="all", choice="still_looking", expected_on=days_ago(-9))
    assert "All answered" in (await desk.client.get(address_of(desk.client))).text
    with clock.shifted(timedelta(days=10)):
        token = (await desk.link(mine))["token"]
        await desk.client.get(f"/answer/{token}")
        page = (await desk.client.get(address_of(desk.client))).text
    assert f"Send this answer for all {len(mine)}" in page


def another_browser(desk: Desk) -> httpx.AsyncClient:
    """A browser that has opened no link yet."""
    return httpx.AsyncClient(base_url=desk.client.base_url, timeout=PATIENCE)


async def shared(desk: Desk, unit: str = "surgeries/Bridge Surgery") -> str:
    """Share the escalations of a practice; the token of the new link."""
    own = address_of(desk.client)
    data = {"unit": unit, "seal": seal_in((await desk.client.get(own)).text)}
    page = (await desk.client.post(f"{own}/share", data=data)).text
    (token,) = re.findall(r"/answer/([\w-]{43})<", page)
    return str(token)


async def test_a_practice_answers_through_a_link_of_its_own(desk: Desk, mine: list[str]) -> None:
    other = (await desk.raised(professional_team="Hill Surgery", **PERIOD))["reference"]
    await opened(desk, [*mine, other])
    token = await shared(desk)
    practice = another_browser(desk)
    await practice.get(f"/answer/{token}")
    page = (await practice.get(address_of(practice))).text
    assert mine[0] in page
    assert other not in page
    assert "/share" not in page, "it is not passed on further"
    await send_form(practice, {"scope": "all", "choice": "dealt_with"})
    assert await states(desk, [*mine, other]) == [("answered", "dealt_with")] * 3 + [("open", None)]
    assert (await desk.history(mine[0]))[-1]["note"] == "whoever holds the link for Bridge Surgery"


async def test_an_agency_is_called_by_its_name_in_the_directory(desk: Desk) -> None:
    await opened(desk, [(await desk.raised(professional_team=None, **PERIOD))["reference"]])
    assert "GP, Local surgeries" in (await desk.client.get(address_of(desk.client))).text
    token = await shared(desk, "surgeries/gp")
    practice = another_browser(desk)
    await practice.get(f"/answer/{token}")
    sent = await send_form(practice, {"scope": "all", "choice": "dealt_with"})
    assert "Local surgeries" in (await practice.get(sent.headers["location"])).text
    (given,) = await desk.rows("SELECT answered_through FROM answer")
    assert given["answered_through"] == "whoever holds the link for GP, Local surgeries"


async def test_what_is_said_of_a_link_names_no_identifier(desk: Desk, mine: list[str]) -> None:
    await send(desk, scope="all", choice="dealt_with")
    assert "officer-1" not in (await desk.history(mine[0]))[-1]["note"]


async def test_a_link_that_was_shared_can_be_stopped_and_ends_with_its_own(desk: Desk, mine: list[str]) -> None:
    stopped, ended = await shared(desk), await shared(desk)
    own = address_of(desk.client)
    (first, _) = await desk.rows("SELECT id FROM answer_link WHERE shared_from IS NOT NULL ORDER BY id")
    data = {"shared": str(first["id"]), "seal": seal_in((await desk.client.get(own)).text)}
    assert (await desk.client.post(f"{own}/stop-sharing", data=data)).status_code == 303
    bare = another_browser(desk)
    assert [(await bare.get(f"/answer/{token}")).status_code for token in (stopped, ended)] == [404, 303]
    await desk.rows("UPDATE answer_link SET revoked_at = now(), revoked_by = 'manager-1' WHERE shared_from IS NULL")
    page = await bare.get(f"/answer/{ended}")
    assert (page.status_code, "This link was stopped" in page.text, NEW_LINK in page.text) == (404, True, False)


async def test_a_shared_link_that_expired_offers_none_that_would_not_be_sent(desk: Desk, mine: list[str]) -> None:
    assert mine
    token = await shared(desk)
    with clock.shifted(timedelta(days=60)):
        page = await another_browser(desk).get(f"/answer/{token}")
        assert (page.status_code, "This link has expired" in page.text, NEW_LINK in page.text) == (404, True, False)
        await desk.client.post("/answer/new-link", data={"token": token})
    assert await desk.published("answer_link.requested") == []


async def test_every_page_says_whose_it_is_and_whom_to_ask(running: Running) -> None:
    client = await running("escalations", **OF_THE_COUNCIL)
    page = (await client.get("/answer")).text
    assert f"{COUNCIL.name}</title>" in page
    assert (
        f"<strong>{COUNCIL.name}</strong><span>Independent Chairs&#39; service, Children&#39;s Services</span>" in page
    )
    assert f"Contact {COUNCIL.name}: {COUNCIL.contact}." in page
