"""Planning a review: what it is for each child, when it is due by which rule, who may chair it, and who is invited."""

import asyncio
from datetime import timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months, add_working_days, subtract_working_days
from services.reviews.meetings.schemas import MeetingOut, WholeReviewOut
from services.reviews.rules.vocabulary import EarlyTrigger
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.reviews.planning import PANEL, everything, plan, reviewed_before


async def test_a_review_is_planned_with_what_it_is_when_it_is_due_and_why(office: Office) -> None:
    since = days_ago(10)
    await office.registered(since=since)
    answer = await plan(office, planned_time="14:30", mode="hybrid", venue="Town Hall")
    assert answer.status_code == 201, answer.text
    planned = MeetingOut.model_validate_json(answer.content, strict=True)
    assert answer.headers["Location"] == f"/v1/reviews/{planned.reference}"
    assert (answer.headers["ETag"], planned.state, planned.chair_id) == ('"1"', "planned", "chair-1")
    (part,) = planned.children
    assert (part.track, part.kind, part.event_on) == ("care", "first", since)
    assert part.due_on == add_working_days(since, 20)
    assert part.rule is not None
    assert "20 working days" in part.rule
    assert "regulation 33(1)" in part.rule
    assert part.social_worker_report_due_on == subtract_working_days(clock.today(), 3)
    owed = await office.owed()
    assert owed["review", "first"]["reference"] == planned.reference
    assert owed["social_worker_report", "social_worker_report"]["owner_role"] == "social_worker"

    whole = await office.get(answer.headers["Location"])
    WholeReviewOut.model_validate(whole)
    assert whole | {"warnings": []} == whole | answer.json()


SIBLINGS = """
    INSERT INTO chassis.child (person_id, area_id, disabilities, siblings, restricted, version)
    VALUES ('P1', 'north', '{}', '{P2,P3,P9}', false, 1)
    ON CONFLICT (person_id) DO UPDATE SET siblings = excluded.siblings
"""


async def test_what_is_odd_is_said_and_not_refused(office: Office) -> None:
    for person_id in ("P1", "P2", "P3"):
        await office.registered(person_id, since=days_ago(10))
    await office.client.process.database.statements.rows(SIBLINGS)
    far = clock.today() + timedelta(days=400)
    planned = (await plan(office, person_ids=["P1", "P3"], planned_on=far.isoformat())).json()
    assert [(said["field"], said["rule"]) for said in planned["warnings"]] == [
        ("planned_on", "far_from_due"),
        ("person_ids", "sibling_left_out"),
    ]
    assert "P2" in planned["warnings"][1]["message"]
    sooner = {"planned_on": clock.today().isoformat()}
    moved = await office.ask("PATCH", f"/v1/reviews/{planned['reference']}", sooner, version=1)
    assert [said["rule"] for said in moved.json()["warnings"]] == ["sibling_left_out"]


