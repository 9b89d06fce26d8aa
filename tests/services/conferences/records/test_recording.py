"""The outline plan and the record of a conference: written in stages, completed, distributed."""

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_working_days
from tests.support.conferences.desk import Desk, coming_working_day, working_days_ago
from tests.support.conferences.recording import RECORD, step


async def test_a_record_is_written_in_stages_completed_and_distributed(desk: Desk) -> None:
    held = await desk.held()
    first = await step(desk, held, "record", {"past_harm": RECORD["past_harm"]})
    written = await step(desk, first, "record", {name: RECORD[name] for name in RECORD if name != "past_harm"})
    whole = await desk.get(f"/v1/conferences/{held['reference']}")
    assert whole["record"]["past_harm"] == RECORD["past_harm"]
    assert whole["record"]["next_steps"] == RECORD["next_steps"]
    assert whole["safety_scores"] == RECORD["safety_scores"]
    assert whole["record_template"] == "signs-of-safety-1"
    done = await step(desk, written, "record/complete")
    assert done["record_on"] == clock.today().isoformat()
    assert await desk.owed(kind="record") == []
    sent = await step(desk, done, "record/distribute", {"recipients": ["Mother", "School"]})
    more = await step(desk, sent, "record/distribute", {"recipients": ["School", "GP"]})
    assert more["distributed_to"] == ["Mother", "School", "GP"]
    assert [len(await desk.published(f"conference.record_{stage}")) for stage in ("completed", "distributed")] == [1, 2]


async def test_a_complete_record_stays_as_it_is(desk: Desk) -> None:
    held = await desk.held()
    done = await step(desk, await step(desk, held, "record", RECORD), "record/complete")
    path = f"/v1/conferences/{held['reference']}/record"
    answer = await desk.ask("PATCH", path, {"working_well": ["More."]}, version=done["version"])
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conference-record-complete")
    assert (await desk.ask("POST", f"{path}/complete", {}, version=done["version"])).status_code == 409


@pytest.mark.parametrize(
    ("left_out", "field"),
    [
        (("past_harm", "future_danger"), "past_harm"),
        (("working_well",), "working_well"),
        (("safety_goals", "next_steps"), "safety_goals"),
    ],
)
async def test_a_record_is_complete_when_it_says_everything(desk: Desk, left_out: tuple[str, ...], field: str) -> None:
    held = await desk.held()
    written = await step(desk, held, "record", {k: v for k, v in RECORD.items() if k not in left_out})
    path = f"/v1/conferences/{held['reference']}/record/complete"
    answer = await desk.ask("POST", path, {}, version=written["version"])
    assert answer.status_code == 422
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [(field, "required")]
    assert len(await desk.owed(kind="record")) == 1


async def test_what_is_blank_says_nothing(desk: Desk) -> None:
    held = await desk.held()
    blank = {"working_well": [" "], "safety_goals": [], "next_steps": [{"step": " ", "owner": "nobody"}]}
    written = await step(desk, held, "record", RECORD | blank)
    path = f"/v1/conferences/{held['reference']}/record/complete"
    answer = await desk.ask("POST", path, {}, version=written["version"])
    assert [error["field"] for error in answer.json()["errors"]] == ["working_well", "safety_goals"]


async def test_steps_come_in_their_order(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    path = f"/v1/conferences/{conference['reference']}"
    for method, way in (("PATCH", "record"), ("POST", "record/complete"), ("POST", "outline-plan/send")):
        answer = await desk.ask(method, f"{path}/{way}", {}, version=1)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conference-not-held")
    held = (await desk.hold(conference)).json()
    early = await desk.ask("POST", f"{path}/record/distribute", {"recipients": ["GP"]}, version=held["version"])
    assert early.json()["type"] == "/problems/conference-record-incomplete"
    written = await step(desk, held, "record", RECORD)
    for day, rule in ((coming_working_day(1), "not_in_the_future"), (working_days_ago(9), "in_order")):
        body = {"completed_on": day.isoformat()}
        answer = await desk.ask("POST", f"{path}/record/complete", body, version=written["version"])
        assert answer.json()["errors"][0]["rule"] == rule


async def test_the_outline_plan_goes_out_once_and_only_where_there_is_a_plan(desk: Desk) -> None:
    held = await desk.held()
    assert len(await desk.owed(kind="outline_plan")) == 1
    sent = await step(desk, held, "outline-plan/send", role=Role.BUSINESS_SUPPORT)
    assert sent["outline_plan_on"] == clock.today().isoformat()
    assert await desk.owed(kind="outline_plan") == []
    assert len(await desk.published("conference.outline_plan_sent")) == 1
    path = f"/v1/conferences/{held['reference']}/outline-plan/send"
    assert (await desk.ask("POST", path, {}, version=sent["version"])).status_code == 409


async def test_there_is_nothing_to_outline_where_no_plan_was_made(desk: Desk) -> None:
    held = await desk.held(children=[desk.outcome(outcome="not_made", category=None)])
    path = f"/v1/conferences/{held['reference']}/outline-plan/send"
    answer = await desk.ask("POST", path, {}, version=held["version"])
    assert answer.json()["type"] == "/problems/no-plan-to-outline"


async def test_the_record_is_due_after_fifteen_working_days(desk: Desk) -> None:
    held = await desk.held()
    (owed,) = await desk.owed(kind="record")
    assert owed["due_on"] == add_working_days(owed["event_on"], 15)
    assert held["record_due_on"] == owed["due_on"].isoformat()


async def test_who_may_not_complete(desk: Desk) -> None:
    held = await desk.held()
    written = await step(desk, held, "record", RECORD, role=Role.BUSINESS_SUPPORT)
    path = f"/v1/conferences/{held['reference']}/record/complete"
    answer = await desk.ask("POST", path, {}, version=written["version"], role=Role.BUSINESS_SUPPORT)
    assert answer.status_code == 403
