"""Decisions of a review: written, sent to the manager, agreed or objected to in time, carried out or not."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_working_days
from tests.support.clocks import until
from tests.support.reviews.office import JSON, Office, days_ago

TABLES = ("decision", "child_review", "review", "deadline", "chassis.outgoing", "chassis.audit_entry")
OBJECTION = {"objection": "There is no money for it."}


async def everything(office: Office) -> dict[str, list[str]]:
    """Every row that a decision could touch."""
    return {
        table: sorted(
            row["row"]
            for row in await office.rows(f"SELECT t::text AS row FROM {table} t WHERE t::text NOT LIKE '%,refused_4%'")
        )
        for table in TABLES
    }


async def write(office: Office, held: JSON, person_id: str, count: int = 1, **more: Any) -> Any:
    """Ask for decisions of a review for a child to be written down."""
    decisions = [{"decision": f"Do {number}.", "owner": "social worker"} for number in range(count)]
    body = {"decisions": decisions} | {name: value for name, value in more.items() if name != "version"}
    path = f"/v1/reviews/{held['reference']}/children/{person_id}/decisions"
    return await office.ask("POST", path, body, version=more.get("version", held["version"]))


async def written(office: Office, count: int = 1, person_id: str = "P1") -> list[JSON]:
    """Decisions of a review that was held today."""
    answer = await write(office, await office.held(person_id), person_id, count)
    assert answer.status_code == 201, answer.text
    return list(answer.json())


async def say(office: Office, decision: JSON, what: str, body: Any = None, version: int = 1) -> Any:
    """The manager says something to a decision."""
    path = f"/v1/decisions/{decision['id']}/{what}"
    return await office.ask("POST", path, body, role=Role.SOCIAL_WORK_MANAGER, subject="swm-1", version=version)


async def test_each_child_of_a_review_has_decisions_of_its_own(office: Office) -> None:
    for person_id in ("P1", "P2"):
        await office.registered(person_id)
    held = await office.held("P1", "P2")
    first = await write(office, held, "P1", 2)
    assert [row["number"] for row in first.json()] == [1, 2]
    assert first.headers["etag"] == f'"{held["version"] + 1}"'
    assert ("decisions", "decisions") not in await office.owed("P1")
    assert ("decisions", "decisions") in await office.owed("P2")
    assert ("manager_response", "manager_response") not in await office.owed("P2")
    second = await write(office, held, "P2", version=held["version"] + 1)
    assert second.status_code == 201
    published = await office.published("review.decisions_recorded")
    assert [(event["person_id"], event["count"], event["manager_id"]) for event in published] == [
        ("P1", 2, "swm-1"),
        ("P2", 1, "swm-1"),
    ]
    assert [entry["person_ids"] for entry in await office.audited("record_decisions")] == [["P1"], ["P2"]]
    assert "Do 0." not in str(await office.rows("SELECT data::text FROM chassis.outgoing"))
    assert {item["person_id"] for item in (await office.get("/v1/decisions", person_id="P1"))["items"]} == {"P1"}


async def test_decisions_are_written_once_even_when_two_write_at_once(office: Office) -> None:
    await office.registered()
    held = await office.held()
    answers = await asyncio.gather(*(write(office, held, "P1") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412]
    before = await everything(office)
    again = await write(office, held, "P1", version=held["version"] + 1)
    assert again.status_code == 409
    assert await everything(office) == before
    assert len(await office.published("review.decisions_recorded")) == 1


async def test_decisions_of_a_review_that_was_not_held_are_refused(office: Office) -> None:
    await office.registered()
    planned = await office.planned()
    before = await everything(office)
    assert (await write(office, planned, "P1")).status_code == 409
    assert (await write(office, planned, "P9")).status_code == 404
    assert await everything(office) == before


async def test_the_day_of_the_decisions_lies_between_the_review_and_today(office: Office) -> None:
    await office.registered(since=days_ago(20))
    held = await office.held(on=days_ago(9))
    before = await everything(office)
    tomorrow = clock.today() + timedelta(days=1)
    late = await write(office, held, "P1", decided_on=tomorrow.isoformat())
    assert office.problem(late) == {"decided_on": "not_in_the_future"}
    early = await write(office, held, "P1", decided_on=days_ago(10).isoformat())
    assert office.problem(early) == {"decided_on": "after_the_review"}
    assert office.problem(await write(office, held, "P1", 0)) == {"decisions": "too_short"}
    assert office.problem(await write(office, held, "P1", none_needed=True)) == {"none_needed": "none_needed"}
    assert await everything(office) == before


async def test_a_manager_has_five_working_days_from_receipt_of_decisions_written_earlier(office: Office) -> None:
    await office.registered(since=days_ago(20))
    held = await office.held(on=days_ago(15))
    (decision,) = (await write(office, held, "P1", decided_on=days_ago(14).isoformat())).json()
    last_day = add_working_days(clock.today(), 5).isoformat()
    assert (decision["sent_on"], decision["respond_by"]) == (clock.today().isoformat(), last_day)
    assert (await office.owed())["manager_response", "manager_response"]["due_on"] == last_day
    assert (await office.published("review.decisions_recorded"))[0]["respond_by"] == last_day
    (part,) = (await office.get(f"/v1/reviews/{held['reference']}"))["children"]
    assert part["decisions_on"] == days_ago(14).isoformat(), "in time is told by when they were written"


async def test_nothing_is_owed_by_a_manager_who_answered_the_last_of_several(office: Office) -> None:
    await office.registered()
    first, second, third = await written(office, 3)
    for decision in (third, first):
        assert (await say(office, decision, "agree")).status_code == 200
        assert ("manager_response", "manager_response") in await office.owed()
        assert await office.published("review.decisions_agreed") == []
    agreed = await say(office, second, "agree")
    assert (agreed.json()["responded_on"], agreed.json()["responded_by"]) == (clock.today().isoformat(), "swm-1")
    assert ("manager_response", "manager_response") not in await office.owed()
    (event,) = await office.published("review.decisions_agreed")
    assert (event["person_id"], event["by_silence"]) == ("P1", False)
    assert len(await office.audited("agree_to_decision")) == 3


async def test_answers_to_two_decisions_at_once_leave_nothing_owed(office: Office) -> None:
    await office.registered()
    decisions = await written(office, 6)
    answers = await asyncio.gather(*(say(office, decision, "agree") for decision in decisions))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert ("manager_response", "manager_response") not in await office.owed()
    assert len(await office.published("review.decisions_agreed")) == 1


async def test_two_who_answer_one_decision_at_once_are_not_both_heard(office: Office) -> None:
    await office.registered()
    (decision,) = await written(office)
    answers = await asyncio.gather(say(office, decision, "agree"), say(office, decision, "object", OBJECTION))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert (
        len(await office.published("review.decisions_agreed")) + len(await office.published("review.decision_objected"))
        == 1
    )


async def test_a_manager_objects_until_the_end_of_the_last_day_and_not_after_it(office: Office) -> None:
    await office.registered()
    first, second = await written(office, 2)
    last_day = add_working_days(clock.today(), 5)
    with clock.shifted(until(last_day)):
        assert (await say(office, first, "object", OBJECTION)).json()["state"] == "objected"
    with clock.shifted(until(last_day + timedelta(days=1))):
        before = await everything(office)
        late = await say(office, second, "object", OBJECTION)
        assert late.status_code == 409
        assert str(last_day) in late.json()["detail"]
        assert await everything(office) == before


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("agree", None),
        ("object", OBJECTION),
        ("settle", {"settlement": "In a call."}),
        ("check", {"implemented": True}),
    ],
)
async def test_whoever_answers_says_which_version_they_saw(office: Office, what: str, body: Any) -> None:
    await office.registered()
    (decision,) = await written(office)
    before = await everything(office)
    path = f"/v1/decisions/{decision['id']}/{what}"
    for version, status in ((None, 428), (7, 412)):
        answer = await office.ask("POST", path, body, role=Role.TEAM_MANAGER, subject="manager-1", version=version)
        assert answer.status_code == status
    unknown = path.replace(decision["id"], "0198a0a0-0000-7000-8000-000000000000")
    answer = await office.ask("POST", unknown, body, role=Role.TEAM_MANAGER, subject="manager-1", version=1)
    assert answer.status_code == 404
    assert await everything(office) == before


async def test_chairs_do_not_answer_for_managers_nor_managers_for_chairs(office: Office) -> None:
    await office.registered()
    (decision,) = await written(office)
    before = await everything(office)
    for what, body, role in (
        ("agree", None, Role.CHAIR),
        ("object", OBJECTION, Role.BUSINESS_SUPPORT),
        ("settle", {"settlement": "In a call."}, Role.SOCIAL_WORK_MANAGER),
        ("check", {"implemented": True}, Role.SOCIAL_WORK_MANAGER),
    ):
        answer = await office.ask("POST", f"/v1/decisions/{decision['id']}/{what}", body, role=role, version=1)
        assert answer.status_code == 403
    assert await everything(office) == before


async def test_an_objection_is_settled_once_and_nothing_else_is(office: Office) -> None:
    await office.registered()
    first, second = await written(office, 2)
    settlement = {"settlement": "Agreed in a call."}
    path = f"/v1/decisions/{first['id']}/settle"
    assert (await office.ask("POST", path, settlement, version=1)).status_code == 409, "nobody objected yet"
    await say(office, first, "object", OBJECTION)
    settled = (await office.ask("POST", path, settlement, version=2)).json()
    assert (settled["state"], settled["objection"], settled["version"]) == ("settled", OBJECTION["objection"], 3)
    assert (await office.ask("POST", path, settlement, version=3)).status_code == 409
    await say(office, second, "agree")
    assert await office.published("review.decisions_agreed") == [], "one of them was not agreed to"
    assert len(await office.audited("settle_objection")) == 1


async def test_a_chair_checks_whether_a_decision_was_carried_out_and_may_find_otherwise_later(office: Office) -> None:
    await office.registered()
    first, second = await written(office, 2)
    for version, implemented in ((1, False), (2, True)):
        path = f"/v1/decisions/{first['id']}/check"
        found = await office.ask("POST", path, {"implemented": implemented}, version=version)
        assert found.json()["implemented"] is implemented
        assert found.json()["checked_on"] == clock.today().isoformat()
    carried_out = (await office.get("/v1/decisions", implemented=True))["items"]
    open_ones = (await office.get("/v1/decisions", implemented=False))["items"]
    assert ([decision["id"] for decision in carried_out], [decision["id"] for decision in open_ones]) == (
        [first["id"]],
        [second["id"]],
    )
    assert len(await office.audited("check_decision")) == 2
