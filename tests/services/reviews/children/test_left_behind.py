"""What a merge of two numbers cannot move by rule stays where it is, and is listed for somebody to look at."""

from uuid import uuid4

from chassis.access.callers import Role
from tests.support.reviews.office import JSON, Office, days_ago

MERGES = "/v1/care/merges"


async def left_behind(office: Office) -> list[JSON]:
    (merge,) = (await office.get(MERGES, left_behind=True, role=Role.TEAM_MANAGER))["items"]
    return [dict(row) for row in merge["left_behind"]]


async def test_a_period_of_care_that_overlaps_one_of_the_other_number(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    await office.registered("P2", since=days_ago(30), chair="chair-2")
    await office.merged("P2", "P1")
    assert await left_behind(office) == [{"kind": "period_of_care", "on": days_ago(30).isoformat(), "reference": None}]
    assert len((await office.get("/v1/children/P1/care"))["periods_of_care"]) == 1


async def test_nothing_is_listed_where_all_was_moved(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    assert (await office.put("P2", office.child(since=days_ago(40)) | {"periods_of_care": []})).status_code == 201
    await office.merged("P1", "P2")
    assert (await office.get(MERGES, left_behind=True))["items"] == []
    (merge,) = (await office.get(MERGES, person_id="P2"))["items"]
    assert (merge["from_person_id"], merge["left_behind"]) == ("P1", [])


async def test_a_review_in_which_both_came_to_be_meanwhile(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    await office.registered("P2", since=days_ago(40))
    review = await office.held("P1", "P2", on=days_ago(10))
    merge_id = await office.merged("P2", "P1")
    assert {"kind": "child_review", "on": days_ago(10).isoformat(), "reference": review["reference"]} in (
        await left_behind(office)
    )
    (row,) = await office.rows("SELECT person_ids FROM review")
    assert row["person_ids"] == ["P1", "P2"]
    await office.unmerged("P2", "P1", merge_id)
    assert (await office.get(f"/v1/reviews/{review['reference']}"))["person_ids"] == ["P1", "P2"]


async def test_a_check_and_a_prompt_that_both_numbers_have(office: Office) -> None:
    for person_id in ("P1", "P2"):
        await office.registered(person_id, since=days_ago(40))
        await office.held(person_id, on=days_ago(10))
        checked = await office.ask("POST", f"/v1/children/{person_id}/midpoint-checks", {"on_track": True})
        assert checked.status_code == 201, checked.text
        done = await office.ask("POST", f"/v1/children/{person_id}/prompts", {"prompt": "leaflet"})
        assert done.status_code == 200, done.text
    await office.merged("P2", "P1")
    assert {row["kind"] for row in await left_behind(office)} == {"period_of_care", "midpoint_check", "prompt_done"}


async def test_a_number_that_is_not_known_here_is_made_and_goes_when_the_merge_is_undone(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    await office.known("P2", given_name="Kept")
    merge_id = await office.merged("P1", "P2")
    kept = await office.get("/v1/children/P2/care")
    assert (kept["given_name"], kept["chair_id"], kept["looked_after_since"]) == (
        "Kept", "chair-1", days_ago(40).isoformat(),
    )  # fmt: skip
    await office.unmerged("P1", "P2", merge_id)
    assert (await office.ask("GET", "/v1/children/P2/care")).status_code == 404
    assert (await office.get("/v1/children/P1/care"))["looked_after_since"] == days_ago(40).isoformat()


async def test_a_merge_that_is_undone_before_it_was_heard_of_moves_nothing(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    assert (await office.put("P2", office.child(since=days_ago(40)) | {"periods_of_care": []})).status_code == 201
    merge_id = uuid4()
    await office.unmerged("P1", "P2", merge_id)
    await office.merged("P1", "P2", merge_id)
    assert (await office.get("/v1/children/P2/care"))["periods_of_care"] == []


async def test_the_chair_of_the_number_that_is_kept_sees_what_stayed_behind(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    await office.registered("P2", since=days_ago(30), chair="chair-2", restricted=True)
    await office.merged("P2", "P1")
    for person_id in ("P1", "P2"):
        assert (await office.ask("GET", f"/v1/children/{person_id}/care")).status_code == 200
        hidden = await office.ask("GET", f"/v1/children/{person_id}/care", subject="chair-3")
        assert hidden.status_code == 404
