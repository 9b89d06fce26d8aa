"""Whoever is refused a hidden record stands in the audit, with the children whom it is about."""

from typing import Any

from chassis.access.callers import Role
from tests.support.conferences.desk import Desk, recent_working_day

ENTRIES = "SELECT caller, action, person_ids, record, address FROM chassis.audit_entry WHERE action = 'refused_404'"


async def refusals(desk: Desk) -> list[dict[str, Any]]:
    return await desk.rows(f"{ENTRIES} ORDER BY at, id")


async def test_asking_for_a_hidden_child_is_written_down_with_who_asked_and_from_where(desk: Desk) -> None:
    await desk.registered("P1", restricted=True)
    answer = await desk.client.get(
        "/v1/children/P1/protection",
        headers=desk.client.as_(Role.CHAIR, subject="chair-2") | {"X-Forwarded-For": "192.0.2.7"},
    )
    assert answer.status_code == 404
    (entry,) = await refusals(desk)
    assert entry == {
        "caller": "chair-2",
        "action": "refused_404",
        "person_ids": ["P1"],
        "record": "GET /v1/children/P1/protection",
        "address": "192.0.2.7",
    }
    listed = await desk.client.get("/internal/audit-entries?person_id=P1", headers=desk.client.as_(Role.ADMINISTRATOR))
    assert [entry["address"] for entry in listed.json()["items"] if entry["action"] == "refused_404"] == ["192.0.2.7"]


async def test_a_refused_change_of_a_hidden_conference_names_its_children(desk: Desk) -> None:
    await desk.registered(restricted=True)
    await desk.enquired()
    manager = {"role": Role.TEAM_MANAGER, "subject": "manager-1"}
    body = {"person_ids": ["P1"], "planned_on": recent_working_day().isoformat(), "chair_id": "chair-2"}
    path = f"/v1/conferences/{(await desk.done('POST', '/v1/conferences', body, status=201, **manager))['reference']}"
    for address in (path, f"{path}/record.html"):
        assert (await desk.ask("GET", address)).status_code == 404
    assert (await desk.ask("POST", f"{path}/reopen", {"reason": "A slip."}, version=1)).status_code == 404
    refused = await refusals(desk)
    assert [entry["record"] for entry in refused] == [f"GET {path}", f"GET {path}/record.html", f"POST {path}/reopen"]
    assert all(entry["person_ids"] == ["P1"] for entry in refused)
