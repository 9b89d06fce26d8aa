"""Children from a CSV file."""

import httpx

from chassis.access.callers import Role
from tests.support.children.desk import Desk

FILE = """person_id,given_name,family_name,born_on,area_id,siblings,restricted,social_worker_id
P1,Merrin,Invented,2012-05-14,north,P2,,worker-1
P2,Tamsin,Invented,2010-01-02,north,P1,true,gone
"""


async def imported(desk: Desk, text: str, **query: str) -> httpx.Response:
    headers = desk.client.as_(Role.ADMINISTRATOR) | {"Content-Type": "text/csv"}
    return await desk.client.post("/v1/children/import", content=text, params=query, headers=headers)


async def test_children_are_imported_told_and_hidden(desk: Desk) -> None:
    dry = await imported(desk, FILE, dry_run="true")
    assert dry.json()["problems"] == [] and await desk.items("/v1/children") == []
    answer = await imported(desk, FILE)
    assert answer.status_code == 200 and answer.json()["imported"] == 2, answer.text
    assert [child["restricted"] for child in await desk.items("/v1/children")] == [False, True]
    assert len((await desk.get("/v1/children", role=Role.CHAIR)).json()["items"]) == 1
    told = [(event["person_id"], event["restricted"]) for event in await desk.told("child.changed")]
    assert told == [("P1", False), ("P2", True)]


async def test_a_wrong_row_keeps_everything_out(desk: Desk) -> None:
    await desk.sent("P2")
    answer = await imported(desk, FILE.replace("2012-05-14", "2999-01-01"))
    wrong = {(problem["row"], problem["field"]) for problem in answer.json()["problems"]}
    assert wrong == {(2, "born_on"), (3, "person_id")}
    assert len(await desk.items("/v1/children")) == 1
