"""A report is begun by those who make reports, about a period of its kind, and one of a kind at a time."""

from typing import Any

import pytest

from chassis.access.callers import Role
from tests.support.running import Running

ANNUAL = {"kind": "annual", "period": "2019-20"}


async def test_a_report_is_begun_and_found(running: Running) -> None:
    client = await running("reports")
    made = await client.post("/v1/reports", json=ANNUAL, headers=client.as_(Role.TEAM_MANAGER, subject="manager-1"))
    report = made.json()
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert made.headers["Location"] == f"/v1/reports/{report['reference']}"
    assert (report["first_day"], report["last_day"]) == ("2019-04-01", "2020-03-31")
    assert (report["state"], report["author_id"]) == ("draft", "manager-1")
    analyst = client.as_(Role.PERFORMANCE_ANALYST)
    found = (await client.get(f"/v1/reports/{report['reference']}", headers=analyst)).json()
    # PostgreSQL writes a moment without the zeros at its end.
    assert found | {"drafted_at": report["drafted_at"]} == report
    assert (await client.get("/v1/reports?kind=annual", headers=analyst)).json()["items"] == [found]


async def test_a_draft_is_not_there_for_chairs(running: Running) -> None:
    client = await running("reports")
    made = await client.post("/v1/reports", json=ANNUAL, headers=client.as_(Role.TEAM_MANAGER))
    chair = client.as_(Role.CHAIR)
    assert (await client.get("/v1/reports", headers=chair)).json()["items"] == []
    assert (await client.get(made.headers["Location"], headers=chair)).status_code == 404


async def test_one_report_of_a_kind_is_made_at_a_time(running: Running) -> None:
    client = await running("reports")
    manager = client.as_(Role.TEAM_MANAGER)
    made = await client.post("/v1/reports", json=ANNUAL, headers=manager)
    again = await client.post("/v1/reports", json=ANNUAL, headers=manager)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/report-being-made")
    assert made.json()["reference"] in again.json()["detail"]
    other = await client.post("/v1/reports", json=ANNUAL | {"period": "2018-19"}, headers=manager)
    assert other.status_code == 201


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"period": "2019-Q1"}, "period"),
        ({"period": "then"}, "period"),
        ({"kind": "chair", "period": "2019-Q1"}, "chair_id"),
        ({"chair_id": "chair-1"}, "chair_id"),
        ({"author_id": "nobody"}, "author_id"),
    ],
)
async def test_what_cannot_be_is_refused(running: Running, changed: dict[str, Any], field: str) -> None:
    client = await running("reports")
    answer = await client.post("/v1/reports", json=ANNUAL | changed, headers=client.as_(Role.TEAM_MANAGER))
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])
