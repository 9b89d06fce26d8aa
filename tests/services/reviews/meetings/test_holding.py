"""Holding a review: what cannot have been so, who came, how it was for each child, and what is due from that day on."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days
from services.reviews.meetings.schemas import MeetingOut
from tests.support.clocks import until
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.reviews.planning import everything, reviewed_before

TEN = 10 * 12


async def refused(office: Office, review: JSON, **said: Any) -> dict[str, str]:
    """What is wrong with a review as it is said to have been held; nothing of it may be left."""
    before = await everything(office)
    wrong = office.problem(await office.hold(review, **said))
    assert await everything(office) == before
    return wrong


async def test_each_child_of_a_review_has_an_outcome_of_their_own(office: Office) -> None:
    since, before = days_ago(300), days_ago(80)
    await office.registered("P1", since=days_ago(60))
    await office.registered("P2", since=since, periods_of_care=reviewed_before(1, before, since))
    review = await office.planned("P1", "P2")
    absent = {"participation": "PN6", "attended": False, "seen_alone": False, "next_step": "early_review"}
    outcomes = [office.outcome("P2", views="I like it here."), office.outcome("P1", **absent)]
    answer = await office.hold(review, children=outcomes)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"'), answer.text
    held = MeetingOut.model_validate_json(answer.content, strict=True)
    assert (held.state, held.held_on) == ("held", clock.today())
    first, second = held.children
    assert (first.in_time, first.participation, first.attended, first.seen_alone) == (False, "PN6", False, False)
    assert (second.in_time, second.participation, second.attended, second.seen_alone) == (True, "PN1", True, True)
    assert (first.next_step, second.next_step) == ("early_review", "continue")
    assert (first.views, second.views, first.age) == (None, "I like it here.", 10)
    assert first.next_due_on == add_months(clock.today(), 3)
    assert second.next_due_on == add_months(clock.today(), 6)


async def test_a_review_that_was_held_is_told_once_without_a_name_and_audited(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    held = await office.held("P1", "P2")
    data = {"reference": held["reference"], "chair_id": "chair-1", "version": 2}
    data |= {"held_on": clock.today().isoformat(), "person_ids": ["P1", "P2"]}
    assert await office.published("review.held") == [data]
    (entry,) = await office.audited("hold_review")
    assert (entry["person_ids"], entry["record"]) == (["P1", "P2"], held["reference"])


async def test_a_due_date_is_not_moved_by_moving_and_holding_late(office: Office) -> None:
    since = days_ago(90)
    await office.registered(since=since)
    review = await office.planned(on=days_ago(70))
    frozen = {name: review["children"][0][name] for name in ("due_on", "event_on", "rule", "kind")}
    assert frozen["due_on"] == add_working_days(since, 20).isoformat()
    path = f"/v1/reviews/{review['reference']}"
    moved = (await office.ask("PATCH", path, {"planned_on": days_ago(3).isoformat()}, version=1)).json()
    assert {name: moved["children"][0][name] for name in frozen} == frozen
    held = (await office.hold(moved, on=days_ago(2))).json()
    assert {name: held["children"][0][name] for name in frozen} == frozen
    assert held["children"][0]["in_time"] is False
    assert (await office.owed())["review", "second"]["due_on"] == add_months(days_ago(2), 3).isoformat()


@pytest.mark.parametrize(("late", "in_time"), [(0, True), (1, False)])
async def test_the_last_day_is_in_time_and_the_next_is_late(office: Office, late: int, in_time: bool) -> None:
    since = days_ago(60)
    await office.registered(since=since)
    held_on = add_working_days(since, 20) + timedelta(days=late)
    held = (await office.hold(await office.planned(), on=held_on)).json()
    assert held["children"][0]["in_time"] is in_time
    lists = {late: len((await office.get("/v1/reviews/children", late=late))["items"]) for late in ("true", "false")}
    assert lists == {"true": int(not in_time), "false": int(in_time)}


async def test_who_is_missing_foreign_or_named_twice_is_refused(office: Office) -> None:
    for person_id in ("P1", "P2", "P3"):
        await office.registered(person_id)
    review = await office.planned("P1", "P2")
    p1, p2, p3 = (office.outcome(person_id) for person_id in ("P1", "P2", "P3"))
    assert await refused(office, review, children=[p1]) == {"children": "all_children"}
    assert await refused(office, review, children=[p1, p3]) == {
        "children.1.person_id": "of_this_review",
        "children": "all_children",
    }
    assert await refused(office, review, children=[p1, p2, p1]) == {
        "children.0.person_id": "once",
        "children.2.person_id": "once",
    }
    assert list(await refused(office, review, children=[])) == ["children"]
    wrong = [p1, p2 | {"participation": "PN0"}]
    assert await refused(office, review, children=wrong) == {"children.1.participation": "participation_fits_age"}


async def test_a_review_is_held_neither_before_it_could_be_nor_in_the_future(office: Office) -> None:
    since, before = days_ago(200), days_ago(50)
    await office.registered("P1", since=days_ago(10))
    await office.registered("P2", since=since, periods_of_care=reviewed_before(2, before, since))
    first, later = await office.planned("P1"), await office.planned("P2")
    tomorrow = clock.today() + timedelta(days=1)
    assert await refused(office, first, on=tomorrow) == {"held_on": "not_in_the_future"}
    assert (await refused(office, first, on=days_ago(11)))["held_on"] in {"looked_after", "after_the_one_before"}
    assert await refused(office, later, on=before - timedelta(days=1)) == {"held_on": "after_the_one_before"}
    assert (await office.hold(first, on=days_ago(10))).status_code == 200


async def test_no_review_is_held_after_a_child_left_care(office: Office) -> None:
    await office.registered(since=days_ago(40))
    review = await office.planned()
    ended = office.child(since=days_ago(40))
    ended["periods_of_care"][0]["ends_on"] = days_ago(5).isoformat()
    assert (await office.put("P1", ended, version=2)).status_code == 200
    assert await refused(office, review, on=days_ago(4)) == {"held_on": "looked_after"}
    assert (await office.hold(review, on=days_ago(5))).status_code == 200
    assert ("review", "second") not in await office.owed()


async def test_a_review_is_held_once_and_at_once_by_one(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    answers = await asyncio.gather(*(office.hold(review) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert len(await office.published("review.held")) == len(await office.audited("hold_review")) == 1
    held = await office.get(f"/v1/reviews/{review['reference']}")
    before = await everything(office)
    again = await office.hold(held)
    assert (again.status_code, again.json()["state"]) == (409, "held")
    assert await everything(office) == before


CODES: list[tuple[int, str, bool, str | None]] = [
    (TEN, "PN0", False, "participation_fits_age"),
    (TEN, "PN1", True, None),
    (TEN, "PN1", False, "participation_fits_attendance"),
    (TEN, "PN4", False, "participation_fits_attendance"),
    (TEN, "PN5", True, "participation_fits_attendance"),
    (TEN, "PN7", True, "participation_fits_attendance"),
    (TEN, "PN5", False, None),
    # The fourth birthday itself, on which everything is valid.
    (48, "PN0", True, None),
    (48, "PN7", False, None),
    (47, "PN0", True, None),
    (47, "PN0", False, None),
    (47, "PN1", True, "participation_fits_age"),
]


@pytest.mark.parametrize(("months", "code", "attended", "rule"), CODES)
async def test_a_participation_code_fits_age_and_attendance(
    office: Office, months: int, code: str, attended: bool, rule: str | None
) -> None:
    await office.registered(born_on=add_months(clock.today(), -months).isoformat())
    review = await office.planned()
    outcome = office.outcome("P1", participation=code, attended=attended)
    if rule:
        assert await refused(office, review, children=[outcome]) == {"children.0.participation": rule}
    else:
        held = (await office.hold(review, children=[outcome])).json()
        assert (held["children"][0]["participation"], held["children"][0]["age"]) == (code, months // 12)


async def test_the_day_after_the_fourth_birthday_is_no_birthday(office: Office) -> None:
    await office.registered(born_on=(add_months(clock.today(), -48) - timedelta(days=1)).isoformat())
    review = await office.planned()
    wrong = await refused(office, review, children=[office.outcome("P1", participation="PN0")])
    assert wrong == {"children.0.participation": "participation_fits_age"}


async def invited(office: Office, review: JSON, **who: str) -> str:
    """Somebody more who is invited to a review."""
    version = (await office.get(f"/v1/reviews/{review['reference']}"))["version"]
    path = f"/v1/reviews/{review['reference']}/invitations"
    answer = await office.ask("POST", path, {"invitations": [{"name": "Somebody"} | who]}, version=version)
    assert (answer.status_code, answer.headers["ETag"]) == (201, f'"{version + 1}"'), answer.text
    return str(answer.json()[0]["id"])


async def test_attendance_is_kept_for_each_who_was_invited_and_absent_parents_are_followed_up(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    mother, father, school = [
        await invited(office, review, relationship=name) for name in ("mother", "father", "school")
    ]
    review |= {"version": 4}
    follow_up = {"followed_up_on": clock.today().isoformat(), "followed_up_by": "letter"}
    said = [
        {"invitation_id": mother, "attendance": "attended"},
        {"invitation_id": father, "attendance": "apologies"} | follow_up,
        {"invitation_id": school, "attendance": "neither"},
    ]
    assert (await office.hold(review, attendance=said)).status_code == 200
    whole = await office.get(f"/v1/reviews/{review['reference']}")
    kept = {
        invitation["relationship"]: (invitation["attendance"], invitation["followed_up_by"])
        for invitation in whole["invitations"]
    }
    assert kept == {
        "advocate": (None, None),
        "mother": ("attended", None),
        "father": ("apologies", "letter"),
        "school": ("neither", None),
    }


NOBODY = "018f0000-0000-7000-8000-000000000000"
TODAY, TOMORROW = clock.today().isoformat(), (clock.today() + timedelta(days=1)).isoformat()
ATTENDANCE: list[tuple[str, JSON, dict[str, str]]] = [
    ("school", {"followed_up_on": TODAY, "followed_up_by": "call"}, {"attendance.0.followed_up_on": "parents_only"}),
    ("father", {"followed_up_on": TOMORROW, "followed_up_by": "call"}, {"attendance.0.followed_up_on": "not_in_the_future"}),
    ("father", {"followed_up_on": TODAY}, {"attendance.0.followed_up_on": "day_and_way", "attendance.0.followed_up_by": "day_and_way"}),
    ("father", {"followed_up_on": TODAY, "followed_up_by": "pigeon"}, {"attendance.0.followed_up_by": "string_pattern_mismatch"}),
    ("father", {"attendance": "attended", "followed_up_on": TODAY, "followed_up_by": "call"}, {"attendance.0.attendance": "absent_only", "attendance.0.followed_up_on": "absent_only"}),
    ("father", {"invitation_id": NOBODY}, {"attendance.0.invitation_id": "of_this_review"}),
]  # fmt: skip


@pytest.mark.parametrize(("relationship", "said", "wrong"), ATTENDANCE)
async def test_attendance_that_cannot_be_so_is_refused(
    office: Office, relationship: str, said: JSON, wrong: dict[str, str]
) -> None:
    await office.registered()
    review = await office.planned()
    invitation = await invited(office, review, relationship=relationship)
    review |= {"version": 2}
    assert (
        await refused(office, review, attendance=[{"invitation_id": invitation, "attendance": "neither"} | said])
        == wrong
    )


async def test_somebody_came_or_did_not_but_not_both(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    father = await invited(office, review, relationship="father")
    both = [{"invitation_id": father, "attendance": attendance} for attendance in ("attended", "neither")]
    assert await refused(office, review | {"version": 2}, attendance=both) == {"attendance.1.invitation_id": "once"}


async def test_what_follows_a_review_is_owed_from_the_day_on_which_it_was_held(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    await office.registered("P2", since=days_ago(40))
    held_on = days_ago(4)
    held = await office.hold(await office.planned("P1", "P2"), on=held_on)
    for number, person_id in enumerate(("P1", "P2")):
        owed = await office.owed(person_id)
        part = held.json()["children"][number]
        for kind, days in (("decisions", 5), ("record", 15), ("distribution", 20)):
            due_on = add_working_days(held_on, days).isoformat()
            assert (owed[kind, kind]["due_on"], part[f"{kind}_due_on"]) == (due_on, due_on)
        assert ("social_worker_report", "social_worker_report") not in owed


MONTH_ENDS = [
    (date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 30)),
    (date(2027, 11, 30), date(2028, 2, 29), date(2028, 5, 30)),
    (date(2027, 8, 31), date(2027, 11, 30), date(2028, 2, 29)),
    (date(2028, 2, 29), date(2028, 5, 29), date(2028, 8, 29)),
    (date(2027, 3, 31), date(2027, 6, 30), date(2027, 9, 30)),
]


@pytest.mark.parametrize(("held_on", "second_due_on", "later_due_on"), MONTH_ENDS)
async def test_the_next_due_date_ends_with_the_month(
    office: Office, held_on: date, second_due_on: date, later_due_on: date
) -> None:
    with clock.shifted(until(held_on)):
        since = held_on - timedelta(days=20)
        await office.registered("P1", since=since)
        await office.registered("P2", since=since, periods_of_care=reviewed_before(2, since, since))
        held = await office.held("P1", "P2", on=held_on)
        assert [child["next_due_on"] for child in held["children"]] == [
            second_due_on.isoformat(),
            later_due_on.isoformat(),
        ]
        owed = (await office.owed("P1"))["review", "second"]
        assert (owed["due_on"], owed["event_on"]) == (second_due_on.isoformat(), held_on.isoformat())
        assert (await office.owed("P2"))["review", "later"]["due_on"] == later_due_on.isoformat()
