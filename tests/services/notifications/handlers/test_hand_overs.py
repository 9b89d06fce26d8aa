"""Everything of a chair is handed over in one step; when all services have followed, one email says all of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from tests.support.notifications.other_services import JSON, Notifications, in_days, running_notifications
from tests.support.running import Running

PATH = "/v1/chairs/chair-1/hand-over"
BODY = {"to": "chair-2", "reason": "She leaves."}
STAYS = {"person_id": "P9", "reference": None, "rule": "independent"}
GIVEN: dict[str, JSON] = {
    "reviews": {"person_ids": ["P1", "P2"], "references": ["REV-2019-0001"], "refused": [STAYS]},
    "conferences": {"person_ids": ["P2", "P3"], "references": ["CONF-2019-0001", "CONF-2019-0002"], "refused": []},
    "escalations": {"person_ids": [], "references": ["ESC-2019-0001", "CHA-2019-0001"], "refused": []},
}


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


async def hand_over(notifications: Notifications, **more: Any) -> JSON:
    answer = await notifications.ask("POST", PATH, BODY | more)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/chairs/hand-overs/{answer.json()['id']}"
    return dict(answer.json())


async def follow(notifications: Notifications, made: JSON, service: str, **said: Any) -> None:
    """A service tells what it handed over."""
    data = GIVEN[service] | said | {"hand_over_id": made["id"]}
    assert await notifications.publish(f"{service}.handed_over", source=service, **data) == 204


async def shown(notifications: Notifications, made: JSON) -> JSON:
    answer = await notifications.ask("GET", f"/v1/chairs/hand-overs/{made['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_it_is_told_and_shows_how_far_each_service_is_and_what_stays(notifications: Notifications) -> None:
    made = await hand_over(notifications)
    assert (await shown(notifications, made))["parts"] == made["parts"]
    assert [(part["about"], part["finished_at"]) for part in made["parts"]] == [
        ("conference", None),
        ("escalation", None),
        ("review", None),
    ]
    sql = (
        "SELECT data->>'to' AS \"to\", data->>'reason' AS reason FROM chassis.outgoing WHERE type = 'chair.handed_over'"
    )
    assert [dict(row) for row in await notifications.client.process.database.statements.rows(sql)] == [
        {"to": "chair-2", "reason": None}
    ]
    await follow(notifications, made, "reviews")
    conferences, _, reviews = (await shown(notifications, made))["parts"]
    assert (reviews["children"], reviews["records"], reviews["refused"]) == (2, 1, [STAYS])
    assert reviews["finished_at"] is not None and conferences["finished_at"] is None
    assert await notifications.recipients() == []
    for service in ("conferences", "escalations"):
        await follow(notifications, made, service)
    (whole,) = (await notifications.ask("GET", "/v1/chairs/hand-overs?finished=true&chair_id=chair-1")).json()["items"]
    assert whole["finished_at"] is not None
    assert [part["records"] for part in whole["parts"]] == [2, 2, 1]
    sql = "SELECT person_ids FROM chassis.audit_entry WHERE action = 'list_hand_overs'"
    row = await notifications.client.process.database.statements.first_row(sql)
    assert sorted(row["person_ids"]) == ["P1", "P2", "P3", "P9"]


async def test_the_new_chair_and_their_manager_get_one_email_with_all_of_it(notifications: Notifications) -> None:
    made = await hand_over(notifications)
    # Each is told many times, as one event delivered again and as several that say the same, and all at once.
    await asyncio.gather(*(follow(notifications, made, service) for service in [*GIVEN] * 4))
    assert await notifications.recipients() == ["chair-2", "manager-1"]
    for row in await notifications.messages():
        assert row["subject"].startswith("Handed over: 3 children, 1 planned review, 2 conferences, 1 open escalation")
        assert "Handed over by Invented chair-1" in row["text"]
        for reference in ("REV-2019-0001", "CONF-2019-0002", "ESC-2019-0001", "CHA-2019-0001"):
            assert f"/{reference}" in row["text"]
        assert "One child stays with Invented chair-1" in row["text"]
        assert not {"P1", "P9"} & set(row["text"].split())


async def test_the_new_owner_of_reassigned_escalations_gets_one_email(notifications: Notifications) -> None:
    references = ["ESC-2019-0001", "ESC-2019-0002"]
    told: dict[str, Any] = {"reassignment_id": str(uuid4()), "earlier_owner_id": "chair-1", "references": references}
    told["reassigned_on"] = in_days(0)
    for owner in ("chair-2", "chair-2", "nobody"):
        said = told | {"owner_id": owner}
        assert await notifications.publish("escalations.reassigned", source="escalations", **said) == 204
    (row,) = await notifications.messages()
    assert (row["template"], row["recipient_id"]) == ("handover", "chair-2")
    assert row["subject"].startswith("Handed over: 2 open escalations from ")
    assert all(f"/escalations/{reference}" in row["text"] for reference in references)


async def test_what_a_service_says_first_counts(notifications: Notifications) -> None:
    made = await hand_over(notifications)
    await follow(notifications, made, "reviews")
    await follow(notifications, made, "reviews", person_ids=[], references=[], refused=[])
    assert (await shown(notifications, made))["parts"][2]["children"] == 2


async def test_the_same_request_again_hands_over_once(notifications: Notifications) -> None:
    headers = notifications.client.as_(Role.TEAM_MANAGER, subject="manager-1") | {"Idempotency-Key": "chair-1-leaves"}
    answers = [await notifications.client.post(PATH, json=BODY, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await notifications.ask("GET", "/v1/chairs/hand-overs")).json()["items"]) == 1


@pytest.mark.parametrize(("left", "recipients"), [("chair-2", []), ("manager-1", ["chair-2"])])
async def test_it_is_told_to_nobody_who_left(notifications: Notifications, left: str, recipients: list[str]) -> None:
    made = await hand_over(notifications)
    await notifications.leave(left)
    for service in GIVEN:
        await follow(notifications, made, service)
    assert await notifications.recipients() == recipients


async def test_a_hand_over_of_nothing_is_not_told(notifications: Notifications) -> None:
    made = await hand_over(notifications)
    for service in GIVEN:
        await follow(notifications, made, service, person_ids=[], references=[], refused=[])
    assert await notifications.recipients() == []
    assert (await shown(notifications, made))["finished_at"] is not None


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"to": "nobody"}, ("to", "in_directory")),
        ({"to": "worker-1"}, ("to", "colleague_role")),
        ({"to": "chair-1"}, ("to", "another_chair")),
        ({"starts_on": in_days(1)}, ("starts_on", "not_in_the_future")),
    ],
)
async def test_what_is_refused(notifications: Notifications, body: JSON, wrong: tuple[str, str]) -> None:
    answer = await notifications.ask("POST", PATH, BODY | body)
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [wrong]
    assert (await notifications.ask("GET", "/v1/chairs/hand-overs")).json()["items"] == []


async def test_a_chair_whom_the_directory_does_not_know_hands_nothing_over(notifications: Notifications) -> None:
    assert (await notifications.ask("POST", "/v1/chairs/char-1/hand-over", BODY)).status_code == 404
    assert (await notifications.ask("GET", "/v1/chairs/hand-overs")).json()["items"] == []


async def test_only_managers_hand_over_and_see_what_was(notifications: Notifications) -> None:
    for role in (Role.CHAIR, Role.BUSINESS_SUPPORT):
        assert (await notifications.ask("POST", PATH, BODY, role=role)).status_code == 403
        assert (await notifications.ask("GET", "/v1/chairs/hand-overs", role=role)).status_code == 403
    assert (await notifications.ask("GET", f"/v1/chairs/hand-overs/{uuid4()}")).status_code == 404
