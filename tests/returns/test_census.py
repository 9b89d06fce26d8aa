"""The CIN census's child protection parts: what the software accepted, the sector's own validator accepts."""

import re
from collections.abc import AsyncIterator
from datetime import date
from random import Random
from xml.etree import ElementTree as ET

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_working_days, is_working_day, subtract_working_days
from deploy.local.postgres import Server
from tests.support.conferences.desk import CASE_MANAGEMENT, DIRECTORY, JSON, Desk
from tests.support.returns.census import PRESENT_DAY, YEAR, child, enquired, held, lived
from tests.support.returns.council import until
from tests.support.returns.validator_cin import Census, Failures, failures_of
from tests.support.sharing import Shared, shared_service

PATH = f"/v1/returns/cin-census/{YEAR}"
RETURNER: JSON = {"role": Role.TEAM_MANAGER, "subject": "manager-1"}
BORN = date(2012, 5, 6)


@pytest.fixture(scope="session")
async def shared_conferences(postgres: Server) -> AsyncIterator[Shared]:
    async with shared_service(postgres, "conferences", DIRECTORY) as running:
        yield running


@pytest.fixture
async def desk(shared_conferences: Shared) -> AsyncIterator[Desk]:
    await shared_conferences.begin_anew()
    with clock.shifted(until(PRESENT_DAY)):
        async with shared_conferences.client() as client:
            yield Desk(client)


async def census(desk: Desk) -> str:
    """The year's census as it is exported."""
    answer = await desk.ask("GET", f"{PATH}/census.xml", params={"authority": "925"}, **RETURNER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/xml"
    return answer.text


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_rule_about_conferences_or_plans_fails_for_generated_years(desk: Desk, seed: int) -> None:
    random = Random(seed)
    for number in range(40):
        await lived(desk, random, number)
    checks = await desk.get(f"{PATH}/checks", **RETURNER)
    assert checks["plans"] > 10 and checks["section_47_enquiries"] > 20 and checks["reviews"] > 10
    assert [finding for finding in checks["findings"] if finding["blocking"]] == []
    text = await census(desk)
    assert text.count("<CPPstartDate>") == checks["plans"]
    assert text.count("<CPPreviewDate>") == checks["reviews"]
    assert text.count("<Section47>") == checks["section_47_enquiries"]
    (found,) = failures_of([Census(text, 2020)])
    # The one rule about the whole authority, which wants to see more kinds of disabilities than one.
    assert found.keys() <= {"2887Q", "2888Q"}, found


async def whole_life(desk: Desk) -> str:
    """One child with an enquiry, a conference in the year, a plan and a review."""
    await desk.told("C1", child(BORN))
    await enquired(desk, "C1", 1, date(2019, 9, 2))
    await held(desk, "C1", date(2019, 9, 16), BORN, outcome="plan_made", category="NEG")
    await held(desk, "C1", date(2019, 12, 9), BORN, outcome="continues", category="EMO")
    return await census(desk)


async def test_what_the_census_says_of_a_plan(desk: Desk) -> None:
    message = ET.fromstring(await whole_life(desk))
    assert message.findtext("Header/CollectionDetails/ReferenceDate") == "2020-03-31"
    (plan,) = message.iter("ChildProtectionPlans")
    assert [plan.findtext(name) for name in ("CPPstartDate", "CPPendDate", "NumberOfPreviousCPP")] == [
        "2019-09-16", None, "0",
    ]  # fmt: skip
    assert (plan.findtext("InitialCategoryOfAbuse"), plan.findtext("LatestCategoryOfAbuse")) == ("NEG", "EMO")
    assert [element.text for element in plan.iter("CPPreviewDate")] == ["2019-12-09"]
    (enquiry,) = message.iter("Section47")
    assert [element.text for element in enquiry] == ["2019-09-02", "2019-09-23", "2019-09-16", "0"]
    assert message.findtext("Children/Child/ChildIdentifiers/PersonBirthDate") == "2012-05-06"
    assert "Merrin" not in ET.tostring(message, encoding="unicode")


# What a slip in the export would look like: the validator runs here, and sees it.
SLIPS = {
    "8875": ("<DateOfInitialCPC>2019-09-16", "<DateOfInitialCPC>2019-09-14"),
    "2885": ("<CPPstartDate>2019-09-16", "<CPPstartDate>2019-09-17"),
    "8841": ("<CPPreviewDate>2019-12-09", "<CPPreviewDate>2019-09-16"),
    "8905": ("<InitialCategoryOfAbuse>NEG", "<InitialCategoryOfAbuse>XXX"),
    "8730": ("<NumberOfPreviousCPP>0</NumberOfPreviousCPP>", ""),
    "8615": ("<S47ActualStartDate>2019-09-02", "<S47ActualStartDate>2019-09-20"),
    "4220": ("<Ethnicity>WBRI", "<Ethnicity>XXXX"),
}


async def test_the_validator_sees_what_is_wrong(desk: Desk) -> None:
    right = await whole_life(desk)
    wrong = []
    for before, after in SLIPS.values():
        assert right.count(before) == 1
        wrong.append(Census(right.replace(before, after), 2020))
    found: list[Failures] = failures_of([Census(right, 2020), *wrong])
    assert found[0].keys() <= {"2887Q", "2888Q"}, found[0]
    for rule, failing in zip(SLIPS, found[1:], strict=True):
        assert rule in failing, (rule, sorted(failing))


async def test_an_enquiry_does_not_begin_while_another_is_open(desk: Desk) -> None:
    await desk.told("C1", child(BORN))
    await enquired(desk, "C1", 1, date(2019, 9, 2))
    body = {"person_id": "C1", "started_on": "2019-09-10", "strategy_discussion_on": "2019-09-10"}
    answer = await desk.ask("PUT", "/v1/conferences/section-47-enquiries/E2-C1", body, **CASE_MANAGEMENT)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, "one_at_a_time")
    await held(desk, "C1", date(2019, 9, 16), BORN, outcome="not_made")
    inside = await desk.ask("PUT", "/v1/conferences/section-47-enquiries/E2-C1", body, **CASE_MANAGEMENT)
    assert inside.status_code == 422
    await enquired(desk, "C1", 2, date(2019, 9, 17))


