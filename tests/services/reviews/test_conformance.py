"""Every answer that is read keeps to its model, every list can be paged through, and every look is written down."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months
from chassis.meetings.feedback import FeedbackPage
from chassis.meetings.open_deadlines import DeadlinePage
from services.reviews.children.schemas import CarePage
from services.reviews.decisions.schemas import DecisionPage
from services.reviews.disruption.schemas import ReferralPage
from services.reviews.leaving_care.schemas import LeavingCarePage
from services.reviews.meetings.schemas import ChildReviewPage, ReviewPage
from services.reviews.prompts.schemas import PromptDonePage
from services.reviews.routes import ROUTERS
from services.reviews.visits.schemas import ContactPage, MidpointCheckPage
from tests.support.reviews.office import JSON, Office, days_ago

LISTS: dict[str, tuple[type[BaseModel], str, bool]] = {
    "/v1/care": (CarePage, "person_id", False),
    "/v1/reviews": (ReviewPage, "planned_on", True),
    "/v1/reviews/children": (ChildReviewPage, "held_on", True),
    "/v1/decisions": (DecisionPage, "id", True),
    "/internal/deadlines": (DeadlinePage, "due_on", False),
    "/internal/feedback": (FeedbackPage, "given_on", True),
    "/v1/contacts": (ContactPage, "happened_on", True),
    "/v1/midpoint-checks": (MidpointCheckPage, "done_on", True),
    "/v1/prompts": (PromptDonePage, "done_on", True),
    "/v1/leaving-care-decisions": (LeavingCarePage, "id", True),
    "/v1/reviews/disruption-referrals": (ReferralPage, "referred_on", True),
}
# What is no JSON has tests of its own, and so have counts and the home page, whose lists depend on the caller's roles.
OTHERS = {
    "/internal/deadlines/counts",
    "/internal/home",
    "/v1/care/import-template",
    "/v1/contacts/import-template",
    "/v1/midpoint-checks/import-template",
    "/v1/reviews/import-template",
    "/v1/returns/ssda903/{year}/reviews.csv",
    "/v1/reviews/{reference}/record.html",
    "/v1/reviews/{reference}/record.pdf",
    "/diary/{token}.ics",
}


# A parent who gets letters, and a record that somebody was given by a link.
INVITED = """
    INSERT INTO invitation
        (id, review_id, reference, person_ids, name, relationship, address, automatic, invited_on, version)
    SELECT gen_random_uuid(), id, reference, ARRAY['P1'], 'Ada Planted', 'mother', '1 Mill Lane', false, planned_on, 1
    FROM review WHERE reference = $1
    RETURNING id
"""
GIVEN = """
    INSERT INTO chassis.paper_link
        (id, reference, paper, name, role, email, sent_by, sent_at, expires_on, person_ids, for_restricted)
    VALUES (gen_random_uuid(), $1, 'record', 'Ada Planted', 'Mother', 'ada@example.org', 'support-1', now(),
        '2999-01-01', ARRAY['P1', 'P2'], false)
    RETURNING id
"""


def readings() -> Iterator[APIRoute]:
    """Every endpoint that is read and answers with JSON."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.path not in OTHERS:
                yield route


async def said(office: Office, method: str, path: str, body: Any, **more: Any) -> JSON:
    """Something that is done without trouble."""
    answer = await office.ask(method, path, body, **more)
    assert answer.status_code in {200, 201}, answer.text
    found = answer.json()
    return dict(found[0] if isinstance(found, list) else found)


