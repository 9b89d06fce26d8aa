"""What is recorded of the quality of the work is found, set right, voided, and due when it is missing."""

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.periods import PeriodKind, period_of
from services.reports.quality import actions
from services.reports.quality.tables import tables
from tests.support.directory import directory
from tests.support.running import Running
from tests.support.serving import Client

DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, ends_on, version, attributes) VALUES
        ('colleague', 'chair-1', NULL, 1, '{"roles": ["chair"]}'),
        ('colleague', 'chair-2', NULL, 1, '{"roles": ["chair"]}'),
        ('colleague', 'gone', '2019-01-01', 1, '{"roles": ["chair"]}'),
        ('colleague', 'manager-1', NULL, 1, '{"roles": ["team_manager"]}')
    RETURNING id
"""
OBSERVATION = {
    "chair_id": "chair-1",
    "observed_on": "2020-05-04",
    "observer_id": "manager-1",
    "meeting_reference": "REV-2020-0001",
    "grade": "good",
    "findings": "The young person led the first half.",
}
RECORDS: dict[str, dict[str, Any]] = {
    "observations": OBSERVATION,
    "development": {
        "colleague_id": "chair-1",
        "kind": "training",
        "held_on": "2020-05-04",
        "subject": "Life story work",
        "days": 1.5,
    },
    "audits": {
        "subject": "Records of reviews",
        "audited_on": "2020-05-04",
        "auditor_id": "manager-1",
        "records_audited": 20,
        "findings": "Decisions have owners; three have no day.",
    },
    "home-visits": {"home_id": "meadow-house", "visited_on": "2020-05-04", "visitor": "Ina Corvedale"},
    "priorities": {"year": "2020-21", "title": "Every child seen alone", "owner_id": "manager-1"},
}
HOME = {"name": "Meadow House", "kind": "long_term", "opened_on": "2019-01-01"}


async def begun(running: Running, **settings: Any) -> Client:
    """The reports service, with a small directory and a home."""
    client = await running("reports", **settings)
    await client.process.database.statements.rows(DIRECTORY)
    made = await client.put("/v1/quality/homes/meadow-house", json=HOME, headers=client.as_(Role.TEAM_MANAGER))
    assert made.status_code == 201, made.text
    return client


@pytest.mark.parametrize("kind", RECORDS)
async def test_it_is_recorded_listed_set_right_and_voided(running: Running, kind: str) -> None:
    client = await begun(running)
    manager = client.as_(Role.TEAM_MANAGER, subject="manager-1")
    path, wanted = f"/v1/quality/{kind}", RECORDS[kind]
    made = await client.post(path, json=wanted, headers=manager)
    record = made.json()
    assert (made.status_code, record["recorded_by"], record["version"]) == (201, "manager-1", 1), made.text
    assert record | wanted == record
    assert (await client.get(path, headers=manager)).json()["items"] == [record]

    changed = wanted | {name: "Another one." for name in ("findings", "subject", "visitor", "title") if name in wanted}
    place = f"{path}/{record['id']}"
    assert (await client.put(place, json=changed, headers=manager)).status_code == 428
    right = await client.put(place, json=changed, headers=manager | {"If-Match": made.headers["ETag"]})
    assert right.json() == record | changed | {"version": 2}
    assert (await client.put(place, json=changed, headers=manager)).json() == right.json(), (
        "sent again it changes nothing"
    )
    stale = await client.put(place, json=wanted, headers=manager | {"If-Match": made.headers["ETag"]})
    assert stale.status_code == 412

    voided = await client.post(f"{place}/void", json={"reason": "Written down twice."}, headers=manager)
    assert voided.status_code == 204
    assert (await client.get(path, headers=manager)).json()["items"] == []
    assert (await client.post(f"{place}/void", json={"reason": "Again."}, headers=manager)).status_code == 404
    kept = await client.process.database.statements.rows(
        "SELECT why FROM chassis.audit_entry WHERE action LIKE 'void_%' AND record = $1", record["id"]
    )
    assert [row["why"] for row in kept] == ["Written down twice."]


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("observations", {"observed_on": "2999-06-04"}, "observed_on"),
        ("observations", {"observer_id": "nobody"}, "observer_id"),
        ("observations", {"observer_id": "chair-1"}, "observer_id"),
        ("observations", {"grade": "fine"}, "grade"),
        ("development", {"days": -1}, "days"),
        ("audits", {"records_audited": 0}, "records_audited"),
        ("home-visits", {"home_id": "no-home"}, "home_id"),
        ("home-visits", {"actions_done_on": "2999-01-01"}, "actions_done_on"),
        ("priorities", {"year": "2020"}, "year"),
        ("priorities", {"year": "then"}, "year"),
    ],
)
async def test_what_cannot_be_is_refused(running: Running, kind: str, change: dict[str, Any], field: str) -> None:
    client = await begun(running)
    headers = client.as_(Role.TEAM_MANAGER)
    answer = await client.post(f"/v1/quality/{kind}", json=RECORDS[kind] | change, headers=headers)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])
    assert (await client.get(f"/v1/quality/{kind}", headers=headers)).json()["items"] == []


async def test_a_chair_sees_their_own_and_no_other(running: Running) -> None:
    client = await begun(running)
    manager = client.as_(Role.TEAM_MANAGER)
    for chair_id in ("chair-1", "chair-2"):
        wanted = OBSERVATION | {"chair_id": chair_id}
        assert (await client.post("/v1/quality/observations", json=wanted, headers=manager)).status_code == 201
    chair = client.as_(Role.CHAIR, subject="chair-2")
    seen = (await client.get("/v1/quality/observations", headers=chair)).json()["items"]
    assert [observation["chair_id"] for observation in seen] == ["chair-2"]
    assert (await client.get("/v1/quality/audits", headers=chair)).status_code == 403


async def test_what_is_missing_is_due(running: Running) -> None:
    """A chair is observed once in each half of the year; a home is visited each month."""
    client = await begun(running)
    manager = client.as_(Role.TEAM_MANAGER)
    await client.post("/v1/quality/home-visits", json=RECORDS["home-visits"], headers=manager)
    audit = RECORDS["audits"] | {"outcome_due_on": "2020-06-01"}
    await client.post("/v1/quality/audits", json=audit, headers=manager)

    async def due_on(day: date) -> list[tuple[str, str, str, bool]]:
        async with client.process.database.transaction() as session:
            items = await actions.due(session, day)
        return [(item.kind, item.name, item.due_on.isoformat(), item.is_overdue) for item in items]

    assert await due_on(date(2020, 6, 3)) == [
        ("audit_outcome", "Records of reviews", "2020-06-01", True),
        ("home_visit", "Meadow House", "2020-06-30", False),
    ]
    await client.post("/v1/quality/observations", json=OBSERVATION, headers=manager)
    assert await due_on(date(2020, 9, 10)) == [
        ("audit_outcome", "Records of reviews", "2020-06-01", True),
        ("home_visit", "Meadow House", "2020-06-30", True),
        ("observation", "chair-2", "2020-09-30", False),
    ]


async def test_who_is_to_be_observed_is_called_by_name(running: Running) -> None:
    """By the identifier, whoever the directory does not know."""
    late_in_this_half = period_of(PeriodKind.HALF, clock.today()).last - timedelta(days=10)
    async with directory() as names:
        client = await begun(running, notifications_url=names)
        with clock.shifted(late_in_this_half - clock.today()):
            answer = await client.get("/v1/quality/due", headers=client.as_(Role.TEAM_MANAGER))
    due = {item["about"]: item["name"] for item in answer.json()["items"] if item["kind"] == "observation"}
    assert due == {"chair-1": "Ilva Thornbury", "chair-2": "chair-2"}


async def test_a_home_that_closed_is_visited_no_more(running: Running) -> None:
    client = await begun(running)
    manager = client.as_(Role.TEAM_MANAGER)
    closed = HOME | {"closed_on": "2020-06-01"}
    path = "/v1/quality/homes/meadow-house"
    assert (await client.put(path, json=closed, headers=manager)).status_code == 428
    assert (await client.put(path, json=closed, headers=manager | {"If-Match": '"1"'})).status_code == 200
    async with client.process.database.transaction() as session:
        due = await actions.due(session, clock.today())
    assert [item for item in due if item.kind == "home_visit"] == []
    wrong = await client.put(path, json=HOME | {"closed_on": "2018-01-01"}, headers=manager | {"If-Match": '"2"'})
    assert [error["field"] for error in wrong.json()["errors"]] == ["closed_on"]


async def test_a_report_shows_what_was_recorded_in_its_year(running: Running) -> None:
    client = await begun(running)
    manager = client.as_(Role.TEAM_MANAGER)
    for kind, wanted in RECORDS.items():
        assert (await client.post(f"/v1/quality/{kind}", json=wanted, headers=manager)).status_code == 201

    async def rows(year: int) -> dict[str, list[list[Any]]]:
        found = await tables(client.process.database.statements, date(year, 4, 1), date(year + 1, 3, 31))
        return {key: table.rows for key, table in found.items()}

    every_child = ["Every child seen alone", "Planned", None, None]
    assert await rows(2020) == {
        "observations": [["Good", 1, 1]],
        "development": [["Training", 1, 1, 1.5]],
        "audits": [
            [
                "Records of reviews",
                date(2020, 5, 4),
                20,
                None,
                "Decisions have owners; three have no day.",
                None,
            ]
        ],
        "home-visits": [["Meadow House", "Long term", 1, 1, 0, 0]],
        "priorities": [every_child],
        "next-priorities": [],
    }
    statements, year = client.process.database.statements, (date(2020, 4, 1), date(2021, 3, 31))
    of_chairs = [await tables(statements, *year, chair_id) for chair_id in ("chair-1", "chair-2")]
    assert [{key: len(table.rows) for key, table in found.items()} for found in of_chairs] == [
        {"observations": 1, "development": 1},
        {"observations": 0, "development": 0},
    ]
    before = await rows(2019)
    assert (before["observations"], before["next-priorities"]) == ([], [every_child])
