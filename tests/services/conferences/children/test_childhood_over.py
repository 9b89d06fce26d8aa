"""What is owed for a child who turns 18 or has died: nobody is asked for what can be no more."""

from datetime import date, timedelta

import httpx

from chassis.base import clock
from chassis.law.working_days import add_months
from tests.support.conferences.desk import GP, SCHOOL, Desk, working_days_ago

STARTED = working_days_ago(8)
# The first review is due three months after the initial conference.
REVIEW_DUE = add_months(STARTED, 3)
BIRTHDAY = add_months(clock.today(), 1) + timedelta(days=1)


def born_to_be_18_on(day: date) -> str:
    """A date of birth whose 18th birthday is that day."""
    return add_months(day, -12 * 18).isoformat()


def wrong(answer: httpx.Response) -> dict[str, str]:
    """The refused fields of an answer and the rules that they break."""
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["rule"] for error in answer.json()["errors"]}


async def on_plan(desk: Desk, born_on: str) -> str:
    """A child whose plan was made some weeks ago; the reference of the conference that made it."""
    await desk.registered("P1", born_on=born_on)
    await desk.enquired("P1", on=STARTED - timedelta(days=10))
    held = await desk.hold(await desk.planned("P1", on=STARTED))
    assert held.status_code == 200, held.text
    return str(held.json()["reference"])


async def test_before_the_birthday_its_plan_ends_instead_of_the_review_after_it(desk: Desk) -> None:
    reference = await on_plan(desk, born_to_be_18_on(BIRTHDAY))
    birthday = add_months(date.fromisoformat(born_to_be_18_on(BIRTHDAY)), 12 * 18)
    assert birthday < REVIEW_DUE
    owed = {deadline["kind"]: deadline["due_on"] for deadline in await desk.owed()}
    assert owed["plan_end"] == birthday
    assert "core_group" in owed
    assert not owed.keys() & {"conference", "twelve_month_discussion"}
    (part,) = (await desk.get(f"/v1/conferences/{reference}"))["children"]
    assert part["next_due_on"] is None


async def test_a_review_that_is_due_before_the_birthday_is_owed(desk: Desk) -> None:
    await on_plan(desk, born_to_be_18_on(REVIEW_DUE + timedelta(days=3)))
    owed = {deadline["kind"]: deadline["due_on"] for deadline in await desk.owed()}
    assert owed["conference"] == REVIEW_DUE
    assert owed["plan_end"] > REVIEW_DUE, "it is the last before the birthday"


async def test_while_another_review_follows_the_next_one_the_end_is_not_owed_yet(desk: Desk) -> None:
    await on_plan(desk, born_to_be_18_on(add_months(REVIEW_DUE, 6) + timedelta(days=4)))
    owed = {deadline["kind"]: deadline["due_on"] for deadline in await desk.owed()}
    assert owed["conference"] == REVIEW_DUE
    assert "plan_end" not in owed


async def test_after_a_death_the_end_of_the_plan_alone_is_owed(desk: Desk) -> None:
    await on_plan(desk, desk.child()["born_on"])
    assert "core_group" in {deadline["kind"] for deadline in await desk.owed()}
    died_on = clock.today().isoformat()
    await desk.known("P1", died_on=died_on)
    standing = [deadline for deadline in await desk.owed() if deadline["kind"] not in {"record", "outline_plan"}]
    assert [(deadline["kind"], deadline["due_on"]) for deadline in standing] == [("plan_end", clock.today())]
    (plan,) = (await desk.get("/v1/children/P1/protection"))["plans"]
    body = {"reason": "death", "ends_on": died_on}
    await desk.done("POST", f"/v1/protection-plans/{plan['id']}/end", body, version=plan["version"])
    assert await desk.owed(kind="plan_end") == []


async def test_no_conference_is_planned_for_the_birthday_or_moved_to_it(desk: Desk) -> None:
    born_on = born_to_be_18_on(BIRTHDAY)
    birthday = add_months(date.fromisoformat(born_on), 12 * 18)
    await on_plan(desk, born_on)
    body = {"person_ids": ["P1"], "planned_on": birthday.isoformat()}
    refused = await desk.ask("POST", "/v1/conferences", body)
    assert wrong(refused) == {"planned_on": "childhood"}
    planned = await desk.planned("P1", on=birthday - timedelta(days=1))
    path = f"/v1/conferences/{planned['reference']}"
    moved = await desk.ask("PATCH", path, {"planned_on": birthday.isoformat()}, version=planned["version"])
    assert wrong(moved) == {"planned_on": "childhood"}


async def test_whose_plan_has_ended_is_left_out_of_the_siblings_conference(desk: Desk) -> None:
    """What the professionals were asked for stays, and is about those who are left."""
    for person_id in ("P1", "P2"):
        await desk.registered(person_id)
        await desk.enquired(person_id, on=STARTED - timedelta(days=10))
    assert (await desk.hold(await desk.planned("P1", "P2", on=STARTED))).status_code == 200
    review = await desk.planned("P1", "P2", on=working_days_ago(1))
    invited = await desk.invited(review, GP, SCHOOL)
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][0]
    ended = {"reason": "transfer_out", "ends_on": working_days_ago(2).isoformat()}
    await desk.done("POST", f"/v1/protection-plans/{plan['id']}/end", ended, version=plan["version"])
    outcomes = {person_id: desk.outcome(person_id, outcome="continues") for person_id in ("P1", "P2")}
    attendance = {invited[0]["id"]: "neither", invited[1]["id"]: "attended"}
    assert "children.0.person_id" in wrong(
        await desk.hold(review, children=[*outcomes.values()], attendance=attendance)
    )
    refused = await desk.hold(review, children=[outcomes["P1"]], attendance=attendance)
    assert wrong(refused)["children"] == "all_children"
    held = await desk.hold(review, children=[outcomes["P2"]], attendance=attendance)
    assert held.status_code == 200, held.text
    for shown in (held.json(), await desk.get(f"/v1/conferences/{review['reference']}")):
        assert (shown["person_ids"], [child["person_id"] for child in shown["children"]]) == (["P2"], ["P2"])
    assert (await desk.published("conference.held"))[-1]["person_ids"] == ["P2"]
    assert [
        deadline for deadline in await desk.owed("P1") if deadline["conference_reference"] == review["reference"]
    ] == []
    path = f"/v1/conferences/{review['reference']}"
    await desk.done("POST", f"{path}/close", version=held.json()["version"])
    proposals = (await desk.get(path))["proposals"]
    assert [proposal["person_ids"] for proposal in proposals] == [["P2"], ["P2"]]
