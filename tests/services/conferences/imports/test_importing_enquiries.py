"""Enquiries are imported whole or not at all, by the rules that hold for each of them anyway."""

import csv
import io
from datetime import date, timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.children.replica import KNOWN, identity
from tests.support.conferences.desk import Desk, working_days_ago
from tests.support.conferences.importing import Row, ask_import, enquiry, import_rows
from tests.support.csv_files import csv_of

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


async def test_a_dry_run_of_an_import_only_checks(desk: Desk) -> None:
    await desk.known("P1")
    row = enquiry("P1", working_days_ago(5))
    report = await import_rows(desk, "conferences/section-47-enquiries", [row], dry_run="true")
    assert (report["rows"], report["imported"], report["dry_run"], report["problems"]) == (1, 0, True, [])
    assert await desk.rows("SELECT FROM conference_request") == []
    assert (await import_rows(desk, "conferences/section-47-enquiries", [row]))["imported"] == 1


async def test_the_first_enquiry_makes_a_child_known_to_conferences(desk: Desk) -> None:
    """Whoever is looked after already is known to be; of whom no event has come yet, the children service is asked."""
    await desk.known("P1")
    KNOWN["P2"] = identity("P2", **desk.child())
    await desk.rows("""INSERT INTO chassis.copy (kind, id, version, attributes)
        VALUES ('looked_after', 'P1', 3, '{"since": "2019-02-03"}') RETURNING id""")
    try:
        rows = [enquiry(person_id, working_days_ago(5)) for person_id in ("P1", "P2")]
        assert (await import_rows(desk, "conferences/section-47-enquiries", rows))["imported"] == 2
    finally:
        await desk.rows("DELETE FROM chassis.copy WHERE kind = 'looked_after' RETURNING id")
        KNOWN.clear()
    rows = await desk.rows("SELECT looked_after_since, looked_after_version FROM protection ORDER BY person_id")
    assert [tuple(row.values()) for row in rows] == [(date(2019, 2, 3), 3), (None, 0)]


async def test_enquiries_that_are_imported_are_owed_a_conference_like_others(desk: Desk) -> None:
    await desk.registered("P1", "P2", "P3", "P4")
    day = working_days_ago(60)
    rows = [
        enquiry("P1", day),
        enquiry("P3", day, strategy_discussion_on=""),
        enquiry("P4", day, conference_not_required="true"),
    ]
    report = await import_rows(desk, "conferences/section-47-enquiries", rows)
    assert (report["imported"], report["problems"]) == (3, [])
    await desk.enquired("P2", on=day)
    of_child = "SELECT kind, started_on, event_on, due_on, conference_not_required, answered_on, version FROM conference_request WHERE person_id = $1"
    assert await desk.rows(of_child, "P1") == await desk.rows(of_child, "P2")
    imported, lived = await desk.owed("P1"), await desk.owed("P2")
    assert [deadline | {"id": 0, "person_id": ""} for deadline in imported] == [
        deadline | {"id": 0, "person_id": ""} for deadline in lived
    ]
    assert [deadline["kind"] for deadline in imported] == ["conference"]
    without = await desk.owed("P3")
    assert [(deadline["event_on"], deadline["due_on"]) for deadline in without] == [(day, imported[0]["due_on"])]
    assert await desk.owed("P4") == []


WRONG_ENQUIRIES: dict[str, tuple[Row, str]] = {
    "a child who is not known": ({"person_id": "P5"}, "person_id"),
    "a day to come": ({"started_on": TOMORROW, "strategy_discussion_on": ""}, "started_on"),
    "a discussion to come": ({"strategy_discussion_on": TOMORROW}, "strategy_discussion_on"),
    "a discussion before the start": ({"strategy_discussion_on": "2019-01-01"}, "started_on strategy_discussion_on"),
    "the same enquiry again": ({"request_id": "E-P1"}, "request_id"),
    "an enquiry that is known": ({"request_id": "E-P9"}, "request_id"),
}


@pytest.mark.parametrize(("wrong", "field"), WRONG_ENQUIRIES.values(), ids=WRONG_ENQUIRIES)
async def test_one_wrong_enquiry_is_named_and_none_is_imported(desk: Desk, wrong: Row, field: str) -> None:
    await desk.registered("P1", "P2", "P9")
    await desk.enquired("P9")
    day = working_days_ago(5)
    report = await import_rows(
        desk, "conferences/section-47-enquiries", [enquiry("P1", day), enquiry("P2", day) | wrong]
    )
    assert (report["imported"], [(problem["row"], problem["field"]) for problem in report["problems"]]) == (
        0,
        [(3, name) for name in field.split()],
    ), report
    assert [row["request_id"] for row in await desk.rows("SELECT request_id FROM conference_request")] == ["E-P9"]
    assert await desk.owed("P1") == []


@pytest.mark.parametrize("path", ["conferences/section-47-enquiries", "conferences", "invitations", "protection-plans"])
async def test_a_template_is_a_file_whose_columns_the_import_takes(desk: Desk, path: str) -> None:
    answer = await desk.ask("GET", f"/v1/{path}/import-template", role=Role.ADMINISTRATOR)
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["meeting" if path in {"conferences", "invitations"} else "person_id"]
    if path == "conferences/section-47-enquiries":
        await desk.registered("P100001")
        assert (await import_rows(desk, path, [row]))["problems"] == []


async def test_who_may_import(desk: Desk) -> None:
    content = csv_of([enquiry("P1", working_days_ago(5))])
    for role in (Role.CHAIR, Role.CASE_MANAGEMENT, Role.SERVICE, Role.BUSINESS_SUPPORT):
        assert (await ask_import(desk, "conferences/section-47-enquiries", content, role=role)).status_code == 403
        answer = await desk.ask("GET", "/v1/conferences/import-template", role=role)
        assert answer.status_code == 403
