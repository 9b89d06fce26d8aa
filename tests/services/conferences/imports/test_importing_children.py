"""Children and enquiries are imported whole or not at all, by the rules that hold for each of them anyway."""

import csv
import io
from datetime import date, timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import JSON, Desk, working_days_ago
from tests.support.conferences.importing import Row, ask_import, child, enquiry, import_rows
from tests.support.csv_files import csv_of

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
EVERYTHING: JSON = {
    "person_id": "P7", "given_name": "Merrin", "family_name": "Planted", "born_on": "2012-02-29", "expected_on": "2012-03-02",
    "sex": "F", "ethnicity": "WBRI", "disabilities": ["LD", "VIS"], "upn": "A123456789012", "upn_unknown": None,
    "family_id": "F7", "school": "Hill School", "gp_practice": "Mill Lane Surgery", "area_id": "north", "team": "Team 1",
    "social_worker": "Wren Ravensby", "social_worker_id": "worker-1", "supervisor_id": "supervisor-1",
    "manager_id": "manager-1", "restricted": True, "advocacy_opted_out_on": "2019-05-06", "died_on": None,
}  # fmt: skip


async def test_a_childs_row_says_all_that_their_record_does(desk: Desk) -> None:
    written = {name: value for name, value in EVERYTHING.items() if value is not None}
    report = await import_rows(desk, "children", [written | {"disabilities": "LD; VIS", "restricted": "true"}])
    assert (report["rows"], report["imported"], report["problems"]) == (1, 1, [])
    sent = {name: value for name, value in EVERYTHING.items() if name != "person_id"}
    assert (await desk.put("P8", sent)).status_code == 201
    columns = "SELECT to_jsonb(child) - 'person_id' AS said FROM child WHERE person_id = $1"
    assert await desk.rows(columns, "P7") == await desk.rows(columns, "P8")
    (audited,) = await desk.rows("SELECT person_ids FROM chassis.audit_entry WHERE action = 'import_children'")
    assert audited["person_ids"] == ["P7"]


async def test_a_child_may_be_expected_and_looked_after_before_anybody_here_knew(desk: Desk) -> None:
    await desk.rows("""INSERT INTO chassis.copy (kind, id, version, attributes)
        VALUES ('looked_after', 'P1', 3, '{"since": "2019-02-03"}') RETURNING id""")
    try:
        await import_rows(desk, "children", [child(desk, born_on="", given_name="", expected_on="2030-01-02")])
    finally:
        await desk.rows("DELETE FROM chassis.copy WHERE kind = 'looked_after' RETURNING id")
    (row,) = await desk.rows("SELECT * FROM child")
    assert (row["born_on"], row["given_name"], row["expected_on"]) == (None, None, date(2030, 1, 2))
    assert (row["looked_after_since"], row["looked_after_version"]) == (date(2019, 2, 3), 3)


WRONG_CHILDREN: dict[str, tuple[Row, str]] = {
    "no number": ({"person_id": ""}, "person_id"),
    "neither born nor expected": ({"born_on": ""}, "born_on expected_on"),
    "born tomorrow": ({"born_on": TOMORROW}, "born_on"),
    "died before birth": ({"died_on": "2001-01-01"}, "died_on"),
    "an area that is not there": ({"area_id": "west"}, "area_id"),
    "a manager who is not there": ({"manager_id": "nobody"}, "manager_id"),
    "no such disability": ({"disabilities": "LD;NOSE"}, "disabilities.1"),
    "two disabilities of which one is none": ({"disabilities": "LD;NONE"}, "disabilities"),
    "the same child again": ({"person_id": "P1"}, "person_id"),
    "a child who is known": ({"person_id": "P9"}, "person_id"),
}


@pytest.mark.parametrize(("wrong", "field"), WRONG_CHILDREN.values(), ids=WRONG_CHILDREN)
async def test_one_wrong_child_is_named_and_nobody_is_imported(desk: Desk, wrong: Row, field: str) -> None:
    await desk.registered("P9")
    report = await import_rows(desk, "children", [child(desk, "P1"), child(desk, "P2") | wrong, child(desk, "P3")])
    assert (report["rows"], report["imported"]) == (3, 0), report
    assert [(problem["row"], problem["field"]) for problem in report["problems"]] == [
        (3, name) for name in field.split()
    ]
    assert [row["person_id"] for row in await desk.rows("SELECT person_id FROM child")] == ["P9"]


async def test_who_left_is_still_named_by_history(desk: Desk) -> None:
    report = await import_rows(desk, "children", [child(desk, manager_id="gone")])
    assert report["imported"] == 1


@pytest.mark.parametrize("what", ["children", "conferences/section-47-enquiries"])
async def test_a_dry_run_of_an_import_only_checks(desk: Desk, what: str) -> None:
    await desk.registered("P1")
    row = child(desk, "P2") if what == "children" else enquiry("P1", working_days_ago(5))
    report = await import_rows(desk, what, [row], dry_run="true")
    assert (report["rows"], report["imported"], report["dry_run"], report["problems"]) == (1, 0, True, [])
    assert len(await desk.rows("SELECT FROM child")) == 1
    assert await desk.rows("SELECT FROM conference_request") == []
    assert (await import_rows(desk, what, [row]))["imported"] == 1


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


@pytest.mark.parametrize(
    "path", ["children", "conferences/section-47-enquiries", "conferences", "invitations", "protection-plans"]
)
async def test_a_template_is_a_file_whose_columns_the_import_takes(desk: Desk, path: str) -> None:
    answer = await desk.ask("GET", f"/v1/{path}/import-template", role=Role.ADMINISTRATOR)
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["meeting" if path in {"conferences", "invitations"} else "person_id"]
    if path == "children":
        report = await import_rows(desk, path, [row | {"area_id": "north", "manager_id": "manager-1"}])
        assert report["problems"] == []
    elif path == "conferences/section-47-enquiries":
        await desk.registered("P100001")
        assert (await import_rows(desk, path, [row]))["problems"] == []


async def test_who_may_import(desk: Desk) -> None:
    content = csv_of([child(desk)])
    for role in (Role.CHAIR, Role.CASE_MANAGEMENT, Role.SERVICE, Role.BUSINESS_SUPPORT):
        assert (await ask_import(desk, "children", content, role=role)).status_code == 403
        assert (await ask_import(desk, "conferences/section-47-enquiries", content, role=role)).status_code == 403
        answer = await desk.ask("GET", "/v1/conferences/import-template", role=role)
        assert answer.status_code == 403