async def full_office(office: Office) -> dict[str, str]:
    """A child with something in every table; what paths are filled with."""
    young = add_months(clock.today(), -12 * 10 - 1).isoformat()
    child: JSON = {"since": days_ago(90), "status": "V2", "born_on": young}
    await office.registered("P1", **child, siblings=["P2"], email="child@example.org", social_worker="Sam Invented")
    await office.registered("P2", **child)
    referral = await said(
        office,
        "POST",
        "/v1/reviews/disruption-referrals",
        {"person_id": "P1", "placement": "adoption", "reason": "Broke down."},
    )
    asked = await said(office, "POST", "/v1/children/P1/leaving-care-decisions", {})
    held = await office.held("P1", "P2", on=days_ago(3), planned_time="14:30", venue="Town Hall")
    decisions = {"decisions": [{"decision": "Stay.", "owner": "carer", "due_on": days_ago(-30).isoformat()}]}
    part = f"/v1/reviews/{held['reference']}/children/P1"
    decision = await said(office, "POST", f"{part}/decisions", decisions, version=held["version"])
    feedback = {"from_whom": "carer", "rating": "amber", "comment": "Fair."}
    for path, body in (
        (f"/v1/reviews/{held['reference']}/feedback", feedback),
        ("/v1/children/P1/contacts", {"kind": "visit", "happened_on": days_ago(2).isoformat(), "seen_alone": True}),
        ("/v1/children/P1/midpoint-checks", {"on_track": True, "note": "All well."}),
        ("/v1/children/P1/prompts", {"prompt": "leaflet"}),
    ):
        await said(office, "POST", path, body)
    slip = await said(office, "POST", "/v1/children/P1/contacts", {"kind": "letter", "happened_on": held["held_on"]})
    await said(office, "POST", f"/v1/contacts/{slip['id']}/void", {"reason": "Never sent."})
    await office.rows(INVITED, held["reference"])
    await office.rows(GIVEN, held["reference"])
    planned = await office.planned("P2", on=clock.today() + timedelta(days=9))
    check = {
        "plan_checks": [{"plan": "care", "present": True, "dated_on": days_ago(9).isoformat(), "quality": "green"}]
    }
    await said(office, "PATCH", f"/v1/reviews/{planned['reference']}/children/P2", check, version=planned["version"])
    await office.registered("P8", chair=None)
    await said(office, "POST", "/v1/diary-feeds", {}, subject="chair-1")
    await office.merged("P8", "P1")
    for sql in BEFORE_CHILDREN_WERE_OWNED:
        await office.rows(sql)
    return {
        "person_id": "P1",
        "decision_id": decision["id"],
        "leaving_care_id": asked["id"],
        "referral": referral["reference"],
        "reference": held["reference"],
        "event": "review_held",
        "year": "2019-20",
    }


def filled(route: APIRoute, names: dict[str, str]) -> str:
    """The path of something that is there."""
    if "disruption-referrals" in route.path:
        names = names | {"reference": names["referral"]}
    return route.path.format(**names)


# What only our own services ask.
FOR_SERVICES = ("/digest", "/letters", "/parents", "/merge-obstacles", "/person-merges", "/children-found")
# What the children service asks for what was here before it.
BEFORE_CHILDREN_WERE_OWNED = (
    """
    INSERT INTO chassis.child (person_id, area_id, disabilities, siblings, restricted, version)
    VALUES ('P7', 'north', '{}', '{}', false, 0)
    """,
    """
    INSERT INTO person_merge (id, from_person_id, into_person_id, merged_at, merged_by, reason, moved, left_behind)
    VALUES (gen_random_uuid(), 'P6', 'P7', now(), 'manager-1', 'The same child.', '{}', '[]')
    """,
)
QUERIES: dict[str, JSON] = {
    "/internal/merge-obstacles": {"from_person_id": "P1", "into_person_id": "P2"},
    "/v1/deadlines/timescales/reviews/{event}": {"event_on": "2019-04-01"},
    "/v1/figures/reviews": {"period": str(clock.today().year)},
    "/v1/figures/reviews/activity": {"period": str(clock.today().year)},
}


def same_members(model: Any, found: Any) -> None:
    """An answer has every member of its model and no other, all the way down."""
    if isinstance(found, list):
        for row in found:
            same_members(model, row)
    elif isinstance(model, BaseModel):
        # A page says how many there are where it is asked for nothing else.
        assert found.keys() | {"total"} == type(model).model_fields.keys() | {"total"}
        for name, value in found.items():
            inner = getattr(model, name)
            pairs = zip(inner, value, strict=True) if isinstance(inner, list) else [(inner, value)]
            for pair, part in pairs:
                same_members(pair, part)


async def test_every_reading_keeps_to_its_model_and_says_nothing_besides(office: Office) -> None:
    names = await full_office(office)
    seen = set()
    for route in readings():
        assert route.response_model is not None, route.path
        for_services = route.path.endswith(FOR_SERVICES)
        answer = await office.ask(
            "GET",
            filled(route, names),
            role=Role.SERVICE if for_services else Role.TEAM_MANAGER,
            params=QUERIES.get(route.path),
        )
        assert answer.status_code == 200, (route.path, answer.text)
        model = TypeAdapter(route.response_model).validate_json(answer.content, strict=True)
        found = answer.json()
        pairs = zip(model, found, strict=True) if isinstance(model, list) else [(model, found)]
        for pair, part in pairs:
            same_members(pair, part)
        if isinstance(found, list) or "items" in found:
            assert found if isinstance(found, list) else found["items"], route.path
        seen.add(route.path)
    assert len(seen) >= 25


