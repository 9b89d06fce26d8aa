"""Only who is named in a report reviews, approves and publishes it; only who may approve is named as its reviewer."""

import json

import pytest

from chassis.access.callers import Role
from services.reports.rules import ReportState, Turn, standing
from tests.support.reports.desk import ANALYST, MANAGER, OTHER_MANAGER, Desk

WRITE, SEND, RETURN, APPROVE, PUBLISH = (
    "write_report_section",
    "send_report_to_reviewer",
    "return_report",
    "approve_report",
    "publish_report",
)
BACK = {"reason": "Say why."}


async def test_only_the_named_reviewer_approves_or_sends_back(desk: Desk) -> None:
    place = await desk.with_reviewer()
    for who in (OTHER_MANAGER, (Role.TEAM_MANAGER, ANALYST[1])):
        refused = await desk.move(who, place, "approve")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/anothers-turn")
        assert MANAGER[1] in refused.json()["detail"]
    for who in (OTHER_MANAGER, ANALYST):
        assert (await desk.move(who, place, "return", BACK)).status_code == 409
    assert (await desk.move(MANAGER, place, "approve")).json()["approved_by"] == MANAGER[1]


async def test_what_is_approved_is_published_or_taken_back_by_who_is_named_in_it(desk: Desk) -> None:
    place = await desk.approved()
    assert (await desk.move(OTHER_MANAGER, place, "publish")).status_code == 409
    assert (await desk.move(OTHER_MANAGER, place, "return", BACK)).status_code == 409
    assert (await desk.move(ANALYST, place, "return", BACK)).json()["state"] == "draft"


@pytest.mark.parametrize(
    ("reviewer", "rule"),
    [
        ("analyst-1", "another_person"),
        ("writing-manager", "another_person"),
        ("nobody", "in_directory"),
        ("chair-1", "colleague_role"),
    ],
)
async def test_a_reviewer_who_wrote_or_may_not_approve_is_refused(desk: Desk, reviewer: str, rule: str) -> None:
    place = await desk.drafted()
    writer = (Role.TEAM_MANAGER, "writing-manager")
    assert (await desk.ask(writer, "PUT", f"{place}/sections/summary", {"prose": "A quiet one."})).status_code == 200
    refused = await desk.move(ANALYST, place, "send-to-reviewer", {"reviewer_id": reviewer})
    assert refused.status_code == 422
    assert [(error["field"], error["rule"]) for error in refused.json()["errors"]] == [("reviewer_id", rule)]


async def test_it_is_handed_on_to_another_reviewer_who_is_told(desk: Desk) -> None:
    place = await desk.with_reviewer()
    for who, wanted in ((OTHER_MANAGER, "manager-2"), (ANALYST, "manager-1"), (MANAGER, "chair-1")):
        refused = await desk.move(who, place, "send-to-reviewer", {"reviewer_id": wanted})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "reviewer_id")
    handed_on = await desk.move(MANAGER, place, "send-to-reviewer", {"reviewer_id": "manager-2"})
    assert (handed_on.json()["state"], handed_on.json()["reviewer_id"]) == ("with_reviewer", "manager-2")
    assert (await desk.move(MANAGER, place, "approve")).status_code == 409
    assert (await desk.move(OTHER_MANAGER, place, "approve")).status_code == 200
    rows = await desk.client.process.database.statements.rows(
        "SELECT data FROM chassis.outgoing WHERE type = 'report.moved' ORDER BY id"
    )
    told = [json.loads(row["data"]) for row in rows]
    assert [(event["state"], event["reviewer_id"]) for event in told] == [
        ("with_reviewer", "manager-1"),
        ("with_reviewer", "manager-2"),
        ("approved", "manager-2"),
    ]


async def test_a_reviewer_approves_the_words_that_they_read_and_none_of_their_own(desk: Desk) -> None:
    place = await desk.with_reviewer()
    read = (await desk.ask(MANAGER, "GET", place)).json()["version"]
    own = await desk.ask(MANAGER, "PUT", f"{place}/sections/summary", {"prose": "My own words."}, 1)
    assert (own.status_code, own.json()["type"]) == (409, "/problems/report-written")
    assert (await desk.write(place, "summary", "Other words.", 1)).status_code == 200
    assert (await desk.ask(MANAGER, "POST", f"{place}/approve", version=read)).status_code == 412
    assert (await desk.move(MANAGER, place, "approve")).status_code == 200


async def test_everybody_is_told_what_they_can_do(desk: Desk) -> None:
    people = (ANALYST, MANAGER, OTHER_MANAGER)
    place = await desk.with_reviewer()
    assert await desk.can(place, *people) == [{WRITE, SEND}, {SEND, RETURN, APPROVE}, {WRITE, SEND}]
    approved = await desk.move(MANAGER, place, "approve")
    assert set(approved.json()["can"]) == {RETURN, PUBLISH}
    assert await desk.can(place, *people) == [{RETURN}, {RETURN, PUBLISH}, set()]
    await desk.move(MANAGER, place, "publish")
    assert await desk.can(place, *people) == [set(), set(), set()]


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"author_id": "chair-1"}, "author_id"),
        ({"kind": "chair", "chair_id": "manager-1"}, "chair_id"),
    ],
)
async def test_who_cannot_write_is_no_author_and_who_chairs_nothing_has_no_page(
    desk: Desk, about: dict[str, str], field: str
) -> None:
    refused = await desk.ask(ANALYST, "POST", "/v1/reports", {"kind": "quarterly", "period": "2019-Q1"} | about)
    assert refused.status_code == 422
    assert [(error["field"], error["rule"]) for error in refused.json()["errors"]] == [(field, "colleague_role")]


@pytest.mark.parametrize(
    ("state", "caller", "expected"),
    [
        (ReportState.DRAFT, "author", ReportState.DRAFT),
        (ReportState.WITH_REVIEWER, "reviewer", Turn.TO_REVIEW),
        (ReportState.WITH_REVIEWER, "author", ReportState.WITH_REVIEWER),
        (ReportState.APPROVED, "author", Turn.TO_PUBLISH),
        (ReportState.APPROVED, "another", ReportState.APPROVED),
        (ReportState.PUBLISHED, "reviewer", ReportState.PUBLISHED),
    ],
)
def test_how_it_stands_for_a_caller(state: ReportState, caller: str, expected: str) -> None:
    assert standing(state, "author", "reviewer", caller) == expected
