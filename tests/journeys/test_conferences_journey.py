"""From an enquiry to a liaison officer's answer: the whole product, through its own doors, in one story."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser

from deploy.local.mailbox.store import Kept
from tests.support.browser import press
from tests.support.journeys.council import JSON, Council, Refused, among
from tests.support.system import System, new_system
from tests.support.waiting import PATIENCE

CHILD = "P700001"
QUARTER = "2020-Q1"
# Each stands nowhere else: whatever they are found in must not have them.
GIVEN, FAMILY, BORN = "Plantedgiven", "Plantedfamily", "2012-02-03"


@pytest.fixture
def system() -> Iterator[System]:
    with new_system(demo=False) as system:
        yield system


def professional(agency_id: str, agency_role: str, name: str, **more: object) -> JSON:
    said = {"invited_as": "professional", "agency_id": agency_id, "agency_role": agency_role, "name": name}
    return said | {"email": f"{agency_role}@{agency_id}.example"} | more


async def test_two_agencies_send_nothing_and_are_asked_why(system: System, browser: Browser) -> None:
    council = Council(system)

    # Wednesday: a section 47 enquiry begins, and the initial conference is planned in time.
    await council.at("2020-06-03 10:00")
    await council.fill_directory()
    await register_child(council)
    conference = await plan_conference(council)
    reference = conference["reference"]
    assert conference["children"][0]["due_on"] == "2020-06-24"
    assert conference["report_due_on"] == "2020-06-08"

    # Those who work with the child are invited, and told until when their reports are wanted.
    invitations = await invite(council, conference)
    asked = await council.mail("gp@general-practice.example", reference)
    assert "8 June 2020" in words_of(asked)

    # The health visitor says by the link of the email that the report is sent; the others say nothing.
    await say_report_is_sent(council, browser, reference)
    missing = await council.get("chair", "/v1/invitations/missing-reports")
    assert {row["agency_role"] for row in missing["items"]} == {"gp", "housing-officer"}

    # Wednesday a week later: it is held, without two of those invited, and a plan is made.
    await council.at("2020-06-10 09:00")
    await hold(council, reference, invitations)
    plan = (await council.get("chair", f"/v1/children/{CHILD}/protection"))["plans"][0]
    assert (plan["starts_on"], plan["initial_category"]) == ("2020-06-10", "NEG")

    # It is closed: an escalation is proposed for each who sent nothing, and the chair confirms them in one request.
    proposals = await close(council, reference)
    assert {(proposal["agency_role"], proposal["reason"]) for proposal in proposals} == {
        ("gp", "no_report_no_apologies"),
        ("housing-officer", "no_report_no_apologies"),
    }
    decisions = [{"proposal_id": proposal["id"], "confirm": True} for proposal in proposals]
    path = f"/v1/conferences/{reference}/proposals/decide"
    await council.ask("chair", "POST", path, {"decisions": decisions})
    references = await raised(council, reference, 2)
    await see_to_the_rest(council, reference)

    # The quarter ends: each of the two officers gets the email about it, the one who acts for practices among them.
    await council.at("2020-07-01 07:59:40")
    practices = await council.address_of("officer-care-board")
    housing = await council.address_of("officer-housing")
    for officer in (practices, housing):
        mail = await council.mail(officer, "April to June 2020")
        words = words_of(mail)
        assert sum(reference in words for reference in references) == 1
        for planted in (GIVEN, FAMILY, BORN, CHILD):
            assert planted not in mail.source.decode()
        await answer_in_browser(council, browser, mail.body("html"))

    # The chair is told of both answers, and on Monday there is nothing to remind them of.
    chair = await council.address_of("chair-01")
    await council.mail(chair, "answer", 2)
    before = len(council.mails(chair))
    await council.at("2020-07-06 07:59:40")
    run = await until_run(council, "send_weekly_reminder", "2020-W28")
    assert run["outcome"]["queued"] == 0
    assert len(council.mails(chair)) == before

    # Every figure knows: both were answered.
    figures = await council.get(
        "performance_analyst",
        "/v1/figures/escalations",
        period=QUARTER,
        by="agency",
        kind="conference_contribution",
    )
    for agency in ("general-practice", "housing"):
        row = among(figures["rows"], key=agency)
        assert (row["raised"], row["answered"], row["response_rate"]) == (1, 1, 1.0)
    whole = await council.get("chair", f"/v1/conferences/{reference}")
    assert sorted(whole["escalations"]) == sorted(references)
    assert {proposal["state"] for proposal in whole["proposals"]} == {"raised"}


async def register_child(council: Council) -> None:
    """The case-management system sends the child and the enquiry."""
    child = {"given_name": GIVEN, "family_name": FAMILY, "born_on": BORN, "area_id": "north", "team": "Team 1"}
    enquiry = {"person_id": CHILD, "started_on": "2020-06-03", "strategy_discussion_on": "2020-06-03"}

    async def is_known() -> bool:
        copied = await council.get("administrator", "/v1/areas")
        return bool(copied["items"])

    await council.until(is_known)
    await until_taken(council, "PUT", f"/v1/children/{CHILD}", child)
    await council.ask("business_support", "PUT", "/v1/conferences/section-47-enquiries/E1", enquiry)


async def until_taken(council: Council, method: str, path: str, body: JSON, role: str = "business_support") -> JSON:
    """The answer once everybody who is named is known to the service: the directory reaches it by events."""
    answers: list[JSON] = []

    async def is_taken() -> bool:
        try:
            answers.append(await council.ask(role, method, path, body))
        except Refused as refused:
            if "in_directory" not in str(refused) and "colleague_role" not in str(refused):
                raise
            return False
        return True

    await council.until(is_taken)
    return answers[0]


async def plan_conference(council: Council) -> JSON:
    """Business support plans it for the Wednesday after."""
    body = {
        "person_ids": [CHILD],
        "planned_on": "2020-06-10",
        "planned_time": "09:30",
        "venue": "Town Hall",
        "chair_id": "chair-01",
    }
    return await until_taken(council, "POST", "/v1/conferences", body)


async def invite(council: Council, conference: JSON) -> list[JSON]:
    """Five professionals and the mother."""
    wanted = [
        professional("childrens-social-care", "social-worker", "Wren Ravensby"),
        professional("community-health", "health-visitor", "Orla Dunmarsh"),
        professional("education", "safeguarding-lead", "Nye Coldstone", report_expected=False),
        professional("general-practice", "gp", "Dr Yarrow Elmsgate", team="Mill Lane Surgery"),
        professional("housing", "housing-officer", "Kerr Fallowby", team="Lettings"),
        {"invited_as": "family", "relationship": "mother", "name": "Una Plantedfamily"},
    ]
    path = f"/v1/conferences/{conference['reference']}/invitations"
    return list(await council.ask("business_support", "POST", path, {"invitations": wanted}, version=1))


async def say_report_is_sent(council: Council, browser: Browser, reference: str) -> None:
    """The health visitor opens the link of the email in a browser; the social worker's report business support notes."""
    mail = await council.mail("health-visitor@community-health.example", reference)
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(1000 * PATIENCE)
    await page.goto(link_of(council, words_of(mail), "/contribution/"))
    assert GIVEN not in await page.content()
    await page.get_by_role("radio", name="Yes").first.check()
    await page.get_by_role("radio", name="I will attend").check()
    await press(page.get_by_role("button", name="Tell the chair"))
    await page.wait_for_url("**/receipt**")
    rows = (await council.get("chair", f"/v1/conferences/{reference}"))["invitations"]
    assert among(rows, agency_role="health-visitor")["report_received_on"] == "2020-06-03"
    worker = among(rows, agency_role="social-worker")
    said = {"report_received_on": "2020-06-03"}
    path = f"/v1/invitations/{worker['id']}"
    await council.ask("business_support", "PATCH", path, said, version=worker["version"])


