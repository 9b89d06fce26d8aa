"""Closing a conference: what was missing is proposed, and the chair confirms or dismisses each."""

import asyncio

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import (
    GP,
    HEALTH_VISITOR,
    JSON,
    MOTHER,
    NOTIFICATIONS,
    OBSERVER,
    SCHOOL,
    SOCIAL_WORKER,
    Desk,
)


async def held_without_some(desk: Desk) -> JSON:
    """A conference at which the practice and the school failed in different ways, and nobody else did."""
    await desk.registered("P1", "P2")
    await desk.enquired("P1", "P2")
    conference = await desk.planned("P1", "P2")
    wanted = (SOCIAL_WORKER | {"report_expected": False}, GP, SCHOOL, MOTHER, OBSERVER)
    worker, practice, school, mother, observer = await desk.invited(conference, *wanted)
    came = {
        worker["id"]: "attended",
        practice["id"]: "neither",
        school["id"]: "apologies",
        mother["id"]: "neither",
        observer["id"]: "neither",
    }
    answer = await desk.hold(conference, attendance=came)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_what_was_missing_is_proposed_with_its_reason(desk: Desk) -> None:
    conference = await held_without_some(desk)
    practice, school = await desk.closed(conference)
    assert (practice["agency_role"], practice["reason"]) == ("gp", "no_report_no_apologies")
    assert (school["agency_role"], school["reason"]) == ("safeguarding-lead", "no_report_sent_apologies")
    assert practice["professional_name"] == GP["name"] and practice["professional_team"] == GP["team"]
    assert practice["person_ids"] == ["P1", "P2"] and practice["state"] == "proposed"
    (owed,) = [*await desk.owed("P1", "proposals"), *await desk.owed("P2", "proposals")]
    assert (owed["chair_id"], owed["due_on"]) == ("chair-1", clock.today())
    assert (await desk.published("conference.closed"))[0]["proposals"] == 2
    found = await desk.get("/v1/conferences/proposals", state="proposed", chair_id="chair-1")
    assert {proposal["id"] for proposal in found["items"]} == {practice["id"], school["id"]}


async def test_nothing_is_proposed_where_nothing_was_missing(desk: Desk) -> None:
    conference = await desk.held(invite=[SOCIAL_WORKER | {"report_expected": False}, MOTHER])
    assert await desk.closed(conference) == []
    assert await desk.owed(kind="proposals") == []
    assert (await desk.get(f"/v1/conferences/{conference['reference']}"))["state"] == "closed"


async def test_it_is_closed_when_everybodys_attendance_is_known(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    path = f"/v1/conferences/{conference['reference']}/close"
    assert (await desk.ask("POST", path, version=1)).status_code == 409
    await desk.invited(conference, GP, HEALTH_VISITOR)
    held = (await desk.hold(conference)).json()
    answer = await desk.ask("POST", path, version=held["version"])
    assert answer.status_code == 422
    assert [error["rule"] for error in answer.json()["errors"]] == ["known_for_all"] * 2
    assert await desk.rows("SELECT FROM proposal") == []


async def test_all_is_decided_in_one_request_and_told_once(desk: Desk) -> None:
    conference = await held_without_some(desk)
    practice, school = await desk.closed(conference)
    body = {
        "decisions": [
            {"proposal_id": practice["id"], "confirm": True},
            {"proposal_id": school["id"], "confirm": False, "dismissed_because": "They had called."},
        ]
    }
    path = f"/v1/conferences/{conference['reference']}/proposals/decide"
    rows = await desk.done("POST", path, body)
    assert [proposal["state"] for proposal in rows] == ["confirmed", "dismissed"]
    assert rows[0]["decided_by"] == "chair-1" and rows[1]["dismissed_because"] == "They had called."
    (event,) = await desk.published("conference.escalations_confirmed")
    assert event["proposal_ids"] == [practice["id"]]
    assert await desk.owed(kind="proposals") == []
    asked = f"/internal/conferences/{conference['reference']}/proposals/confirmed"
    (confirmed,) = await desk.get(asked, role=Role.SERVICE, subject="escalations")
    assert (confirmed["id"], confirmed["owner_id"]) == (practice["id"], "chair-1")
    assert (confirmed["meeting_on"], confirmed["decided_on"]) == (conference["held_on"], clock.today().isoformat())
    again = await desk.ask("POST", path, body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/proposal-decided")
    assert len(await desk.published("conference.escalations_confirmed")) == 1


async def test_what_is_decided_in_part_stays_owed(desk: Desk) -> None:
    conference = await held_without_some(desk)
    practice, school = await desk.closed(conference)
    await desk.decided(conference, practice)
    assert len(await desk.owed(kind="proposals")) == 1
    await desk.decided(conference, school, because="They had called.")
    assert await desk.owed(kind="proposals") == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ([{"confirm": False}], ("decisions.0.confirm", "reason_to_dismiss")),
        ([{"confirm": True, "dismissed_because": "Because."}], ("decisions.0.confirm", "reason_to_dismiss")),
        ([], ("decisions", "too_short")),
    ],
)
async def test_a_proposal_is_confirmed_or_dismissed_with_a_reason(
    desk: Desk, said: list[JSON], wrong: tuple[str, str]
) -> None:
    conference = await held_without_some(desk)
    practice, _ = await desk.closed(conference)
    body = {"decisions": [{"proposal_id": practice["id"]} | decision for decision in said]}
    path = f"/v1/conferences/{conference['reference']}/proposals/decide"
    answer = await desk.ask("POST", path, body)
    assert answer.status_code == 422
    assert wrong in {(error["field"], error["rule"]) for error in answer.json()["errors"]}


