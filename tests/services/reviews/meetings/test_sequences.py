"""Children whose reviews run by other clocks: secure placements, short breaks, adoption, remand, disruption meetings."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.reviews.planning import PANEL, everything, plan
from tests.support.reviews.receiving import hand_over

REFERRALS = "/v1/reviews/disruption-referrals"
SECURE: JSON = {"sequence": "secure", "chair_id": "chair-2", "panel": PANEL}


def episode(starts_on: date, status: str = "C2", placement: str = "U4") -> JSON:
    """One episode of care."""
    return {"starts_on": starts_on.isoformat(), "legal_status": status, "placement": placement}


def period(*episodes: JSON, **more: Any) -> list[JSON]:
    """One period of care with these episodes."""
    return [{"starts_on": episodes[0]["starts_on"], "episodes": list(episodes)} | more]


async def goes_on(office: Office, *episodes: JSON, version: int = 2, **more: Any) -> None:
    """The case-management system says how the period of care goes on."""
    since = date.fromisoformat(episodes[0]["starts_on"])
    body = office.child(since=since, periods_of_care=period(*episodes, **more))
    answer = await office.put("P1", body, version=version)
    assert answer.status_code == 200, answer.text


async def reviews_owed(office: Office) -> dict[str, str]:
    """Which reviews of the child are due, by kind."""
    return {subject: item["due_on"] for (kind, subject), item in (await office.owed()).items() if kind == "review"}


async def held(office: Office, on: date, **more: Any) -> JSON:
    """The child's part in a review that was planned for a day and held on it."""
    return dict((await office.held("P1", on=on, **more))["children"][0])


def kind_and_dates(part: JSON) -> tuple[str, str, str]:
    return part["kind"], part["due_on"], part["next_due_on"]


async def test_a_secure_placement_is_reviewed_beside_the_main_sequence(office: Office) -> None:
    since, locked_on = days_ago(70), days_ago(50)
    await office.registered(periods_of_care=period(episode(since), episode(locked_on, placement="K1")))
    first_due, secure_due = add_working_days(since, 20).isoformat(), add_months(locked_on, 1).isoformat()
    assert await reviews_owed(office) == {"first": first_due, "secure_first": secure_due}

    main = await office.planned(on=days_ago(45))
    secure = await office.planned(on=days_ago(40), **SECURE)
    assert [member["independent"] for member in secure["panel"]] == [True, False, False]
    assert (secure["children"][0]["track"], secure["children"][0]["due_on"]) == ("secure", secure_due)
    for wanted, planned in (({}, main), (SECURE, secure)):
        refused = await plan(office, **wanted)
        assert (refused.status_code, refused.json()["references"]) == (409, [planned["reference"]])

    part = (await office.hold(secure, on=days_ago(40))).json()["children"][0]
    assert kind_and_dates(part) == ("secure_first", secure_due, add_months(days_ago(40), 3).isoformat())
    assert (part["in_time"], part["decisions_due_on"], part["record_due_on"]) == (True, None, None)
    assert await reviews_owed(office) == {"first": first_due, "secure_later": add_months(days_ago(40), 3).isoformat()}
    assert ("decisions", "decisions") not in await office.owed()

    assert (await office.hold(main, on=days_ago(45))).status_code == 200
    again = await held(office, days_ago(5), **SECURE)
    assert kind_and_dates(again)[::2] == ("secure_later", add_months(days_ago(5), 3).isoformat())


async def test_whoever_leaves_the_secure_placement_has_no_more_reviews_of_it(office: Office) -> None:
    since, locked_on = days_ago(70), days_ago(50)
    await office.registered(periods_of_care=period(episode(since), episode(locked_on, placement="K1")))
    await goes_on(office, episode(since), episode(locked_on, placement="K1"), episode(days_ago(9)))
    assert set(await reviews_owed(office)) == {"first"}
    assert office.problem(await plan(office, **SECURE)) == {"person_ids.0": "in_secure_accommodation"}


async def test_the_panel_on_a_secure_placement_goes_neither_by_move_nor_by_hand_over_to_the_childs_own_chair(
    office: Office,
) -> None:
    await office.registered("P1", placement="K1", chair="chair-2")
    await office.registered("P2")
    review = await office.planned("P1", **SECURE | {"chair_id": "chair-1"})
    other = await office.planned("P2")
    path = f"/v1/reviews/{review['reference']}"
    moved = await office.ask("PATCH", path, {"chair_id": "chair-2"}, version=1)
    assert office.problem(moved) == {"chair_id": "not_the_childs_own_chair"}
    given = await hand_over(office)
    assert (given["person_ids"], given["references"]) == (["P2"], [other["reference"]])
    stays = {"person_id": "P1", "reference": review["reference"], "rule": "not_the_childs_own_chair"}
    assert given["refused"] == [stays]
    assert (await office.get(path))["chair_id"] == "chair-1"
    assert (await office.ask("PATCH", path, {"chair_id": "chair-3"}, version=1)).status_code == 200


