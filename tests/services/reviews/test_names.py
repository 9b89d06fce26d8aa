"""Children's names beside their numbers, in what is read of reviews."""

from tests.support.reviews.office import Office


async def test_lists_and_single_things_name_the_child(office: Office) -> None:
    await office.registered("P2")
    await office.registered("P1", given_name="Bryn", family_name=None)
    review = await office.held("P1", "P2")
    whole = await office.get(f"/v1/reviews/{review['reference']}")
    assert (whole["person_ids"], whole["person_names"]) == (["P1", "P2"], ["Bryn", "Merrin Planted"])
    assert {part["person_id"]: part["person_name"] for part in whole["children"]} == {
        "P1": "Bryn",
        "P2": "Merrin Planted",
    }
    (listed,) = (await office.get("/v1/reviews"))["items"]
    assert listed["person_names"] == whole["person_names"]
    deadlines = (await office.get("/internal/deadlines", person_id="P2"))["items"]
    assert {deadline["person_name"] for deadline in deadlines} == {"Merrin Planted"}
    parts = (await office.get("/v1/reviews/children", person_id="P1"))["items"]
    assert [part["person_name"] for part in parts] == ["Bryn"]


async def test_whoever_may_not_see_a_child_reads_no_name(office: Office) -> None:
    await office.registered("P1", restricted=True)
    await office.planned("P1")
    assert (await office.get("/v1/reviews", subject="chair-2"))["items"] == []
    assert (await office.get("/v1/reviews"))["items"][0]["person_names"] == ["Merrin Planted"]
