"""Importing the outcomes of known escalations from CSV: all rows or none."""

from datetime import date
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from chassis.importing.report import ImportOut
from services.escalations.escalations.schemas import EscalationOut
from tests.support.csv_files import csv_of
from tests.support.escalations.desk import CONFERENCE, Desk

PATH = "/v1/answers/import"
RAISED_ON = date(2019, 6, 5)
ANSWERED = {"answer": "dealt_with", "answered_on": "2019-07-15"}
RESOLVED = {"state": "resolved", "closed_on": "2019-08-01", "closing_note": "A report came."}


async def send(desk: Desk, *rows: dict[str, str], role: Role = Role.ADMINISTRATOR, **query: Any) -> httpx.Response:
    """Import rows."""
    headers = desk.client.as_(role, subject="admin-1") | {"Content-Type": "text/csv"}
    return await desk.client.post(PATH, params=query, content=csv_of(rows).encode(), headers=headers)


async def report(desk: Desk, *rows: dict[str, str], **query: Any) -> ImportOut:
    """What is said of an import."""
    answer = await send(desk, *rows, **query)
    assert answer.status_code == 200, answer.text
    return ImportOut.model_validate_json(answer.content, strict=True)


async def raised(desk: Desk) -> str:
    """An escalation that was raised long ago."""
    escalation = await desk.raised(
        CONFERENCE | {"meeting_reference": "CONF-2019-0001"}, raised_on=RAISED_ON.isoformat()
    )
    return str(escalation["reference"])


async def seen(desk: Desk, reference: str) -> EscalationOut:
    """An escalation as it is read."""
    answer = await desk.get(f"/v1/escalations/{reference}")
    return EscalationOut.model_validate_json(answer.content)


async def test_past_answers_and_ends_keep_their_days(desk: Desk) -> None:
    answered, closed, withdrawn = [await raised(desk) for _ in range(3)]
    found = await report(
        desk,
        {"reference": answered, "answered_by": "officer-1", "answer_note": "Done.", **ANSWERED},
        {"reference": closed, **ANSWERED, **RESOLVED},
        {"reference": withdrawn, **RESOLVED, "state": "withdrawn", "closed_by": "chair-2"},
    )
    assert (found.rows, found.imported, found.problems) == (3, 3, [])
    first, other, last = [await seen(desk, reference) for reference in (answered, closed, withdrawn)]
    assert (first.state, first.answer, first.first_answered_on, first.closed_on, first.version) == (
        "answered", "dealt_with", date(2019, 7, 15), None, 2,
    )  # fmt: skip
    assert (other.state, other.closed_on, other.closed_by, other.resolution) == (
        "resolved", date(2019, 8, 1), "chair-1", "A report came.",
    )  # fmt: skip
    assert (last.state, last.answer, last.closed_by, last.withdrawn_because) == (
        "withdrawn", None, "chair-2", "A report came.",
    )  # fmt: skip
    history = await desk.history(closed)
    assert [(move["move"], move["at"][:10]) for move in history[1:]] == [
        ("answer", "2019-07-15"), ("resolve", "2019-08-01"),
    ]  # fmt: skip
    (given,) = (await desk.get(f"/v1/escalations/{answered}/answers")).json()
    assert (given["answered_by"], given["answered_on"], given["note"]) == ("officer-1", "2019-07-15", "Done.")
    (entry,) = await desk.audited("import_outcomes")
    assert (entry["caller"], entry["person_ids"]) == ("admin-1", CONFERENCE["person_ids"])


async def test_what_was_closed_is_told_and_past_answers_are_not(desk: Desk) -> None:
    answered, closed = await raised(desk), await raised(desk)
    await report(desk, {"reference": answered, **ANSWERED}, {"reference": closed, **ANSWERED, **RESOLVED})
    assert await desk.published("escalation.answered") == []
    (event,) = await desk.published("escalation.closed")
    assert event["reference"] == closed
    assert '"2019-08-01"' in event["text"]


async def test_the_template_has_the_columns_and_is_for_importers(desk: Desk) -> None:
    headers = desk.client.as_(Role.ADMINISTRATOR)
    answer = await desk.client.get("/v1/answers/import-template", headers=headers)
    assert set(answer.text.splitlines()[0].split(",")) == {
        *("reference", "answer", "answered_on", "answered_by", "expected_on", "answer_note", "state", "closed_on"),
        *("closed_by", "closing_note"),
    }
    assert (await desk.get("/v1/answers/import-template")).status_code == 403
    assert (await send(desk, {"reference": "ESC-2019-0001"}, role=Role.CHAIR)).status_code == 403


BAD: list[tuple[dict[str, str], set[str]]] = [
    ({"reference": "ESC-2019-9999", **ANSWERED}, {"reference"}),
    ({"reference": "", **ANSWERED}, {"reference"}),
    ({}, {""}),
    ({"answer": "dealt_with"}, {""}),
    ({"answer": "still_looking", "answered_on": "2019-07-15"}, {""}),
    ({"state": "resolved"}, {""}),
    ({"state": "open", "closed_on": "2019-08-01"}, {"state"}),
    ({"answer": "dealt_with", "answered_on": "2019-06-04"}, {"answered_on"}),
    ({"answer": "dealt_with", "answered_on": "2999-01-01"}, {"answered_on"}),
    ({"state": "resolved", "closed_on": "2019-06-04"}, {"closed_on"}),
    ({**ANSWERED, "answered_by": "nobody"}, {"answered_by"}),
    ({**RESOLVED, "closed_by": "nobody"}, {"closed_by"}),
]


@pytest.mark.parametrize(("said", "fields"), BAD)
async def test_one_wrong_row_and_nothing_is_imported(desk: Desk, said: dict[str, str], fields: set[str]) -> None:
    right, wrong = await raised(desk), await raised(desk)
    before = await desk.everything()
    found = await report(desk, {"reference": right, **ANSWERED}, {"reference": wrong, **said})
    assert (found.imported, {problem.row for problem in found.problems}) == (0, {3})
    assert {problem.field for problem in found.problems} == fields
    assert await desk.everything() == before


async def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    reference = await raised(desk)
    before = await desk.everything()
    found = await report(desk, {"reference": reference, **ANSWERED, **RESOLVED}, dry_run=True)
    assert (found.rows, found.imported, found.problem_count) == (1, 0, 0)
    assert await desk.everything() == before


async def test_what_was_answered_or_closed_or_named_twice_is_refused(desk: Desk) -> None:
    answered, closed, twice = [await raised(desk) for _ in range(3)]
    await report(desk, {"reference": answered, **ANSWERED}, {"reference": closed, **RESOLVED})
    again = await report(desk, {"reference": answered, **ANSWERED})
    assert [problem.field for problem in again.problems] == ["answer"]
    again = await report(desk, {"reference": closed, **ANSWERED})
    assert [problem.field for problem in again.problems] == ["reference"]
    again = await report(desk, {"reference": twice, **ANSWERED}, {"reference": twice, **RESOLVED})
    assert [(problem.row, problem.field) for problem in again.problems] == [(3, "reference")]
    assert (await report(desk, {"reference": answered, **RESOLVED})).imported == 1
