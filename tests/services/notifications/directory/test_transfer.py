"""The directory as CSV files: imported all or nothing, problems by row, and exported without a loss."""

import csv
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from tests.support.running import Running
from tests.support.serving import Client

AREAS = "id,name,ends_on\nnorth,North,\nsouth,South,2030-12-31\n"
AGENCIES = (
    "id,name,roles,internal,ends_on\nsurgeries,Surgeries,gp;midwife,false,\ncouncil,Council,social-worker,true,\n"
)
COLLEAGUES = (
    "id,name,email,positions,team_manager_id,area_id,full_time_equivalent,starts_on,ends_on,telephone,reports_due_weekly\n"
    "boss,The Boss,boss@example.org,team_manager,,,,2020-01-01,,01632 960001,false\n"
    'officer,"Planted, Robin",robin@example.org,liaison_officer;chair,boss,north,0.50,2020-01-01,2029-12-31,,true\n'
)
COVERAGE = (
    "colleague_id,agency_id,agency_role,area_id,fallback,starts_on,ends_on\n"
    "officer,surgeries,gp,north,false,2020-01-01,\n"
    "boss,,,,true,2020-01-01,2028-12-31\n"
)
NOTHING_WRONG: dict[str, Any] = {"problems": [], "problem_count": 0, "warnings": [], "warning_count": 0}
FILES = {"areas": AREAS, "agencies": AGENCIES, "colleagues": COLLEAGUES, "coverage": COVERAGE}


@pytest.fixture
async def client(running: Running) -> Client:
    return await running("notifications")


async def send(client: Client, part: str, body: str | bytes, **query: Any) -> httpx.Response:
    headers = client.as_(Role.ADMINISTRATOR) | {"Content-Type": "text/csv; charset=utf-8"}
    content = body if isinstance(body, bytes) else body.encode()
    return await client.post(f"/v1/{part}/import", content=content, headers=headers, params=query)


async def exported(client: Client, part: str) -> str:
    answer = await client.get(f"/v1/{part}/export", headers=client.as_(Role.ADMINISTRATOR))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert f'filename="{part}.csv"' in answer.headers["Content-Disposition"]
    return answer.text.replace("\r\n", "\n")


async def count(client: Client, table: str) -> int:
    counted = await client.process.database.statements.rows(f"SELECT count(*) AS count FROM {table}")
    return int(counted[0]["count"])


async def test_what_is_exported_can_be_imported_elsewhere_without_a_loss(client: Client, running: Running) -> None:
    for part, text in FILES.items():
        answer = (await send(client, part, text)).json()
        assert answer == {"rows": 2, "imported": 2, "dry_run": False} | NOTHING_WRONG
    out = {part: await exported(client, part) for part in FILES}
    for part, text in FILES.items():
        rows, given = (list(csv.DictReader(file.splitlines())) for file in (out[part], text))
        assert sorted(rows, key=str) == sorted(({name: row[name] for name in rows[0]} for row in given), key=str)
    other = await running("notifications")
    for part, text in out.items():
        assert (await send(other, part, text)).json()["problems"] == []
        assert await exported(other, part) == text


async def test_known_rows_are_replaced_and_told_with_their_new_version(client: Client) -> None:
    await send(client, "areas", AREAS)
    await send(client, "areas", AREAS.replace("North", "Northern"))
    read = await client.get("/v1/areas/north", headers=client.as_(Role.CHAIR))
    assert (read.json()["name"], read.json()["version"]) == ("Northern", 2)
    assert await count(client, "area") == 2
    assert await count(client, "chassis.outgoing") == 3, "what stays as it is is not told again"


async def test_coverage_that_is_known_is_not_doubled_but_can_be_ended(client: Client) -> None:
    for part, text in FILES.items():
        await send(client, part, text)
    published = await count(client, "chassis.outgoing")
    before = await exported(client, "coverage")
    assert (await send(client, "coverage", before)).json()["problems"] == []
    assert await exported(client, "coverage") == before
    assert await count(client, "chassis.outgoing") == published
    ended = COVERAGE.replace("false,2020-01-01,", "false,2020-01-01,2026-03-31")
    assert ended != COVERAGE
    assert (await send(client, "coverage", ended)).json()["problems"] == []
    assert await count(client, "coverage") == 2
    assert await count(client, "chassis.outgoing") == published + 1
    assert "2026-03-31" in await exported(client, "coverage")
    await send(client, "coverage", COVERAGE)
    assert await exported(client, "coverage") == before