def words_of(mail: Kept) -> str:
    """What an email says without its form."""
    words = mail.body("plain")
    assert words is not None
    return words


def link_of(council: Council, words: str, path: str) -> str:
    """The address in an email that leads to this part of the system."""
    found = re.search(rf"https?://\S+{path}\S+", words)
    assert found is not None, words
    return found[0].rstrip(".")


async def hold(council: Council, reference: str, invitations: list[JSON]) -> None:
    """The chair writes down how it went."""
    absent = {"gp", "housing-officer"}
    attendance = [
        {
            "invitation_id": invitation["id"],
            "attendance": "neither" if invitation["agency_role"] in absent else "attended",
        }
        for invitation in invitations
    ]
    child = {"person_id": CHILD, "participation": "PN6", "attended": False, "outcome": "plan_made", "category": "NEG"}
    body = {
        "held_on": "2020-06-10",
        "children": [child],
        "attendance": attendance,
        "family_contacted_on": "2020-06-08",
        "family_met": True,
        "core_group": [{"name": "Wren Ravensby", "role": "social worker"}],
        "safety_scores": [{"by": "Mother", "score": 4}],
    }
    version = (await council.get("chair", f"/v1/conferences/{reference}"))["version"]
    held = await council.ask("chair", "POST", f"/v1/conferences/{reference}/hold", body, version=version)
    assert held["quorate"] is True


