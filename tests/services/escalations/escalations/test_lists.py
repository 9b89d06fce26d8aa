"""Finding escalations, page by page, and the audit of who looked."""

import random
from typing import Any

import asyncpg
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from services.escalations.answers.schemas import AnswerOut
from services.escalations.escalations.schemas import EscalationOut, EscalationPage, MoveOut
from tests.support.escalations.desk import CARE_PLANNING, CONFERENCE, Desk, days_ago, wrong_fields

PATH = "/v1/escalations"
CARE, SCHOOLS, MINE, OLD = "care", "schools", "mine", "old"


async def shown(desk: Desk, **query: Any) -> list[dict[str, Any]]:
    """The list's one page, which keeps to its schema."""
    answer = await desk.get(PATH, **query)
    assert answer.status_code == 200, answer.text
    EscalationPage.model_validate_json(answer.content, strict=True)
    return list(answer.json()["items"])


async def stock(desk: Desk) -> dict[str, str]:
    """Four escalations that differ in everything; their references by name."""
    raised = {
        CARE: await desk.raised(CARE_PLANNING, raised_on=days_ago(3), meeting_reference="R-1"),
        SCHOOLS: await desk.raised(
            agency_id="schools",
            agency_role="head-teacher",
            area_id="south",
            reason="report_late",
            raised_on=days_ago(2),
        ),
        MINE: await desk.raised(owner_id="chair-2", person_ids=["P200001"], raised_on=days_ago(1)),
        OLD: await desk.raised(raised_on="2019-06-03"),
    }
    names = {name: escalation["reference"] for name, escalation in raised.items()}
    await desk.post("/v1/answers", {"references": [names[SCHOOLS]], "choice": "dealt_with"})
    await desk.move(names[MINE], "withdraw", {"reason": "A mistake."})
    return names


FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    # Nothing is asked for: all.
    ({}, {CARE, SCHOOLS, MINE, OLD}),
    ({"kind": "care_planning"}, {CARE}),
    ({"state": "open"}, {CARE, OLD}),
    ({"state": "withdrawn"}, {MINE}),
    ({"owner_id": "chair-2"}, {MINE}),
    ({"agency_id": "schools"}, {SCHOOLS}),
    ({"agency_role": "gp"}, {CARE, MINE, OLD}),
    ({"area_id": "south"}, {SCHOOLS}),
    ({"theme": "drift_and_delay"}, {CARE}),
    ({"reason": "report_late"}, {SCHOOLS}),
    # One of several children is enough.
    ({"person_id": "P100002"}, {CARE, SCHOOLS, OLD}),
    ({"person_id": "P200001"}, {MINE}),
    ({"meeting_reference": "R-1"}, {CARE}),
    # Both days are included.
    ({"raised_from": days_ago(2)}, {SCHOOLS, MINE}),
    ({"raised_to": days_ago(2)}, {CARE, SCHOOLS, OLD}),
    ({"raised_from": days_ago(2), "raised_to": days_ago(2)}, {SCHOOLS}),
    # A part of the reference, in either case.
    ({"text": "esc-2019"}, {OLD}),
    # Yes, and no: together they are all.
    ({"overdue": True}, {OLD}),
    ({"overdue": False}, {CARE, SCHOOLS, MINE}),
    ({"unanswered": True}, {CARE, OLD}),
    ({"unanswered": False}, {SCHOOLS, MINE}),
    # Several at once all apply.
    ({"unanswered": True, "overdue": False, "agency_role": "gp"}, {CARE}),
    # What is nowhere is not found.
    ({"person_id": "P999999"}, set()),
    ({"owner_id": "nobody"}, set()),
]


async def test_every_filter_finds_what_it_says(desk: Desk) -> None:
    references = await stock(desk)
    names = {reference: name for name, reference in references.items()}
    for query, expected in FILTERS:
        found = await shown(desk, **query)
        assert (query, {names[escalation["reference"]] for escalation in found}) == (query, expected)
        days = [escalation["raised_on"] for escalation in found]
        assert days == sorted(days, reverse=True)


async def test_what_no_filter_takes_is_refused(desk: Desk) -> None:
    wrong: dict[str, Any] = {"kind": "other", "state": "lost", "raised_from": "soon", "text": "%", "overdue": "perhaps"}
    for name, value in wrong.items():
        assert wrong_fields(await desk.get(PATH, **{name: value})) == [name]
    for limit in (-1, 201):
        assert wrong_fields(await desk.get(PATH, limit=limit)) == ["limit"]


async def add_many(desk: Desk, count: int, chance: random.Random) -> set[str]:
    """Escalations of random days, raised together."""
    many = [CONFERENCE | {"raised_on": days_ago(chance.randint(0, 20))} for _ in range(count)]
    answer = await desk.post("/v1/conferences/CONF-2019-0001/escalations", {"escalations": many})
    assert answer.status_code == 201, answer.text
    return {escalation["reference"] for escalation in answer.json()["escalations"]}


@pytest.mark.parametrize("limit", [7, 50, 120])
async def test_pages_have_no_gap_and_no_repeat_while_rows_are_added(desk: Desk, limit: int) -> None:
    chance = random.Random(120)
    there_before = await add_many(desk, 120, chance)
    seen: list[tuple[str, str]] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        page = EscalationPage.model_validate_json((await desk.get(PATH, **query)).content, strict=True)
        seen += [(item.raised_on.isoformat(), item.reference) for item in page.items]
        assert len(page.items) <= limit
        if page.next is None:
            break
        query["cursor"] = page.next
        if len(seen) < 120:
            await add_many(desk, 3, chance)
    references = [reference for _, reference in seen]
    assert len(set(references)) == len(references)
    assert there_before <= set(references)
    assert [day for day, _ in seen] == sorted((day for day, _ in seen), reverse=True)


