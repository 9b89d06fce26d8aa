"""Disruption meetings: referred, then accepted with a chair or declined with a reason, once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from services.reviews.disruption.schemas import ReferralOut, ReferralPage
from tests.support.reviews.office import JSON, Office, days_ago

PATH = "/v1/reviews/disruption-referrals"
REFERRAL: JSON = {"person_id": "P1", "placement": "adoption", "reason": "It broke down."}
TABLES = ("disruption_referral", "review", "child_review", "deadline", "chassis.outgoing", "chassis.audit_entry")


async def everything(office: Office) -> dict[str, list[str]]:
    """Every row that a referral could touch."""
    return {
        table: sorted(
            row["row"]
            for row in await office.rows(f"SELECT t::text AS row FROM {table} t WHERE t::text NOT LIKE '%,refused_4%'")
        )
        for table in TABLES
    }


async def referred(office: Office, **more: Any) -> str:
    """The path of a referral that was received."""
    answer = await office.ask("POST", PATH, REFERRAL | more)
    assert answer.status_code == 201, answer.text
    found = ReferralOut.model_validate_json(answer.content, strict=True)
    assert (found.state, found.referred_by, found.version) == ("received", "chair-1", 1)
    return f"{PATH}/{found.reference}"


async def accept(office: Office, path: str, version: int = 1, chair_id: str = "chair-2") -> Any:
    """Accept a referral."""
    return await office.ask("POST", f"{path}/accept", {"chair_id": chair_id}, version=version)


async def decline(office: Office, path: str, version: int = 1) -> Any:
    """Decline a referral."""
    return await office.ask("POST", f"{path}/decline", {"reason": "It did not break down."}, version=version)


async def test_the_chair_to_whom_a_referral_is_given_chairs_the_meeting(office: Office) -> None:
    await office.registered()
    path = await referred(office, placement="special_guardianship")
    accepted = await accept(office, path)
    assert (accepted.json()["state"], accepted.json()["chair_id"]) == ("accepted", "chair-2")
    assert (accepted.json()["decided_on"], accepted.json()["decided_by"]) == (clock.today().isoformat(), "chair-1")
    assert accepted.headers["etag"] == '"2"'
    owed = await office.owed()
    meeting = await office.planned("P1", sequence="disruption")
    assert meeting["chair_id"] == "chair-2"
    assert (await office.get(path))["review_reference"] == meeting["reference"]
    assert (await office.hold(meeting)).status_code == 200
    after = await office.owed()
    assert after["review", "first"] == owed["review", "first"], "the child's own clock goes on as it was"


async def test_one_referral_leads_to_one_meeting(office: Office) -> None:
    await office.registered()
    await accept(office, await referred(office))
    await office.planned("P1", sequence="disruption")
    body = {"person_ids": ["P1"], "planned_on": clock.today().isoformat(), "sequence": "disruption"}
    before = await everything(office)
    assert office.problem(await office.ask("POST", "/v1/reviews", body)) == {"person_ids.0": "accepted_referral"}
    assert await everything(office) == before


async def test_a_declined_referral_says_why_and_leads_to_no_meeting(office: Office) -> None:
    await office.registered()
    path = await referred(office)
    declined = (await decline(office, path)).json()
    assert (declined["state"], declined["declined_because"]) == ("declined", "It did not break down.")
    body = {"person_ids": ["P1"], "planned_on": clock.today().isoformat(), "sequence": "disruption"}
    assert office.problem(await office.ask("POST", "/v1/reviews", body)) == {"person_ids.0": "accepted_referral"}
    assert len(await office.audited("decline_referral")) == 1


@pytest.mark.parametrize("first", [accept, decline])
@pytest.mark.parametrize("second", [accept, decline])
async def test_a_referral_is_decided_once(office: Office, first: Any, second: Any) -> None:
    await office.registered()
    path = await referred(office)
    assert (await first(office, path)).status_code == 200
    before = await everything(office)
    assert (await second(office, path, 2)).status_code == 409
    assert (await second(office, path, 1)).status_code == 412
    assert await everything(office) == before


async def test_two_who_decide_at_once_are_not_both_heard(office: Office) -> None:
    await office.registered()
    path = await referred(office)
    answers = await asyncio.gather(accept(office, path), decline(office, path), accept(office, path))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


@pytest.mark.parametrize(
    ("path", "body"), [("accept", {"chair_id": "chair-2"}), ("decline", {"reason": "It did not break down."})]
)
async def test_a_referral_was_decided_on_a_day_between_its_own_and_today(office: Office, path: str, body: JSON) -> None:
    await office.registered()
    referral = await referred(office, referred_on=days_ago(30).isoformat())
    for wrong in (days_ago(31), clock.today() + timedelta(days=1)):
        said = body | {"decided_on": wrong.isoformat()}
        answer = await office.ask("POST", f"{referral}/{path}", said, version=1)
        assert set(office.problem(answer)) == {"decided_on"}
    said = body | {"decided_on": days_ago(20).isoformat()}
    decided = await office.ask("POST", f"{referral}/{path}", said, version=1)
    assert (decided.status_code, decided.json()["decided_on"]) == (200, days_ago(20).isoformat())


WRONG = [
    ({"placement": "foster_care"}, "placement"),
    ({"reason": ""}, "reason"),
    ({"referred_on": (clock.today() + timedelta(days=1)).isoformat()}, "referred_on"),
    ({"due_on": "2019-01-01"}, "due_on"),
]


@pytest.mark.parametrize(("said", "field"), WRONG)
async def test_what_cannot_be_referred_is_refused(office: Office, said: JSON, field: str) -> None:
    await office.registered()
    before = await everything(office)
    assert set(office.problem(await office.ask("POST", PATH, REFERRAL | said))) == {field}
    assert (await office.ask("POST", PATH, REFERRAL | {"person_id": "P9"})).status_code == 404
    assert await everything(office) == before


@pytest.mark.parametrize(
    ("chair_id", "rule"),
    [("nobody", "in_directory"), ("gone", "in_directory"), ("swm-1", "colleague_role"), ("sw-1", "independent")],
)
async def test_only_a_chair_without_a_conflict_is_given_a_referral(office: Office, chair_id: str, rule: str) -> None:
    await office.rows(
        "INSERT INTO chassis.copy (kind, id, version, attributes) "
        "VALUES ('colleague', 'sw-1', 1, '{\"roles\": [\"chair\"]}')"
    )
    await office.registered(social_worker_id="sw-1")
    path = await referred(office)
    before = await everything(office)
    refused = office.problem(await accept(office, path, chair_id=chair_id))
    assert list(refused.values()) == [rule]
    assert await everything(office) == before
    assert (await office.ask("POST", f"{path}/accept", {}, version=1)).status_code == 422
    assert (await office.ask("POST", f"{path}/accept", {"chair_id": "chair-1"})).status_code == 428


async def test_referrals_are_found_by_state_and_child_newest_first(office: Office) -> None:
    for number in (1, 2):
        await office.registered(f"P{number}")
    old = await referred(office, referred_on=days_ago(30).isoformat())
    new = await referred(office, person_id="P2")
    await decline(office, new)

    async def found(**query: Any) -> list[str]:
        answer = await office.ask("GET", PATH, params=query)
        page = ReferralPage.model_validate_json(answer.content, strict=True)
        return [f"{PATH}/{referral.reference}" for referral in page.items]

    assert await found() == [new, old]
    assert await found(state="received") == [old]
    assert await found(person_id="P2") == [new]
    assert (await office.ask("GET", f"{PATH}/DIS-2019-9999")).status_code == 404
    assert (await office.ask("GET", PATH, role=Role.PERFORMANCE_ANALYST)).status_code == 403
