"""Whatever creates something is asked eight times at once: nobody is answered that we failed, and somebody has it."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from chassis.access.callers import Role
from chassis.base import clock
from demo.tables import read
from deploy.services import SERVICES
from tests.support.children.desk import CHILD, Others
from tests.support.children.desk import DIRECTORY as CHILDREN_DIRECTORY
from tests.support.children.desk import Desk as ChildrenDesk
from tests.support.conferences.desk import DIRECTORY as CONFERENCES_DIRECTORY
from tests.support.conferences.desk import GP, Desk
from tests.support.contracts.services import all_operations, application
from tests.support.escalations.desk import Desk as EscalationsDesk
from tests.support.reviews.office import DIRECTORY as REVIEWS_DIRECTORY
from tests.support.reviews.office import Office, days_ago
from tests.support.running import Running
from tests.support.serving import Client

AT_ONCE = 8
# Of these eight at once are as good as one, or all but the first are told to look again.
REFUSED_SINCE = {409, 412, 422, 428}
# By operation: the address, the body, and the version on which a change was decided, where it is one.
Wanted = dict[str, tuple[Any, ...]]
TODAY = clock.today().isoformat()
EVERYBODY = list(Role)


# They need a complete record, or letters that wait: the tests of their rooms ask for them.
ASKED_ELSEWHERE = {
    "POST /v1/conferences/{reference}/papers",
    "POST /v1/messages/print-runs",
    "POST /v1/reviews/{reference}/papers",
}


def creating(name: str) -> set[str]:
    """Every operation of a service that can answer 201, by its document."""
    return {
        operation.label
        for operation in all_operations(application(name).openapi())
        if "201" in operation.document["responses"] and operation.path.startswith("/v1/")
    } - ASKED_ELSEWHERE


async def ask_at_once(
    client: Client, label: str, path: str, body: Any, version: int | None = None
) -> list[httpx.Response]:
    """The answers to the same request, sent eight times at once by somebody who may do everything."""
    headers = client.as_(*EVERYBODY, subject="chair-1")
    headers |= {} if version is None else {"If-Match": f'"{version}"'}
    method = label.partition(" ")[0]
    return await asyncio.gather(*(client.request(method, path, json=body, headers=headers) for _ in range(AT_ONCE)))


async def check(name: str, client: Client, wanted: Wanted) -> None:
    """Ask for everything that this service creates; a new operation has to be added to the test."""
    assert wanted.keys() == creating(name)
    for label, asked in wanted.items():
        answers = await ask_at_once(client, label, *asked)
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses[0] in {200, 201}, f"{label}: {statuses} {answers[0].text}"
        assert {status for status in statuses if status >= 300} <= REFUSED_SINCE, f"{label}: {statuses}"


async def test_nothing_fails_when_children_are_asked_at_once(running: Running) -> None:
    client = await running("children", reviews_url="", conferences_url="")
    children = ChildrenDesk(client, Others())
    await children.rows(CHILDREN_DIRECTORY)
    for person_id in ("P1", "P2"):
        await children.sent(person_id)
    wanted: Wanted = {
        "PUT /v1/children/{person_id}": ("/v1/children/P9", CHILD),
        "POST /v1/children/{person_id}/merge": (
            "/v1/children/P1/merge",
            {"into_person_id": "P2", "reason": "One child."},
        ),
    }
    await check("children", client, wanted)


async def test_nothing_fails_when_reviews_are_asked_at_once(running: Running) -> None:
    office = Office(await running("reviews"))
    await office.rows(REVIEWS_DIRECTORY)
    held = await office_history(office)
    await office.known("P9")
    child = office.care(since=days_ago(10))
    referral = {"person_id": "P1", "placement": "adoption", "reason": "It broke down."}
    wanted: Wanted = {
        "PUT /v1/children/{person_id}/care": ("/v1/children/P9/care", child),
        "POST /v1/children/{person_id}/contacts": ("/v1/children/P1/contacts", {"kind": "visit", "happened_on": TODAY}),
        "POST /v1/children/{person_id}/leaving-care-decisions": ("/v1/children/P3/leaving-care-decisions", {}),
        "POST /v1/children/{person_id}/midpoint-checks": ("/v1/children/P1/midpoint-checks", {"on_track": True}),
        "POST /v1/reviews/disruption-referrals": ("/v1/reviews/disruption-referrals", referral),
        "POST /v1/reviews/{reference}/feedback": (
            f"/v1/reviews/{held['reference']}/feedback",
            {"from_whom": "child", "rating": "green"},
        ),
        "POST /v1/diary-feeds": ("/v1/diary-feeds", None),
        "POST /v1/reviews": ("/v1/reviews", {"person_ids": ["P2"], "planned_on": TODAY}),
        "POST /v1/reviews/{reference}/children/{person_id}/decisions": (
            f"/v1/reviews/{held['reference']}/children/P1/decisions",
            {"decisions": [{"decision": "School by autumn.", "owner": "The social worker"}]},
            held["version"],
        ),
        "POST /v1/reviews/{reference}/invitations": (
            f"/v1/reviews/{(await office.planned('P6'))['reference']}/invitations",
            {"invitations": [{"name": "Ada Planted", "relationship": "mother"}]},
            1,
        ),
    }
    await check("reviews", office.client, wanted)


async def office_history(office: Office) -> dict[str, Any]:
    """Children who are known, one of whom was reviewed."""
    for person_id in ("P1", "P2", "P4", "P5", "P6"):
        await office.registered(person_id, since=days_ago(40))
    await office.registered("P3", since=days_ago(40), status="V2")
    return await office.held("P1", on=days_ago(5))


async def test_nothing_fails_when_conferences_are_asked_at_once(running: Running) -> None:
    desk = Desk(await running("conferences"))
    await desk.rows(CONFERENCES_DIRECTORY)
    held = await desk.held("P1")
    await desk.registered("P2", "P3", "P4", "P5")
    await desk.known("P9")
    await desk.enquired("P2", "P4")
    planned = await desk.planned("P4")
    enquiry = {"person_id": "P3", "started_on": TODAY, "strategy_discussion_on": TODAY}
    transfer = {"person_id": "P5", "notified_on": TODAY, "from_authority": "Elsewhere"}
    discussion = {
        "led_by": "chair-2",
        "attended": ["The allocated chair"],
        "agenda": read("protection/agenda"),
        "conclusion": "It goes on.",
    }
    check_of_plan = {"kind": "midway", "visits_in_time": True, "core_groups_held": True}
    conference, feedback = "/v1/conferences/{reference}", {"from_whom": "family", "rating": "green"}
    wanted: Wanted = {
        "PUT /v1/children/{person_id}/protection": ("/v1/children/P9/protection", {}),
        "POST /v1/children/{person_id}/plan-checks": ("/v1/children/P1/plan-checks", check_of_plan),
        "POST /v1/children/{person_id}/twelve-month-discussions": (
            "/v1/children/P1/twelve-month-discussions",
            discussion,
        ),
        "POST /v1/conferences": (
            "/v1/conferences",
            {"person_ids": ["P2"], "planned_on": planned["planned_on"]},
        ),
        f"POST {conference}/feedback": (f"/v1/conferences/{held['reference']}/feedback", feedback),
        f"POST {conference}/invitations": (
            f"/v1/conferences/{planned['reference']}/invitations",
            {"invitations": [GP]},
            planned["version"],
        ),
        "POST /v1/core-groups": ("/v1/core-groups", {"person_ids": ["P1"], "held_on": TODAY}),
        "PUT /v1/conferences/section-47-enquiries/{request_id}": ("/v1/conferences/section-47-enquiries/E9", enquiry),
        "PUT /v1/conferences/transfers-in/{request_id}": ("/v1/conferences/transfers-in/T9", transfer),
    }
    await check("conferences", desk.client, wanted)


async def test_nothing_fails_when_escalations_are_asked_at_once(running: Running) -> None:
    desk = await EscalationsDesk.open(running)
    escalation = {
        "kind": "conference_contribution",
        "reason": "no_report_no_apologies",
        "person_ids": ["P1"],
        "agency_id": "surgeries",
        "agency_role": "gp",
        "area_id": "north",
    }
    challenge = {"theme": "transitions", "person_ids": ["P1"], "about": "Leaving care.", "area_id": "north"}
    chair = desk.client.as_(Role.CHAIR, subject="chair-1")
    raised = await desk.client.post("/v1/escalations", json=escalation, headers=chair)
    other = await desk.client.post("/v1/challenges", json=challenge, headers=chair)
    assert (raised.status_code, other.status_code) == (201, 201), raised.text + other.text
    practice = {"worker_name": "Wren", "team": "Team 1", "practice": "Well done."}
    wanted: Wanted = {
        "POST /v1/escalations": ("/v1/escalations", escalation),
        "POST /v1/challenges": ("/v1/challenges", challenge),
        "POST /v1/challenges/{reference}/raise-formally": (
            f"/v1/challenges/{other.json()['reference']}/raise-formally",
            {"agency_id": "surgeries", "agency_role": "gp"},
            1,
        ),
        "POST /v1/answers": ("/v1/answers", {"references": [raised.json()["reference"]], "choice": "dealt_with"}),
        "POST /v1/good-practice": ("/v1/good-practice", practice | {"person_ids": ["P1"], "area_id": "north"}),
        "POST /v1/conferences/{conference_reference}/escalations": (
            "/v1/conferences/CONF-2019-0001/escalations",
            {"escalations": [escalation]},
        ),
        "POST /v1/reviews/{review_reference}/escalations": (
            "/v1/reviews/REV-2019-0001/escalations",
            {"escalations": [escalation]},
        ),
    }
    await check("escalations", desk.client, wanted)


async def test_nothing_fails_when_the_directory_is_asked_at_once(running: Running) -> None:
    client = await running("notifications", allow_private_webhook_addresses=True)
    colleague = {"name": "Robin", "email": "r@example.org", "positions": ["liaison_officer"], "starts_on": "2020-01-01"}
    ends_on = (clock.today() + timedelta(days=90)).isoformat()
    chair = colleague | {"positions": ["chair"]}
    headers = client.as_(Role.ADMINISTRATOR)
    for chair_id in ("chair-1", "chair-2"):
        assert (await client.put(f"/v1/colleagues/{chair_id}", json=chair, headers=headers)).status_code == 201
    wanted: Wanted = {
        "PUT /v1/areas/{area_id}": ("/v1/areas/north", {"name": "North"}),
        "PUT /v1/agencies/{agency_id}": ("/v1/agencies/surgeries", {"name": "Surgeries", "roles": ["gp"]}),
        "PUT /v1/colleagues/{colleague_id}": ("/v1/colleagues/officer", colleague),
        "POST /v1/coverage": (
            "/v1/coverage",
            {"colleague_id": "officer", "agency_id": "surgeries", "starts_on": "2020-01-01", "ends_on": ends_on},
        ),
        "POST /v1/chairs/{chair_id}/hand-over": ("/v1/chairs/chair-1/hand-over", {"to": "chair-2", "reason": "x"}),
        "POST /v1/messages/suppressions": (
            "/v1/messages/suppressions",
            {"address": "gone@example.org", "reason": "She left."},
        ),
        "POST /v1/webhook-endpoints": ("/v1/webhook-endpoints", {"url": "http://127.0.0.1:9/hook"}),
    }
    await check("notifications", client, wanted)


async def test_nothing_fails_when_reports_are_asked_at_once(running: Running) -> None:
    client = await running("reports")
    colleagues = "INSERT INTO chassis.copy (kind, id, version, attributes) SELECT 'colleague', $1, 1, '{}' RETURNING id"
    for colleague in ("chair-1", "chair-2"):
        await client.process.database.statements.rows(colleagues, colleague)
    told: dict[str, Any] = {
        "observations": {"chair_id": "chair-1", "observed_on": TODAY, "observer_id": "chair-2", "grade": "good"},
        "development": {"colleague_id": "chair-1", "kind": "training", "held_on": TODAY, "subject": "Listening"},
        "audits": {"subject": "Records", "audited_on": TODAY, "auditor_id": "chair-1", "records_audited": 2},
        "home-visits": {"home_id": "meadow-house", "visited_on": TODAY, "visitor": "Ina Corvedale"},
        "priorities": {"year": "2020-21", "title": "Every child seen alone", "owner_id": "chair-1"},
    }
    home = {"name": "Meadow House", "kind": "long_term", "opened_on": TODAY}
    wanted: Wanted = {
        "POST /v1/reports": ("/v1/reports", {"kind": "annual", "period": "2019-20"}),
        "PUT /v1/quality/homes/{home_id}": ("/v1/quality/homes/meadow-house", home),
    }
    for kind in ("observations", "audits"):
        told[kind] |= {"findings": "All well."}
    wanted |= {f"POST /v1/quality/{kind}": (f"/v1/quality/{kind}", body) for kind, body in told.items()}
    await check("reports", client, wanted)


def test_every_service_is_asked() -> None:
    assert set(SERVICES) == {"children", "reviews", "conferences", "escalations", "reports", "notifications"}
