"""What only several services know together: escalations for each 100 conferences."""

import httpx

from chassis.base import clock
from tests.support.conferences.desk import Desk as ConferencesDesk
from tests.support.escalations.desk import CARE_PLANNING, Desk
from tests.support.gateway.signing_in import signed_in

RATIOS = "/v1/figures/escalations-per-conference"


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
    assert [error["field"] for error in refused.json()["errors"]] == ["by"]
