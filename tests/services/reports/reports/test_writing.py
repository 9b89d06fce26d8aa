"""The words of a report: begun from those of the report before, checked for names, with numbers by reference."""

from typing import Any

import pytest

from chassis.access.callers import Role
from services.reports.indicators.definitions import INDICATORS
from services.reports.rules import ReportKind
from tests.support.reports.desk import ANALYST, MANAGER, Desk

SUPPORT = (Role.BUSINESS_SUPPORT, "support-1")


async def sections(desk: Desk, place: str) -> dict[str, Any]:
    whole = (await desk.ask(ANALYST, "GET", f"{place}/sections")).json()
    return {section["key"]: section for section in whole["sections"]} | {"missing": whole["missing"]}


async def test_words_are_missing_until_somebody_writes_them(desk: Desk) -> None:
    place = await desk.drafted()
    assert (await sections(desk, place))["missing"] == ["What stands out"]
    refused = await desk.move(ANALYST, place, "send-to-reviewer", {"reviewer_id": "manager-1"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "sections.summary")
    answer = await desk.ask(SUPPORT, "PUT", f"{place}/sections/summary", {"prose": "A quiet quarter."})
    assert (answer.status_code, answer.headers["ETag"], answer.json()["written_by"]) == (200, '"1"', "support-1")
    found = await sections(desk, place)
    assert (found["missing"], found["summary"]["prose"]) == ([], "A quiet quarter.")


async def test_nobody_writes_over_what_they_have_not_read(desk: Desk) -> None:
    place = await desk.drafted()
    assert (await desk.write(place, "summary", "First.")).status_code == 200
    assert (await desk.write(place, "summary", "First.")).status_code == 200
    assert (await desk.write(place, "summary", "Second.")).status_code == 428
    assert (await desk.write(place, "summary", "Second.", 1)).json()["version"] == 2
    assert (await desk.write(place, "summary", "Third.", 1)).status_code == 412
    assert (await desk.write(place, "no-such-section", "Words.")).status_code == 404


@pytest.mark.parametrize(
    ("prose", "rule"),
    [
        ("Merrin Invented moved.", "name"),
        ("The child with 943 476 5919.", "nhs_number"),
        ("A child born on 14/05/2012.", "date_of_birth"),
        ("{reviews_of_cats} reviews.", "known_indicator"),
        ("{} reviews.", "known_indicator"),
        ("{reviews reviews.", "braces"),
        ("{reviews} reviews}.", "braces"),
    ],
)
async def test_what_names_a_child_or_refers_to_nothing_is_refused(desk: Desk, prose: str, rule: str) -> None:
    answer = await desk.write(await desk.drafted(), "summary", prose)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "prose")
    assert answer.json()["errors"][0]["rule"] == rule


async def test_numbers_are_filled_in(desk: Desk) -> None:
    place = await desk.drafted()
    prose = (
        "{children_reviewed} reviews in {reviews} meetings, of {different_children_reviewed} children. "
        "There were {children_reviewed.before} of {looked_after.before} children before."
    )
    await desk.write(place, "summary", prose)
    page = (await desk.document(place)).text
    assert "1,914 reviews in 1,620 meetings, of 1,300 children. There were 1,800 of 615 children before." in page
    assert "DRAFT" in page


async def test_quarters_are_called_by_their_months(desk: Desk) -> None:
    page = (await desk.document(await desk.drafted("annual", "2019-20"))).text
    assert '<th scope="row">April to June 2019</th>' in page and "2019-Q1" not in page


async def test_the_words_of_the_report_before_are_where_one_begins(desk: Desk) -> None:
    await desk.approved("{children_reviewed} reviews.")
    place = await desk.drafted(period="2019-Q2")
    summary = (await sections(desk, place))["summary"]
    assert (summary["prose"], summary["from_last_report"], summary["missing"]) == (
        "{children_reviewed} reviews.", True, True
    )  # fmt: skip
    assert (await desk.write(place, "summary", "{children_reviewed} reviews.", 1)).json()["missing"] is False


async def test_every_number_of_a_chairs_page_is_that_chairs(desk: Desk) -> None:
    place = await desk.drafted("chair", chair_id="chair-1")
    asked = [f"{{{name}}}" for name, found in INDICATORS.items() if ReportKind.CHAIR in found.asked]
    await desk.write(place, "talk", f"{{caseload}} children, {{caseload_for_full_time}} each. {' '.join(asked)}")
    page = (await desk.document(place)).text
    assert "66 children, 66 each." in page
    assert desk.counting.chairs and set(desk.counting.chairs) == {"chair-1"}
    team = await desk.drafted()
    await desk.write(team, "summary", "{caseload} children.")
    assert "120 children." in (await desk.document(team)).text


async def test_a_chairs_page_is_nobody_elses_before_it_is_published(desk: Desk) -> None:
    place = await desk.drafted("chair", chair_id="chair-1")
    chair, other = (Role.CHAIR, "chair-1"), (Role.CHAIR, "chair-2")
    assert (await desk.ask(SUPPORT, "GET", place)).status_code == 404
    assert (await desk.ask(SUPPORT, "PUT", f"{place}/sections/talk", {"prose": "Well done."})).status_code == 404
    assert (await desk.ask(chair, "GET", f"{place}/document.html")).status_code == 404
    await desk.write(place, "talk", "Well done.")
    await desk.move(ANALYST, place, "send-to-reviewer", {"reviewer_id": "manager-1"})
    await desk.move(MANAGER, place, "approve")
    await desk.move(MANAGER, place, "publish")
    page = await desk.ask(chair, "GET", f"{place}/document.html")
    assert page.status_code == 200 and "Ilva Thornbury, For supervision" in page.text
    assert (await desk.ask(other, "GET", f"{place}/document.html")).status_code == 404
