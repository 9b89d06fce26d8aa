"""What reviews and conferences knew of children before this service owned them is gathered, and nothing is lost."""

from services.children.conflicts.gathering import Gathered, gather
from tests.support.children.desk import Desk, found

MERGE = {
    "id": "018f2a3c-5b1e-7c44-9d0a-000000000032",
    "from_person_id": "P2",
    "into_person_id": "P1",
    "merged_at": "2019-04-29T10:15:00Z",
    "merged_by": "manager-1",
    "reason": "Entered twice.",
    "undone_at": None,
    "undone_by": None,
}


async def test_everybody_is_gathered_page_by_page_and_again(desk: Desk) -> None:
    looked_after = [found(f"P{n}", family_name="Invented") for n in range(1, 6)]
    looked_after[1]["merged_into"] = "P1"
    desk.others.found = {
        "reviews": looked_after,
        "conferences": [found("P5", family_name="Otherwise", school="Dyke Lane"), found("P7")],
    }
    desk.others.merges = [MERGE]
    first = await gather(desk.client.process)
    assert first == Gathered(children=7, new=6, merges=1)
    child = (await desk.get("/v1/children/P5")).json()
    assert (child["family_name"], child["school"]) == ("Otherwise", "Dyke Lane")
    (conflict,) = await desk.items("/v1/child-conflicts")
    assert (conflict["person_id"], conflict["source"], conflict["found"]) == ("P5", "reviews", "Invented")
    assert {event["person_id"] for event in await desk.told("child.changed")} == {"P1", "P2", "P3", "P4", "P5", "P7"}
    again = await gather(desk.client.process)
    assert again == Gathered(children=7, new=0, merges=0)
    assert len(await desk.items("/v1/child-conflicts")) == 1
    assert (await desk.post(f"/v1/person-merges/{MERGE['id']}/undo")).status_code == 200
    assert (await desk.get("/v1/children/P2")).json()["merged_into"] is None
