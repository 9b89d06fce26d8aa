"""Lists: what is shown, in which order, to whom, and that every look is written down."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.meetings.diary import DiaryEntryOut
from chassis.meetings.open_deadlines import DeadlineOut, DeadlinePage
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.enquiries.schemas import ConferenceRequestPage
from services.conferences.meetings.models import ChildConference
from services.conferences.meetings.schemas import ChildConferencePage
from services.conferences.plans.models import ProtectionPlan
from services.conferences.plans.schemas import PlanOut, PlanPage
from tests.support.conferences.desk import JSON, Desk, recent_working_day, working_days_ago
from tests.support.conferences.invented import FIRST, HISTORY, LAST, all_of
from tests.support.conferences.kept import a_child, a_conference, a_part, a_plan, a_protection, keep

DAY = timedelta(days=1)
LISTS: dict[str, tuple[Any, str, bool]] = {
    "/internal/deadlines": (DeadlinePage, "due_on", False),
    "/v1/protection-plans": (PlanPage, "starts_on", True),
    "/v1/conferences/children": (ChildConferencePage, "held_on", True),
    "/v1/conferences/section-47-enquiries": (ConferenceRequestPage, "started_on", True),
    "/v1/conferences/transfers-in": (ConferenceRequestPage, "started_on", True),
}


async def every(desk: Desk, path: str, limit: int = 200, **query: Any) -> list[JSON]:
    """A whole list, page after page, each of which keeps to its model."""
    model, found, given = LISTS[path][0], [], query | {"limit": limit}
    while True:
        answer = await desk.ask("GET", path, params=given)
        assert answer.status_code == 200, answer.text
        page = model.model_validate_json(answer.content, strict=True)
        assert all(row.keys() == type(item).model_fields.keys() for row, item in zip(answer.json()["items"], page.items, strict=True))  # fmt: skip
        assert len(page.items) <= limit
        found += answer.json()["items"]
        if page.next is None:
            return found
        given["cursor"] = page.next


def requests() -> list[ConferenceRequest]:
    """Enquiries and transfers of the first children: with and without a discussion, answered, not needed."""
    found = []
    for number in range(36):
        is_transfer = number % 3 == 0
        day = FIRST + DAY * (number // 2)
        event_on = None if number % 4 == 1 and not is_transfer else day
        answered = number % 5 == 0 and event_on is not None
        found.append(
            ConferenceRequest(
                kind="transfer_in" if is_transfer else "section_47_enquiry",
                request_id=f"E{number}",
                person_id=f"P{number % 10:03}",
                started_on=day,
                event_on=event_on,
                due_on=event_on and event_on + 21 * DAY,
                from_authority="Elsewhere" if is_transfer else None,
                conference_not_required=number % 7 == 0,
                conference_reference="CONF-2018-0001" if answered else None,
                answered_on=event_on and event_on + 9 * DAY if answered else None,
            )
        )
    return found


ASKED = requests()


async def test_every_list_is_paged_through_without_gap_or_repeat_and_in_order(desk: Desk) -> None:
    await keep(desk, [*HISTORY, *ASKED])
    await desk.held("K1", "K2", "K3")
    for path, (_, order, is_newest_first) in LISTS.items():
        whole = await every(desk, path)
        assert len(whole) >= 11
        days = [row[order] for row in whole]
        assert days == sorted(days, reverse=is_newest_first), path
        for limit in (1, 4, len(whole)):
            assert await every(desk, path, limit) == whole, (path, limit)


@pytest.mark.parametrize("path", [*LISTS, "/v1/invitations/missing-reports"])
async def test_a_cursor_or_a_limit_that_is_none_is_refused(desk: Desk, path: str) -> None:
    for name, wrong in (("cursor", ("!!", "bm9uc2Vuc2U", "e30", "WzEsMl0", "WyJ4IiwieSJd", "")), ("limit", (-1, 201, "some"))):  # fmt: skip
        for value in wrong:
            answer = await desk.ask("GET", path, params={name: value})
            assert [error["field"] for error in answer.json()["errors"]] == [name]


Is = Callable[[Any], bool]
MIDDLE = date(2019, 4, 1)
PLANS: list[tuple[JSON, Is]] = [
    ({}, lambda _: True),
    ({"person_id": "P007"}, lambda plan: plan.person_id == "P007"),
    ({"chair_id": "chair-2"}, lambda plan: plan.chair_id == "chair-2"),
    ({"area_id": "south", "team": "Team 1"}, lambda plan: plan.area_id == "south" and plan.team == "Team 1"),
    ({"category": "EMO"}, lambda plan: plan.latest_category == "EMO"),
    ({"started_from": MIDDLE}, lambda plan: plan.starts_on >= MIDDLE),
    ({"started_from": FIRST, "started_to": MIDDLE}, lambda plan: FIRST <= plan.starts_on <= MIDDLE),
    ({"ended_from": MIDDLE}, lambda plan: plan.ends_on is not None and plan.ends_on >= MIDDLE),
    ({"ended_from": FIRST, "ended_to": MIDDLE}, lambda plan: plan.ends_on is not None and FIRST <= plan.ends_on <= MIDDLE),
    ({"open_on": MIDDLE, "category": "NEG"}, lambda plan: plan.latest_category == "NEG" and plan.starts_on <= MIDDLE and (plan.ends_on is None or plan.ends_on > MIDDLE)),
]  # fmt: skip
PARTS: list[tuple[JSON, Is]] = [
    ({}, lambda _: True),
    ({"person_id": "P007"}, lambda part: part.person_id == "P007"),
    ({"kind": "initial"}, lambda part: part.kind == "initial"),
    ({"outcome": "ended", "area_id": "north"}, lambda part: part.outcome == "ended" and part.area_id == "north"),
    ({"category": "SAB"}, lambda part: part.category == "SAB"),
    ({"chair_id": "chair-2", "team": "Team 2"}, lambda part: part.chair_id == "chair-2" and part.team == "Team 2"),
    ({"held_from": FIRST, "held_to": LAST}, lambda part: FIRST <= part.held_on <= LAST),
    ({"late": True}, lambda part: part.held_on > part.due_on),
    ({"late": False}, lambda part: part.held_on <= part.due_on),
]


def waits(request: ConferenceRequest) -> bool:
    """Whether something asks for a conference that was not held yet."""
    return request.event_on is not None and request.answered_on is None and not request.conference_not_required


SINCE = FIRST + 5 * DAY
REQUESTS: list[tuple[JSON, Is]] = [
    ({}, lambda _: True),
    ({"person_id": "P003"}, lambda request: request.person_id == "P003"),
    ({"waiting": True}, waits),
    ({"waiting": False}, lambda request: not waits(request)),
    ({"started_from": SINCE}, lambda request: request.started_on >= SINCE),
    ({"started_to": SINCE, "waiting": True}, lambda request: waits(request) and request.started_on <= SINCE),
]


async def test_every_filter_shows_what_it_says_and_nothing_else(desk: Desk) -> None:
    await keep(desk, [*HISTORY, *ASKED])
    for path, rows, filters in (
        ("/v1/protection-plans", all_of(ProtectionPlan), PLANS),
        ("/v1/conferences/children", all_of(ChildConference), PARTS),
    ):
        for query, is_wanted in filters:
            wanted = {str(row.id) for row in rows if is_wanted(row)}
            assert wanted, query
            assert {row["id"] for row in await every(desk, path, **query)} == wanted, query
    for path, kind in (
        ("/v1/conferences/section-47-enquiries", "section_47_enquiry"),
        ("/v1/conferences/transfers-in", "transfer_in"),
    ):
        for query, is_wanted in REQUESTS:
            wanted = {request.request_id for request in ASKED if request.kind == kind and is_wanted(request)}
            assert wanted, query
            assert {row["request_id"] for row in await every(desk, path, **query)} == wanted, query


async def test_deadlines_are_found_by_each_of_their_facts(desk: Desk) -> None:
    await desk.held("P1", "P2")
    await desk.registered("P3", area_id="south", team="Team 2", social_worker_id="supervisor-1")
    await desk.enquired("P3", on=working_days_ago(30))
    path = "/internal/deadlines"
    whole = await every(desk, path)
    late = [deadline for deadline in whole if deadline["due_on"] < clock.today().isoformat()]
    assert {(deadline["person_id"], deadline["kind"], deadline["subject"]) for deadline in late} == {
        ("P3", "conference", "initial")
    }
    reference = next(deadline["reference"] for deadline in whole if deadline["kind"] == "record")
    soon = (clock.today() + 10 * DAY).isoformat()
    filters: list[tuple[JSON, Callable[[JSON], bool]]] = [
        ({"kind": "core_group"}, lambda deadline: deadline["kind"] == "core_group"),
        ({"subject": "first_review"}, lambda deadline: deadline["subject"] == "first_review"),
        ({"owner_role": "social_worker"}, lambda deadline: deadline["owner_role"] == "social_worker"),
        ({"owner_id": "worker-1"}, lambda deadline: deadline["owner_id"] == "worker-1"),
        ({"chair_id": "chair-1"}, lambda deadline: deadline["chair_id"] == "chair-1"),
        ({"area_id": "south"}, lambda deadline: deadline["area_id"] == "south"),
        ({"team": "Team 1"}, lambda deadline: deadline["team"] == "Team 1"),
        ({"person_id": "P2"}, lambda deadline: deadline["person_id"] == "P2"),
        ({"reference": reference}, lambda deadline: deadline["reference"] == reference),
        ({"due_from": soon}, lambda deadline: deadline["due_on"] >= soon),
        ({"due_to": soon}, lambda deadline: deadline["due_on"] <= soon),
        ({"overdue": True}, lambda deadline: deadline in late),
        ({"overdue": False}, lambda deadline: deadline not in late),
    ]
    for query, is_wanted in filters:
        found = await every(desk, path, **query)
        assert found == [deadline for deadline in whole if is_wanted(deadline)], query
        assert 0 < len(found) < len(whole), query
    for deadline in whole:
        assert deadline["days_left"] == (date.fromisoformat(deadline["due_on"]) - clock.today()).days
    assert {deadline["about"] for deadline in whole} == {"conference"}
    assert [DeadlineOut.model_validate(deadline) for deadline in whole]


async def test_deadlines_are_counted_by_the_same_filters(desk: Desk) -> None:
    """A badge says what the list shows, and shows no child."""
    await desk.held("P1", "P2")
    await desk.registered("P3", restricted=True)
    await desk.enquired("P3", on=working_days_ago(30))
    today, sunday = clock.today(), clock.today() + (6 - clock.today().weekday()) * DAY
    for query in ({}, {"kind": "core_group"}, {"person_id": ["P1", "P3"]}, {"overdue": True}):
        for role in (Role.CHAIR, Role.TEAM_MANAGER):
            listed = (await desk.get("/internal/deadlines", limit=200, role=role, **query))["items"]
            due = [date.fromisoformat(deadline["due_on"]) for deadline in listed]
            assert await desk.get("/internal/deadlines/counts", role=role, **query) == {
                "open": len(due),
                "overdue": sum(day < today for day in due),
                "due_today": due.count(today),
                "due_this_week": sum(today <= day <= sunday for day in due),
            }
    assert await desk.rows("SELECT 1 FROM chassis.audit_entry WHERE action = 'count_deadlines'") == []


async def test_a_diary_is_a_chairs_own_between_two_days_and_in_order(desk: Desk) -> None:
    await desk.registered("P1", "P2", "P3")
    await desk.enquired("P1", "P2", "P3")
    day = recent_working_day()
    late = await desk.planned("P1", on=day, planned_time="15:00")
    early = await desk.planned("P2", on=day, planned_time="09:30")
    await desk.planned("P3", on=day, chair_id="chair-2")
    first = day.isoformat()
    mine = await desk.get("/internal/diary", first=first)
    assert [conference["reference"] for conference in mine] == [early["reference"], late["reference"]]
    assert [DiaryEntryOut.model_validate(conference).about for conference in mine] == ["conference", "conference"]
    assert mine[0].keys() == DiaryEntryOut.model_fields.keys()
    other = await desk.get("/internal/diary", first=first, chair_id="chair-2")
    assert [conference["person_ids"] for conference in other] == [["P3"]]
    assert await desk.get("/internal/diary", first=(day + DAY).isoformat()) == []
    before = await desk.get("/internal/diary", first=(day - 9 * DAY).isoformat(), last=(day - DAY).isoformat())
    assert before == []
    for last in (day - DAY, day + 401 * DAY):
        answer = await desk.ask("GET", "/internal/diary", params={"first": day, "last": last})
        assert [error["field"] for error in answer.json()["errors"]] == ["last"]


async def test_one_plan_is_shown_with_its_version(desk: Desk) -> None:
    await desk.held()
    (plan,) = (await desk.get("/v1/children/P1/protection"))["plans"]
    answer = await desk.ask("GET", f"/v1/protection-plans/{plan['id']}")
    assert answer.headers["ETag"].startswith('"1-')
    PlanOut.model_validate_json(answer.content, strict=True)
    assert answer.json() == plan
    assert (await desk.ask("GET", f"/v1/protection-plans/{uuid4()}")).status_code == 404


def restricted_history() -> list[Any]:
    """A restricted child of chair-2 with a plan, a conference and an enquiry, kept before the record was restricted."""
    held = a_conference(1, MIDDLE, ["P1"])
    plan = a_plan("P1", MIDDLE)
    part = a_part(held, "P1", outcome="plan_made", plan_id=plan.id)
    asked = ConferenceRequest(kind="section_47_enquiry", request_id="E1", person_id="P1", started_on=MIDDLE)
    return [a_child("P1", restricted=True), a_protection("P1", chair_id="chair-2"), held, plan, part, asked]


async def test_restricted_records_are_for_their_chair_and_managers(desk: Desk) -> None:
    history = restricted_history()
    await keep(desk, history)
    plan = next(str(row.id) for row in history if isinstance(row, ProtectionPlan))
    paths = ("/v1/protection-plans", "/v1/conferences/children", "/v1/conferences/section-47-enquiries")
    for subject, role, many in (("chair-1", Role.CHAIR, 0), ("chair-2", Role.CHAIR, 1), ("boss", Role.TEAM_MANAGER, 1)):
        for path in paths:
            page = await desk.get(path, subject=subject, role=role)
            assert len(page["items"]) == many, (subject, path)
        for path in ("/internal/children/P1/timeline", f"/v1/protection-plans/{plan}"):
            answer = await desk.ask("GET", path, subject=subject, role=role)
            assert answer.status_code == (200 if many else 404), (subject, path)


async def test_whoever_looks_is_written_down_with_whom_they_saw(desk: Desk) -> None:
    await desk.held("P1", "P2")
    await desk.done(
        "PUT",
        "/v1/conferences/transfers-in/T1",
        {"person_id": "P2", "notified_on": working_days_ago(3).isoformat(), "from_authority": "Elsewhere"},
        status=201,
        role=Role.CASE_MANAGEMENT,
        subject="case-management",
    )
    (plan,) = (await desk.get("/v1/children/P1/protection"))["plans"]
    paths = {
        "/internal/deadlines": ["P1", "P2"],
        f"/internal/diary?chair_id=chair-1&first={recent_working_day()}": ["P1", "P2"],
        "/v1/protection-plans": ["P1", "P2"],
        f"/v1/protection-plans/{plan['id']}": ["P1"],
        "/v1/conferences/children?person_id=P2": ["P2"],
        "/v1/conferences/section-47-enquiries": ["P1", "P2"],
        "/v1/conferences/transfers-in": ["P2"],
        "/internal/children/P1/timeline": ["P1"],
        "/internal/deadlines?person_id=P2": ["P2"],
    }
    for path, seen in paths.items():
        await desk.done("GET", path, role=Role.TEAM_MANAGER, subject="looker", headers={"Access-Reason": "Check"})
        entry = (await desk.rows("SELECT * FROM chassis.audit_entry WHERE caller = 'looker' ORDER BY id DESC"))[0]
        assert (sorted(entry["person_ids"]), entry["why"]) == (seen, "Check"), path
    assert len(await desk.rows("SELECT 1 FROM chassis.audit_entry WHERE caller = 'looker'")) == len(paths)
    for path in paths:
        assert (await desk.ask("GET", path, role=Role.PERFORMANCE_ANALYST)).status_code == 403
