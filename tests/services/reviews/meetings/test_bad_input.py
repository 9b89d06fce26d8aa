"""Every refusal names the field and the rule, and leaves everything as it was."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days, subtract_working_days
from tests.support.reviews.office import JSON, Office, days_ago

TABLES = ("looked_after_child", "period_of_care", "review", "child_review", "deadline", "invitation", "decision")


async def everything(office: Office) -> dict[str, list[str]]:
    return {
        table: sorted(
            row["row"]
            for row in await office.rows(f"SELECT t::text AS row FROM {table} t WHERE t::text NOT LIKE '%,refused_4%'")
        )
        for table in (*TABLES, "chassis.outgoing", "chassis.audit_entry")
    }


Asking = Callable[[Office, JSON], Awaitable[Any]]


def hold(**changes: Any) -> Asking:
    """Hold the planned review with something wrong about it."""

    async def ask(office: Office, review: JSON) -> Any:
        on = changes.get("on", clock.today())
        children = [office.outcome("P1") | changes.get("child", {})]
        return await office.hold(review, on=on, children=changes.get("children", children))

    return ask


def adjourn(sat_on: date, resumes_on: date) -> Asking:
    async def ask(office: Office, review: JSON) -> Any:
        body = {"sat_on": sat_on.isoformat(), "resumes_on": resumes_on.isoformat()}
        return await office.ask("POST", f"/v1/reviews/{review['reference']}/adjourn", body, version=review["version"])

    return ask


def plan(**changes: Any) -> Asking:
    async def ask(office: Office, _: JSON) -> Any:
        body = {"person_ids": ["P2"], "planned_on": clock.today().isoformat()} | changes
        return await office.ask("POST", "/v1/reviews", body)

    return ask


TODAY = clock.today()
WRONG: list[tuple[str, Asking, str, str]] = [
    ("held in the future", hold(on=TODAY + timedelta(days=1)), "held_on", "not_in_the_future"),
    ("before the child was looked after", hold(on=days_ago(11)), "held_on", "looked_after"),
    ("PN0 for a ten-year-old", hold(child={"participation": "PN0"}), "children.0.participation", "participation_fits_age"),
    ("PN1 for one who was not there", hold(child={"attended": False}), "children.0.participation", "participation_fits_attendance"),
    ("PN6 for one who was there", hold(child={"participation": "PN6"}), "children.0.participation", "participation_fits_attendance"),
    ("another child", hold(child={"person_id": "P2"}), "children.0.person_id", "of_this_review"),
    ("an adjournment past 20 working days", adjourn(TODAY, add_working_days(TODAY, 21)), "resumes_on", "within_20_working_days"),
    ("an adjournment from a day to come", adjourn(TODAY + timedelta(days=1), TODAY + timedelta(days=5)), "sat_on", "not_in_the_future"),
    ("a due date sent by the client", plan(due_on="2019-04-01"), "due_on", "extra_forbidden"),
    ("a kind sent by the client", plan(kind="later"), "kind", "extra_forbidden"),
    ("a chair who manages the case", plan(chair_id="chair-3"), "chair_id", "independent"),
    ("somebody who is no chair", plan(chair_id="swm-1"), "chair_id", "colleague_role"),
    ("a chair who is not in the directory", plan(chair_id="nobody"), "chair_id", "in_directory"),
    ("a chair who left", plan(chair_id="gone"), "chair_id", "in_directory"),
    ("a child who is not known", plan(person_ids=["P2", "P9"]), "person_ids.1", "known_child"),
    ("a panel for an ordinary review", plan(panel=[{"name": "A", "independent": True}]), "panel", "secure_only"),
    ("a secure review of a child elsewhere", plan(sequence="secure"), "person_ids.0", "in_secure_accommodation"),
    ("an early review that is not early", plan(early_trigger="chair_asked", planned_on=(TODAY + timedelta(days=90)).isoformat()), "early_trigger", "brought_forward"),
    ("a day before the child came", plan(planned_on=days_ago(20).isoformat()), "person_ids.0", "after_the_one_before"),
    ("a disruption meeting without a referral", plan(sequence="disruption"), "person_ids.0", "accepted_referral"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "field", "rule"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_what_cannot_be_so_is_refused(office: Office, asked: Asking, field: str, rule: str) -> None:
    await office.registered("P1")
    await office.registered("P2", manager_id="chair-3")
    review = await office.planned("P1")
    before = await everything(office)
    answer = await asked(office, review)
    assert answer.status_code == 422, answer.text
    assert (field, rule) in {(error["field"], error["rule"]) for error in answer.json()["errors"]}
    assert await everything(office) == before


async def test_a_review_is_held_once(office: Office) -> None:
    await office.registered()
    held = await office.held()
    again = await office.hold(held)
    assert again.status_code == 409
    assert again.json()["state"] == "held"


async def test_a_child_is_not_reviewed_twice_on_one_day(office: Office) -> None:
    await office.registered()
    await office.held()
    second = await office.planned()
    assert office.problem(await office.hold(second)) == {"held_on": "not_twice"}


async def test_a_review_is_adjourned_once_and_from_a_day_in_time(office: Office) -> None:
    await office.registered("P1")
    review = await office.planned("P1")
    body = {"sat_on": clock.today().isoformat(), "resumes_on": add_working_days(clock.today(), 20).isoformat()}
    path = f"/v1/reviews/{review['reference']}/adjourn"
    first = await office.ask("POST", path, body, version=review["version"])
    assert first.status_code == 200, first.text
    again = await office.ask("POST", path, body, version=first.json()["version"])
    assert office.problem(again) == {"resumes_on": "adjourned_once"}
    assert {kind for kind, _ in await office.owed()} >= {"adjourned_meeting"}
    assert ("review", "first") not in await office.owed()

    await office.registered("P2", since=days_ago(60))
    late = await office.planned("P2")
    refused = await office.ask("POST", f"/v1/reviews/{late['reference']}/adjourn", body, version=late["version"])
    assert office.problem(refused) == {"sat_on": "begun_in_time"}


async def test_an_adjourned_review_that_is_completed_after_its_due_date_was_in_time(office: Office) -> None:
    await office.registered(since=subtract_working_days(clock.today(), 20))
    review = await office.planned(on=clock.today())
    due_on = date.fromisoformat(review["children"][0]["due_on"])
    body = {"sat_on": clock.today().isoformat(), "resumes_on": add_working_days(clock.today(), 15).isoformat()}
    path = f"/v1/reviews/{review['reference']}/adjourn"
    adjourned = (await office.ask("POST", path, body, version=review["version"])).json()
    early = await office.ask(
        "POST",
        f"/v1/reviews/{review['reference']}/children/P1/decisions",
        {"decisions": [{"decision": "Go on.", "owner": "social worker"}]},
        version=adjourned["version"],
    )
    assert early.status_code == 409
    with clock.shifted(timedelta(days=14)):
        assert clock.today() > due_on
        held = (await office.hold(adjourned, on=clock.today())).json()
    assert held["children"][0]["in_time"] is True
    assert held["children"][0]["next_due_on"] == add_months(date.fromisoformat(held["held_on"]), 3).isoformat()


PERIODS = {
    "overlap": (
        [{"starts_on": days_ago(90), "ends_on": days_ago(30)}, {"starts_on": days_ago(40)}],
        "periods_of_care.1.starts_on",
        "no_overlap",
    ),
    "the first one still runs": (
        [{"starts_on": days_ago(90)}, {"starts_on": days_ago(40)}],
        "periods_of_care.1.starts_on",
        "no_overlap",
    ),
    "ends before it starts": (
        [{"starts_on": days_ago(30), "ends_on": days_ago(40)}],
        "periods_of_care.0.ends_on",
        "after_its_start",
    ),
    "in the future": (
        [{"starts_on": clock.today() + timedelta(days=1)}],
        "periods_of_care.0.starts_on",
        "not_in_the_future",
    ),
    "before birth": ([{"starts_on": days_ago(11 * 366)}], "periods_of_care.0.starts_on", "not_before_birth"),
}


@pytest.mark.parametrize(("periods", "field", "rule"), PERIODS.values(), ids=PERIODS)
async def test_periods_of_care_that_cannot_be_so_are_refused(
    office: Office, periods: list[dict[str, date]], field: str, rule: str
) -> None:
    written = [
        {name: day.isoformat() for name, day in period.items()}
        | {"episodes": [{"starts_on": period["starts_on"].isoformat(), "legal_status": "C2", "placement": "U4"}]}
        for period in periods
    ]
    answer = await office.put("P1", office.child(since=days_ago(10), periods_of_care=written))
    assert office.problem(answer) == {field: rule}
    assert await office.rows("SELECT * FROM looked_after_child") == []


async def test_a_change_is_decided_on_the_version_that_was_read(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    path = f"/v1/reviews/{review['reference']}"
    assert (await office.ask("PATCH", path, {"venue": "Town Hall"})).status_code == 428
    moved = await office.ask("PATCH", path, {"venue": "Town Hall"}, version=review["version"])
    assert moved.status_code == 200, moved.text
    assert (await office.ask("PATCH", path, {"venue": "School"}, version=review["version"])).status_code == 412


async def test_a_mother_and_her_child_have_different_chairs(office: Office) -> None:
    await office.registered("P1", born_on=days_ago(16 * 366).isoformat())
    await office.registered("P2", chair=None, mother_person_id="P1", born_on=days_ago(100).isoformat())
    path = "/internal/children/P2/chairs"
    answer = await office.ask("POST", path, {"chair_id": "chair-1"}, role=Role.TEAM_MANAGER, subject="manager-1")
    assert office.problem(answer) == {"chair_id": "mother_and_child_apart"}
    await office.allocated("P2", "chair-2")
    answer = await office.ask(
        "POST",
        "/internal/children/P1/chairs",
        {"chair_id": "chair-2"},
        role=Role.TEAM_MANAGER,
        subject="manager-1",
    )
    assert office.problem(answer) == {"chair_id": "mother_and_child_apart"}
