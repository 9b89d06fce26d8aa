"""A child's timeline: all that happened, from the first enquiry on, and nothing of other children."""

from datetime import date, timedelta
from typing import Any

from chassis.access.callers import Role
from chassis.meetings.timeline import TimelineEntryOut
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.core_groups.models import CoreGroup
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.feedback.models import Feedback
from services.conferences.proposals.models import RaisedEscalation
from tests.support.conferences.desk import JSON, Desk, recent_working_day, working_days_ago
from tests.support.conferences.kept import a_child, a_conference, a_part, a_plan, keep

FIRST = date(2018, 6, 4)
DAY = timedelta(days=1)


async def timeline(desk: Desk, person_id: str = "P1") -> list[JSON]:
    """The entries, which keep to their model."""
    rows = await desk.get(f"/internal/children/{person_id}/timeline")
    assert [TimelineEntryOut.model_validate(row) for row in rows] or not rows
    return list(rows)


async def test_a_strategy_discussion_is_told_only_where_one_was_held(desk: Desk) -> None:
    """An enquiry without one is counted from its start; the timeline does not make one up."""
    await desk.registered()
    await desk.enquired(on=working_days_ago(9), strategy_discussion_on=None)
    assert [entry["what"] for entry in await timeline(desk)] == ["enquiry_started"]
    (enquiry,) = (await desk.get("/v1/conferences/section-47-enquiries?person_id=P1"))["items"]
    assert enquiry["strategy_discussion_on"] is None
    assert enquiry["event_on"] == working_days_ago(9).isoformat()


