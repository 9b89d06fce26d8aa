"""The demo's children, enquiries and conferences, taken in by the service itself, are what was published."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.children.replica import keep_children
from chassis.importing.writing import lots
from chassis.law.working_days import is_working_day
from demo import protection
from demo.tables import AS_OF, Row, read
from deploy.local.postgres import Server
from services.conferences.records.actions import NEEDED
from services.conferences.records.schemas import ConferenceRecordIn
from tests.support import published
from tests.support.children.replica import identity_of
from tests.support.csv_files import csv_of
from tests.support.published import YEARS, prose
from tests.support.returns.council import chair_ids, until
from tests.support.returns.validator_cin import Census, failures_of
from tests.support.serving import Client
from tests.support.sharing import shared_service

JSON = dict[str, Any]
ENTRIES = [
    *(("colleague", key, {"roles": ["chair"]}) for key in chair_ids()),
    *(("colleague", key, {}) for key in ("swm-1", "manager-north", "manager-south")),
    *(("area", row["id"], {}) for row in read("directory/areas")),
    *(("agency", row["id"], {"roles": row["roles"].split(";")}) for row in read("directory/agencies")),
]
DIRECTORY = "INSERT INTO chassis.copy (kind, id, version, attributes) VALUES " + ", ".join(
    f"('{kind}', '{key}', 1, '{json.dumps(attributes)}')" for kind, key, attributes in ENTRIES
)


class Loaded:
    """A conferences service that has the demo's records."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def take_in(self) -> None:
        """Import everything in the order in which the demo does."""
        async with self.client.process.database.transaction() as session:
            for rows in lots(read("children")):
                await keep_children(session, map(identity_of, rows))
        await self.import_csv("/v1/conferences/section-47-enquiries/import", read("protection/enquiries"))
        for row in read("protection/transfers_in"):
            body = {name: value for name, value in row.items() if name != "request_id"}
            path = f"/v1/conferences/transfers-in/{row['request_id']}"
            answer = await self.client.put(path, json=body, headers=self.client.as_(Role.CASE_MANAGEMENT))
            assert answer.status_code == 201, answer.text
        files = {
            "conferences": protection.conferences(),
            "invitations": protection.invitations(),
            "plan_ends": read("protection/plan_ends"),
        }
        answer = await self.client.post(
            "/v1/conferences/import",
            files={name: (f"{name}.csv", csv_of(rows).encode(), "text/csv") for name, rows in files.items()},
            headers=self.client.as_(Role.ADMINISTRATOR),
            timeout=300,
        )
        self.all_taken(answer, sum(map(len, files.values())))

    async def import_csv(self, path: str, rows: list[Row]) -> None:
        headers = self.client.as_(Role.ADMINISTRATOR) | {"Content-Type": "text/csv"}
        self.all_taken(await self.client.post(path, content=csv_of(rows), headers=headers, timeout=120), len(rows))

    def all_taken(self, answer: Any, rows: int) -> None:
        assert answer.status_code == 200, answer.text
        assert answer.json()["problems"] == []
        assert answer.json()["imported"] == rows

    async def get(self, path: str, **query: Any) -> Any:
        headers = self.client.as_(Role.TEAM_MANAGER, subject="manager-north")
        answer = await self.client.get(path, params=query, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(self, sql: str) -> list[JSON]:
        return [dict(row) for row in await self.client.process.database.statements.rows(sql)]


@pytest.fixture(scope="module")
async def loaded(postgres: Server) -> AsyncIterator[Loaded]:
    async with shared_service(postgres, "conferences", DIRECTORY) as running:
        await running.begin_anew()
        with clock.shifted(until(AS_OF)):
            async with running.client() as client:
                found = Loaded(client)
                await found.take_in()
                yield found


async def test_conferences_and_children_by_month_are_the_published_ones(loaded: Loaded) -> None:
    counted: dict[str, tuple[int, int]] = {}
    for period in YEARS:
        rows = (await loaded.get("/v1/figures/conferences", period=period))["rows"]
        counted |= {row["key"]: (row["conferences"], row["child_conferences"]) for row in rows if row["key"]}
    conferences, children = published.conferences_by_month(), published.children_of_conferences_by_month()
    assert counted == {month: (conferences[month], children[month]) for month in conferences}


def test_as_many_conferences_as_published_make_the_year() -> None:
    meetings = {(row["meeting"], row["held_on"]) for row in protection.conferences()}
    held = [held_on for _, held_on in meetings]
    assert sum("2019-04-01" <= day <= "2020-03-31" for day in held) == 774
    assert sum("2018-04-01" <= day <= "2019-03-31" for day in held) == 741


async def test_as_many_children_are_on_a_plan_as_published(loaded: Loaded) -> None:
    for day, published_as in (("2019-04-01", 303), ("2019-10-31", 405), ("2020-03-31", 350)):
        assert published.plans_on(date.fromisoformat(day)) == published_as
        (counted,) = await loaded.rows(
            f"SELECT count(*) FROM protection_plan WHERE starts_on <= '{day}' AND (ends_on IS NULL OR ends_on > '{day}')"
        )
        assert counted["count"] == published_as
    rows = (await loaded.get("/v1/figures/conferences/plans", period="2019-20"))["rows"]
    assert {row["key"]: row["open"] for row in rows if row["key"] in {"2019-10", "2020-03"}} == {
        "2019-10": 405,
        "2020-03": 350,
    }


async def test_no_plan_changes_on_the_published_days_themselves(loaded: Loaded) -> None:
    days = {row[name] for row in await loaded.rows("SELECT starts_on, ends_on FROM protection_plan") for name in row}
    assert days.isdisjoint({date(2019, 4, 1), date(2019, 10, 31), date(2020, 3, 31)})


async def test_every_conference_of_the_second_year_was_in_time(loaded: Loaded) -> None:
    for year_of, late in (("2018-19", range(15, 60)), ("2019-20", range(1))):
        total = (await loaded.get("/v1/figures/conferences", period=year_of))["rows"][-1]
        assert total["late"] in late
        assert total["timeliness"] == pytest.approx(total["in_time"] / total["child_conferences"], abs=0.0001)


async def test_as_many_children_had_an_advocate_as_published(loaded: Loaded) -> None:
    (supported,) = await loaded.rows(
        "SELECT count(DISTINCT person_id) FROM child_conference WHERE advocate AND held_on >= '2019-04-01'"
    )
    assert supported["count"] == prose("advocacy_cp") == 125


async def test_what_chairs_confirmed_is_told_to_be_raised_in_the_published_numbers(loaded: Loaded) -> None:
    confirmed = await loaded.rows("SELECT decided_on FROM proposal WHERE state = 'confirmed'")
    assert Counter(row["decided_on"].isoformat()[:7] for row in confirmed) == published.escalations_by_month()
    confirmations = await loaded.rows("SELECT id FROM chassis.outgoing WHERE type = 'conference.escalations_confirmed'")
    assert len(confirmations) > 300


async def test_every_list_shows_something_and_little_is_overdue(loaded: Loaded) -> None:
    kinds = await loaded.rows(
        "SELECT kind, count(*) AS owed, count(*) FILTER (WHERE due_on < '2020-04-03') AS overdue FROM deadline GROUP BY 1"
    )
    owed = {row["kind"]: (row["owed"], row["overdue"]) for row in kinds}
    assert owed.keys() >= {"conference", "core_group", "midway_check", "record", "proposals", "twelve_month_discussion"}
    assert owed["conference"][1] in range(1, 6)
    waiting = (await loaded.get("/v1/conferences/proposals", state="proposed"))["items"]
    assert len(waiting) == 9
    for watch in ("long", "repeat", "repeat_within_two_years", "ended_within_three_months"):
        assert (await loaded.get("/v1/protection-plans", watch=watch))["items"], watch


async def test_the_sectors_validator_finds_nothing_in_either_year(loaded: Loaded) -> None:
    headers = loaded.client.as_(Role.TEAM_MANAGER)
    censuses = []
    for ends_in, late in ((2019, True), (2020, False)):
        path = f"/v1/returns/cin-census/{ends_in - 1}-{ends_in - 2000}"
        checks = (await loaded.client.get(f"{path}/checks", headers=headers, timeout=60)).json()
        assert not any(finding["blocking"] for finding in checks["findings"])
        assert bool(checks["findings"]) == late
        answer = await loaded.client.get(f"{path}/census.xml", params={"authority": "925"}, headers=headers, timeout=60)
        assert answer.text.count("<CPPreviewDate>") > 800
        censuses.append(Census(answer.text, ends_in))
    assert failures_of(censuses) == [{}, {}]


async def test_every_complete_record_says_what_a_complete_record_says(loaded: Loaded) -> None:
    records = [row["record"] for row in await loaded.rows("SELECT record FROM conference WHERE record_on IS NOT NULL")]
    for said in map(json.loads, records):
        ConferenceRecordIn.model_validate(said)
        assert all(any(said.get(name) for name in names) for names in NEEDED.values())
        assert all(step["owner"] and step["due_on"] for step in said["next_steps"])
    assert len({tuple(json.loads(record)["past_harm"]) for record in records}) > 12
    drafts = await loaded.rows("SELECT record FROM conference WHERE record_on IS NULL AND record <> '{}'")
    assert drafts == []


def test_conferences_are_planned_on_working_days_in_order() -> None:
    days = [date.fromisoformat(row["planned_on"]) for row in read("protection/planned_conferences")]
    assert [day for day in days if day <= AS_OF or not is_working_day(day)] == []
    assert days == sorted(days)