async def test_the_last_page_says_so_even_when_it_is_full(desk: Desk) -> None:
    await add_many(desk, 4, random.Random(4))
    first = (await desk.get(PATH, limit=2)).json()
    last = (await desk.get(PATH, limit=2, cursor=first["next"])).json()
    assert (len(first["items"]), len(last["items"]), last["next"]) == (2, 2, None)
    assert (await desk.get(PATH, limit=2, kind="care_planning")).json() == {"items": [], "next": None}


CURSORS = [
    # No base64, and base64 of nothing in particular.
    "!!",
    "bm9uc2Vuc2U",
    # JSON, but no list of texts.
    "e30",
    "WzEsMl0",
    # A list of the wrong length.
    "WyIyMDE5LTAxLTAxIl0",
    # A day and an identifier that are none.
    "WyJ4IiwieSJd",
    # Not even ASCII, and nothing at all.
    "é",
    "",
]


async def test_a_cursor_that_is_none_of_ours_is_refused(desk: Desk) -> None:
    for cursor in CURSORS:
        assert wrong_fields(await desk.get(PATH, cursor=cursor)) == ["cursor"]


async def test_single_records_keep_to_their_schemas(desk: Desk) -> None:
    reference = (await stock(desk))[SCHOOLS]
    escalation = await desk.get(f"{PATH}/{reference}")
    EscalationOut.model_validate_json(escalation.content, strict=True)
    assert escalation.json() == next(item for item in await shown(desk) if item["reference"] == reference)
    for move in await desk.history(reference):
        MoveOut.model_validate(move)
        assert move.keys() == MoveOut.model_fields.keys()
    (answer,) = (await desk.get(f"{PATH}/{reference}/answers")).json()
    AnswerOut.model_validate(answer)
    assert answer.keys() == AnswerOut.model_fields.keys()
    assert escalation.json().keys() == EscalationOut.model_fields.keys()


async def test_whoever_looks_is_written_down_with_whom_they_saw(desk: Desk) -> None:
    references = await stock(desk)
    await desk.client.get(
        PATH,
        params={"limit": 2},
        headers=desk.client.as_(Role.TEAM_MANAGER, subject="manager-1") | {"Access-Reason": "Supervision"},
    )
    (entry,) = await desk.audited("list_escalations")
    assert (entry["caller"], entry["roles"], entry["why"]) == ("manager-1", ["team_manager"], "Supervision")
    assert sorted(entry["person_ids"]) == ["P100001", "P100002", "P200001"], "those of the page, each once"
    for path, action in (("", "get_escalation"), ("/history", "get_escalation_history")):
        await desk.get(f"{PATH}/{references[MINE]}{path}")
        (entry,) = await desk.audited(action)
        assert (entry["person_ids"], entry["record"]) == (["P200001"], references[MINE])
    await desk.get(f"{PATH}/{references[SCHOOLS]}/answers")
    (entry,) = await desk.audited("get_escalation_answers")
    assert sorted(entry["person_ids"]) == ["P100001", "P100002"]


async def test_a_list_tells_the_audit_only_what_it_showed(desk: Desk) -> None:
    await stock(desk)
    await shown(desk, person_id="P200001")
    await shown(desk, person_id="P999999")
    (entry,) = await desk.audited("list_escalations")
    assert entry["person_ids"] == ["P200001"], "who was shown nobody leaves no entry"


CHANGES = (
    "UPDATE chassis.audit_entry SET caller = 'nobody'",
    "DELETE FROM chassis.audit_entry",
    "TRUNCATE chassis.audit_entry",
)


async def test_the_audit_cannot_be_changed_by_anybody(desk: Desk) -> None:
    await desk.raised()
    settings = desk.client.settings
    before = await desk.rows("SELECT * FROM chassis.audit_entry")
    assert before
    refusals = {"permission denied": settings.database_url, "append-only": settings.migration_database_url}
    for refusal, url in refusals.items():
        connection = await asyncpg.connect(url.get_secret_value())
        try:
            for statement in CHANGES:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match=refusal):
                    await connection.execute(statement)
        finally:
            await connection.close()
    assert await desk.rows("SELECT * FROM chassis.audit_entry") == before


async def test_the_services_role_owns_nothing(desk: Desk) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await desk.rows("ALTER TABLE chassis.audit_entry DISABLE TRIGGER ALL")


async def test_other_services_are_shown_no_childs_number(desk: Desk) -> None:
    references = await stock(desk)
    headers = desk.client.as_service("notifications")
    opened = await desk.client.get("/internal/escalations/open", headers=headers)
    assert {escalation["reference"] for escalation in opened.json()} == {
        references[name] for name in (CARE, SCHOOLS, OLD)
    }
    assert {escalation["stage_name"] for escalation in opened.json()} == {"Team manager", "Senior Liaison Officer"}
    quarter = await desk.client.get("/internal/escalations/quarter?period=2019-Q1", headers=headers)
    assert [escalation["reference"] for escalation in quarter.json()] == [references[OLD]]
    assert "P100001" not in opened.text + quarter.text
    assert (await desk.get("/internal/escalations/open")).status_code == 403
    assert clock.today().isoformat() not in quarter.text
