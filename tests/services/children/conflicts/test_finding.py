"""Children whom other services found in what was imported there."""

from chassis.access.callers import Role
from tests.support.children.desk import CHILD, Desk, found


async def test_a_child_who_was_found_is_there_and_told(desk: Desk) -> None:
    desk.others.found = {"reviews": [found("P1", sex="F")]}
    assert await desk.hear("reviews", "child.found", person_id="P1") == 204
    child = (await desk.get("/v1/children/P1")).json()
    assert (child["born_on"], child["sex"], child["family_name"], child["version"]) == ("2012-05-14", "F", None, 1)
    assert [event["person_id"] for event in await desk.told("child.changed")] == ["P1"]


async def test_what_services_disagree_about_is_kept_for_somebody_to_settle(desk: Desk) -> None:
    desk.others.found = {
        "conferences": [found("P1", ethnicity="WBRI", team="Team 1")],
        "reviews": [found("P1", born_on="2012-05-15", sex="F", team="Team 2", restricted=True)],
    }
    assert await desk.hear("conferences", "child.found", person_id="P1") == 204
    child = (await desk.get("/v1/children/P1")).json()
    kept = [child[name] for name in ("born_on", "ethnicity", "sex", "team", "restricted")]
    assert kept == ["2012-05-14", "WBRI", "F", "Team 1", True]
    conflicts = await desk.items("/v1/child-conflicts", settled="false")
    assert sorted((one["field"], one["source"], one["kept"], one["found"]) for one in conflicts) == [
        ("born_on", "reviews", "2012-05-14", "2012-05-15"),
        ("restricted", "conferences", "yes", "no"),
        ("team", "reviews", "Team 1", "Team 2"),
    ]
    # Found again, it is listed once.
    assert await desk.hear("reviews", "child.found", person_id="P1") == 204
    assert len(await desk.items("/v1/child-conflicts")) == 3
    assert (await desk.put("P1", CHILD, version=child["version"])).status_code == 200
    assert await desk.items("/v1/child-conflicts", settled="false") == []
    assert {one["settled_by"] for one in await desk.items("/v1/child-conflicts", person_id="P1")} == {"someone"}
    assert (await desk.get("/v1/child-conflicts", role=Role.CHAIR)).status_code == 403


async def test_a_child_who_was_sent_is_only_told_again(desk: Desk) -> None:
    await desk.sent("P1")
    desk.others.found = {"reviews": [found("P1", born_on="2011-01-01", school="Elsewhere")]}
    assert await desk.hear("reviews", "child.found", person_id="P1") == 204
    assert (await desk.get("/v1/children/P1")).json()["born_on"] == "2012-05-14"
    assert await desk.items("/v1/child-conflicts") == []
    assert [event["version"] for event in await desk.told("child.changed")] == [1, 1]
