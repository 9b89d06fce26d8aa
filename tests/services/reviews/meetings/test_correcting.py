"""What was written down wrongly when a review was held can be set right, and what follows is as if it had been right."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days
from services.reviews.meetings.schemas import MeetingOut, WholeReviewOut
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.reviews.planning import everything

REASON = "A slip when it was typed in."
FACTS = ("held_on", "in_time", "age", "participation", "attended", "seen_alone", "views", "next_step", "next_due_on")
DUE = ("decisions_due_on", "record_due_on", "distribution_due_on")


async def corrected(office: Office, review: JSON, **said: Any) -> JSON:
    path = f"/v1/reviews/{review['reference']}/correct"
    answer = await office.ask("POST", path, {"reason": REASON} | said, version=review["version"])
    assert answer.status_code == 200, answer.text
    MeetingOut.model_validate_json(answer.content, strict=True)
    return dict(answer.json())


async def refused(office: Office, review: JSON, **said: Any) -> dict[str, str]:
    before = await everything(office)
    path = f"/v1/reviews/{review['reference']}/correct"
    wrong = office.problem(await office.ask("POST", path, {"reason": REASON} | said, version=review["version"]))
    assert await everything(office) == before
    return wrong


async def reopened(office: Office, review: JSON) -> Any:
    path = f"/v1/reviews/{review['reference']}/reopen"
    return await office.ask("POST", path, {"reason": REASON}, version=review["version"])


def part_of(review: JSON, person_id: str = "P1") -> JSON:
    return next(child for child in review["children"] if child["person_id"] == person_id)


async def owed_days(office: Office, person_id: str) -> set[tuple[Any, ...]]:
    found = await office.owed(person_id)
    return {(*key, item["due_on"], item["event_on"], item["owner_id"]) for key, item in found.items()}


async def test_how_a_child_took_part_is_set_right_and_what_was_said_before_is_kept(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    review = await office.held("P1", "P2")
    child = {"person_id": "P2", "participation": "PN6", "attended": False, "views": "By letter."}
    right = await corrected(office, review, children=[child])
    assert right["version"] == review["version"] + 1
    assert part_of(right, "P1") == part_of(review, "P1")
    assert part_of(right, "P2") == part_of(review, "P2") | child
    whole = await office.get(f"/v1/reviews/{review['reference']}")
    WholeReviewOut.model_validate(whole)
    (kept,) = whole["corrections"]
    assert (kept["corrected_by"], kept["reason"]) == ("chair-1", REASON)
    assert kept["changes"] == [
        {"about": "P2", "field": "participation", "earlier": "PN1", "later": "PN6"},
        {"about": "P2", "field": "attended", "earlier": "true", "later": "false"},
        {"about": "P2", "field": "views", "earlier": None, "later": "By letter."},
    ]
    data = {"reference": review["reference"], "chair_id": "chair-1", "version": right["version"]}
    data |= {"held_on": review["held_on"], "person_ids": ["P1", "P2"]}
    assert await office.published("review.corrected") == [data]
    (entry,) = await office.audited("correct_review")
    assert (entry["record"], entry["why"]) == (review["reference"], REASON)


async def test_a_correction_that_corrects_nothing_is_told_to_nobody(office: Office) -> None:
    await office.registered()
    review = await office.held()
    same = await corrected(office, review, children=[office.outcome("P1")], held_on=review["held_on"])
    assert same["version"] == review["version"]
    assert await office.published("review.corrected") == []


async def test_with_the_right_day_all_is_as_if_it_had_been_said_at_once(office: Office) -> None:
    since = days_ago(100)
    for person_id in ("P1", "P2"):
        await office.registered(person_id, since=since)
    wrong = await office.held("P1", on=days_ago(60))
    right_day = days_ago(75)
    right = await office.held("P2", on=right_day)
    assert part_of(wrong)["in_time"] != part_of(right, "P2")["in_time"] or add_working_days(since, 20) < right_day
    mended = await corrected(office, wrong, held_on=right_day.isoformat())
    for name in (*FACTS, *DUE):
        assert part_of(mended)[name] == part_of(right, "P2")[name], name
    assert await owed_days(office, "P1") == await owed_days(office, "P2")
    assert part_of(mended)["due_on"] == part_of(wrong)["due_on"]


async def test_the_next_review_is_counted_from_the_right_day(office: Office) -> None:
    await office.registered(since=days_ago(200))
    first = await office.held(on=days_ago(180))
    second = await office.held(on=add_months(days_ago(180), 3))
    later = await office.planned(on=days_ago(1))
    assert part_of(second)["in_time"] is True
    await corrected(office, first, held_on=days_ago(181).isoformat())
    now = await office.get(f"/v1/reviews/{second['reference']}")
    assert part_of(now)["event_on"] == days_ago(181).isoformat()
    assert part_of(now)["due_on"] == add_months(days_ago(181), 3).isoformat()
    assert part_of(now)["in_time"] is (add_months(days_ago(181), 3) >= add_months(days_ago(180), 3))
    assert now["version"] == second["version"] + 1
    assert (await office.get(f"/v1/reviews/{later['reference']}"))["version"] == later["version"]
    moved = add_months(days_ago(180), 3) - timedelta(days=10)
    await corrected(office, now, held_on=moved.isoformat())
    third = await office.get(f"/v1/reviews/{later['reference']}")
    assert part_of(third)["due_on"] == add_months(moved, 6).isoformat()
    assert (await office.owed())["review", "later"]["due_on"] == part_of(third)["due_on"]


async def test_a_check_halfway_that_was_done_stays_done(office: Office) -> None:
    await office.registered(since=days_ago(100))
    review = await office.held(on=days_ago(60))
    path = "/v1/children/P1/midpoint-checks"
    answer = await office.ask("POST", path, {"on_track": True})
    assert answer.status_code == 201, answer.text
    await corrected(office, review, held_on=days_ago(61).isoformat())
    assert ("midpoint", "midpoint") not in await office.owed()


async def test_what_cannot_have_been_so_is_refused_as_when_it_is_held(office: Office) -> None:
    await office.registered("P1", since=days_ago(30))
    await office.registered("P2", since=days_ago(30))
    review = await office.held("P1", "P2", on=days_ago(5))
    wrong: JSON = {"person_id": "P1", "participation": "PN0"}
    assert await refused(office, review, children=[wrong]) == {"children.0.participation": "participation_fits_age"}
    wrong = {"person_id": "P1", "attended": False}
    assert await refused(office, review, children=[wrong]) == {
        "children.0.participation": "participation_fits_attendance"
    }
    tomorrow = clock.today() + timedelta(days=1)
    assert await refused(office, review, held_on=tomorrow.isoformat()) == {"held_on": "not_in_the_future"}
    early = await refused(office, review, held_on=days_ago(31).isoformat())
    assert early["held_on"] in {"looked_after", "after_the_one_before"}
    assert await refused(office, review, children=[{"person_id": "P3"}]) == {"children.0.person_id": "of_this_review"}
    twice = [{"person_id": "P1", "attended": True}] * 2
    assert await refused(office, review, children=twice) == {
        "children.0.person_id": "once",
        "children.1.person_id": "once",
    }


async def test_the_day_fits_what_came_before_and_after(office: Office) -> None:
    await office.registered(since=days_ago(200))
    first = await office.held(on=days_ago(180))
    second = await office.planned(on=days_ago(90))
    path = f"/v1/reviews/{second['reference']}/children/P1"
    answer = await office.ask("PATCH", path, {"contacted_beforehand_on": days_ago(95).isoformat()}, version=1)
    assert answer.status_code == 200, answer.text
    held = (await office.hold(second | {"version": 2}, on=days_ago(90))).json()
    path = f"/v1/reviews/{held['reference']}/children/P1/decisions"
    said = {"decided_on": days_ago(88).isoformat(), "decisions": [{"decision": "See a dentist.", "owner": "Carer"}]}
    answer = await office.ask("POST", path, said, version=held["version"])
    assert answer.status_code == 201, answer.text
    held["version"] += 1
    assert await refused(office, held, held_on=days_ago(96).isoformat()) == {"held_on": "after_what_was_before"}
    assert await refused(office, held, held_on=days_ago(87).isoformat()) == {"held_on": "before_what_followed"}
    before = {"contacted_beforehand_on": None}
    answer = await office.ask("PATCH", f"/v1/reviews/{held['reference']}/children/P1", before, version=held["version"])
    held["version"] += answer.status_code == 200
    assert await refused(office, held, held_on=days_ago(181).isoformat()) == {"held_on": "after_the_one_before"}
    assert await refused(office, first, held_on=days_ago(90).isoformat()) == {"held_on": "before_the_one_after"}


async def test_who_came_is_set_right(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    path = f"/v1/reviews/{review['reference']}/invitations"
    invited = (
        await office.done(
            "POST", path, {"invitations": [{"name": "Her father", "relationship": "father"}]}, status=201, version=1
        )
    )[0]
    attendance = {"invitation_id": invited["id"], "attendance": "attended"}
    held = (await office.hold(review | {"version": 2}, attendance=[attendance])).json()
    absent = attendance | {"attendance": "neither", "followed_up_on": days_ago(0).isoformat(), "followed_up_by": "call"}
    await corrected(office, held, attendance=[absent])
    whole = await office.get(f"/v1/reviews/{review['reference']}")
    (father,) = [invitation for invitation in whole["invitations"] if invitation["relationship"] == "father"]
    assert (father["attendance"], father["followed_up_by"]) == ("neither", "call")
    assert [change["field"] for change in whole["corrections"][0]["changes"]] == [
        "attendance",
        "followed_up_on",
        "followed_up_by",
    ]
    held["version"] += 1
    assert await refused(office, held, attendance=[attendance | {"invitation_id": review["children"][0]["id"]}]) == {
        "attendance.0.invitation_id": "of_this_review"
    }


async def test_only_what_was_held_is_corrected_or_reopened(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    path = f"/v1/reviews/{review['reference']}"
    for step in ("correct", "reopen"):
        answer = await office.ask("POST", f"{path}/{step}", {"reason": REASON}, version=1)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "review-not-held")
    held = (await office.hold(review)).json()
    for step in ("correct", "reopen"):
        answer = await office.ask("POST", f"{path}/{step}", {"reason": REASON}, version=1)
        assert answer.status_code == 412
    answer = await office.ask(
        "POST", f"{path}/reopen", {"reason": REASON}, version=held["version"], role=Role.BUSINESS_SUPPORT
    )
    assert answer.status_code == 403


async def test_a_review_that_was_not_held_after_all_stands_as_before(office: Office) -> None:
    await office.registered("P1", since=days_ago(20))
    await office.registered("P2", since=days_ago(20))
    review = await office.planned("P1", "P2")
    assert review.pop("warnings") == []
    before = {person_id: await owed_days(office, person_id) for person_id in ("P1", "P2")}
    assert any(deadline[0] == "social_worker_report" for deadline in before["P1"])
    held = (await office.hold(review)).json()
    answer = await reopened(office, held)
    assert answer.status_code == 200, answer.text
    again = answer.json()
    assert again == review | {"version": 3}
    assert {person_id: await owed_days(office, person_id) for person_id in ("P1", "P2")} == before
    data = {"reference": review["reference"], "chair_id": "chair-1", "version": 3}
    data |= {"state": "planned", "planned_on": review["planned_on"], "person_ids": ["P1", "P2"]}
    assert await office.published("review.reopened") == [data]
    (kept,) = (await office.get(f"/v1/reviews/{review['reference']}"))["corrections"]
    assert kept["changes"][0] == {
        "about": None,
        "field": "held_on",
        "earlier": clock.today().isoformat(),
        "later": None,
    }
    assert {change["earlier"] for change in kept["changes"] if change["field"] == "participation"} == {"PN1"}
    assert (await office.hold(again)).status_code == 200


async def test_an_adjourned_review_that_was_not_completed_is_adjourned_again(office: Office) -> None:
    await office.registered(since=days_ago(20))
    review = await office.planned(on=days_ago(3))
    said = {"sat_on": days_ago(3).isoformat(), "resumes_on": clock.today().isoformat()}
    adjourned = (await office.ask("POST", f"/v1/reviews/{review['reference']}/adjourn", said, version=1)).json()
    before = await owed_days(office, "P1")
    held = (await office.hold(adjourned)).json()
    again = (await reopened(office, held)).json()
    assert again["state"] == "adjourned"
    assert await owed_days(office, "P1") == before


@pytest.mark.parametrize("what", ["decisions", "next"])
async def test_what_something_followed_from_was_held(office: Office, what: str) -> None:
    await office.registered(since=days_ago(20))
    held = await office.held(on=days_ago(2))
    if what == "next":
        await office.planned()
    else:
        path = f"/v1/reviews/{held['reference']}/children/P1/decisions"
        said = {"decisions": [{"decision": "See a dentist.", "owner": "Carer"}]}
        held["version"] += (await office.ask("POST", path, said, version=held["version"])).status_code == 201
    before = await everything(office)
    answer = await reopened(office, held)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "review-followed")
    assert await everything(office) == before
