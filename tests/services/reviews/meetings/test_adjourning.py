"""What becomes of a review before it is held: moved, cancelled, or adjourned once for at most 20 working days."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days, subtract_working_days
from tests.support.clocks import until
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.reviews.planning import everything, plan

TODAY = clock.today()
REPORT = ("social_worker_report", "social_worker_report")
RESUMED = ("adjourned_meeting", "adjourned_meeting")


async def move(office: Office, review: JSON, **changes: Any) -> Any:
    """Ask for a review to be moved."""
    return await office.ask("PATCH", f"/v1/reviews/{review['reference']}", changes, version=review["version"])


async def cancel(office: Office, review: JSON) -> Any:
    """Ask for a review to be cancelled."""
    body = {"reason": "Merrin is ill."}
    return await office.ask("POST", f"/v1/reviews/{review['reference']}/cancel", body, version=review["version"])


async def adjourn(office: Office, review: JSON, sat_on: Any = TODAY, resumes_on: Any = None) -> Any:
    """Ask for a review to be adjourned."""
    body = {"sat_on": str(sat_on), "resumes_on": str(resumes_on or add_working_days(sat_on, 20))}
    return await office.ask("POST", f"/v1/reviews/{review['reference']}/adjourn", body, version=review["version"])


async def test_a_review_is_moved_and_what_was_due_stays_due(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    owed = await office.owed()
    later = TODAY + timedelta(days=12)
    answer = await move(office, review, planned_on=later.isoformat(), venue="School", chair_id="chair-2")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"'), answer.text
    moved = answer.json()
    assert (moved["planned_on"], moved["venue"], moved["chair_id"]) == (later.isoformat(), "School", "chair-2")
    part, before = moved["children"][0], review["children"][0]
    report_due_on = subtract_working_days(later, 3).isoformat()
    assert {name for name in part if part[name] != before[name]} == {"chair_id", "social_worker_report_due_on"}
    assert part["social_worker_report_due_on"] == report_due_on
    after = await office.owed()
    assert (after[REPORT]["due_on"], after[REPORT]["event_on"]) == (report_due_on, later.isoformat())
    assert after["review", "first"] == owed["review", "first"]
    assert len(after) == len(owed)

    data = {"reference": review["reference"], "chair_id": "chair-2", "version": 2, "planned_on": later.isoformat()}
    assert await office.published("review.moved") == [data]
    (entry,) = await office.audited("move_review")
    assert (entry["person_ids"], entry["record"]) == (["P1"], review["reference"])


async def test_only_what_is_said_is_changed(office: Office) -> None:
    await office.registered()
    review = await office.planned(venue="School", planned_time="10:00", mode="video")
    moved = (await move(office, review, planned_time="11:15")).json()
    assert {name for name in moved if moved[name] != review[name]} == {"planned_time", "version"}
    emptied = (await move(office, moved, venue=None, planned_time=None)).json()
    assert (emptied["venue"], emptied["planned_time"], emptied["mode"]) == (None, None, "video")


async def test_a_move_that_changes_nothing_is_told_to_nobody(office: Office) -> None:
    await office.registered()
    review = await office.planned(venue="School")
    before = await everything(office)
    for changes in ({}, {"venue": "School"}, {"planned_on": review["planned_on"]}, {"mode": None}):
        same = await move(office, review, **changes)
        assert (same.status_code, same.headers["ETag"], same.json()) == (200, '"1"', review)
    assert await everything(office) == before


async def test_a_move_is_decided_on_the_version_that_was_read(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    path, venue = f"/v1/reviews/{review['reference']}", {"venue": "School"}
    before = await everything(office)
    assert (await office.ask("PATCH", path, venue)).status_code == 428
    stale = await office.ask("PATCH", path, venue, version=7)
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    assert (await office.ask("PATCH", "/v1/reviews/REV-2019-9999", venue, version=1)).status_code == 404
    assert await everything(office) == before
    answers = await asyncio.gather(*(move(office, review, venue=f"Room {number}") for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert len(await office.published("review.moved")) == 1


MOVES: list[tuple[JSON, dict[str, str]]] = [
    ({"planned_on": days_ago(20).isoformat()}, {"planned_on": "after_the_one_before"}),
    ({"chair_id": "chair-3"}, {"chair_id": "independent"}),
    ({"chair_id": "gone"}, {"chair_id": "in_directory"}),
    ({"due_on": TODAY.isoformat()}, {"due_on": "extra_forbidden"}),
    ({"person_ids": ["P2"]}, {"person_ids": "extra_forbidden"}),
    ({"planned_on": "tomorrow"}, {"planned_on": "value_error"}),
]


@pytest.mark.parametrize(("changes", "wrong"), MOVES)
async def test_a_move_that_cannot_be_is_refused(office: Office, changes: JSON, wrong: dict[str, str]) -> None:
    await office.registered(social_worker_id="chair-3")
    review = await office.planned()
    before = await everything(office)
    assert office.problem(await move(office, review, **changes)) == wrong
    assert await everything(office) == before


async def test_the_advocate_follows_the_day_of_the_meeting(office: Office) -> None:
    eighth_birthday = TODAY + timedelta(days=7)
    await office.registered("P1", born_on=add_months(eighth_birthday, -8 * 12).isoformat())
    await office.registered("P2", born_on=add_months(eighth_birthday, -8 * 12 - 6).isoformat())
    alone, both = await office.planned("P1"), None

    async def advocates(review: JSON) -> list[list[str]]:
        whole = await office.get(f"/v1/reviews/{review['reference']}")
        return [invitation["person_ids"] for invitation in whole["invitations"] if invitation["automatic"]]

    assert await advocates(alone) == []
    alone = (await move(office, alone, planned_on=eighth_birthday.isoformat())).json()
    assert await advocates(alone) == [["P1"]]
    alone = (await move(office, alone, planned_on=TODAY.isoformat())).json()
    assert await advocates(alone) == []
    await cancel(office, alone)
    both = await office.planned("P1", "P2")
    assert await advocates(both) == [["P2"]]
    assert (await adjourn(office, both, TODAY, eighth_birthday)).status_code == 200
    assert await advocates(both) == [["P1", "P2"]]


async def test_what_was_due_stays_due_when_a_review_is_cancelled(office: Office) -> None:
    await office.registered()
    unplanned = await office.owed()
    review = await office.planned()
    cancelled = (await cancel(office, review)).json()
    assert (cancelled["state"], cancelled["cancelled_on"]) == ("cancelled", TODAY.isoformat())
    assert cancelled["cancelled_because"] == "Merrin is ill."
    assert await office.owed() == unplanned
    data = {"reference": review["reference"], "chair_id": "chair-1", "version": 2, "planned_on": review["planned_on"]}
    assert await office.published("review.cancelled") == [data]
    assert len(await office.audited("cancel_review")) == 1


async def test_a_review_that_is_over_is_not_changed(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    held = await office.held("P1")
    cancelled = (await cancel(office, await office.planned("P2"))).json()
    before = await everything(office)
    for review in (held, cancelled):
        path = f"/v1/reviews/{review['reference']}/invitations"
        guest = {"name": "Somebody", "relationship": "school"}
        answers = [
            await move(office, review, venue="School"),
            await cancel(office, review),
            await adjourn(office, review),
            await office.hold(review),
            await office.ask("POST", path, {"invitations": [guest]}, version=review["version"]),
        ]
        said = [(answer.status_code, answer.json()["state"]) for answer in answers]
        assert said == [(409, review["state"])] * len(answers)
    assert await everything(office) == before


async def test_an_adjourned_review_is_owed_as_the_meeting_that_goes_on(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    resumes_on = add_working_days(TODAY, 20)
    adjourned = (await adjourn(office, review, TODAY, resumes_on)).json()
    assert (adjourned["state"], adjourned["sat_on"], adjourned["version"]) == ("adjourned", TODAY.isoformat(), 2)
    assert adjourned["resumes_on"] == adjourned["planned_on"] == resumes_on.isoformat()
    owed = await office.owed()
    assert owed[RESUMED]["due_on"] == resumes_on.isoformat()
    assert owed[RESUMED]["reference"] == review["reference"]
    assert ("review", "first") not in owed
    listed = {item["kind"] for item in (await office.get("/internal/deadlines"))["items"]}
    assert "adjourned_meeting" in listed
    assert "review" not in listed
    data = {"reference": review["reference"], "chair_id": "chair-1", "version": 2}
    assert await office.published("review.adjourned") == [
        data | {"sat_on": TODAY.isoformat(), "resumes_on": resumes_on.isoformat()}
    ]
    assert len(await office.audited("adjourn_review")) == 1
    refused = await plan(office, "P1")
    assert (refused.status_code, refused.json()["references"]) == (409, [review["reference"]])


ADJOURNMENTS: list[tuple[str, Any, Any, dict[str, str]]] = [
    ("past 20 working days", TODAY, add_working_days(TODAY, 21), {"resumes_on": "within_20_working_days"}),
    ("to the same day", TODAY, TODAY, {"resumes_on": "within_20_working_days"}),
    ("to an earlier day", TODAY, days_ago(1), {"resumes_on": "within_20_working_days"}),
    ("from a day to come", TODAY + timedelta(days=1), None, {"sat_on": "not_in_the_future"}),
    ("from before the child came", days_ago(11), TODAY, {"sat_on": "after_the_one_before"}),
]


@pytest.mark.parametrize(("sat_on", "resumes_on", "wrong"), [row[1:] for row in ADJOURNMENTS])
async def test_an_adjournment_that_cannot_be_is_refused(
    office: Office, sat_on: Any, resumes_on: Any, wrong: dict[str, str]
) -> None:
    await office.registered()
    review = await office.planned()
    before = await everything(office)
    assert office.problem(await adjourn(office, review, sat_on, resumes_on)) == wrong
    assert await everything(office) == before


async def test_only_a_review_that_was_begun_in_time_for_all_is_adjourned_and_once(office: Office) -> None:
    since = days_ago(60)
    due_on = add_working_days(since, 20)
    await office.registered("P1", since=since)
    await office.registered("P2", since=days_ago(50))
    review = await office.planned("P1", "P2")
    late = await adjourn(office, review, due_on + timedelta(days=1), due_on + timedelta(days=2))
    assert office.problem(late) == {"sat_on": "begun_in_time"}
    adjourned = (await adjourn(office, review, due_on)).json()
    assert adjourned["state"] == "adjourned"
    before = await everything(office)
    again = await adjourn(office, adjourned, TODAY)
    assert office.problem(again) == {"resumes_on": "adjourned_once"}
    assert await everything(office) == before


@pytest.mark.parametrize(("days", "status"), [(20, 200), (21, 422)])
async def test_an_adjourned_review_is_completed_within_20_working_days(office: Office, days: int, status: int) -> None:
    since = days_ago(60)
    sat_on = add_working_days(since, 20)
    await office.registered(since=since)
    adjourned = (await adjourn(office, await office.planned(on=sat_on), sat_on)).json()
    held_on = add_working_days(sat_on, days)
    with clock.shifted(until(max(held_on, TODAY))):
        held = await office.hold(adjourned, on=held_on)
    assert held.status_code == status
    if status == 422:
        assert office.problem(held) == {"held_on": "within_20_working_days"}
        return
    part = held.json()["children"][0]
    assert (part["in_time"], part["due_on"]) == (True, sat_on.isoformat())
    assert part["next_due_on"] == add_months(held_on, 3).isoformat()
    assert RESUMED not in await office.owed()


async def test_an_adjourned_review_that_was_never_completed_is_cancelled_and_the_next_is_late(office: Office) -> None:
    since = days_ago(90)
    sat_on = add_working_days(since, 20)
    await office.registered(since=since)
    adjourned = (await adjourn(office, await office.planned(on=sat_on), sat_on)).json()
    assert office.problem(await office.hold(adjourned)) == {"held_on": "within_20_working_days"}
    assert (await cancel(office, adjourned)).status_code == 200
    assert (await office.owed())["review", "first"]["due_on"] == sat_on.isoformat()
    part = (await office.held())["children"][0]
    assert (part["in_time"], part["due_on"]) == (False, sat_on.isoformat())


async def test_no_review_is_begun_after_a_child_left_care(office: Office) -> None:
    await office.registered(since=days_ago(20))
    review = await office.planned(on=TODAY)
    ended = office.child(since=days_ago(20))
    ended["periods_of_care"][0]["ends_on"] = days_ago(5).isoformat()
    assert (await office.put("P1", ended, version=2)).status_code == 200
    before = await everything(office)
    assert office.problem(await adjourn(office, review, days_ago(4), TODAY)) == {"sat_on": "looked_after"}
    assert await everything(office) == before


async def test_nothing_follows_an_adjourned_review_before_it_is_completed(office: Office) -> None:
    await office.registered()
    adjourned = (await adjourn(office, await office.planned())).json()
    path, before = f"/v1/reviews/{adjourned['reference']}/children/P1", await everything(office)
    decisions = {"decisions": [{"decision": "Go on.", "owner": "social worker"}]}
    for method, tail, body in (
        ("POST", "/decisions", decisions),
        ("PATCH", "/record", {"record_text": "All went well."}),
        ("POST", "/record/complete", {}),
        ("POST", "/record/distribute", {"recipients": ["mother"]}),
    ):
        answer = await office.ask(method, path + tail, body, version=2)
        assert answer.status_code == 409, answer.text
    assert office.problem(await office.hold(adjourned, on=TODAY)) == {"held_on": "after_the_first_sitting"}
    assert await everything(office) == before


async def test_an_adjourned_review_is_moved_within_its_20_working_days_or_cancelled(office: Office) -> None:
    await office.registered()
    adjourned = (await adjourn(office, await office.planned(), TODAY, add_working_days(TODAY, 5))).json()
    report = (await office.owed())["social_worker_report", "social_worker_report"]
    too_late = add_working_days(TODAY, 21).isoformat()
    assert office.problem(await move(office, adjourned, planned_on=too_late)) == {
        "planned_on": "within_20_working_days"
    }
    day = add_working_days(TODAY, 9).isoformat()
    moved = (await move(office, adjourned, planned_on=day)).json()
    assert (moved["planned_on"], moved["resumes_on"], moved["state"]) == (day, day, "adjourned")
    owed = await office.owed()
    assert owed[RESUMED]["due_on"] == add_working_days(TODAY, 20).isoformat()
    # The report was due before the first sitting.
    assert owed["social_worker_report", "social_worker_report"] == report
    assert (await cancel(office, moved)).status_code == 200
    owed = await office.owed()
    assert RESUMED not in owed
    assert owed["review", "first"]["due_on"] == moved["children"][0]["due_on"]