async def test_what_was_lived_through_is_told_in_order(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired(on=working_days_ago(70))
    held = await desk.hold(await desk.planned(on=working_days_ago(60)))
    first = held.json()["reference"]
    ended = await desk.reviewed(on=working_days_ago(5), outcome="ended")
    found = await timeline(desk)
    assert [(entry["on"], entry["what"], entry["reference"]) for entry in found] == [
        (working_days_ago(70).isoformat(), "enquiry_started", None),
        (working_days_ago(70).isoformat(), "strategy_discussion_held", None),
        (working_days_ago(60).isoformat(), "conference_held", first),
        (working_days_ago(60).isoformat(), "plan_started", first),
        (working_days_ago(5).isoformat(), "conference_held", ended["reference"]),
        (working_days_ago(5).isoformat(), "plan_ended", ended["reference"]),
    ]
    conferences = [entry["details"] for entry in found if entry["what"] == "conference_held"]
    assert [(conference["kind"], conference["outcome"], conference["in_time"]) for conference in conferences] == [
        ("initial", "plan_made", True),
        ("first_review", "ended", conferences[1]["in_time"]),
    ]
    assert found[-1]["details"] == {"end_reason": "conference", "latest_category": "NEG"}


def everything(person_id: str) -> list[Any]:
    """A child of whom every kind of thing is known."""
    first = a_conference(1, FIRST, [person_id], outline_plan_on=FIRST + DAY, record_on=FIRST + 20 * DAY, distributed_on=FIRST + 22 * DAY)  # fmt: skip
    second = a_conference(2, FIRST + 80 * DAY, [person_id], chair_id="chair-2")
    third = a_conference(3, FIRST + 200 * DAY, [person_id], chair_id="chair-2")
    off = a_conference(4, None, [person_id], state="cancelled", cancelled_on=FIRST + 230 * DAY, cancelled_because="Snow.")  # fmt: skip
    plan = a_plan(person_id, FIRST)
    about: JSON = {"person_id": person_id, "reference": first.reference}
    met: JSON = {"event_on": FIRST, "recorded_on": FIRST, "recorded_by": "chair-1"}
    checked: JSON = {"done_by": "chair-1", "visits_in_time": True, "core_groups_held": True}
    discussed: JSON = {"plan_id": plan.id, "due_on": FIRST + 364 * DAY, "led_by": "chair-2", "chair_id": "chair-1"}
    return [
        first, second, third, off, plan,
        *(a_part(conference, person_id, plan_id=plan.id) for conference in (first, second, third)),
        a_part(off, person_id, cancelled=True),
        ConferenceRequest(kind="transfer_in", request_id=f"T-{person_id}", person_id=person_id, started_on=FIRST - 9 * DAY, event_on=FIRST - 9 * DAY, due_on=FIRST, from_authority="Elsewhere"),
        CoreGroup(**about, **met, due_on=FIRST + 12 * DAY, held_on=FIRST + 11 * DAY),
        CoreGroup(**about, **met, due_on=FIRST + 40 * DAY, missed_because="Nobody came."),
        PlanCheck(**about, **checked, kind="midway", done_on=FIRST + 45 * DAY, concern="Said in confidence.", concern_to="team_manager"),
        TwelveMonthDiscussion(person_id=person_id, held_on=FIRST + 350 * DAY, conclusion="It goes on.", **discussed),
        Feedback(reference=first.reference, person_ids=[person_id], from_whom="child", rating="green", comment="Said in confidence.", given_on=FIRST + 2 * DAY, recorded_by="chair-1"),
        Feedback(reference=first.reference, person_ids=["P2"], from_whom="child", rating="red", given_on=FIRST + 2 * DAY, recorded_by="chair-1"),
        RaisedEscalation(reference="ESC-2018-0007", conference_reference=first.reference, formal=True, raised_on=FIRST + 3 * DAY),
    ]  # fmt: skip


async def test_every_kind_of_thing_that_happened_is_told(desk: Desk) -> None:
    await keep(desk, [a_child("P1"), a_child("P2"), *everything("P1")])
    found = await timeline(desk)
    days = {((date.fromisoformat(entry["on"]) - FIRST).days, entry["what"]) for entry in found}
    assert len(found) == len(days)
    assert [entry["on"] for entry in found] == sorted(entry["on"] for entry in found)
    assert days == {
        (-9, "transfer_notified"),
        (0, "conference_held"),
        (0, "plan_started"),
        (1, "outline_plan_sent"),
        (2, "feedback_given"),
        (3, "escalation_raised"),
        (11, "core_group_held"),
        (20, "record_completed"),
        (22, "record_distributed"),
        (40, "core_group_missed"),
        (45, "plan_checked"),
        (80, "conference_held"),
        (80, "chair_changed"),
        (200, "conference_held"),
        (230, "conference_cancelled"),
        (350, "twelve_month_discussion_held"),
    }
    details = {entry["what"]: entry["details"] for entry in found}
    assert details["chair_changed"] == {"chair_id": "chair-2", "previous_chair_id": "chair-1"}
    assert details["feedback_given"] == {"from_whom": "child", "rating": "green"}
    assert details["escalation_raised"] == {"reference": "ESC-2018-0007", "formal": True}
    assert details["plan_checked"]["concern_to"] == "team_manager"
    assert "confidence" not in str(found), "what somebody wrote stays where it is"
    assert await timeline(desk, "P2") == []


async def test_a_child_who_is_not_known_has_none(desk: Desk) -> None:
    assert (await desk.ask("GET", "/internal/children/P9/timeline")).status_code == 404
    answer = await desk.ask("GET", "/internal/children/P1/timeline", role=Role.PERFORMANCE_ANALYST)
    assert answer.status_code == 403


async def test_siblings_have_each_their_own(desk: Desk) -> None:
    children = [desk.outcome("P1"), desk.outcome("P2", outcome="not_made", category=None)]
    await desk.held("P1", "P2", children=children)
    held = {entry["on"] for entry in await timeline(desk, "P2") if entry["what"] == "conference_held"}
    assert held == {recent_working_day().isoformat()}
    assert "plan_started" not in {entry["what"] for entry in await timeline(desk, "P2")}
    assert "plan_started" in {entry["what"] for entry in await timeline(desk, "P1")}