async def close(council: Council, reference: str) -> list[JSON]:
    """The chair closes it; the answer is what it proposes."""
    version = (await council.get("chair", f"/v1/conferences/{reference}"))["version"]
    return list(await council.ask("chair", "POST", f"/v1/conferences/{reference}/close", version=version))


async def raised(council: Council, reference: str, count: int) -> list[str]:
    """The references of what was raised from a conference, once all of it was, and is known on both sides."""

    async def are_raised() -> bool:
        rows = (await council.get("chair", "/v1/conferences/proposals", reference=reference, state="raised"))["items"]
        return len(rows) == count

    await council.until(are_raised)
    rows = (await council.get("chair", "/v1/escalations", meeting_reference=reference))["items"]
    assert len(rows) == count
    return [row["reference"] for row in rows]


async def see_to_the_rest(council: Council, reference: str) -> None:
    """The outline plan goes out, the record is written, and the core group has met."""
    path = f"/v1/conferences/{reference}"

    async def version() -> int:
        return int((await council.get("chair", path))["version"])

    body: JSON = {"sent_on": "2020-06-10"}
    await council.ask("business_support", "POST", f"{path}/outline-plan/send", body, version=await version())
    record = {
        "past_harm": ["Left alone overnight."],
        "future_danger": ["Left alone again."],
        "working_well": ["Goes to school each day."],
        "safety_goals": ["An adult is there each night."],
        "next_steps": [{"step": "Family network meeting", "owner": "social worker", "due_on": "2020-06-30"}],
    }
    await council.ask("chair", "PATCH", f"{path}/record", record, version=await version())
    await council.ask("chair", "POST", f"{path}/record/complete", {}, version=await version())
    met = {"person_ids": [CHILD], "held_on": "2020-06-10", "next_on": "2020-08-03"}
    await council.ask("chair", "POST", "/v1/core-groups", met)


async def answer_in_browser(council: Council, browser: Browser, html: str | None) -> None:
    """The officer opens the link of the email and answers for all, as one does."""
    assert html is not None
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(1000 * PATIENCE)
    found = re.search(r'href="([^"]*/answer/[^"?]+)', html)
    assert found is not None
    await page.goto(found[1])
    await page.get_by_label("We dealt with it with the member of staff").first.check()
    await press(page.get_by_role("button", name=re.compile("Send this answer")).first)
    assert await page.get_by_role("heading", level=1).inner_text() == "Answer received"


async def until_run(council: Council, schedule: str, period: str) -> JSON:
    """How a run by the clock went, once it has gone."""
    found: list[JSON] = []

    async def has_run() -> bool:
        last = among(await council.get("team_manager", "/v1/messages/schedules"), name=schedule)["last_run"]
        found[:] = [last] if last and last["period"] == period and last["finished_at"] else []
        return bool(found)

    await council.until(has_run)
    return found[0]