async def test_late_conferences_are_told_for_information_and_the_reading_is_written_down(desk: Desk) -> None:
    await desk.told("C1", child(BORN))
    await enquired(desk, "C1", 1, date(2019, 9, 2))
    late = add_working_days(date(2019, 9, 2), 16)
    await held(desk, "C1", late, BORN, outcome="plan_made", category="NEG")
    (finding,) = (await desk.get(f"{PATH}/checks", **RETURNER))["findings"]
    assert (finding["rule"], finding["blocking"], finding["on"]) == ("late", False, late.isoformat())
    await census(desk)
    seen = await desk.rows("SELECT action, person_ids FROM chassis.audit_entry WHERE action LIKE '%cin_census'")
    assert {(row["action"], *row["person_ids"]) for row in seen} == {
        ("check_cin_census", "C1"), ("export_cin_census", "C1"),
    }  # fmt: skip


async def test_who_may_not_export_and_what_is_no_year(desk: Desk) -> None:
    query = {"authority": "925"}
    answer = await desk.ask("GET", f"{PATH}/census.xml", params=query, role=Role.PERFORMANCE_ANALYST)
    assert answer.status_code == 403
    for path, params, field in (
        (PATH.replace(YEAR, "2019"), query, "year"),
        (PATH.replace(YEAR, "2019-Q1"), query, "year"),
        (PATH, {"authority": "12"}, "authority"),
    ):
        answer = await desk.ask("GET", f"{path}/census.xml", params=params, **RETURNER)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_these_days_are_working_days() -> None:
    assert all(map(is_working_day, (date(2019, 9, 16), date(2019, 9, 2))))
    assert subtract_working_days(date(2019, 9, 23), 15) == date(2019, 9, 2)
    assert re.fullmatch(r"\d{4}-\d{2}", YEAR)