async def test_a_planned_review_is_told_once_without_a_name_and_audited(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    planned = await office.planned("P2", "P1", venue="Planted House")
    data = {"reference": planned["reference"], "chair_id": "chair-1", "version": 1}
    data |= {"planned_on": planned["planned_on"], "person_ids": ["P2", "P1"]}
    assert await office.published("review.planned") == [data]
    (entry,) = await office.audited("plan_review")
    assert (entry["person_ids"], entry["record"], entry["caller"]) == (["P1", "P2"], planned["reference"], "chair-1")


async def test_siblings_of_different_standing_are_reviewed_in_one_meeting(office: Office) -> None:
    since, before = days_ago(300), days_ago(90)
    await office.registered("P1", since=days_ago(10))
    await office.registered("P2", since=since, periods_of_care=reviewed_before(1, before, since))
    await office.registered("P3", since=since, periods_of_care=reviewed_before(4, before, since))
    planned = await office.planned("P1", "P2", "P3")
    kinds = [(child["person_id"], child["kind"], child["event_on"], child["due_on"]) for child in planned["children"]]
    assert kinds == [
        ("P1", "first", days_ago(10).isoformat(), add_working_days(days_ago(10), 20).isoformat()),
        ("P2", "second", before.isoformat(), add_months(before, 3).isoformat()),
        ("P3", "later", before.isoformat(), add_months(before, 6).isoformat()),
    ]


async def test_cancelling_and_planning_again_gives_the_same_due_date(office: Office) -> None:
    await office.registered()
    first = await office.planned()
    body = {"reason": "The chair is ill."}
    cancelled = await office.ask("POST", f"/v1/reviews/{first['reference']}/cancel", body, version=1)
    assert cancelled.status_code == 200, cancelled.text
    again = await office.planned(on=clock.today() + timedelta(days=30))
    assert again["reference"] != first["reference"]
    same = ("due_on", "event_on", "rule", "kind")
    assert [again["children"][0][name] for name in same] == [first["children"][0][name] for name in same]


@pytest.mark.parametrize("field", ["due_on", "kind", "track", "event_on", "rule", "next_due_on", "reference", "state"])
async def test_what_follows_from_the_rules_is_not_sent(office: Office, field: str) -> None:
    await office.registered()
    before = await everything(office)
    sent: JSON = {field: "2019-04-01"}
    assert office.problem(await plan(office, **sent)) == {field: "extra_forbidden"}
    assert await everything(office) == before


@pytest.mark.parametrize("sequence", ["care", "short_breaks", "adoption_placed", "adoption_authorised", "unheard"])
async def test_the_main_sequence_is_not_chosen(office: Office, sequence: str) -> None:
    await office.registered()
    assert list(office.problem(await plan(office, sequence=sequence))) == ["sequence"]


async def test_a_child_who_is_not_looked_after_has_no_review(office: Office) -> None:
    await office.registered("P1")
    ended = office.child(since=days_ago(30))
    ended["periods_of_care"][0]["ends_on"] = days_ago(1).isoformat()
    assert (await office.put("P2", ended)).status_code == 201
    before = await everything(office)
    assert office.problem(await plan(office, "P1", "P2")) == {"person_ids.1": "looked_after"}
    assert await everything(office) == before


async def test_a_child_has_one_planned_review_of_a_sequence(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    planned = await office.planned("P1")
    before = await everything(office)
    for asked in (("P1",), ("P2", "P1")):
        refused = await plan(office, *asked)
        assert (refused.status_code, refused.json()["references"]) == (409, [planned["reference"]])
    twice = await plan(office, "P2", "P2")
    assert (twice.status_code, list(office.problem(twice))) == (422, ["person_ids"])
    assert await everything(office) == before


async def test_of_those_who_plan_at_once_exactly_one_wins(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    asked = [plan(office, *children) for children in (("P1", "P2"), ("P2", "P1"), ("P2",), ("P1", "P2"), ("P2", "P1"))]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    (won,) = [answer.json()["reference"] for answer in answers if answer.status_code == 201]
    assert all(answer.json()["references"] == [won] for answer in answers if answer.status_code == 409)
    assert [event["reference"] for event in await office.published("review.planned")] == [won]
    assert len(await office.rows("SELECT 1 FROM review")) == 1


async def test_a_review_is_planned_for_the_day_of_its_event_or_later(office: Office) -> None:
    since, before = days_ago(200), days_ago(40)
    await office.registered(since=since, periods_of_care=reviewed_before(2, before, since))
    assert office.problem(await plan(office, on=days_ago(41))) == {"person_ids.0": "after_the_one_before"}
    assert (await plan(office, on=before)).status_code == 201


@pytest.mark.parametrize("day", ["0001-01-01", "0900-06-30", "9999-12-31"])
async def test_days_that_nobody_means_do_no_harm(office: Office, day: str) -> None:
    await office.registered()
    assert (await plan(office, planned_on=day)).status_code in {201, 422}
    review = (await office.get("/v1/reviews"))["items"] or [await office.planned()]
    path = f"/v1/reviews/{review[0]['reference']}"
    for method, tail, body in (
        ("PATCH", "", {"planned_on": day}),
        ("POST", "/adjourn", {"sat_on": day, "resumes_on": day}),
        ("POST", "/hold", {"held_on": day, "children": [office.outcome("P1")]}),
    ):
        version = (await office.get(path))["version"]
        assert (await office.ask(method, path + tail, body, version=version)).status_code in {200, 422}


@pytest.mark.parametrize("conflict", ["manager_id", "social_worker_id"])
async def test_nobody_chairs_whose_case_it_is(office: Office, conflict: str) -> None:
    await office.registered("P1")
    await office.registered("P2", **{conflict: "chair-2"})
    before = await everything(office)
    assert office.problem(await plan(office, "P1", "P2", chair_id="chair-2")) == {"chair_id": "independent"}
    assert await everything(office) == before
    assert (await plan(office, "P1", "P2", chair_id="chair-3")).json()["chair_id"] == "chair-3"


SECURE: list[tuple[str, JSON, dict[str, str]]] = [
    ("the child's own chair", {"chair_id": "chair-1"}, {"chair_id": "not_the_childs_own_chair"}),
    ("nobody named, so their own", {"chair_id": None}, {"chair_id": "not_the_childs_own_chair"}),
    ("no panel", {"panel": []}, {"panel": "panel_of_three"}),
    ("a panel of two", {"panel": PANEL[:2]}, {"panel": "panel_of_three"}),
    (
        "nobody independent",
        {"panel": [member | {"independent": False} for member in PANEL]},
        {"panel": "one_independent"},
    ),
    ("a panel on an ordinary review", {"sequence": None}, {"panel": "secure_only"}),
]


@pytest.mark.parametrize(("changes", "wrong"), [row[1:] for row in SECURE], ids=[row[0] for row in SECURE])
async def test_a_panel_on_a_secure_placement_is_independent(office: Office, changes: JSON, wrong: JSON) -> None:
    await office.registered(placement="K1")
    before = await everything(office)
    wanted: JSON = {"sequence": "secure", "panel": PANEL, "chair_id": "chair-2"} | changes
    assert office.problem(await plan(office, **wanted)) == wrong
    assert await everything(office) == before


@pytest.mark.parametrize("trigger", EarlyTrigger)
async def test_an_early_review_is_before_its_due_date_and_says_why(office: Office, trigger: EarlyTrigger) -> None:
    since, before = days_ago(300), days_ago(60)
    await office.registered(since=since, periods_of_care=reviewed_before(3, before, since))
    due_on = add_months(before, 6)
    refused = await plan(office, on=due_on, early_trigger=trigger)
    assert office.problem(refused) == {"early_trigger": "brought_forward"}
    planned = await office.planned(on=due_on - timedelta(days=1), early_trigger=trigger)
    assert (planned["early_trigger"], planned["children"][0]["due_on"]) == (trigger, due_on.isoformat())
    held = (await office.hold(planned)).json()
    assert (held["early_trigger"], held["children"][0]["in_time"]) == (trigger, True)


async def test_a_trigger_is_one_of_the_law(office: Office) -> None:
    await office.registered()
    assert list(office.problem(await plan(office, early_trigger="we_felt_like_it"))) == ["early_trigger"]


EIGHT = 8 * 12


async def test_one_advocate_is_invited_for_all_who_are_eight_on_the_day_of_the_meeting(office: Office) -> None:
    meeting_on = clock.today() + timedelta(days=7)
    birthday = add_months(meeting_on, -EIGHT)
    await office.registered("P1", born_on=birthday.isoformat())
    await office.registered("P2", born_on=(birthday + timedelta(days=1)).isoformat())
    await office.registered("P3", advocacy_opted_out_on=clock.today().isoformat())
    await office.registered("P4")
    planned = await office.planned("P1", "P2", "P3", "P4", on=meeting_on)
    (invitation,) = (await office.get(f"/v1/reviews/{planned['reference']}"))["invitations"]
    assert (invitation["relationship"], invitation["automatic"], invitation["person_ids"]) == (
        "advocate",
        True,
        ["P1", "P4"],
    )


async def test_nobody_is_invited_for_the_young_alone(office: Office) -> None:
    await office.registered(born_on=add_months(clock.today(), -5 * 12).isoformat())
    planned = await office.planned()
    assert (await office.get(f"/v1/reviews/{planned['reference']}"))["invitations"] == []


async def test_a_plan_that_is_sent_again_is_answered_again_and_made_once(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    key = {"Idempotency-Key": "once-and-no-more"}
    answers = await asyncio.gather(*(plan(office, headers=key) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.content for answer in answers}) == len({answer.headers["ETag"] for answer in answers}) == 1
    other = await plan(office, "P2", headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert len(await office.rows("SELECT 1 FROM review")) == len(await office.published("review.planned")) == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.CHAIR, 201), (Role.TEAM_MANAGER, 201), (Role.BUSINESS_SUPPORT, 201), (Role.SOCIAL_WORK_MANAGER, 403)],
)
async def test_chairs_managers_and_business_support_plan(office: Office, role: Role, status: int) -> None:
    await office.registered()
    body = {"person_ids": ["P1"], "planned_on": clock.today().isoformat()}
    assert (await office.ask("POST", "/v1/reviews", body, role=role, subject="anybody")).status_code == status
