"""Between reviews: visits and other contacts, midpoint checks, prompts, leaving care, feedback."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, is_working_day, subtract_working_days
from tests.support.clocks import until
from tests.support.reviews.office import JSON, Office, days_ago

OF_CHILD = "/v1/children/P1"
CHILD = "/v1/children/P1/care"
TABLES = (
    "looked_after_child", "deadline", "contact", "midpoint_check", "prompt_done", "leaving_care_decision", "feedback",
    "chassis.outgoing", "chassis.audit_entry",
)  # fmt: skip
TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


async def everything(office: Office) -> dict[str, list[str]]:
    """Every row that could be touched here."""
    return {
        table: sorted(
            row["row"]
            for row in await office.rows(f"SELECT t::text AS row FROM {table} t WHERE t::text NOT LIKE '%,refused_4%'")
        )
        for table in TABLES
    }


async def prompts(office: Office, person_id: str = "P1") -> dict[str, str]:
    """The prompts that are owed for a child, with their days."""
    return {
        subject: item["due_on"] for (kind, subject), item in (await office.owed(person_id)).items() if kind == "prompt"
    }


async def contact(office: Office, kind: str, on: date, **more: Any) -> Any:
    """Write down a contact."""
    return await office.ask("POST", f"{OF_CHILD}/contacts", {"kind": kind, "happened_on": on.isoformat()} | more)


async def left(office: Office, since: date, until: date, status: str = "C2", version: int = 2) -> None:
    """The case-management system says that the child left care."""
    body = office.child(since=since, status=status)
    body["periods_of_care"][0]["ends_on"] = until.isoformat()
    answer = await office.put("P1", body, version=version)
    assert answer.status_code == 200, answer.text


def aged(years: int, months: int = 0) -> str:
    """The day of birth of somebody who is that old today."""
    return add_months(clock.today(), -(12 * years + months)).isoformat()


@pytest.mark.parametrize("kind", ["telephone", "video", "message", "letter"])
async def test_only_a_visit_sets_the_clock_of_the_next_one(office: Office, kind: str) -> None:
    await office.registered(since=days_ago(40))
    before = (await office.owed())["visit", "visit"]
    assert (await contact(office, kind, clock.today())).status_code == 201
    assert (await office.owed())["visit", "visit"] == before
    seen = (await contact(office, "visit", days_ago(4), seen_alone=True, note="At school.")).json()
    assert (seen["made_by"], seen["seen_alone"]) == ("chair-1", True)
    after = (await office.owed())["visit", "visit"]
    assert (after["event_on"], after["due_on"]) == (days_ago(4).isoformat(), add_months(days_ago(4), 6).isoformat())
    await contact(office, "visit", days_ago(20))
    assert (await office.owed())["visit", "visit"] == after, "an older visit that is written down later"
    assert [row["kind"] for row in (await office.get("/v1/contacts", person_id="P1"))["items"]] == [
        kind,
        "visit",
        "visit",
    ]
    assert len(await office.audited("record_contact")) == 3


async def test_two_visits_written_down_at_once_leave_the_later_one_as_the_last(office: Office) -> None:
    await office.registered(since=days_ago(40))
    await asyncio.gather(*(contact(office, "visit", days_ago(count)) for count in (3, 9, 1, 7)))
    assert (await office.get(CHILD))["last_visit_on"] == days_ago(1).isoformat()
    assert (await office.owed())["visit", "visit"]["event_on"] == days_ago(1).isoformat()


async def test_a_contact_that_is_sent_twice_is_kept_once(office: Office) -> None:
    await office.registered()
    headers = {"Idempotency-Key": "4c1f7a52-6a0e-4a36-b5c7-0d5f1c1e9a01"}
    first, second = [await _visit(office, headers) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, second.json())
    assert len((await office.get("/v1/contacts"))["items"]) == 1


async def _visit(office: Office, headers: dict[str, str]) -> Any:
    body = {"kind": "visit", "happened_on": clock.today().isoformat()}
    return await office.ask("POST", f"{OF_CHILD}/contacts", body, headers=headers)


async def test_a_midpoint_is_checked_once_for_each_review(office: Office) -> None:
    await office.registered(since=days_ago(30))
    assert (await office.ask("POST", f"{OF_CHILD}/midpoint-checks", {"on_track": True})).status_code == 409
    await office.held(on=days_ago(20))
    halfway = days_ago(20) + (add_months(days_ago(20), 3) - days_ago(20)) // 2
    assert (await office.owed())["midpoint", "midpoint"]["due_on"] == halfway.isoformat()
    before = await everything(office)
    for day, rule in ((TOMORROW, "not_in_the_future"), (days_ago(21).isoformat(), "after_the_review")):
        refused = await office.ask("POST", f"{OF_CHILD}/midpoint-checks", {"on_track": True, "done_on": day})
        assert office.problem(refused) == {"done_on": rule}
    assert await everything(office) == before
    asked = [office.ask("POST", f"{OF_CHILD}/midpoint-checks", {"on_track": True}) for _ in range(3)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*asked)) == [201, 409, 409]
    assert ("midpoint", "midpoint") not in await office.owed()
    await office.held()
    assert (await office.owed())["midpoint", "midpoint"]["event_on"] == clock.today().isoformat()


async def test_a_midpoint_check_that_is_written_down_late_belongs_to_the_review_before_its_day(office: Office) -> None:
    await office.registered(since=days_ago(200))
    for day in (180, 100, 10):
        await office.held(on=days_ago(day))
    owed = (await office.owed())["midpoint", "midpoint"]
    body = {"on_track": False, "done_on": days_ago(60).isoformat()}
    late = await office.ask("POST", f"{OF_CHILD}/midpoint-checks", body)
    assert late.status_code == 201, late.text
    halfway = days_ago(100) + (add_months(days_ago(100), 6) - days_ago(100)) // 2
    assert (late.json()["reviewed_on"], late.json()["due_on"]) == (days_ago(100).isoformat(), halfway.isoformat())
    assert (await office.owed())["midpoint", "midpoint"] == owed, "the one after the last review is still to be done"
    again = await office.ask("POST", f"{OF_CHILD}/midpoint-checks", body | {"done_on": days_ago(50).isoformat()})
    assert again.status_code == 409


async def test_a_midpoint_check_that_is_late_stays_owed_until_it_is_done(office: Office) -> None:
    await office.registered()
    await office.held()
    due_on = date.fromisoformat((await office.owed())["midpoint", "midpoint"]["due_on"])
    with clock.shifted(until(due_on + timedelta(days=40))):
        await contact(office, "visit", clock.today())
        assert (await office.owed())["midpoint", "midpoint"]["days_left"] == -40


async def test_each_child_gets_the_leaflets_that_fit(office: Office) -> None:
    since = days_ago(3)
    await office.registered("P1", since=since)
    await office.registered("P2", since=since, status="J1", placement="R5")
    await office.registered("P3", since=since, disabilities=["MOB"], unaccompanied=True)
    found = {
        person_id: {name for name in await prompts(office, person_id) if "leaflet" in name}
        for person_id in ("P1", "P2", "P3")
    }
    assert found == {
        "P1": {"leaflet"},
        "P2": {"leaflet", "leaflet_remand"},
        "P3": {"leaflet", "leaflet_disability", "leaflet_unaccompanied"},
    }
    assert (await prompts(office))["leaflet"] == since.isoformat()


async def test_life_links_from_15_years_and_9_months(office: Office) -> None:
    born_on = add_months(clock.today() + timedelta(days=10), -(15 * 12 + 9))
    await office.registered(since=days_ago(100), born_on=born_on.isoformat())
    assert (await prompts(office))["life_links"] == add_months(born_on, 15 * 12 + 9).isoformat()


async def test_what_was_seen_to_never_comes_back_and_can_be_said_twice(office: Office) -> None:
    await office.registered()
    body = {"prompt": "leaflet", "done_on": days_ago(2).isoformat()}
    asked = [office.ask("POST", f"{OF_CHILD}/prompts", body) for _ in range(3)]
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * 3
    again = await office.ask("POST", f"{OF_CHILD}/prompts", {"prompt": "leaflet"}, subject="chair-2")
    assert (again.json()["done_on"], again.json()["done_by"]) == (days_ago(2).isoformat(), "chair-1")
    await office.held()
    await contact(office, "visit", clock.today())
    await office.allocated("P1", "chair-2")
    assert "leaflet" not in await prompts(office)
    assert [row["prompt"] for row in (await office.get("/v1/prompts"))["items"]] == ["leaflet"]
    refused = await office.ask("POST", f"{OF_CHILD}/prompts", {"prompt": "life_links", "done_on": TOMORROW})
    assert office.problem(refused) == {"done_on": "not_in_the_future"}
    assert office.problem(await office.ask("POST", f"{OF_CHILD}/prompts", {"prompt": "cake"})) == {"prompt": "enum"}


async def test_what_became_of_a_referral_to_life_links_is_kept_and_counted(office: Office) -> None:
    for number in range(4):
        await office.registered(f"P{number}", since=days_ago(100), born_on=aged(16))
    done = [
        (await office.ask("POST", f"/v1/children/P{number}/prompts", {"prompt": "life_links"})).json()["id"]
        for number in range(4)
    ]
    for prompt_id, outcome in zip(done, ("declined", "worked_with", "worked_with"), strict=False):
        answer = await office.ask("POST", f"/v1/prompts/{prompt_id}/conclude", {"outcome": outcome})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["outcome"], answer.json()["outcome_on"]) == (outcome, clock.today().isoformat())
    leaflet = (await office.ask("POST", f"{OF_CHILD}/prompts", {"prompt": "leaflet"})).json()["id"]
    refused = await office.ask("POST", f"/v1/prompts/{leaflet}/conclude", {"outcome": "declined"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-referral")
    found = (await office.get("/v1/prompts", outcome="worked_with"))["items"]
    assert {row["id"] for row in found} == {done[1], done[2]}
    month = clock.today().isoformat()[:7]
    (row,) = (await office.get("/v1/figures/reviews/activity", period=month))["rows"]
    counts = [row[f"life_links_{name}"] for name in ("referred", "declined", "worked_with", "open")]
    assert counts == [4, 1, 2, 1]


async def test_checks_done_are_counted_beside_those_that_were_due(office: Office) -> None:
    for person_id in ("P1", "P2", "P3"):
        await office.registered(person_id, since=days_ago(9))
    await office.held("P1", "P2", "P3", on=days_ago(5))
    due_on = (await office.owed("P1"))["midpoint", "midpoint"]["due_on"]
    await left(office, days_ago(9), days_ago(1))
    with clock.shifted(date.fromisoformat(due_on) - clock.today()):
        checked = await office.ask("POST", "/v1/children/P2/midpoint-checks", {"on_track": True})
        assert checked.status_code == 201, checked.text
        (row,) = (await office.get("/v1/figures/reviews/activity", period=due_on[:7]))["rows"]
    assert (row["midpoint_checks_due"], row["midpoint_checks_due_done"]) == (2, 1), "P1 has left care"


async def test_what_was_not_seen_to_stays_owed_however_late_it_is(office: Office) -> None:
    await office.registered(since=clock.today())
    with clock.shifted(timedelta(days=90)):
        await contact(office, "visit", clock.today())
        assert "leaflet" in await prompts(office)


async def test_the_permanence_plan_is_asked_for_at_the_second_review_and_until_it_is_done(office: Office) -> None:
    await office.registered(since=days_ago(9))
    assert "permanence_plan" not in await prompts(office)
    await office.held(on=days_ago(5))
    second = add_months(days_ago(5), 3).isoformat()
    assert (await prompts(office))["permanence_plan"] == second
    await office.held(on=clock.today())
    assert (await prompts(office))["permanence_plan"] == second, "the second review did not see to it"
    await office.ask("POST", f"{OF_CHILD}/prompts", {"prompt": "permanence_plan"})
    with clock.shifted(timedelta(days=3)):
        await office.held(on=clock.today())
        assert "permanence_plan" not in await prompts(office)


async def test_who_leaves_care_gets_a_later_life_letter_and_nothing_else(office: Office) -> None:
    await office.registered(since=days_ago(60))
    await left(office, days_ago(60), days_ago(1))
    assert await prompts(office) == {"later_life_letter": days_ago(1).isoformat()}
    assert {kind for kind, _ in await office.owed()} == {"prompt"}
    done = await office.ask("POST", f"{OF_CHILD}/prompts", {"prompt": "later_life_letter"})
    assert done.json()["care_since"] == days_ago(60).isoformat()
    assert await office.owed() == {}


# Whole working days: on a day that is none, those until the last one before it.
WORKING_DAY = clock.today() if is_working_day(clock.today()) else subtract_working_days(clock.today(), 1)
DAY_20, DAY_19 = subtract_working_days(WORKING_DAY, 20), subtract_working_days(WORKING_DAY, 19)
APPROVALS = [
    # Aged 16 or 17 without a care order: the director, with no minimum of days.
    ("V2", aged(16), days_ago(0), "director"),
    ("V2", aged(17, 11), days_ago(400), "director"),
    # Otherwise a nominated officer, from 20 working days.
    ("V2", aged(15, 11), DAY_20, "nominated_officer"),
    ("V2", aged(15, 11), DAY_19, None),
    # Nobody under an order, in short breaks, or at 18.
    ("C2", aged(17), days_ago(400), None),
    ("C1", aged(10), days_ago(400), None),
    ("E1", aged(3), days_ago(400), None),
    ("V4", aged(10), days_ago(400), None),
    ("V2", aged(18), days_ago(400), None),
]


@pytest.mark.parametrize(("status", "born_on", "since", "approval"), APPROVALS)
async def test_who_approves_leaving_care_follows_from_the_law(
    office: Office, status: str, born_on: str, since: date, approval: str | None
) -> None:
    await office.registered(since=since, status=status, born_on=born_on)
    before = await everything(office)
    answer = await office.ask("POST", f"{OF_CHILD}/leaving-care-decisions", {})
    if approval is None:
        assert answer.status_code == 409
        assert await everything(office) == before
    else:
        assert (answer.status_code, answer.json()["approval"]) == (201, approval)
        assert answer.headers["ETag"] == '"1"'


async def test_the_legal_status_of_the_day_of_the_request_counts(office: Office) -> None:
    body = office.child(since=days_ago(100), status="V2")
    body["periods_of_care"][0]["episodes"].append(
        {"starts_on": days_ago(10).isoformat(), "legal_status": "C2", "placement": "U4"}
    )
    assert (await office.put("P1", body)).status_code == 201
    now = await office.ask("POST", f"{OF_CHILD}/leaving-care-decisions", {})
    then = await office.ask("POST", f"{OF_CHILD}/leaving-care-decisions", {"requested_on": days_ago(11).isoformat()})
    assert (now.status_code, then.json().get("approval")) == (409, "nominated_officer")


async def test_nobody_is_asked_about_a_child_who_is_not_looked_after_on_that_day(office: Office) -> None:
    await office.registered(since=days_ago(100), status="V2")
    await left(office, days_ago(100), days_ago(5), status="V2")
    before = await everything(office)
    for day in (days_ago(0), days_ago(4), days_ago(101)):
        asked = await office.ask("POST", f"{OF_CHILD}/leaving-care-decisions", {"requested_on": day.isoformat()})
        assert asked.status_code == 409
    future = await office.ask("POST", f"{OF_CHILD}/leaving-care-decisions", {"requested_on": TOMORROW})
    assert office.problem(future) == {"requested_on": "not_in_the_future"}
    assert await everything(office) == before


async def test_leaving_care_is_decided_once_and_after_it_was_asked_for(office: Office) -> None:
    await office.registered(since=days_ago(100), status="V2", born_on=aged(16, 1))
    asked = {"requested_on": days_ago(3).isoformat()}
    decision = (await office.ask("POST", f"{OF_CHILD}/leaving-care-decisions", asked)).json()
    path = f"/v1/leaving-care-decisions/{decision['id']}/decide"
    body: JSON = {"approved": False, "decided_by": "Director of children's services"}
    before = await everything(office)
    for day, rule in ((TOMORROW, "not_in_the_future"), (days_ago(4).isoformat(), "after_the_request")):
        refused = await office.ask("POST", path, body | {"decided_on": day}, version=1)
        assert office.problem(refused) == {"decided_on": rule}
    assert await everything(office) == before
    waiting = (await office.get("/v1/leaving-care-decisions", decided=False, approval="director"))["items"]
    assert [row["id"] for row in waiting] == [decision["id"]]
    answers = await asyncio.gather(*(office.ask("POST", path, body, version=1) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    assert (await office.ask("POST", path, body, version=2)).status_code == 409
    assert (await office.get("/v1/leaving-care-decisions", decided=False))["items"] == []
    assert len(await office.audited("decide_leaving_care")) == 1


async def test_feedback_is_about_a_review_that_was_held_and_given_after_it(office: Office) -> None:
    await office.registered(since=days_ago(30))
    planned = await office.planned(on=days_ago(10))
    path = f"/v1/reviews/{planned['reference']}/feedback"
    said: JSON = {"from_whom": "child", "rating": "green", "comment": "Good."}
    before = await everything(office)
    early = await office.ask("POST", path, said)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/review-not-held")
    await office.hold(planned, on=days_ago(10))
    held = await everything(office)
    for more, field, rule in (
        ({"rating": "blue"}, "rating", "enum"),
        ({"given_on": TOMORROW}, "given_on", "not_in_the_future"),
        ({"given_on": days_ago(11).isoformat()}, "given_on", "after_meeting"),
    ):
        assert office.problem(await office.ask("POST", path, said | more)) == {field: rule}
    assert (await office.ask("POST", "/v1/reviews/REV-2019-9999/feedback", said)).status_code == 404
    assert (held["feedback"], await everything(office)) == (before["feedback"], held)
    kept = await office.ask("POST", path, said, role=Role.BUSINESS_SUPPORT, subject="clerk-1")
    assert (kept.status_code, kept.json()["recorded_by"]) == (201, "clerk-1")
    assert len((await office.get("/internal/feedback", reference=planned["reference"], rating="green"))["items"]) == 1
    assert (await office.get("/internal/feedback", rating="red"))["items"] == []


async def test_a_visit_is_owed_again_six_months_later_and_a_day_counts_in_full(office: Office) -> None:
    await office.registered(since=clock.today())
    due_on = add_months(clock.today(), 6)
    with clock.shifted(until(due_on)):
        assert (await office.owed())["visit", "visit"]["days_left"] == 0
