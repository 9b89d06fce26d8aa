"""What is owed for a young person who turns 18: no review is due to somebody who is not looked after any more."""

from datetime import date, timedelta

from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days
from tests.support.reviews.office import JSON, Office, days_ago

BIRTHDAY = clock.today() + timedelta(days=40)


def born_to_be_18_on(day: date) -> str:
    """A date of birth whose 18th birthday is that day or, where there is no such day, the month's last."""
    return add_months(day, -12 * 18).isoformat()


async def test_what_is_due_after_the_birthday_is_not_owed_and_the_end_of_care_is(office: Office) -> None:
    born_on = born_to_be_18_on(BIRTHDAY)
    birthday = add_months(date.fromisoformat(born_on), 12 * 18)
    await office.registered(since=days_ago(10), born_on=born_on)
    owed = await office.owed()
    # The first review is due within four weeks, before the birthday, and is the last.
    assert ("review", "first") in owed
    assert owed["care_end", "care_end"]["due_on"] == birthday.isoformat()
    held = await office.held("P1")
    owed = await office.owed()
    assert owed["care_end", "care_end"]["due_on"] == birthday.isoformat()
    assert owed["care_end", "care_end"]["owner_role"] == "social_worker"
    assert {kind for kind, _ in owed} & {"review", "visit", "midpoint"} == set()
    assert ("decisions", "decisions") in owed
    review = await office.get(f"/v1/reviews/{held['reference']}")
    assert review["children"][0]["next_due_on"] is None


async def test_while_another_review_follows_the_next_one_the_end_is_not_owed_yet(office: Office) -> None:
    next_due_on = add_working_days(days_ago(10), 20)
    for person_id, days, is_owed in (("P1", 0, True), ("P2", 4, False)):
        over_on = add_months(next_due_on, 6) + timedelta(days=days)
        await office.registered(person_id, since=days_ago(10), born_on=born_to_be_18_on(over_on))
        assert (("care_end", "care_end") in await office.owed(person_id)) is is_owed


async def test_once_care_ended_what_leavers_get_is_owed_alone(office: Office) -> None:
    await office.registered(since=days_ago(100), born_on=born_to_be_18_on(days_ago(3)))
    owed = await office.owed()
    assert set(owed) == {("care_end", "care_end")}
    child = office.child(since=days_ago(100), born_on=born_to_be_18_on(days_ago(3)))
    child["periods_of_care"][0]["ends_on"] = days_ago(3).isoformat()
    version = (await office.get("/v1/children/P1/care"))["version"]
    assert (await office.put("P1", child, version=version)).status_code == 200
    assert set(await office.owed()) == {("prompt", "later_life_letter")}


async def test_no_review_is_planned_moved_or_adjourned_to_the_birthday_or_later(office: Office) -> None:
    born_on = born_to_be_18_on(clock.today() + timedelta(days=12))
    birthday = add_months(date.fromisoformat(born_on), 12 * 18)
    await office.registered(since=days_ago(10), born_on=born_on)
    body = {"person_ids": ["P1"], "planned_on": birthday.isoformat()}
    assert office.problem(await office.ask("POST", "/v1/reviews", body)) == {"planned_on": "childhood"}
    review = await office.planned("P1", on=birthday - timedelta(days=1))
    path = f"/v1/reviews/{review['reference']}"
    moved = await office.ask("PATCH", path, {"planned_on": birthday.isoformat()}, version=review["version"])
    assert office.problem(moved) == {"planned_on": "childhood"}
    adjourned = {"sat_on": clock.today().isoformat(), "resumes_on": birthday.isoformat()}
    answer = await office.ask("POST", f"{path}/adjourn", adjourned, version=review["version"])
    assert office.problem(answer) == {"resumes_on": "childhood"}


async def test_no_review_was_held_on_the_birthday(office: Office) -> None:
    born_on = born_to_be_18_on(days_ago(3))
    birthday = add_months(date.fromisoformat(born_on), 12 * 18)
    await office.registered(since=days_ago(100), born_on=born_on)
    review = await office.planned("P1", on=birthday - timedelta(days=1))
    assert office.problem(await office.hold(review, on=birthday)) == {"held_on": "childhood"}
    assert (await office.hold(review, on=birthday - timedelta(days=1))).status_code == 200


async def siblings(office: Office, born_on: str) -> JSON:
    """A review that is planned for one who turns 18 soon and for a younger one."""
    await office.registered("P1", since=days_ago(10), born_on=born_on)
    await office.registered("P2", since=days_ago(10))
    return await office.planned("P1", "P2", on=clock.today() + timedelta(days=2))


async def test_who_is_18_is_left_out_of_the_siblings_review(office: Office) -> None:
    born_on = born_to_be_18_on(clock.today() + timedelta(days=4))
    review = await siblings(office, born_on)
    path = f"/v1/reviews/{review['reference']}"
    day = (clock.today() + timedelta(days=8)).isoformat()
    moved = await office.ask("PATCH", path, {"planned_on": day}, version=review["version"])
    assert moved.status_code == 200, moved.text
    review = moved.json()
    with clock.shifted(timedelta(days=8)):
        assert office.problem(await office.hold(review)) == {"held_on": "childhood"}
        held = await office.hold(review, children=[office.outcome("P2")])
        assert held.status_code == 200, held.text
        await about_the_younger_alone(office, held.json())


async def about_the_younger_alone(office: Office, held: JSON) -> None:
    """Nothing of the review is about the one who was left out any more."""
    path = f"/v1/reviews/{held['reference']}"
    for shown in (held, await office.get(path)):
        assert (shown["person_ids"], [child["person_id"] for child in shown["children"]]) == (["P2"], ["P2"])
    assert [event["person_ids"] for event in await office.published("review.held")] == [["P2"]]
    assert {
        reference for deadline in (await office.owed("P1")).values() if (reference := deadline["reference"])
    } == set()
    decided = {"decisions": [{"decision": "Go on.", "owner": "social worker"}]}
    wrong = await office.ask("POST", f"{path}/children/P1/decisions", decided, version=held["version"])
    assert wrong.status_code == 404
    right = await office.ask("POST", f"{path}/children/P2/decisions", decided, version=held["version"])
    assert right.status_code == 201, right.text


async def test_who_left_care_is_left_out_of_the_siblings_review_and_nobody_else(office: Office) -> None:
    review = await siblings(office, office.child(since=days_ago(10))["born_on"])
    child = office.child(since=days_ago(10))
    child["periods_of_care"][0]["ends_on"] = days_ago(1).isoformat()
    version = (await office.get("/v1/children/P1/care"))["version"]
    assert (await office.put("P1", child, version=version)).status_code == 200
    with clock.shifted(timedelta(days=2)):
        assert office.problem(await office.hold(review)) == {"held_on": "looked_after"}
        nobody = await office.hold(review, children=[office.outcome("P1")])
        assert office.problem(nobody) == {"held_on": "looked_after", "children": "all_children"}
        held = await office.hold(review, children=[office.outcome("P2")])
        assert held.status_code == 200, held.text
        await about_the_younger_alone(office, held.json())
