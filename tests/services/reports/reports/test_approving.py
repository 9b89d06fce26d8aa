"""A report is approved by somebody else, keeps its figures from then on, and is published once."""

import json
from datetime import date, datetime

import pytest

from chassis.access.callers import Role
from chassis.base.clock import now
from services.reports.jobs import begin_report, ended
from services.reports.reports.template import ReportTemplateWrong, template_of
from services.reports.rules import ReportKind
from services.reports.settings import ReportsSettings
from tests.support.reports.desk import ANALYST, MANAGER, Desk


async def test_the_author_does_not_review_and_an_analyst_does_not_approve(desk: Desk) -> None:
    place = await desk.drafted()
    await desk.write(place, "summary", "A quiet quarter.")
    own = await desk.move(ANALYST, place, "send-to-reviewer", {"reviewer_id": "analyst-1"})
    assert own.json()["errors"][0]["field"] == "reviewer_id"
    assert (await desk.move(MANAGER, place, "approve")).status_code == 409
    await desk.move(ANALYST, place, "send-to-reviewer", {"reviewer_id": "manager-1"})
    assert (await desk.move(ANALYST, place, "approve")).status_code == 403
    assert (await desk.move((Role.TEAM_MANAGER, "analyst-1"), place, "approve")).status_code == 409
    assert (await desk.move(MANAGER, place, "publish")).status_code == 409
    back = await desk.move(MANAGER, place, "return", {"reason": "Say why."})
    assert (back.json()["state"], back.json()["returned_because"]) == ("draft", "Say why.")


async def test_it_is_told_whose_turn_it_is(desk: Desk) -> None:
    place = await desk.approved()
    await desk.move(MANAGER, place, "return", {"reason": "Say why."})
    rows = await desk.client.process.database.statements.rows(
        "SELECT data FROM chassis.outgoing WHERE type = 'report.moved' ORDER BY id"
    )
    told = [json.loads(row["data"]) for row in rows]
    assert [(event["state"], event["version"]) for event in told] == [
        ("with_reviewer", 2),
        ("approved", 3),
        ("draft", 4),
    ]
    assert {(event["author_id"], event["reviewer_id"]) for event in told} == {("analyst-1", "manager-1")}


async def test_the_figures_of_an_approved_report_never_change(desk: Desk) -> None:
    place = await desk.approved()
    before = [(await desk.document(place, form)).content for form in ("html", "csv")]
    desk.counting.counts["child_reviews"] = 1915
    assert [(await desk.document(place, form)).content for form in ("html", "csv")] == before
    assert b"1,914 reviews." in before[0] and b"DRAFT" not in before[0]
    changed = (await desk.ask(MANAGER, "GET", f"{place}/figures")).json()["changed"]
    assert {"figure": "children_reviewed", "reported": "1,914", "now": "1,915"}.items() <= changed[0].items()
    assert (await desk.write(place, "summary", "Other words.", 1)).status_code == 409
    desk.counting.status = 500
    assert (await desk.document(place)).status_code == 200
    assert (await desk.ask(MANAGER, "GET", f"{place}/figures")).status_code == 503


async def test_nothing_is_approved_with_half_of_the_figures(desk: Desk) -> None:
    place = await desk.drafted()
    await desk.write(place, "summary", "A quiet quarter.")
    await desk.move(ANALYST, place, "send-to-reviewer", {"reviewer_id": "manager-1"})
    desk.counting.status = 500
    assert (await desk.move(MANAGER, place, "approve")).status_code == 503
    assert (await desk.ask(MANAGER, "GET", place)).json()["state"] == "with_reviewer"


async def test_it_is_published_once_and_supersedes_the_one_before(desk: Desk) -> None:
    first = await desk.approved()
    assert (await desk.move(MANAGER, first, "publish")).json()["state"] == "published"
    assert (await desk.move(MANAGER, first, "publish")).status_code == 409
    second = await desk.drafted()
    assert (await desk.write(second, "summary", "Corrected: {children_reviewed}.", 1)).status_code == 200
    await desk.move(ANALYST, second, "send-to-reviewer", {"reviewer_id": "manager-1"})
    await desk.move(MANAGER, second, "approve")
    await desk.move(MANAGER, second, "publish")
    assert (await desk.ask(MANAGER, "GET", first)).json()["state"] == "superseded"
    rows = await desk.client.process.database.statements.rows(
        "SELECT data FROM chassis.outgoing WHERE type = 'report.published' ORDER BY id"
    )
    assert [json.loads(row["data"])["reference"] for row in rows] == [
        place.rpartition("/")[2] for place in (first, second)
    ]


@pytest.mark.parametrize("form", ["html", "pdf", "docx", "xlsx", "csv"])
async def test_the_annual_report_comes_in_each_form(desk: Desk, form: str) -> None:
    answer = await desk.document(await desk.drafted("annual", "2019-20"), form)
    assert answer.status_code == 200 and len(answer.content) > 1000


async def test_it_is_begun_once_when_its_period_has_ended(desk: Desk) -> None:
    settings = ReportsSettings(report_authors={ReportKind.QUARTERLY: "analyst-1"})
    (due,) = ended(settings, date(2019, 6, 30), date(2019, 7, 31))
    assert (due.period, due.at.date()) == ("quarterly 2019-Q1", date(2019, 7, 1))
    process, moment = desk.client.process, now()
    assert isinstance(moment, datetime)
    assert [(await begin_report(process, due.period, moment))["begun"] for _ in range(2)] == [1, 0]


def test_a_template_that_is_wrong_says_where(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "annual.toml").write_text('title = "Ours"\n[[sections]]\nkey = "a"\n')
    with pytest.raises(ReportTemplateWrong) as wrong:
        template_of(ReportKind.ANNUAL, folder)
    assert "annual.toml is wrong. sections.0.heading" in str(wrong.value.detail)
