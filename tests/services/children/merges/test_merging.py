"""Two person numbers of one child are merged, and that is undone."""

from typing import Any

from chassis.access.callers import Role
from tests.support.children.desk import CHILD, Desk, wrong_fields

MERGE = {"into_person_id": "P1", "reason": "Entered twice."}


async def merged(desk: Desk, person_id: str = "P2", into: str = "P1") -> dict[str, Any]:
    answer = await desk.post(f"/v1/children/{person_id}/merge", MERGE | {"into_person_id": into})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_number_is_merged_told_and_given_back(desk: Desk) -> None:
    await desk.sent("P1")
    await desk.sent("P2")
    merge = await merged(desk)
    assert [child["person_id"] for child in await desk.items("/v1/children")] == ["P1"]
    assert (await desk.get("/v1/children/P2")).json()["merged_into"] == "P1"
    (told,) = await desk.told("child.merged")
    assert told == {
        "merge_id": merge["id"], "from_person_id": "P2", "into_person_id": "P1", "merged_by": "manager-1"
    }  # fmt: skip
    assert [found["id"] for found in await desk.items("/v1/person-merges", person_id="P1")] == [merge["id"]]
    undone = await desk.post(f"/v1/person-merges/{merge['id']}/undo")
    assert undone.status_code == 200 and undone.json()["undone_by"] == "manager-1"
    assert (await desk.post(f"/v1/person-merges/{merge['id']}/undo")).status_code == 409
    assert len(await desk.items("/v1/children")) == 2
    (told,) = await desk.told("child.merge_undone")
    assert told["merge_id"] == merge["id"]
    changes = [(event["person_id"], event["merged_into"]) for event in await desk.told("child.changed")]
    assert ("P2", "P1") in changes and changes[-1] == ("P2", None)


async def test_both_numbers_are_restricted_if_one_was_and_undoing_lifts_nothing(desk: Desk) -> None:
    await desk.sent("P1")
    await desk.sent("P2", restricted=True)
    merge = await merged(desk)
    hidden: dict[str, Any] = {"role": Role.CHAIR, "subject": "chair-1"}
    assert (await desk.get("/v1/children/P1", **hidden)).status_code == 404
    assert ("P1", True) in [(event["person_id"], event["restricted"]) for event in await desk.told("child.changed")]
    assert (await desk.post(f"/v1/person-merges/{merge['id']}/undo")).status_code == 200
    for person_id in ("P1", "P2"):
        assert (await desk.get(f"/v1/children/{person_id}", **hidden)).status_code == 404


async def test_a_merged_number_stays_as_restricted_as_the_number_that_stays(desk: Desk) -> None:
    await desk.sent("P1")
    await desk.sent("P2")
    await merged(desk)
    assert (await desk.put("P1", CHILD | {"restricted": True}, version=1)).status_code == 200
    assert (await desk.get("/v1/children/P2")).json()["restricted"] is True
    assert (await desk.put("P2", CHILD | {"restricted": False})).json()["restricted"] is True
    assert (await desk.put("P1", CHILD, version=2)).status_code == 200
    assert (await desk.get("/v1/children/P2")).json()["restricted"] is False


async def test_numbers_of_one_meeting_are_two_children(desk: Desk) -> None:
    await desk.sent("P1")
    await desk.sent("P2")
    desk.others.obstacles = ["REV-2019-0001"]
    answer = await desk.post("/v1/children/P2/merge", MERGE)
    assert answer.status_code == 409 and answer.json()["references"] == ["REV-2019-0001"]
    assert await desk.told("child.merged") == []


async def test_numbers_are_merged_one_way_and_once(desk: Desk) -> None:
    for person_id in ("P1", "P2", "P3"):
        await desk.sent(person_id)
    await merged(desk)
    for person_id, into in [("P2", "P3"), ("P3", "P2"), ("P1", "P2"), ("P1", "P1"), ("P1", "P9")]:
        refused = await desk.post(f"/v1/children/{person_id}/merge", MERGE | {"into_person_id": into})
        assert wrong_fields(refused) == ["into_person_id"]
    assert (await desk.post("/v1/children/P9/merge", MERGE)).status_code == 404
    await merged(desk, "P1", "P3")
    assert (await desk.post("/v1/children/P3/merge", MERGE, role=Role.CHAIR)).status_code == 403
