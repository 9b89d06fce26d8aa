"""A child's way through the service: registered, allocated, reviewed, decided, recorded."""

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days
from tests.support.reviews.office import Office, days_ago


async def test_a_child_is_registered_reviewed_and_reviewed_again(office: Office) -> None:
    since = days_ago(10)
    await office.registered(since=since, chair=None)
    owed = await office.owed()
    assert owed["allocation", "allocation"]["due_on"] == add_working_days(since, 5).isoformat()
    assert owed["review", "first"]["due_on"] == add_working_days(since, 20).isoformat()
    await office.allocated("P1", "chair-1")
    assert ("allocation", "allocation") not in await office.owed()

    held = await office.held("P1")
    part = held["children"][0]
    assert (part["kind"], part["in_time"], part["due_on"]) == ("first", True, owed["review", "first"]["due_on"])
    today = clock.today()
    assert part["next_due_on"] == add_months(today, 3).isoformat()
    owed = await office.owed()
    assert owed["review", "second"]["due_on"] == add_months(today, 3).isoformat()
    assert owed["decisions", "decisions"]["due_on"] == add_working_days(today, 5).isoformat()
    assert owed["record", "record"]["due_on"] == add_working_days(today, 15).isoformat()
    assert owed["distribution", "distribution"]["due_on"] == add_working_days(today, 20).isoformat()

    path = f"/v1/reviews/{held['reference']}/children/P1"
    decided = await office.ask(
        "POST",
        f"{path}/decisions",
        {"decisions": [{"decision": "Stay with the carers.", "owner": "social worker"}]},
        version=held["version"],
    )
    assert decided.status_code == 201, decided.text
    assert ("decisions", "decisions") not in await office.owed()
    assert (await office.owed())["manager_response", "manager_response"]["owner_id"] == "swm-1"
    decision = decided.json()[0]
    agreed = await office.ask(
        "POST", f"/v1/decisions/{decision['id']}/agree", role=Role.SOCIAL_WORK_MANAGER, subject="swm-1", version=1
    )
    assert agreed.json()["state"] == "agreed"
    assert ("manager_response", "manager_response") not in await office.owed()


async def test_a_missing_plan_is_owed_an_escalation(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    path = f"/v1/reviews/{review['reference']}/children/P1"
    checks = [{"plan": "care", "present": True}, {"plan": "health", "present": False}]
    prepared = await office.ask("PATCH", path, {"plan_checks": checks}, version=review["version"])
    assert prepared.status_code == 200, prepared.text
    owed = (await office.owed())["missing_plan", "health"]
    assert (owed["due_on"], owed["reference"]) == (review["planned_on"], review["reference"])
    checks[1]["present"] = True
    await office.ask("PATCH", path, {"plan_checks": checks}, version=review["version"] + 1)
    assert ("missing_plan", "health") not in await office.owed()
