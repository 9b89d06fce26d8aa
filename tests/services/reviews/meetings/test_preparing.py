"""Before a review: the child is asked, people are invited, plans are looked at, and the social worker reports."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from chassis.base import clock
from chassis.law.working_days import add_working_days, subtract_working_days
from services.reviews.jobs import JOBS
from services.reviews.meetings.schemas import ChildReviewOut, InvitationOut
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.reviews.planning import PANEL, everything

TELL_MISSED = next(job for job in JOBS if job.name == "tell_missed_deadlines")
REPORT = ("social_worker_report", "social_worker_report")
MEETING_ON = add_working_days(clock.today(), 10)


async def prepare(office: Office, review: JSON, person_id: str = "P1", **said: Any) -> Any:
    """Write down how a child's review is prepared, on the review as it is now."""
    path = f"/v1/reviews/{review['reference']}"
    version = said.pop("version", None) or (await office.get(path))["version"]
    return await office.ask("PATCH", f"{path}/children/{person_id}", said, version=version)


async def test_each_child_is_asked_and_consulted_on_their_own(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    review = await office.planned("P1", "P2", on=MEETING_ON)
    sent, returned = days_ago(5).isoformat(), days_ago(2).isoformat()
    first = await prepare(office, review, contacted_beforehand_on=sent, consultation_sent_on=sent)
    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    ChildReviewOut.model_validate_json(first.content, strict=True)
    second = (await prepare(office, review, consultation_returned_on=returned)).json()
    assert (second["contacted_beforehand_on"], second["consultation_sent_on"]) == (sent, sent)
    assert second["consultation_returned_on"] == returned
    undone = (await prepare(office, review, contacted_beforehand_on=None)).json()
    assert (undone["contacted_beforehand_on"], undone["consultation_sent_on"]) == (None, sent)
    whole = await office.get(f"/v1/reviews/{review['reference']}")
    assert whole["children"][1]["consultation_sent_on"] is None
    audited = await office.audited("prepare_review")
    assert [(entry["person_ids"], entry["record"]) for entry in audited] == [(["P1"], review["reference"])] * 3


async def test_the_report_is_the_social_workers_and_due_3_working_days_before_the_meeting(office: Office) -> None:
    await office.registered("P1", social_worker_id="chair-3")
    await office.registered("P2")
    review = await office.planned("P1", "P2", on=MEETING_ON)
    due_on = subtract_working_days(MEETING_ON, 3).isoformat()
    owed = (await office.owed())[REPORT]
    assert (owed["due_on"], owed["owner_role"], owed["owner_id"]) == (due_on, "social_worker", "chair-3")
    done = (await prepare(office, review, social_worker_report_on=days_ago(0).isoformat())).json()
    assert (done["social_worker_report_due_on"], done["social_worker_report_on"]) == (due_on, days_ago(0).isoformat())
    assert REPORT not in await office.owed("P1")
    assert REPORT in await office.owed("P2")

    moved_to = add_working_days(MEETING_ON, 4)
    path = f"/v1/reviews/{review['reference']}"
    await office.ask("PATCH", path, {"planned_on": moved_to.isoformat()}, version=2)
    assert REPORT not in await office.owed("P1")
    later = subtract_working_days(moved_to, 3).isoformat()
    assert (await office.owed("P2"))[REPORT]["due_on"] == later

    await prepare(office, review, social_worker_report_on=None)
    assert (await office.owed("P1"))[REPORT]["due_on"] == later


async def test_the_panel_on_a_secure_placement_has_no_social_workers_report(office: Office) -> None:
    await office.registered(placement="K1")
    review = await office.planned(sequence="secure", chair_id="chair-2", panel=PANEL)
    assert review["children"][0]["social_worker_report_due_on"] is None
    await prepare(office, review, social_worker_report_on=None)
    await office.ask("PATCH", f"/v1/reviews/{review['reference']}", {"planned_on": MEETING_ON.isoformat()}, version=2)
    assert REPORT not in await office.owed()


async def test_plans_are_looked_at_with_their_date_and_quality(office: Office) -> None:
    await office.registered()
    review = await office.planned(on=MEETING_ON)
    checks: list[JSON] = [
        {"plan": "care", "present": True, "dated_on": days_ago(3).isoformat(), "quality": "amber"},
        {"plan": "education", "present": False, "dated_on": None, "quality": None},
        # No ten-year-old needs one, so that there is none is not owed.
        {"plan": "pathway", "present": False, "dated_on": None, "quality": None},
    ]
    looked_at = (await prepare(office, review, plan_checks=checks)).json()
    assert looked_at["plan_checks"] == checks
    owed = await office.owed()
    assert {subject for kind, subject in owed if kind == "missing_plan"} == {"education"}
    assert owed["missing_plan", "education"]["due_on"] == MEETING_ON.isoformat()
    await prepare(office, review, plan_checks=checks[:1])
    assert ("missing_plan", "education") not in await office.owed()


async def test_whoever_was_told_of_a_missing_plan_is_not_told_again(office: Office) -> None:
    await office.registered()
    review = await office.planned(on=clock.today())
    checks = [{"plan": "care", "present": False}]
    await prepare(office, review, plan_checks=checks)
    with clock.shifted(timedelta(days=2)):
        await TELL_MISSED.run(office.client.process, "", clock.now())
        await prepare(office, review, plan_checks=[*checks, {"plan": "health", "present": False}])
        await TELL_MISSED.run(office.client.process, "", clock.now())
    missed = [
        event["subject"] for event in await office.published("deadline.missed") if event["kind"] == "missing_plan"
    ]
    assert missed == ["care", "health"]


TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
TWICE = [{"plan": "care", "present": True}, {"plan": "care", "present": False}]
WRONG: list[tuple[JSON, dict[str, str]]] = [
    ({"contacted_beforehand_on": TOMORROW}, {"contacted_beforehand_on": "not_in_the_future"}),
    ({"consultation_sent_on": TOMORROW}, {"consultation_sent_on": "not_in_the_future"}),
    ({"social_worker_report_on": TOMORROW}, {"social_worker_report_on": "not_in_the_future"}),
    ({"consultation_returned_on": days_ago(6).isoformat()}, {"consultation_returned_on": "after_it_was_sent"}),
    (
        {"plan_checks": [{"plan": "care", "present": True, "dated_on": TOMORROW}]},
        {"plan_checks.0.dated_on": "not_in_the_future"},
    ),
    ({"plan_checks": TWICE}, {"plan_checks.0.plan": "once", "plan_checks.1.plan": "once"}),
    ({"plan_checks": [{"plan": "flight", "present": True}]}, {"plan_checks.0.plan": "enum"}),
    ({"social_worker_report_due_on": TOMORROW}, {"social_worker_report_due_on": "extra_forbidden"}),
    ({"due_on": TOMORROW}, {"due_on": "extra_forbidden"}),
]


@pytest.mark.parametrize(("said", "wrong"), WRONG)
async def test_a_preparation_that_cannot_be_so_is_refused(office: Office, said: JSON, wrong: dict[str, str]) -> None:
    await office.registered()
    review = await office.planned()
    await prepare(office, review, consultation_sent_on=days_ago(5).isoformat())
    before = await everything(office)
    assert office.problem(await prepare(office, review, version=2, **said)) == wrong
    assert await everything(office) == before


async def test_a_preparation_is_written_on_the_version_that_was_read_and_loses_nothing(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    review = await office.planned("P1", "P2")
    path = f"/v1/reviews/{review['reference']}/children/P1"
    before = await everything(office)
    assert (await office.ask("PATCH", path, {})).status_code == 428
    assert (await prepare(office, review, version=9)).status_code == 412
    assert (await prepare(office, review, "P3", version=1)).status_code == 404
    assert await everything(office) == before
    day = days_ago(1).isoformat()
    answers = await asyncio.gather(
        prepare(office, review, "P1", version=1, contacted_beforehand_on=day),
        prepare(office, review, "P2", version=1, contacted_beforehand_on=day),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_what_was_beforehand_can_be_written_down_after_the_review_and_never_after_a_cancelled_one(
    office: Office,
) -> None:
    await office.registered("P1")
    await office.registered("P2")
    held = (await office.hold(await office.planned("P1"), on=days_ago(3))).json()
    late = await prepare(office, held, contacted_beforehand_on=days_ago(2).isoformat())
    assert office.problem(late) == {"contacted_beforehand_on": "before_the_review"}
    asked = await prepare(office, held, contacted_beforehand_on=days_ago(4).isoformat(), social_worker_report_on=None)
    assert asked.status_code == 200
    assert REPORT not in await office.owed("P1")

    review = await office.planned("P2")
    await office.ask("POST", f"/v1/reviews/{review['reference']}/cancel", {"reason": "Ill."}, version=1)
    refused = await prepare(office, review, "P2", contacted_beforehand_on=days_ago(4).isoformat())
    assert (refused.status_code, refused.json()["state"]) == (409, "cancelled")


async def test_people_are_invited_for_all_children_or_for_some(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    review = await office.planned("P1", "P2")
    path = f"/v1/reviews/{review['reference']}/invitations"
    guest: JSON = {"name": "Nan", "relationship": "relative"}
    answer = await office.ask("POST", path, {"invitations": [guest]}, version=1)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"2"')
    (invited,) = TypeAdapter(list[InvitationOut]).validate_json(answer.content, strict=True)
    assert invited.person_ids == ["P1", "P2"]
    other = guest | {"person_ids": ["P2"], "email": "nan@example.org"}
    some = (await office.ask("POST", path, {"invitations": [other]}, version=2)).json()[0]
    assert (some["person_ids"], some["email"]) == (["P2"], "nan@example.org")
    assert [entry["person_ids"] for entry in await office.audited("invite")] == [["P1", "P2"], ["P2"]]

    before = await everything(office)
    for wrong, fields in (
        ({"person_ids": ["P2", "P3"]}, {"invitations.1.person_ids.1": "of_this_review"}),
        ({"relationship": "friend"}, {"invitations.1.relationship": "enum"}),
        ({"email": "nobody"}, {"invitations.1.email": "value_error"}),
    ):
        both = {"invitations": [guest, guest | wrong]}
        assert office.problem(await office.ask("POST", path, both, version=3)) == fields
    twice = {"invitations": [guest | {"person_ids": ["P1", "P1"]}]}
    assert list(office.problem(await office.ask("POST", path, twice, version=3))) == ["invitations.0.person_ids"]
    assert (await office.ask("POST", path, {"invitations": [guest]})).status_code == 428
    assert (await office.ask("POST", path, {"invitations": [guest]}, version=1)).status_code == 412
    assert await everything(office) == before
