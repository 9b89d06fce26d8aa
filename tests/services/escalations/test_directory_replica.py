"""The replica of the directory, and who can be named by it."""

import json
from typing import Any
from uuid import uuid4

from chassis.access.callers import Role
from tests.support.escalations.desk import CONFERENCE, Desk, days_ago, wrong_fields
from tests.support.escalations.receiving import receive


def event(kind: str = "agency", source: str = "notifications", **data: Any) -> dict[str, Any]:
    """A change in the directory as it is told, with more than is read here."""
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": source,
        "type": f"directory.{kind}_changed",
        "subject": data.get("id", ""),
        "data": {"name": "Invented", "email": "invented@example.org"} | data,
    }


async def known(desk: Desk, kind: str, entry: str) -> dict[str, Any]:
    """What is kept of an entry."""
    (row,) = await desk.rows("SELECT ends_on, attributes FROM chassis.copy WHERE kind = $1 AND id = $2", kind, entry)
    return row | {"attributes": json.loads(row["attributes"])}


async def test_a_batch_takes_in_every_kind(desk: Desk) -> None:
    events = [
        event("colleague", id="chair-9", version=4, roles=["chair"], ends_on="2030-01-01"),
        event("agency", id="clinic", version=1, roles=["midwife"]),
        event("area", id="west", version=1),
        event("coverage", id="nobody-listens", version=1),
    ]
    assert (await receive(desk, events)).status_code == 204
    assert (await known(desk, "colleague", "chair-9"))["ends_on"].isoformat() == "2030-01-01"
    assert (await known(desk, "agency", "clinic"))["attributes"] == {"roles": ["midwife"]}
    assert (await known(desk, "area", "west"))["attributes"] == {}
    assert await desk.rows("SELECT 1 FROM chassis.copy WHERE id = 'nobody-listens'") == []
    columns = await desk.rows("SELECT copy::text AS row FROM chassis.copy copy")
    assert all("Invented" not in column["row"] and "@" not in column["row"] for column in columns), (
        "only what is needed"
    )


async def test_whoever_came_can_be_named_and_whoever_left_cannot(desk: Desk) -> None:
    assert wrong_fields(await desk.post("/v1/escalations", CONFERENCE | {"area_id": "west"})) == ["area_id"]
    await receive(desk, event("area", id="west", version=1))
    assert (await desk.post("/v1/escalations", CONFERENCE | {"area_id": "west"})).status_code == 201
    await receive(desk, event("area", id="east", version=2, ends_on=days_ago(1)))
    assert wrong_fields(await desk.post("/v1/escalations", CONFERENCE | {"area_id": "east"})) == ["area_id"]
    await receive(desk, event("area", id="east", version=1))
    assert wrong_fields(await desk.post("/v1/escalations", CONFERENCE | {"area_id": "east"})) == ["area_id"]


async def test_what_was_not_told_by_the_directory_is_refused(desk: Desk) -> None:
    before = await desk.everything()
    good = event(id="clinic", version=1)
    refused = [
        # Nobody whom we know signed it.
        (await receive(desk, good, **{"webhook-signature": "v1,bm9uc2Vuc2U="}), 401),
        # Somebody whom we know speaks for somebody else.
        (await receive(desk, good, secret_of="gateway"), 403),
        (await receive(desk, event(id="clinic", version=1, source="gateway")), 403),
        # It lacks what is read here, so the whole batch is refused.
        (await receive(desk, [good, event(id="clinic")]), 422),
        (await receive(desk, [good, event(id="clinic", version=1, ends_on="soon")]), 422),
        (await receive(desk, "text"), 422),
        (await receive(desk, good, **{"Content-Type": "text/plain"}), 415),
    ]
    assert [answer.status_code for answer, _ in refused] == [status for _, status in refused]
    assert await desk.everything() == before


async def test_a_corrected_address_ends_the_officers_links_and_asks_for_new_ones(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    await desk.knows("colleague", "officer-3")
    live, other, revoked = [
        await desk.link([reference], officer) for officer in ("officer-1", "officer-2", "officer-3")
    ]
    await desk.post(f"/v1/answers/links/{revoked['id']}/revoke", role=Role.TEAM_MANAGER)
    officer: dict[str, Any] = {"id": "officer-1", "roles": ["senior_liaison_officer"]}
    assert (await receive(desk, event("colleague", **officer, version=7))).status_code == 204
    assert await desk.published("answer_link.requested") == [], "the address is the same"
    assert (await receive(desk, event("colleague", **officer, version=8, address_changed=True))).status_code == 204
    (request,) = await desk.published("answer_link.requested")
    data = json.loads(request["text"])
    assert (data["answer_link_id"], data["references"], data["corrected"]) == (live["id"], [reference], 8)
    assert "token" not in request["text"]
    gone, there = [await desk.client.get(f"/answer/{link['token']}") for link in (live, other)]
    assert (gone.status_code, there.status_code) == (404, 303)
    assert (await receive(desk, event("colleague", id="officer-3", version=2, address_changed=True))).status_code == 204
    assert len(await desk.published("answer_link.requested")) == 1, "a link that was revoked is not replaced"