async def test_no_cell_is_a_formula_and_none_is_changed_by_the_way_out_and_in(client: Client) -> None:
    names = ["=1+1", "+44 20", "-2+3", "@SUM(A1)", "'=1+1", "''@x", "'quoted'", "Plain"]
    headers = client.as_(Role.ADMINISTRATOR)
    for number, name in enumerate(names):
        await client.put(f"/v1/areas/a{number}", json={"name": name}, headers=headers)
    text = await exported(client, "areas")
    cells = [line.split(",")[1] for line in text.splitlines()[1:]]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert (await send(client, "areas", text)).json()["imported"] == len(names)
    read = await client.get("/v1/areas", headers=headers)
    assert [item["name"] for item in read.json()["items"]] == names


WRONG_ROWS = [
    # An identifier that is no slug, and none at all.
    ("areas", "West Side,West,", "id"),
    ("areas", ",West,", "id"),
    # What is needed is missing.
    ("areas", "west,,", "name"),
    # More fields than columns.
    ("areas", "west,West,,more", ""),
    # No day.
    ("areas", "west,West,31/12/2030", "ends_on"),
    # A role that is no slug.
    ("agencies", "x,X,Head Teacher,false,", "roles.0"),
    # A manager and an area that are not there.
    ("colleagues", "c,C,c@example.org,chair,nobody,,,2020-01-01,", "team_manager_id"),
    ("colleagues", "c,C,c@example.org,chair,,west,,2020-01-01,", "area_id"),
    # No address.
    ("colleagues", "c,C,nowhere,chair,,,,2020-01-01,", "email"),
    # An officer who is not there.
    ("coverage", "nobody,,,,true,2020-01-01,", "colleague_id"),
]
TABLES = {"areas": "area", "agencies": "agency", "colleagues": "colleague", "coverage": "coverage"}


@pytest.mark.parametrize("part", list(FILES))
async def test_one_wrong_row_is_named_and_nothing_is_imported(client: Client, part: str) -> None:
    for earlier in list(FILES)[: list(FILES).index(part)]:
        await send(client, earlier, FILES[earlier])
    published = await count(client, "chassis.outgoing")
    for _, row, field in (wrong_row for wrong_row in WRONG_ROWS if wrong_row[0] == part):
        answer = await send(client, part, FILES[part] + row + "\n")
        assert answer.status_code == 200
        report = answer.json()
        assert (report["rows"], report["imported"]) == (3, 0)
        assert [(problem["row"], problem["field"]) for problem in report["problems"]] == [(4, field)]
    assert await count(client, TABLES[part]) == 0
    assert await count(client, "chassis.outgoing") == published


async def test_a_dry_run_only_checks(client: Client) -> None:
    report = (await send(client, "areas", AREAS, dry_run=True)).json()
    assert report == {"rows": 2, "imported": 0, "dry_run": True} | NOTHING_WRONG
    assert await count(client, "area") == 0


BODIES: list[tuple[str | bytes, int]] = [
    # Not in UTF-8.
    ("id,name\nnorth,Größe\n".encode("latin-1"), 422),
    # A column that nobody knows.
    ("id,name,colour\nnorth,North,red\n", 422),
    # A quotation that never ends.
    ('id,name\nnorth,"North\n', 422),
    # With the mark that spreadsheets put at the beginning.
    ("\ufeffid,name\nnorth,North\n", 200),
    # With the line ends of spreadsheets.
    ("id,name\r\nnorth,North\r\n", 200),
    # Nothing but the heading.
    ("id,name\n", 200),
    # Nothing.
    ("", 422),
]


async def test_a_file_is_read_as_spreadsheets_write_it_or_refused(client: Client) -> None:
    for body, status in BODIES:
        answer = await send(client, "areas", body)
        assert answer.status_code == status, (body, answer.text)


async def test_only_csv_by_administrators_is_taken(client: Client) -> None:
    headers = client.as_(Role.ADMINISTRATOR)
    plain = await client.post("/v1/areas/import", content=AREAS, headers=headers | {"Content-Type": "text/plain"})
    assert plain.status_code == 415
    for role in (Role.CHAIR, Role.BUSINESS_SUPPORT, Role.TEAM_MANAGER):
        assert (await client.get("/v1/areas/export", headers=client.as_(role))).status_code == 403