async def test_a_series_of_short_breaks_has_a_clock_of_its_own(office: Office) -> None:
    since = days_ago(200)
    await office.registered(since=since, status="V4")
    first = await held(office, add_months(since, 3))
    due_on = add_months(since, 3)
    assert kind_and_dates(first) == ("short_break_first", due_on.isoformat(), add_months(due_on, 6).isoformat())
    assert (first["track"], first["in_time"]) == ("short_breaks", True)
    assert "regulation 48(3)" in first["rule"]
    later = await held(office, days_ago(1))
    assert kind_and_dates(later)[::2] == ("short_break_later", add_months(days_ago(1), 6).isoformat())


async def test_adoption_that_is_authorised_is_reviewed_after_3_and_then_every_6_months(office: Office) -> None:
    since, authorised_on = days_ago(400), days_ago(120)
    before = {"reviews_before": 3, "reviewed_before_on": days_ago(160).isoformat()}
    await office.registered(periods_of_care=period(episode(since), episode(authorised_on, "E1"), **before))
    due_on, held_on = add_months(authorised_on, 3), days_ago(20)
    first = await held(office, held_on)
    assert kind_and_dates(first) == (
        "adoption_authorised_first",
        due_on.isoformat(),
        add_months(held_on, 6).isoformat(),
    )
    assert "Adoption Agencies Regulations 2005" in first["rule"]
    later = await held(office, days_ago(2))
    assert kind_and_dates(later) == (
        "adoption_authorised_later",
        add_months(held_on, 6).isoformat(),
        add_months(days_ago(2), 6).isoformat(),
    )


async def test_stays_returned_singly_are_one_series_whose_review_is_due_between_them(office: Office) -> None:
    began = days_ago(240)
    stays = [began + timedelta(days=30 * number) for number in range(5)]
    ended = [
        period(episode(day, "V3"), ends_on=(day + timedelta(days=3)).isoformat())[0] | {"starts_on": day.isoformat()}
        for day in stays
    ]
    body = office.child(since=began, periods_of_care=ended)
    assert (await office.put("P1", body)).status_code == 201
    assert await reviews_owed(office) == {"short_break_first": add_months(began, 3).isoformat()}
    part = await held(office, days_ago(1))
    assert kind_and_dates(part)[::2] == ("short_break_first", add_months(days_ago(1), 6).isoformat())
    version = (await office.get("/v1/children/P1/care"))["version"]
    over = body | {"short_breaks_ended_on": clock.today().isoformat()}
    assert (await office.put("P1", over, version=version)).status_code == 200
    assert await reviews_owed(office) == {}


async def test_a_review_after_a_return_by_adopters_is_planned_for_28_days_after_it_or_later(office: Office) -> None:
    since, placed_on, back_on = days_ago(500), days_ago(200), days_ago(10)
    before = {"reviews_before": 4, "reviewed_before_on": days_ago(30).isoformat()}
    care = period(episode(since), episode(placed_on, "E1", "A6"), episode(back_on, "E1"), **before)
    await office.registered(periods_of_care=care)
    assert (await reviews_owed(office))["adoption_returned"] == (back_on + timedelta(days=42)).isoformat()
    wanted: JSON = {"person_ids": ["P1"], "sequence": "adoption_returned"}
    early = wanted | {"planned_on": (back_on + timedelta(days=27)).isoformat()}
    assert office.problem(await office.ask("POST", "/v1/reviews", early)) == {"planned_on": "not_before"}
    in_time = wanted | {"planned_on": (back_on + timedelta(days=28)).isoformat()}
    assert (await office.ask("POST", "/v1/reviews", in_time)).status_code == 201


async def test_a_child_who_is_placed_for_adoption_is_reviewed_after_4_weeks_3_months_and_6_months(
    office: Office,
) -> None:
    since, placed_on = days_ago(500), days_ago(150)
    await office.registered(periods_of_care=period(episode(since, "E1"), episode(placed_on, "E1", "A5")))
    days = [placed_on + timedelta(days=27), days_ago(40), days_ago(3)]
    parts = [await held(office, day) for day in days]
    assert [kind_and_dates(part) for part in parts] == [
        (
            "adoption_placed_first",
            (placed_on + timedelta(weeks=4)).isoformat(),
            add_months(days[0], 3).isoformat(),
        ),
        ("adoption_placed_second", add_months(days[0], 3).isoformat(), add_months(days[1], 6).isoformat()),
        ("adoption_placed_later", add_months(days[1], 6).isoformat(), add_months(days[2], 6).isoformat()),
    ]
    assert await reviews_owed(office) == {"adoption_placed_later": add_months(days[2], 6).isoformat()}


async def test_who_is_placed_for_adoption_between_planning_and_review_is_told_the_next_date_of_the_new_clock(
    office: Office,
) -> None:
    since, placed_on = days_ago(100), days_ago(10)
    await office.registered(since=since)
    planned = await office.planned()
    await goes_on(office, episode(since), episode(placed_on, "E1", "A3"))
    part = (await office.hold(planned)).json()["children"][0]
    assert (part["kind"], part["due_on"]) == ("first", add_working_days(since, 20).isoformat())
    due = await reviews_owed(office)
    assert due == {"adoption_placed_first": (placed_on + timedelta(weeks=4)).isoformat()}
    assert part["next_due_on"] == due["adoption_placed_first"]