async def test_what_is_not_there_is_not_found(office: Office) -> None:
    nothing = "0198a0a0-0000-7000-8000-000000000000"
    names = {"person_id": "P9", "reference": "REV-2019-9999", "referral": "DIS-2019-9999", "decision_id": nothing}
    for route in readings():
        is_one = route.path.endswith("}") and "timescales" not in route.path
        if is_one:
            answer = await office.ask("GET", filled(route, names), role=Role.TEAM_MANAGER)
            assert answer.status_code == 404, route.path
            assert answer.headers["content-type"] == "application/problem+json"


async def test_nobody_reads_anything_without_being_signed_in(office: Office) -> None:
    names = await full_office(office)
    for route in readings():
        answer = await office.client.get(filled(route, names), params=QUERIES.get(route.path))
        assert answer.status_code == 401, route.path


async def many(office: Office, count: int) -> None:
    """Children with a review that was held, decisions, feedback, a referral and a request each."""
    for number in range(count):
        person_id = f"P{number:02}"
        born_on = add_months(clock.today(), -12 * 10 - 1).isoformat()
        await office.registered(person_id, since=days_ago(60 + number % 3), status="V2", born_on=born_on)
        held = await office.held(person_id, on=days_ago(number % 4))
        decisions = {"decisions": [{"decision": f"{number}.", "owner": "carer"}]}
        part = f"/v1/reviews/{held['reference']}/children/{person_id}"
        await said(office, "POST", f"{part}/decisions", decisions, version=held["version"])
        feedback = {"from_whom": "child", "rating": "red"}
        await said(office, "POST", f"/v1/reviews/{held['reference']}/feedback", feedback)
        await said(office, "POST", f"/v1/children/{person_id}/leaving-care-decisions", {})
        referral = {"person_id": person_id, "placement": "adoption", "reason": "It broke down."}
        referral["referred_on"] = days_ago(number % 3).isoformat()
        await said(office, "POST", "/v1/reviews/disruption-referrals", referral)
        visit = {"kind": "visit", "happened_on": days_ago(number % 5).isoformat()}
        await said(office, "POST", f"/v1/children/{person_id}/contacts", visit)
        await said(office, "POST", f"/v1/children/{person_id}/midpoint-checks", {"on_track": True})
        await said(office, "POST", f"/v1/children/{person_id}/prompts", {"prompt": "leaflet"})


async def test_every_list_is_paged_through_without_gap_or_repeat_and_in_order(office: Office) -> None:
    await many(office, 11)
    for path, (model, order, is_newest_first) in LISTS.items():
        whole = (await office.get(path, limit=200, role=Role.TEAM_MANAGER))["items"]
        assert len(whole) >= 11
        days = [row[order] for row in whole]
        assert days == sorted(days, reverse=is_newest_first), path
        for limit in (1, 4, 11, len(whole)):
            found: list[JSON] = []
            query: JSON = {"limit": limit}
            while True:
                answer = await office.ask("GET", path, role=Role.TEAM_MANAGER, params=query)
                page: Any = model.model_validate_json(answer.content, strict=True)
                assert len(page.items) <= limit
                found += answer.json()["items"]
                if page.next is None:
                    break
                query["cursor"] = page.next
            assert found == whole, (path, limit)


@pytest.mark.parametrize("path", list(LISTS))
async def test_a_cursor_or_a_limit_that_is_none_is_refused(office: Office, path: str) -> None:
    for cursor in ("!!", "bm9uc2Vuc2U", "e30", "WzEsMl0", "WyJ4IiwieSJd", ""):
        assert set(office.problem(await office.ask("GET", path, params={"cursor": cursor}))) == {"cursor"}
    for limit in (-1, 201, "some"):
        assert set(office.problem(await office.ask("GET", path, params={"limit": limit}))) == {"limit"}


async def test_whoever_looks_is_written_down_with_whom_they_saw(office: Office) -> None:
    names = await full_office(office)
    before = len(await office.rows("SELECT 1 FROM chassis.audit_entry"))
    looked = [route for route in readings() if "{person_id}" in route.path or "{reference}" in route.path]
    for route in looked:
        role = Role.SERVICE if route.path.endswith(FOR_SERVICES) else Role.TEAM_MANAGER
        await office.ask("GET", filled(route, names), role=role, subject="looker", headers={"Access-Reason": "Check"})
    entries = await office.rows("SELECT * FROM chassis.audit_entry WHERE caller = 'looker' ORDER BY id")
    assert len(await office.rows("SELECT 1 FROM chassis.audit_entry")) == before + len(looked) == before + len(entries)
    assert all("P1" in entry["person_ids"] and entry["why"] == "Check" for entry in entries)
