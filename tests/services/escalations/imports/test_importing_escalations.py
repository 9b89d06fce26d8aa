"""Importing past escalations from CSV: all rows or none."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.importing.report import ImportOut
from services.escalations.escalations.schemas import EscalationPage
from tests.support.csv_files import csv_of
from tests.support.escalations.desk import CONFERENCE, Desk, days_ago
from tests.support.running import Running

PATH = "/v1/escalations/import"
ROW: dict[str, str] = {
    "kind": "conference_contribution",
    "reason": "report_late",
    "person_ids": "P100001; P100002",
    "raised_on": "2019-06-05",
    "owner_id": "chair-1",
    "agency_id": "surgeries",
    "agency_role": "gp",
    "area_id": "north",
}
CARE = ROW | {"kind": "care_planning", "reason": "", "theme": "transitions"}
ANSWERED = ROW | {
    "answer": "dealt_with",
    "answered_on": "2019-07-15",
    "answered_by": "officer-1",
    "answer_note": "Done.",
}
CLOSED = ANSWERED | {"state": "resolved", "closed_on": "2019-08-01", "closing_note": "A report came."}


def apart(*rows: dict[str, str]) -> list[dict[str, str]]:
    """The rows as different escalations: each is about a team of its own."""
    return [row | {"professional_team": f"Team {number}"} for number, row in enumerate(rows)]


async def send(desk: Desk, content: str | bytes, *, media_type: str = "text/csv", **query: Any) -> httpx.Response:
    """Import a file as an administrator."""
    headers = desk.client.as_(Role.ADMINISTRATOR, subject="admin-1") | {"Content-Type": media_type}
    body = content.encode() if isinstance(content, str) else content
    return await desk.client.post(PATH, params=query, content=body, headers=headers)


async def report(desk: Desk, content: str | bytes, **query: Any) -> ImportOut:
    """What is said of an import."""
    answer = await send(desk, content, **query)
    assert answer.status_code == 200, answer.text
    return ImportOut.model_validate_json(answer.content, strict=True)


async def test_the_template_can_be_imported_as_it_is(desk: Desk) -> None:
    headers = desk.client.as_(Role.ADMINISTRATOR)
    answer = await desk.client.get("/v1/escalations/import-template", headers=headers)
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="escalations.csv"' in answer.headers["content-disposition"]
    heading = answer.text.splitlines()[0].split(",")
    assert set(heading) == {
        *("kind", "theme", "reason", "person_ids", "meeting_reference", "meeting_on", "raised_on", "owner_id"),
        *("agency_id", "agency_role", "professional_name", "professional_team", "area_id", "note", "reference"),
        *("raised_by", "answer", "answered_on", "answered_by", "expected_on", "answer_note", "state", "closed_on"),
        *("closed_by", "closing_note"),
    }
    await desk.knows("agency", "general-practice", roles=["gp"])
    assert (await report(desk, answer.text)).imported == 1
    assert (await desk.get("/v1/escalations/import-template")).status_code == 403


async def test_past_escalations_are_imported_with_what_became_of_them(desk: Desk) -> None:
    withdrawn = CARE | {"state": "withdrawn", "closed_on": "2019-06-06", "closed_by": "chair-2", "note": "Why."}
    found = await report(desk, csv_of(apart(ROW, CARE, ANSWERED, CLOSED, withdrawn)))
    assert (found.rows, found.imported, found.dry_run, found.problems, found.problem_count) == (5, 5, False, [], 0)
    page = EscalationPage.model_validate_json((await desk.get("/v1/escalations")).content, strict=True)
    plain, care, answered, closed, mistaken = sorted(page.items, key=lambda each: each.reference)
    assert [each.state for each in (plain, care, answered, closed, mistaken)] == [
        *("open", "open", "answered", "resolved", "withdrawn")
    ]
    assert [each.reference for each in (plain, mistaken)] == ["ESC-2019-0001", "ESC-2019-0005"]
    assert (plain.raised_by, plain.owner_id, plain.person_ids) == ("chair-1", "chair-1", ["P100001", "P100002"])
    assert (plain.due_on, care.due_on, care.stage_due_on) == (date(2019, 9, 30), date(2019, 7, 3), date(2019, 6, 12))
    assert (answered.answer, answered.first_answered_on) == ("dealt_with", date(2019, 7, 15))
    assert (closed.resolution, closed.closed_by, closed.closed_on) == ("A report came.", "chair-1", date(2019, 8, 1))
    assert (mistaken.withdrawn_because, mistaken.closed_by) == (None, "chair-2")

    raised, answer, resolved = await desk.history(closed.reference)
    assert [(move["move"], move["state"], move["actor"]) for move in (raised, answer, resolved)] == [
        ("raise", "open", "chair-1"),
        ("answer", "answered", "officer-1"),
        ("resolve", "resolved", "chair-1"),
    ]
    assert [move["at"][:10] for move in (raised, answer, resolved)] == ["2019-06-05", "2019-07-15", "2019-08-01"]
    (given,) = (await desk.get(f"/v1/escalations/{closed.reference}/answers")).json()
    assert (given["note"], given["answered_by"], given["id"]) == ("Done.", "officer-1", answer["answer_id"])
    assert (await desk.history(mistaken.reference))[0]["note"] == "Why."
    (entry,) = await desk.audited("import_escalations")
    assert (entry["caller"], entry["person_ids"]) == ("admin-1", ["P100001", "P100002"])
    assert await desk.published("escalation.raised") == [], "history is told to nobody"
    assert await desk.rows("SELECT 1 FROM chassis.outgoing") == []


async def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    before = await desk.everything()
    found = await report(desk, csv_of(apart(ROW, CLOSED, ROW | {"reference": "ESC-2019-0042"})), dry_run=True)
    assert (found.rows, found.imported, found.dry_run, found.problem_count) == (3, 0, True, 0)
    assert (await report(desk, csv_of([ROW | {"area_id": "nowhere"}]), dry_run=True)).problem_count == 1
    assert await desk.everything() == before


BAD: list[tuple[dict[str, str], set[str]]] = [
    # What is always needed is missing.
    ({"owner_id": ""}, {"owner_id"}),
    ({"raised_on": ""}, {"raised_on"}),
    ({"person_ids": " "}, {"person_ids"}),
    # Words that are not in the vocabulary, and days that are none.
    ({"kind": "other"}, {"kind"}),
    ({"answer": "perhaps", "answered_on": "2019-07-01"}, {"answer"}),
    ({"raised_on": "05/06/2019"}, {"raised_on"}),
    ({"raised_on": "1850-01-01"}, {"raised_on"}),
    # A state that is not the end of anything.
    ({"state": "open", "closed_on": "2019-07-01"}, {"state"}),
    # A kind without what belongs to it, or with what does not.
    ({"reason": ""}, {"kind", "reason", "theme"}),
    ({"theme": "transitions"}, {"kind", "reason", "theme"}),
    # What goes together, and stands alone.
    ({"answer": "dealt_with"}, {""}),
    ({"answered_on": "2019-07-01"}, {""}),
    ({"answer": "still_looking", "answered_on": "2019-07-01"}, {""}),
    ({"answer": "dealt_with", "answered_on": "2019-07-01", "expected_on": "2019-08-01"}, {""}),
    ({"state": "resolved"}, {""}),
    ({"closed_on": "2019-07-01"}, {""}),
    # Answered or closed before it was raised.
    ({"answer": "dealt_with", "answered_on": "2019-06-04"}, {""}),
    ({"state": "resolved", "closed_on": "2019-06-04"}, {""}),
    # Nobody of that name is in the directory, or the agency has no such role.
    ({"owner_id": "nobody"}, {"owner_id"}),
    (
        CLOSED | dict.fromkeys(("raised_by", "answered_by", "closed_by"), "nobody"),
        {"raised_by", "answered_by", "closed_by"},
    ),
    ({"area_id": "nowhere", "agency_id": "nobody"}, {"area_id", "agency_id"}),
    ({"agency_role": "head-teacher"}, {"agency_role"}),
    # A name where a child's number belongs, and one child twice.
    ({"person_ids": "P1;Robin Planted"}, {"person_ids.1"}),
    ({"person_ids": "P1;P1"}, {"person_ids"}),
    # Days that have not come yet.
    ({"raised_on": days_ago(-1)}, {"raised_on"}),
    ({"meeting_on": days_ago(-1)}, {"meeting_on"}),
    ({"state": "resolved", "closed_on": days_ago(-1)}, {"closed_on"}),
    # References that are none, stand twice, or are taken.
    ({"reference": "42"}, {"reference"}),
    ({"reference": "ESC-2019-0077"}, {"reference"}),
    ({"reference": "ESC-2018-0001"}, {"reference"}),
]


async def test_each_kind_of_bad_row_is_reported_and_nothing_is_imported(desk: Desk) -> None:
    await desk.raised(raised_on="2018-06-01")
    before = await desk.everything()
    # One good row before each bad one, and a reference that a later row has again.
    rows = [ROW | {"reference": "ESC-2019-0077"}]
    for change, _ in BAD:
        rows += [ROW | change, ROW]
    found = await report(desk, csv_of(apart(*rows)))
    assert (found.rows, found.imported) == (len(rows), 0)
    reported: dict[int, set[str]] = {}
    for problem in found.problems:
        reported.setdefault(problem.row, set()).add(problem.field)
        assert problem.reason
        assert "Planted" not in problem.reason
    assert reported == {3 + 2 * place: fields for place, (_, fields) in enumerate(BAD)}
    assert found.problem_count == len(found.problems) == sum(len(fields) for _, fields in BAD)
    assert await desk.everything() == before


async def test_whoever_left_may_be_in_the_history(desk: Desk) -> None:
    gone = ROW | {"owner_id": "gone", "agency_id": "closed-agency"}
    assert (await report(desk, csv_of([gone]))).imported == 1


async def test_given_references_are_kept_and_later_numbers_come_after_them(desk: Desk) -> None:
    # Numbers are taken ahead before anything is imported.
    first = (await desk.raised(raised_on="2019-06-01"))["reference"]
    assert first == "ESC-2019-0001"
    given = [ROW | {"reference": f"ESC-2019-{number}"} for number in ("0004", "0042")]
    assert (await report(desk, csv_of(apart(*given, ROW, ROW | {"raised_on": "2018-06-01"})))).imported == 4
    later = [(await desk.raised(raised_on="2019-06-01"))["reference"] for _ in range(3)]
    references = [row["reference"] for row in await desk.rows("SELECT reference FROM escalation ORDER BY reference")]
    assert references == sorted(["ESC-2018-0001", first, "ESC-2019-0004", "ESC-2019-0042", "ESC-2019-0043", *later])
    assert min(later) > "ESC-2019-0043"
    again = await report(desk, csv_of([given[0]]))
    assert [(problem.row, problem.field) for problem in again.problems] == [(2, "reference")]
    # An earlier number that nobody has may still be brought along.
    assert (await report(desk, csv_of([ROW | {"reference": "ESC-2019-0002"}]))).imported == 1


async def test_a_number_that_was_being_given_may_be_brought_along(desk: Desk, running: Running) -> None:
    """Whoever is given it at the same time is asked to send it again, and then has one above."""
    other = Desk(await running("escalations", settings=desk.client.settings))
    first = (await other.raised(raised_on="2019-06-01"))["reference"]
    assert first == "ESC-2019-0001"
    given = [ROW | {"reference": f"ESC-2019-{number:04}"} for number in range(2, 10)]
    assert (await report(desk, csv_of(given))).imported == len(given)
    await desk.rows("UPDATE chassis.reference_counter SET last = 8 WHERE prefix = 'ESC'")
    refused = await other.post("/v1/escalations", CONFERENCE | {"raised_on": "2019-06-01"})
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable")
    assert refused.headers["Retry-After"] == "1"
    assert (await desk.rows("SELECT count(*) AS n FROM escalation"))[0]["n"] == 1 + len(given)
    assert (await other.raised(raised_on="2019-06-01"))["reference"] > "ESC-2019-0009"


async def test_given_and_fresh_references_of_one_year_come_in_one_file(desk: Desk) -> None:
    """The counter is raised for the one kind and asked for the other: neither waits for the other for ever."""
    old = ROW | {"raised_on": "2017-06-05"}
    assert (await report(desk, csv_of(apart(old | {"reference": "ESC-2017-0005"}, *[old] * 30)))).imported == 31
    references = await desk.rows("SELECT reference FROM escalation ORDER BY reference")
    assert [row["reference"] for row in references] == [f"ESC-2017-{number:04}" for number in range(5, 36)]


async def test_a_row_that_repeats_another_is_refused_unless_it_has_a_reference_of_its_own(desk: Desk) -> None:
    turned = ROW | {"person_ids": "P100002;P100001", "note": "Once more."}
    found = await report(desk, csv_of([ROW, CARE, turned]))
    (problem,) = found.problems
    assert (found.imported, problem.row, problem.field) == (0, 4, "reference")
    assert problem.reason.startswith("Row 2 says the same.")
    assert await desk.rows("SELECT 1 FROM escalation") == []
    assert (await report(desk, csv_of([ROW, CARE, turned | {"reference": "ESC-2019-9001"}]))).imported == 3


async def test_a_file_that_is_imported_again_raises_nothing_again(desk: Desk) -> None:
    file = csv_of([ROW, CLOSED | {"area_id": "south"}])
    assert (await report(desk, file)).imported == 2
    assert (await desk.move("ESC-2019-0001", "resolve", {"resolution": "Done."})).status_code == 200
    for dry_run in (True, False):
        again = await report(desk, file, dry_run=dry_run)
        assert (again.imported, [(problem.row, problem.field) for problem in again.problems]) == (
            0,
            [(2, "reference"), (3, "reference")],
        )
        assert "ESC-2019-0001" in again.problems[0].reason
    assert len(await desk.rows("SELECT 1 FROM escalation")) == 2


MALFORMED: list[tuple[str | bytes, str]] = [
    # Nothing at all.
    ("", "empty"),
    # A heading that lacks columns, or has some that nobody knows.
    (csv_of([{name: value for name, value in ROW.items() if name != "owner_id"}]), "owner_id"),
    (csv_of([ROW | {"child_name": "Invented"}]), "child_name"),
    # Another encoding than UTF-8.
    (csv_of([ROW | {"professional_team": "Café"}]).encode("latin-1"), "UTF-8"),
    # A quotation that never ends.
    (csv_of([ROW]) + 'conference_contribution,"report', "not CSV"),
]


async def test_what_is_no_such_file_is_refused_as_a_whole(desk: Desk) -> None:
    before = await desk.everything()
    for content, word in MALFORMED:
        answer = await send(desk, content)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unreadable-file")
        assert word in answer.json()["detail"]
    for media_type in ("application/json", "text/plain", "application/vnd.ms-excel"):
        assert (await send(desk, csv_of([ROW]), media_type=media_type)).status_code == 415
    assert await desk.everything() == before
    surplus = await report(desk, csv_of([ROW]) + "surplus," * 20)
    assert [(problem.row, problem.field) for problem in surplus.problems] == [(3, "")]
    assert (await report(desk, csv_of([ROW]).splitlines()[0])).rows == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
async def test_a_spreadsheets_own_utf_8_is_understood(desk: Desk, encoding: str) -> None:
    content = csv_of([ROW | {"professional_team": "Café, “Mill”"}]).encode(encoding)
    answer = await send(desk, content, media_type="Text/CSV; charset=utf-8")
    assert answer.json()["imported"] == 1
    assert (await desk.kept("ESC-2019-0001"))["professional_team"] == "Café, “Mill”"


async def test_only_administrators_import(desk: Desk) -> None:
    headers = desk.client.as_(Role.TEAM_MANAGER) | {"Content-Type": "text/csv"}
    assert (await desk.client.post(PATH, content=csv_of([ROW]), headers=headers)).status_code == 403


async def test_thousands_of_rows_are_imported_together_or_not_at_all(desk: Desk) -> None:
    rows = [(CLOSED if number % 2 else ROW) | {"person_ids": f"P{number}"} for number in range(5000)]
    late_mistake = await report(desk, csv_of([*rows, ROW | {"area_id": "nowhere"}]))
    assert (late_mistake.imported, [problem.row for problem in late_mistake.problems]) == (0, [5002])
    assert await desk.rows("SELECT 1 FROM escalation LIMIT 1") == []
    assert (await report(desk, csv_of(rows))).imported == 5000
    (kept,) = await desk.rows(
        "SELECT count(*) AS escalations, count(DISTINCT reference) AS numbers, (SELECT count(*) FROM answer) AS answers, "
        "(SELECT count(*) FROM escalation_move) AS moves FROM escalation"
    )
    assert kept == {"escalations": 5000, "numbers": 5000, "answers": 2500, "moves": 10000}
    seen = {person for entry in await desk.audited("import_escalations") for person in entry["person_ids"]}
    assert len(seen) == 5000


async def test_only_the_first_thousand_problems_are_listed(desk: Desk) -> None:
    found = await report(desk, csv_of([ROW | {"area_id": "nowhere"}] * 1200))
    assert (found.problem_count, len(found.problems)) == (1200, 1000)


async def test_imported_escalations_live_on(desk: Desk) -> None:
    await report(desk, csv_of([ROW]))
    answered = await desk.post("/v1/answers", {"references": ["ESC-2019-0001"], "choice": "dealt_with"})
    assert answered.status_code == 201
    assert (await desk.move("ESC-2019-0001", "resolve", {"resolution": "Done."})).status_code == 200
    assert (await desk.raised(CONFERENCE))["reference"] == f"ESC-{clock.today().year}-0001"


async def test_of_two_imports_of_the_same_file_at_once_one_is_told_of_the_other(desk: Desk) -> None:
    """Neither could see what the other writes: they take turns."""
    file = csv_of([ROW | {"reference": f"ESC-2019-{number:04}"} for number in range(5001, 5401)])
    both = await asyncio.gather(report(desk, file), report(desk, file))
    assert sorted(outcome.imported for outcome in both) == [0, 400]
    refused = next(outcome for outcome in both if not outcome.imported)
    assert refused.problems[0].reason == "There is an escalation with this reference already."