async def test_all_or_none_is_decided(desk: Desk) -> None:
    conference = await held_without_some(desk)
    practice, school = await desk.closed(conference)
    path = f"/v1/conferences/{conference['reference']}/proposals/decide"
    strange = {"proposal_id": "018f0000-0000-7000-8000-000000000000", "confirm": True}
    for others, rule in (
        ([strange], "of_this_conference"),
        ([{"proposal_id": practice["id"], "confirm": True}], "once"),
    ):
        body = {"decisions": [{"proposal_id": practice["id"], "confirm": True}, *others]}
        answer = await desk.ask("POST", path, body)
        assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (422, rule)
    await desk.decided(conference, school)
    body = {"decisions": [{"proposal_id": proposal["id"], "confirm": True} for proposal in (practice, school)]}
    assert (await desk.ask("POST", path, body)).status_code == 409
    states = {row["state"] for row in await desk.rows("SELECT state FROM proposal WHERE agency_role = 'gp'")}
    assert states == {"proposed"}


async def test_two_who_decide_at_once_raise_it_once(desk: Desk) -> None:
    conference = await held_without_some(desk)
    practice, _ = await desk.closed(conference)
    path = f"/v1/conferences/{conference['reference']}/proposals/decide"
    body = {"decisions": [{"proposal_id": practice["id"], "confirm": True}]}
    answers = await asyncio.gather(*(desk.ask("POST", path, body, subject=f"chair-{n}") for n in (1, 2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await desk.published("conference.escalations_confirmed")) == 1


async def test_it_is_closed_once(desk: Desk) -> None:
    conference = await held_without_some(desk)
    path = f"/v1/conferences/{conference['reference']}/close"
    answers = await asyncio.gather(*(desk.ask("POST", path, version=conference["version"]) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert len(await desk.rows("SELECT FROM proposal")) == 2
    again = await desk.ask("POST", path, version=conference["version"] + 1)
    assert again.json()["type"] == "/problems/conference-closed-already"


async def test_who_may_not_close_or_decide(desk: Desk) -> None:
    conference = await held_without_some(desk)
    path = f"/v1/conferences/{conference['reference']}"
    for role in (Role.BUSINESS_SUPPORT, Role.SOCIAL_WORK_MANAGER, Role.PERFORMANCE_ANALYST):
        assert (await desk.ask("POST", f"{path}/close", version=conference["version"], role=role)).status_code == 403
        body = {"decisions": [{"proposal_id": "018f0000-0000-7000-8000-000000000000", "confirm": True}]}
        assert (await desk.ask("POST", f"{path}/proposals/decide", body, role=role)).status_code == 403
    asked = f"/internal/conferences/{conference['reference']}/proposals/confirmed"
    assert (await desk.ask("GET", asked)).status_code == 403


async def test_the_digest_lists_once_what_concerns_several_children(desk: Desk) -> None:
    conference = await held_without_some(desk)
    await desk.closed(conference)
    digest = await desk.get("/internal/conference-deadlines/digest", **NOTIFICATIONS)
    children = {entry["kind"]: entry["children"] for entry in digest}
    # Over Christmas the core group is due too late to be listed.
    assert {"core_group": 2} | children == {"outline_plan": 2, "proposals": 1, "core_group": 2}
    assert {entry["conference_reference"] for entry in digest} == {conference["reference"]}
