"""The directory: entries are created and replaced, wrong references are refused, and events hold no names."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from tests.support.notifications.directory import AGENCY, AREA, COLLEAGUE, EMAIL, NAME, put
from tests.support.running import Running
from tests.support.serving import Client


@pytest.fixture
async def client(running: Running) -> Client:
    return await running("notifications")


async def get(client: Client, path: str, **query: Any) -> Any:
    answer = await client.get(f"/v1/{path}", headers=client.as_(Role.CHAIR), params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def cover(client: Client, **body: Any) -> httpx.Response:
    wanted = {"colleague_id": "officer", "agency_id": "surgeries", "starts_on": "2020-01-01"} | body
    return await client.post("/v1/coverage", json=wanted, headers=client.as_(Role.ADMINISTRATOR))


async def fill(client: Client) -> None:
    manager = COLLEAGUE | {"positions": ["team_manager"]}
    for path, body in (
        ("areas/north", AREA),
        ("areas/south", {"name": "South"}),
        ("agencies/surgeries", AGENCY),
        ("colleagues/manager", manager),
        ("colleagues/officer", COLLEAGUE | {"team_manager_id": "manager", "area_id": "north"}),
        ("colleagues/former", COLLEAGUE | {"positions": ["chair"], "ends_on": "2021-12-31"}),
    ):
        assert (await put(client, path, body)).status_code == 201


PLACES = [("areas/north", AREA), ("agencies/surgeries", AGENCY), ("colleagues/officer", COLLEAGUE)]


@pytest.mark.parametrize(("path", "body"), PLACES)
async def test_an_entry_is_created_and_replaced_only_on_the_version_that_was_read(
    client: Client, path: str, body: dict[str, Any]
) -> None:
    early = await put(client, path, body, '"1"')
    assert early.status_code == 412
    made = await put(client, path, body)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    again = await put(client, path, body)
    assert (again.status_code, again.headers["ETag"], again.json()) == (200, '"1"', made.json())
    unsaid = await put(client, path, body | {"name": "Other"})
    assert (unsaid.status_code, unsaid.headers["ETag"]) == (428, '"1"')
    replaced = await put(client, path, body | {"name": "Other"}, '"1"')
    assert (replaced.status_code, replaced.headers["ETag"]) == (200, '"2"')
    assert (await put(client, path, body, '"1"')).status_code == 412
    read = await client.get(f"/v1/{path}", headers=client.as_(Role.CHAIR))
    assert (read.json()["name"], read.headers["ETag"][:3]) == ("Other", '"2-')


async def test_two_who_create_the_same_entry_at_once_make_one(client: Client) -> None:
    answers = await asyncio.gather(*(put(client, "areas/north", AREA) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 200, 201]


async def test_what_is_not_there_is_not_found(client: Client) -> None:
    for path in ("areas/none", "agencies/none", "colleagues/none"):
        assert (await client.get(f"/v1/{path}", headers=client.as_(Role.CHAIR))).status_code == 404


WRONG = [
    # An area or a manager that is not there.
    ("colleagues/new", COLLEAGUE | {"area_id": "west"}, "area_id"),
    ("colleagues/new", COLLEAGUE | {"team_manager_id": "nobody"}, "team_manager_id"),
    # A manager who is none.
    ("colleagues/new", COLLEAGUE | {"team_manager_id": "officer"}, "team_manager_id"),
    # A position that nobody has.
    ("colleagues/new", COLLEAGUE | {"positions": ["wizard"]}, "positions.0"),
    # No position at all, and one named twice.
    ("colleagues/new", COLLEAGUE | {"positions": []}, "positions"),
    ("colleagues/new", COLLEAGUE | {"positions": ["chair", "chair"]}, "positions"),
    # No address.
    ("colleagues/new", COLLEAGUE | {"email": "nowhere"}, "email"),
    # A second line, which could become a header of an email.
    ("colleagues/new", COLLEAGUE | {"name": "Robin\r\nBcc: all@example.org"}, "name"),
    # Nothing but a space.
    ("areas/new", {"name": "  "}, "name"),
    # More than full time.
    ("colleagues/new", COLLEAGUE | {"full_time_equivalent": 1.5}, "full_time_equivalent"),
    ("colleagues/new", COLLEAGUE | {"telephone": "ask Robin"}, "telephone"),
    # An agency without roles, or with a role that is no slug.
    ("agencies/new", AGENCY | {"roles": []}, "roles"),
    ("agencies/new", AGENCY | {"roles": ["Head Teacher"]}, "roles.0"),
    # A field that nobody knows.
    ("areas/new", AREA | {"colour": "red"}, "colour"),
]


async def test_what_is_wrong_is_named_by_its_field(client: Client) -> None:
    await fill(client)
    for path, body, field in WRONG:
        answer = await put(client, path, body)
        assert answer.status_code == 422, body
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert (await client.get(f"/v1/{path}", headers=client.as_(Role.CHAIR))).status_code == 404


WRONG_COVERAGE: list[tuple[dict[str, Any], str]] = [
    # Nobody of that name, no such agency, no such area.
    ({"colleague_id": "nobody"}, "colleague_id"),
    ({"agency_id": "schools"}, "agency_id"),
    ({"area_id": "west"}, "area_id"),
    # A role that the agency does not have.
    ({"agency_role": "head-teacher"}, "agency_role"),
    # Every agency at once, although it is no fallback.
    ({"agency_id": None}, "agency_id fallback"),
    # A role of no agency.
    ({"agency_id": None, "fallback": True, "agency_role": "gp"}, "agency_id fallback"),
    # It ends before it starts.
    ({"ends_on": "2019-12-31"}, "starts_on ends_on"),
]


async def test_coverage_of_what_is_not_there_or_means_nothing_is_refused(client: Client) -> None:
    await fill(client)
    for body, field in WRONG_COVERAGE:
        answer = await cover(client, **body)
        assert answer.status_code == 422, body
        assert [error["field"] for error in answer.json()["errors"]] == field.split()


FOUND = [
    # Everybody, by identifier, whoever left as well.
    ({}, ["former", "manager", "officer"]),
    # One position.
    ({"position": "team_manager"}, ["manager"]),
    # One manager's team.
    ({"team_manager_id": "manager"}, ["officer"]),
    # One area.
    ({"area_id": "north"}, ["officer"]),
    ({"area_id": "south"}, []),
    # Their last day, and the day after.
    ({"on": "2021-12-31"}, ["former", "manager", "officer"]),
    ({"on": "2022-01-01"}, ["manager", "officer"]),
    # Their first day, and the day before.
    ({"on": "2020-01-01", "position": "chair"}, ["former"]),
    ({"on": "2019-12-31"}, []),
]


async def test_colleagues_are_found_by_what_they_are(client: Client) -> None:
    await fill(client)
    for query, found in FOUND:
        assert [item["id"] for item in (await get(client, "colleagues", **query))["items"]] == found, query


async def test_lists_are_by_identifier_and_in_pages(client: Client) -> None:
    await fill(client)
    assert [item["id"] for item in (await get(client, "agencies"))["items"]] == ["surgeries"]
    first = await get(client, "areas", limit=1)
    assert [item["id"] for item in first["items"]] == ["north"]
    second = await get(client, "areas", limit=1, cursor=first["next"])
    assert ([item["id"] for item in second["items"]], second["next"]) == (["south"], None)


async def test_coverage_is_found_changed_and_ended(client: Client) -> None:
    await fill(client)
    made = await cover(client)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    path = made.headers["Location"]
    headers = client.as_(Role.ADMINISTRATOR)
    ended = {"colleague_id": "officer", "agency_id": "surgeries", "starts_on": "2020-01-01", "ends_on": "2020-06-30"}
    assert (await client.put(path, json=ended, headers=headers)).status_code == 428
    assert (await client.put(path, json=ended, headers=headers | {"If-Match": '"9"'})).status_code == 412
    changed = await client.put(path, json=ended, headers=headers | {"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    again = await client.put(path, json=ended, headers=headers)
    assert (again.status_code, again.headers["ETag"], again.json()) == (200, '"2"', changed.json())
    for query, count in (({"on": "2020-06-30"}, 1), ({"on": "2020-07-01"}, 0), ({"agency_id": "schools"}, 0)):
        assert len((await get(client, "coverage", **query))["items"]) == count
    assert len((await get(client, "coverage", colleague_id="officer"))["items"]) == 1


async def test_the_check_shows_what_nobody_covers_and_what_several_do(client: Client) -> None:
    await fill(client)
    assert len((await get(client, "coverage/check"))["gaps"]) == 4
    await cover(client, agency_role="gp")
    await cover(client, colleague_id="manager", agency_role="gp", area_id="north")
    await cover(client, colleague_id="former", agency_role="midwife")
    found = await get(client, "coverage/check", on="2021-06-01")
    assert (found["gaps"], found["overlaps"]) == ([], [])
    # Whoever left covers nothing any more.
    gaps = (await get(client, "coverage/check", on="2022-06-01"))["gaps"]
    assert [(gap["agency_role"], gap["area_id"]) for gap in gaps] == [("midwife", "north"), ("midwife", "south")]
    await cover(client, colleague_id="officer", agency_role="gp", area_id="north")
    (overlap,) = (await get(client, "coverage/check", on="2021-06-01"))["overlaps"]
    assert (overlap["area_id"], overlap["officers"]) == ("north", ["manager", "officer"])
    await cover(client, agency_id=None, fallback=True)
    assert (await get(client, "coverage/check", on="2022-06-01"))["gaps"] == []


async def test_every_change_is_told_and_no_event_holds_a_name_or_an_address(client: Client) -> None:
    await fill(client)
    await put(client, "colleagues/officer", COLLEAGUE | {"ends_on": "2024-12-31"}, '"1"')
    await put(client, "colleagues/officer", COLLEAGUE, '"1"')
    moved = {"area_id": "south", "full_time_equivalent": 0.6, "email": "elsewhere@example.org"}
    await put(client, "colleagues/officer", COLLEAGUE | moved, '"2"')
    rows = await client.process.database.statements.rows("SELECT type, subject, data FROM chassis.outgoing ORDER BY id")
    assert [row["subject"] for row in rows] == [
        "north", "south", "surgeries", "manager", "officer", "former", "officer", "officer",
    ]  # fmt: skip
    assert json.loads(rows[-2]["data"]) == {
        "id": "officer", "roles": ["liaison_officer"], "area_id": None, "full_time_equivalent": None,
        "starts_on": COLLEAGUE["starts_on"], "ends_on": "2024-12-31", "address_changed": False,
        "version": 2,
    }  # fmt: skip
    last = json.loads(rows[-1]["data"])
    assert (last["area_id"], last["full_time_equivalent"], last["version"]) == ("south", 0.6, 3)
    assert last["address_changed"] is True
    published = "".join(str(tuple(row.values())) for row in rows)
    for word in (NAME, EMAIL, "Robin", "Planted", "@", "North", "South", "Surgeries"):
        assert word not in published


async def test_only_its_keepers_change_the_directory(client: Client) -> None:
    for role in (Role.CHAIR, Role.SOCIAL_WORK_MANAGER, Role.PERFORMANCE_ANALYST, Role.SERVICE):
        assert (await client.put("/v1/areas/north", json=AREA, headers=client.as_(role))).status_code == 403
    assert (await client.put("/v1/areas/north", json=AREA)).status_code == 401