@pytest.mark.parametrize(("status", "remand"), [("J1", True), ("C1", False)])
async def test_remand_makes_a_child_looked_after_like_any_other(office: Office, status: str, remand: bool) -> None:
    since = days_ago(20)
    await office.registered(since=since, status=status)
    part = await held(office, days_ago(2))
    assert (part["kind"], part["remand"]) == ("first", remand)
    assert part["due_on"] == add_working_days(since, 20).isoformat()


async def test_a_new_period_of_care_begins_anew(office: Office) -> None:
    await office.registered(since=days_ago(300))
    await held(office, days_ago(290))
    old = period(episode(days_ago(300)), ends_on=days_ago(100).isoformat())
    body = office.child(since=days_ago(12), periods_of_care=[*old, *period(episode(days_ago(12)))])
    assert (await office.put("P1", body, version=2)).status_code == 200
    assert await reviews_owed(office) == {"first": add_working_days(days_ago(12), 20).isoformat()}
    assert (await held(office, days_ago(1)))["kind"] == "first"


async def refer(office: Office) -> str:
    """The path of a referral that was accepted."""
    body = {"person_id": "P1", "placement": "adoption", "reason": "It broke down."}
    referred = await office.ask("POST", REFERRALS, body)
    path = f"{REFERRALS}/{referred.json()['reference']}"
    accepted = await office.ask("POST", f"{path}/accept", {"chair_id": "chair-2"}, version=1)
    assert accepted.status_code == 200, accepted.text
    return path


async def test_a_disruption_meeting_is_held_beside_the_childs_own_reviews(office: Office) -> None:
    await office.registered()
    path = await refer(office)
    due = await reviews_owed(office)
    await office.planned("P1")
    meeting = await office.planned("P1", sequence="disruption")
    part = meeting["children"][0]
    assert (part["track"], part["kind"], part["due_on"], part["rule"]) == ("disruption", "disruption", None, None)
    referral = await office.get(path)
    assert (referral["review_reference"], referral["version"]) == (meeting["reference"], 3)
    part = (await office.hold(meeting)).json()["children"][0]
    assert (part["in_time"], part["next_due_on"]) == (None, None)
    assert await reviews_owed(office) == due
    assert (await office.get(path))["review_reference"] == meeting["reference"]


async def test_a_disruption_meeting_that_was_cancelled_can_be_planned_again(office: Office) -> None:
    await office.registered()
    path = await refer(office)
    meeting = await office.planned("P1", sequence="disruption")
    body = {"reason": "Nobody could come."}
    await office.ask("POST", f"/v1/reviews/{meeting['reference']}/cancel", body, version=1)
    assert (await office.get(path))["review_reference"] is None
    again = await office.planned("P1", sequence="disruption")
    assert (await office.get(path))["review_reference"] == again["reference"] != meeting["reference"]


async def test_a_disruption_meeting_is_not_brought_forward_and_has_no_panel(office: Office) -> None:
    await office.registered()
    await refer(office)
    before = await everything(office)
    early = await plan(office, sequence="disruption", early_trigger="chair_asked")
    assert office.problem(early) == {"early_trigger": "brought_forward"}
    assert office.problem(await plan(office, sequence="disruption", panel=PANEL)) == {"panel": "secure_only"}
    assert office.problem(await plan(office, sequence="disruption", chair_id="gone")) == {"chair_id": "in_directory"}
    assert await everything(office) == before


async def test_a_child_who_left_care_can_still_have_a_disruption_meeting(office: Office) -> None:
    await office.registered()
    await refer(office)
    episodes = period(episode(days_ago(10)), ends_on=days_ago(1).isoformat())
    body = office.child(since=days_ago(10), periods_of_care=episodes)
    assert (await office.put("P1", body, version=2)).status_code == 200
    meeting = await office.planned("P1", sequence="disruption")
    answer = await office.hold(meeting)
    assert answer.status_code == 200, answer.text
    assert await reviews_owed(office) == {}


@pytest.mark.parametrize("number", range(4))
async def test_holding_while_children_are_handed_over_changed_and_planned_for_waits_in_no_circle(
    office: Office, number: int
) -> None:
    ids = [f"P{number}" for number in range(1, 4)]
    for person_id in ids:
        await office.registered(person_id)
    review = await office.planned(*ids)
    given = hand_over(office, to=f"chair-{2 + number % 2}")
    changes = [office.put(person_id, office.child(since=days_ago(10), team="Team 2"), version=2) for person_id in ids]
    answers: list[Any] = await asyncio.gather(office.hold(review), *changes, plan(office, *reversed(ids)), given)
    assert {answer.status_code for answer in answers[:-1]} <= {200, 201, 409, 412}
