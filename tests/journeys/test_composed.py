"""What only several services know together: children in both, and escalations for each 100 conferences."""

import httpx

from chassis import clock
from chassis.callers import Role
from tests.journeys.conftest import signed_in
from tests.services.conferences.desk import Desk as ConferencesDesk
from tests.services.escalations.desk import CARE_PLANNING, Desk
from tests.services.reviews.office import Office

BOTH = "/v1/children-in-both"
RATIOS = "/v1/figures/escalations-per-conference"


async def test_children_on_a_plan_who_are_looked_after_too_are_found(
    gateway: httpx.AsyncClient, office: Office, conferences: ConferencesDesk
) -> None:
    await conferences.held("P1", "P2", "P4", "P5")
    await office.registered("P2")
    await office.registered("P3")
    # Of another chair, and restricted: the reviews hide one child, the conferences the other.
    await office.registered("P4", chair="chair-2", restricted=True)
    await office.registered("P5")
    kept = (await conferences.get("/v1/children/P5", role=Role.TEAM_MANAGER))["version"]
    hidden = conferences.child(restricted=True)
    assert (await conferences.put("P5", hidden, version=kept)).status_code == 200
    await conferences.done(
        "POST", "/v1/children/P5/allocate", {"chair_id": "chair-2"}, role=Role.TEAM_MANAGER, subject="manager-1"
    )
    answer = await gateway.get(BOTH, headers=await signed_in(gateway, "chair"))
    assert answer.status_code == 200, answer.text
    (child,) = answer.json()["items"]
    assert (child["person_id"], child["conference_chair_id"], child["review_chair_id"]) == ("P2", "chair-1", "chair-1")
    assert (child["category"], child["short_breaks"]) == ("NEG", False)
    assert child["plan_since"] and child["looked_after_since"]
    for desk, action in ((conferences, "list_children"), (office, "list_looked_after_children")):
        (entry,) = await desk.rows("SELECT * FROM chassis.audit_entry WHERE action = $1", action)
        assert "P2" in entry["person_ids"] and entry["caller"] == "chair-1"


async def test_escalations_stand_beside_the_conferences_of_their_period(
    gateway: httpx.AsyncClient, desk: Desk, conferences: ConferencesDesk
) -> None:
    held = await conferences.held("P1", "P2")
    await desk.raised()
    await desk.raised(professional_name="Another One")
    await desk.raised(CARE_PLANNING)
    year = held["held_on"][:4]
    analyst = await signed_in(gateway, "performance_analyst")
    answer = await gateway.get(RATIOS, params={"period": year, "by": "calendar_year"}, headers=analyst)
    assert answer.status_code == 200, answer.text
    raised = 2 if year == str(clock.today().year) else 0
    row = {"conferences": 1, "escalations": raised, "per_hundred": 100.0 * raised}
    assert answer.json()["rows"] == [{"key": year} | row, {"key": None} | row]
    months = (await gateway.get(RATIOS, params={"period": year}, headers=analyst)).json()["rows"]
    assert len(months) == 13
    refused = await gateway.get(RATIOS, params={"period": year, "by": "half"}, headers=analyst)
    assert [one["field"] for one in refused.json()["errors"]] == ["by"]
