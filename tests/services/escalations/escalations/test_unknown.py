"""A number that nobody knows: what is raised about it is kept, with a warning that goes when the child arrives."""

from typing import Any

import pytest

from chassis.access.callers import Role
from services.escalations.escalations.unknown import RULE
from tests.support.children.replica import children_say
from tests.support.csv_files import csv_of
from tests.support.escalations.desk import CARE_PLANNING, CONFERENCE, Desk

CHALLENGE = {"theme": "drift_and_delay", "person_ids": ["P100001"], "about": "No plan.", "area_id": "north"}
PRACTICE = {
    "person_ids": ["P100001"],
    "worker_name": "Robin Planted",
    "team": "East",
    "area_id": "north",
    "practice": "Listened.",
}


async def arrives(desk: Desk, person_id: str, *, restricted: bool = False) -> None:
    """The children service says of a child what it says of every child."""
    said = {"person_id": person_id, "restricted": restricted, "merged_into": None, "version": 1}
    assert await children_say(desk, "escalations", "child.changed", **said) == 204


def warned(answer: Any) -> list[tuple[str, str]]:
    return [(warning["field"], warning["rule"]) for warning in answer["warnings"]]


async def unknown(desk: Desk) -> list[str]:
    answer = await desk.get("/v1/escalations", person_unknown="true")
    return [row["reference"] for row in answer.json()["items"]]


async def told(desk: Desk) -> list[bool]:
    """What the managers' report is told of each open escalation."""
    answer = await desk.client.get("/internal/escalations/open", headers=desk.client.as_service("notifications"))
    return [escalation["person_unknown"] for escalation in answer.json()]


async def test_an_escalation_about_an_unknown_number_is_kept_with_a_warning_until_the_child_arrives(desk: Desk) -> None:
    await arrives(desk, "P100002")
    raised = await desk.raised(CONFERENCE)
    assert warned(raised) == [("person_ids", RULE)]
    assert "P100001" in raised["warnings"][0]["message"]
    assert await unknown(desk) == [raised["reference"]]
    assert await told(desk) == [True]
    await arrives(desk, "P100001")
    assert await unknown(desk) == []
    assert await told(desk) == [False]
    assert (await desk.raised(CONFERENCE))["warnings"] == []


async def test_of_several_each_unknown_number_is_named_with_its_place(desk: Desk) -> None:
    await arrives(desk, "P100001")
    several = [CARE_PLANNING | {"person_ids": [number]} for number in ("P100001", "P100009")]
    answer = await desk.post("/v1/reviews/REV-2019-0001/escalations", {"escalations": several})
    assert answer.status_code == 201, answer.text
    assert warned(answer.json()) == [("escalations.1.person_ids", RULE)]


@pytest.mark.parametrize(("path", "body"), [("/v1/challenges", CHALLENGE), ("/v1/good-practice", PRACTICE)])
async def test_challenges_and_good_practice_warn_alike(desk: Desk, path: str, body: dict[str, Any]) -> None:
    answer = await desk.post(path, body)
    assert answer.status_code == 201, answer.text
    assert warned(answer.json()) == [("person_ids", RULE)]
    await arrives(desk, "P100001")
    assert (await desk.post(path, body)).json()["warnings"] == []


async def test_the_warning_tells_nothing_of_a_restricted_child(desk: Desk) -> None:
    await arrives(desk, "P100001", restricted=True)
    await arrives(desk, "P100002")
    hidden = await desk.post("/v1/escalations", CONFERENCE)
    assert (hidden.status_code, hidden.json()["warnings"]) == (201, [])
    with_unknown = CONFERENCE | {"person_ids": ["P100001", "P100009"]}
    reference = (await desk.raised(with_unknown))["reference"]
    assert await unknown(desk) == []
    manager = await desk.get("/v1/escalations", role=Role.TEAM_MANAGER, person_unknown="true")
    assert [row["reference"] for row in manager.json()["items"]] == [reference]


async def test_an_import_warns_row_by_row_and_takes_in_all(desk: Desk) -> None:
    await arrives(desk, "P100001")
    said = {name: str(value) for name, value in CARE_PLANNING.items() if name != "person_ids"}
    rows = [
        said | {"owner_id": "chair-1", "raised_on": "2019-06-05", "person_ids": number}
        for number in ("P100001", "P100009")
    ]
    headers = desk.client.as_(Role.ADMINISTRATOR) | {"Content-Type": "text/csv"}
    answer = await desk.client.post("/v1/escalations/import", content=csv_of(rows).encode(), headers=headers)
    report = answer.json()
    assert (report["imported"], report["warning_count"]) == (2, 1)
    assert [(warning["row"], warning["field"], warning["rule"]) for warning in report["warnings"]] == [
        (3, "person_ids", RULE)
    ]
    assert len(await unknown(desk)) == 1
