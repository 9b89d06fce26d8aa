"""Decisions and what the manager says, the record and its distribution, and what the clock does."""

from datetime import timedelta
from typing import Any

from chassis import clock
from chassis.callers import Role
from chassis.schedule import Due, run_once
from chassis.working_days import add_working_days
from services.reviews.jobs import JOBS
from tests.services.reviews.office import JSON, Office, days_ago

SILENCE, MISSED = JOBS


async def decided(office: Office, count: int = 1, person_id: str = "P1") -> tuple[JSON, list[JSON]]:
    held = await office.held(person_id)
    decisions = [{"decision": f"Do {number}.", "owner": "social worker"} for number in range(count)]
    answer = await office.ask(
        "POST",
        f"/v1/reviews/{held['reference']}/children/{person_id}/decisions",
        {"decisions": decisions},
        version=held["version"],
    )
    assert answer.status_code == 201, answer.text
    return held, answer.json()


async def say(office: Office, decision: JSON, what: str, body: Any = None, version: int = 1) -> Any:
    path = f"/v1/decisions/{decision['id']}/{what}"
    return await office.ask("POST", path, body, role=Role.SOCIAL_WORK_MANAGER, subject="swm-1", version=version)


async def run(office: Office, job: Any) -> dict[str, Any]:
    due = Due(clock.today().isoformat(), clock.now())
    done = await run_once(office.client.work, job, due, clock.now())
    assert done is not None
    return done.outcome


async def test_the_manager_has_five_working_days_and_says_something_to_each(office: Office) -> None:
    await office.registered()
    held, (first, second) = await decided(office, 2)
    assert first["respond_by"] == add_working_days(clock.today(), 5).isoformat()
    assert (await office.told("review.decisions_recorded"))[0]["count"] == 2
    assert (await say(office, first, "agree")).json()["state"] == "agreed"
    assert ("manager_response", "manager_response") in await office.owed()
    objected = await say(office, second, "object", {"objection": "There is no money for it."})
    assert objected.json()["state"] == "objected"
    assert ("manager_response", "manager_response") not in await office.owed()
    assert await office.told("review.decisions_agreed") == []
    assert [one["decision_id"] for one in await office.told("review.decision_objected")] == [second["id"]]
    again = await say(office, second, "agree", version=2)
    assert (again.status_code, again.json()["state"]) == (409, "objected")
    settled = await office.ask(
        "POST", f"/v1/decisions/{second['id']}/settle", {"settlement": "Agreed in a call."}, version=2
    )
    assert settled.json()["state"] == "settled"
    checked = await office.ask("POST", f"/v1/decisions/{first['id']}/check", {"implemented": True}, version=2)
    assert (checked.json()["implemented"], checked.json()["checked_by"]) == (True, "chair-1")
    twice = await office.ask(
        "POST",
        f"/v1/reviews/{held['reference']}/children/P1/decisions",
        {"decisions": [{"decision": "More.", "owner": "chair"}]},
        version=held["version"] + 1,
    )
    assert twice.status_code == 409


async def test_silence_is_agreement_once_the_time_is_over(office: Office) -> None:
    await office.registered()
    _, (decision,) = await decided(office)
    last_day = add_working_days(clock.today(), 5)
    with clock.shifted(timedelta(days=(last_day - clock.today()).days)):
        assert await run(office, SILENCE) == {"agreed": 0}
    with clock.shifted(timedelta(days=(last_day - clock.today()).days + 1)):
        assert await run(office, SILENCE) == {"agreed": 1}
        late = await say(office, decision, "object", {"objection": "Too late."}, version=2)
        assert late.status_code == 409
    with clock.shifted(timedelta(days=(last_day - clock.today()).days + 2)):
        assert await run(office, SILENCE) == {"agreed": 0}
    assert [one["by_silence"] for one in await office.told("review.decisions_agreed")] == [True]
    found = await office.get(f"/v1/decisions/{decision['id']}")
    assert (found["state"], found["version"]) == ("agreed_by_silence", 2)
    assert ("manager_response", "manager_response") not in await office.owed()
    assert len(await office.audited("agree_by_silence")) == 1


async def test_an_objection_after_the_last_day_is_refused_even_before_the_clock_has_run(office: Office) -> None:
    await office.registered()
    _, (decision,) = await decided(office)
    with clock.shifted(timedelta(days=(add_working_days(clock.today(), 6) - clock.today()).days)):
        late = await say(office, decision, "object", {"objection": "Too late."})
    assert late.status_code == 409


async def test_a_missed_deadline_is_told_once(office: Office) -> None:
    await office.registered("P1", since=days_ago(60), chair=None)
    overdue = {key: one for key, one in (await office.owed()).items() if one["days_left"] < 0}
    assert {kind for kind, _ in overdue} >= {"allocation", "review"}
    assert await run(office, MISSED) == {"told": len(overdue)}
    with clock.shifted(timedelta(days=1)):
        assert await run(office, MISSED) == {"told": 0}
    told = await office.told("deadline.missed")
    assert {(one["kind"], one["subject"]) for one in told} == set(overdue)
    assert {one["person_id"] for one in told} == {"P1"}


async def test_a_record_is_written_completed_and_distributed_in_order(office: Office) -> None:
    await office.registered()
    held = await office.held()
    path, version = f"/v1/reviews/{held['reference']}/children/P1/record", held["version"]
    empty = await office.ask("POST", f"{path}/complete", {}, version=version)
    assert office.problem(empty) == {"record_text": "required"}
    assert (
        await office.ask("POST", f"{path}/distribute", {"recipients": ["Mother"]}, version=version)
    ).status_code == 409
    written = await office.ask("PATCH", path, {"record_text": "All of it.", "child_text": "For you."}, version=version)
    assert written.json()["child_text"] == "For you."
    early = await office.ask("POST", f"{path}/complete", {"completed_on": days_ago(1).isoformat()}, version=version + 1)
    assert office.problem(early) == {"completed_on": "in_order"}
    done = await office.ask("POST", f"{path}/complete", {}, version=version + 1)
    assert done.json()["record_on"] == clock.today().isoformat()
    assert ("record", "record") not in await office.owed()
    assert (await office.ask("PATCH", path, {"record_text": "Other."}, version=version + 2)).status_code == 409
    given = await office.ask("POST", f"{path}/distribute", {"recipients": ["Mother"]}, version=version + 2)
    more = await office.ask("POST", f"{path}/distribute", {"recipients": ["Father", "Mother"]}, version=version + 3)
    assert given.json()["distributed_on"] == more.json()["distributed_on"] == clock.today().isoformat()
    assert more.json()["distributed_to"] == ["Mother", "Father"]
    assert ("distribution", "distribution") not in await office.owed()
    assert "All of it." not in str(await office.rows("SELECT data::text FROM chassis.outgoing"))
