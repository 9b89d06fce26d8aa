"""Children as the case-management system sends them, and who sees them."""

from datetime import timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.children.desk import CHILD, JSON, Desk, wrong_fields

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


async def test_a_child_is_registered_once_and_the_same_words_change_nothing(desk: Desk) -> None:
    first = await desk.put("P1")
    assert first.status_code == 201 and first.headers["ETag"] == '"1"'
    again = await desk.put("P1")
    assert again.status_code == 200 and again.headers["ETag"] == '"1"'
    changed = await desk.put("P1", CHILD | {"school": "Dyke Lane Primary"}, version=1)
    assert changed.json()["version"] == 2 and changed.json()["school"] == "Dyke Lane Primary"
    assert (await desk.put("P1", version=1)).status_code == 412
    assert (await desk.put("P1")).status_code == 428
    assert (await desk.get("/v1/children/P1")).json() == changed.json()
    told = await desk.told("child.changed")
    assert told == [
        {"person_id": "P1", "version": version, "restricted": False, "merged_into": None} for version in (1, 2)
    ]


async def test_a_child_who_is_not_there_has_no_version(desk: Desk) -> None:
    assert (await desk.put("P1", version=1)).status_code == 412
    assert (await desk.get("/v1/children/P1")).status_code == 404


async def test_the_same_words_are_taken_again_though_the_social_worker_left(desk: Desk) -> None:
    await desk.sent("P1")
    await desk.rows("UPDATE chassis.copy SET ends_on = '2019-01-01' WHERE id = 'worker-1'")
    assert (await desk.put("P1")).status_code == 200
    assert wrong_fields(await desk.put("P1", CHILD | {"team": "Team 2"}, version=1)) == ["social_worker_id"]


WRONG: list[tuple[JSON, str]] = [
    ({"born_on": None}, "born_on expected_on"),
    ({"born_on": TOMORROW}, "born_on"),
    ({"died_on": "2001-01-01"}, "died_on"),
    ({"area_id": "atlantis"}, "area_id"),
    ({"social_worker_id": "nobody"}, "social_worker_id"),
    ({"manager_id": "gone"}, "manager_id"),
    ({"upn": "A12345678901B", "upn_unknown": "UN1"}, "upn upn_unknown"),
    ({"disabilities": ["NONE", "AUT"]}, "disabilities"),
    ({"siblings": ["P1"]}, "siblings"),
    ({"mother_person_id": "P1"}, "mother_person_id"),
    ({"version": 3}, "version"),
    ({"merged_into": "P2"}, "merged_into"),
]


@pytest.mark.parametrize(("change", "field"), WRONG, ids=[str(change) for change, _ in WRONG])
async def test_what_cannot_be_so_about_a_child_is_refused(desk: Desk, change: JSON, field: str) -> None:
    assert wrong_fields(await desk.put("P1", CHILD | change)) == field.split()
    assert await desk.told("child.changed") == []


async def test_a_restricted_child_is_there_for_managers_and_whoever_chairs(desk: Desk) -> None:
    await desk.sent("P1", restricted=True)
    await desk.sent("P2", siblings=["P1"], mother_person_id="P1")
    chair: JSON = {"role": Role.CHAIR, "subject": "chair-1"}
    assert (await desk.get("/v1/children/P1", **chair)).status_code == 404
    seen = (await desk.get("/v1/children", **chair)).json()["items"]
    assert [(child["person_id"], child["siblings"], child["mother_person_id"]) for child in seen] == [("P2", [], None)]
    assert len(await desk.items("/v1/children")) == 2
    kind = "looked_after_child.visibility_changed"
    said = {"person_id": "P1", "restricted": False, "chair_id": "chair-1", "version": 1}
    assert await desk.hear("reviews", kind, **said) == 204
    assert (await desk.get("/v1/children/P1", **chair)).status_code == 200
    assert (await desk.get("/v1/children/P1", role=Role.CHAIR, subject="chair-2")).status_code == 404


async def test_lists_are_filtered_and_every_reading_is_audited(desk: Desk) -> None:
    await desk.sent("P1", family_id="F1")
    await desk.sent("P2", team="Team 2", family_id="F1")
    await desk.sent("P3", area_id="south", manager_id=None)
    filters: list[tuple[JSON, list[str]]] = [
        ({"area_id": "north"}, ["P1", "P2"]),
        ({"person_id": ["P3", "P1", "P9"]}, ["P1", "P3"]),
        ({"team": "Team 2"}, ["P2"]),
        ({"family_id": "F1"}, ["P1", "P2"]),
        ({"social_worker_id": "worker-1"}, ["P1", "P2", "P3"]),
        ({"manager_id": "swm-1"}, ["P1", "P2"]),
    ]
    for query, expected in filters:
        assert [child["person_id"] for child in await desk.items("/v1/children", **query)] == expected
    seen = await desk.rows("SELECT person_ids FROM chassis.audit_entry WHERE action = 'list_children' ORDER BY id")
    assert seen[0]["person_ids"] == ["P1", "P2"] and len(seen) == 6


async def test_services_are_told_who_children_are_and_nobody_else(desk: Desk) -> None:
    await desk.sent("P1", restricted=True, address="1 Invented Street")
    asked: JSON = {"person_id": ["P1", "P9"]}
    answer = await desk.client.get("/internal/children", params=asked, headers=desk.client.as_service("reviews"))
    (child,) = answer.json()
    assert (child["person_id"], child["address"], child["version"]) == ("P1", "1 Invented Street", 1)
    assert (await desk.get("/internal/children", **asked)).status_code == 403
