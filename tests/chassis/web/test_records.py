"""What every service can do with its records: one transaction, pages, versions, repeated requests, and the audit."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from chassis.access.callers import Role
from chassis.web import pagination
from chassis.web.openapi import MAX_BODY
from tests.support.chassis.notes import SERVICE
from tests.support.plans import plans_of
from tests.support.running import Running
from tests.support.serving import Client

NOTES = "/v1/notes"
AUDIT = "/internal/audit-entries"


@pytest.fixture
async def notes(running: Running) -> Client:
    return await running(SERVICE)


async def write(notes: Client, number: int, *people: str, **headers: str) -> Any:
    body = {"number": number, "words": f"words {number % 2}", "person_ids": people}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await notes.post(NOTES, json=body, headers=notes.as_(Role.CHAIR, subject="chair-1") | named)


async def rows(notes: Client, sql: str) -> list[Any]:
    return await notes.process.database.statements.rows(sql)


async def entries(notes: Client, **query: str) -> list[dict[str, Any]]:
    answer = await notes.get(AUDIT, params=query, headers=notes.as_(Role.ADMINISTRATOR))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_request_that_fails_leaves_nothing(notes: Client) -> None:
    answer = await write(notes, 1, Idempotency_Key="a-failing-one")
    assert answer.status_code == 500
    assert "words" not in answer.text
    for table in ("note", "chassis.audit_entry", "chassis.idempotent_answer"):
        assert await rows(notes, f"SELECT * FROM {table}") == []


@pytest.mark.parametrize("length", ["its length is told", "its length is not told"])
async def test_a_body_beyond_the_limit_is_refused(notes: Client, length: str) -> None:
    body = json.dumps({"number": 2, "words": "x" * MAX_BODY, "person_ids": ["P1"]}).encode()

    async def piecewise() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    headers = notes.as_(Role.CHAIR) | {"Content-Type": "application/json"}
    content = body if length == "its length is told" else piecewise()
    answer = await notes.post(NOTES, content=content, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert await rows(notes, "SELECT * FROM note") == []


async def test_the_same_request_takes_effect_once(notes: Client) -> None:
    first = await write(notes, 1, "P1", Idempotency_Key="once-and-again")
    again = await write(notes, 1, "P1", Idempotency_Key="once-and-again")
    assert (first.status_code, again.status_code, again.text) == (201, 201, first.text)
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await write(notes, 2, "P1", Idempotency_Key="once-and-again")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert len(await rows(notes, "SELECT * FROM note")) == 1


async def test_twins_at_the_same_time_take_effect_once(notes: Client) -> None:
    answers = await asyncio.gather(*(write(notes, 1, "P1", Idempotency_Key="twins-and-more") for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.text for answer in answers}) == 1
    assert len(await rows(notes, "SELECT * FROM note")) == 1


async def test_another_callers_key_is_another_key(notes: Client) -> None:
    await write(notes, 1, "P1", Idempotency_Key="the-same-words")
    body = {"number": 2, "words": "x", "person_ids": ["P1"]}
    headers = notes.as_(Role.CHAIR, subject="chair-2") | {"Idempotency-Key": "the-same-words"}
    assert (await notes.post(NOTES, json=body, headers=headers)).status_code == 201


async def write_file(notes: Client, words: str) -> Any:
    headers = notes.as_(Role.CHAIR) | {"Idempotency-Key": "the-same-file"}
    files = {"file": ("note.txt", words, "text/plain")}
    return await notes.post(f"{NOTES}/file", data={"number": "1"}, files=files, headers=headers)


async def test_the_same_file_is_taken_once_however_its_form_is_divided(notes: Client) -> None:
    first, again = [await write_file(notes, "One file") for _ in range(2)]
    assert (first.status_code, again.text, again.headers["Idempotency-Replayed"]) == (201, first.text, "true")
    assert (await write_file(notes, "Another file")).json()["type"] == "/problems/idempotency-key-reused"
    assert len(await rows(notes, "SELECT * FROM note")) == 1


async def test_what_was_undone_is_not_kept(notes: Client) -> None:
    assert (await write_file(notes, "")).status_code == 201
    assert (await write_file(notes, "A file")).json()["words"] == "A file"


async def test_pages_show_everything_once(notes: Client) -> None:
    for number in range(7):
        await write(notes, number, "P1")
    seen: list[int] = []
    query: dict[str, Any] = {"limit": 3}
    sizes = []
    while True:
        page = (await notes.get(NOTES, params=query, headers=notes.as_(Role.CHAIR))).json()
        sizes.append(len(page["items"]))
        seen += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert (seen, sizes) == ([6, 5, 4, 3, 2, 1, 0], [3, 3, 1])


ABOUT = ["b", None, "a", None, "b", None, "a"]
IN_ORDER = {
    "number": [0, 1, 2, 3, 4, 5, 6],
    "-number": [6, 5, 4, 3, 2, 1, 0],
    "about": [2, 6, 0, 4, 1, 3, 5],
    "-about": [4, 0, 6, 2, 5, 3, 1],
}


@pytest.mark.parametrize("sort", IN_ORDER)
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
async def test_sorted_pages_show_everything_once_with_what_is_alike_and_what_is_missing(
    notes: Client, sort: str, limit: int
) -> None:
    headers = notes.as_(Role.CHAIR)
    for number, about in enumerate(ABOUT):
        body = {"number": number, "words": "x", "about": about, "person_ids": ["P1"]}
        assert (await notes.post(NOTES, json=body, headers=headers)).status_code == 201
    seen: list[int] = []
    query: dict[str, Any] = {"limit": limit, "sort": sort}
    while query.get("cursor", "") is not None:
        page = (await notes.get(NOTES, params=query, headers=headers)).json()
        seen += [item["number"] for item in page["items"]]
        query["cursor"] = page["next"]
    assert seen == IN_ORDER[sort]


async def test_a_list_is_sorted_by_what_it_names_alone(notes: Client) -> None:
    for sort in ("words", "--number", "", "number;", "-"):
        answer = await notes.get(NOTES, params={"sort": sort}, headers=notes.as_(Role.CHAIR))
        assert [error["field"] for error in answer.json()["errors"]] == ["sort"], sort


async def test_a_total_counts_what_passes_the_filters(notes: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        await write(notes, number, "P1")
    totals = []
    for query in ({}, {"words": "words 1"}, {"words": ["words 1", "x"]}, {"number": 7}):
        answer = await notes.get(NOTES, params=query | {"limit": 0}, headers=notes.as_(Role.CHAIR))
        totals.append(answer.json())
    assert totals == [{"items": [], "next": None, "total": total} for total in (5, 2, 2, 0)]
    monkeypatch.setattr(pagination, "MOST_COUNTED", 3)
    answer = await notes.get(NOTES, params={"number": [0, 1, 2, 3, 4], "limit": 0}, headers=notes.as_(Role.CHAIR))
    assert answer.json()["total"] == 3, "a long list is not counted to its end"


async def test_a_full_last_page_is_the_last(notes: Client) -> None:
    for number in range(2):
        await write(notes, number, "P1")
    page = (await notes.get(NOTES, params={"limit": 2}, headers=notes.as_(Role.CHAIR))).json()
    assert (len(page["items"]), page["next"]) == (2, None)


async def test_hidden_columns_can_be_asked_for_and_are_not_shown(notes: Client) -> None:
    for number in range(4):
        await write(notes, number, "P1")
    page = (await notes.get(NOTES, params={"words": "words 1"}, headers=notes.as_(Role.CHAIR))).json()
    assert [item["number"] for item in page["items"]] == [3, 1]
    assert all("words" not in item for item in page["items"])


async def test_one_of_several_values_is_enough(notes: Client) -> None:
    for number in range(4):
        await write(notes, number, "P1")
    for words, numbers in ((["words 0", "words 1"], [3, 2, 1, 0]), (["words 1", "x"], [3, 1]), (["x", "y"], [])):
        page = (await notes.get(NOTES, params={"words": words}, headers=notes.as_(Role.CHAIR))).json()
        assert [item["number"] for item in page["items"]] == numbers, words


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJ4Il0", "bnVsbA"])
async def test_a_cursor_of_ones_own_is_refused(notes: Client, cursor: str) -> None:
    answer = await notes.get(NOTES, params={"cursor": cursor}, headers=notes.as_(Role.CHAIR))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


async def test_two_editors_never_overwrite_each_other(notes: Client) -> None:
    await write(notes, 1, "P1")
    headers = notes.as_(Role.CHAIR)
    tag = (await notes.get(f"{NOTES}/1", headers=headers)).headers["ETag"]
    place = f"{NOTES}/1?words=new"
    assert (await notes.put(place, headers=headers)).status_code == 428
    assert (await notes.put(place, headers=headers | {"If-Match": "nonsense"})).status_code == 422
    changed = await notes.put(place, headers=headers | {"If-Match": tag})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    late = await notes.put(place, headers=headers | {"If-Match": tag})
    assert (late.status_code, late.headers["ETag"]) == (412, '"2"')


async def test_the_audit_says_who_saw_and_changed_what_and_why(notes: Client) -> None:
    await write(notes, 1, "P1", "P2")
    await write(notes, 2, "P3")
    why = {"Access-Reason": "Preparing the review", "X-Request-Id": "request-0001"}
    await notes.get(NOTES, headers=notes.as_(Role.CHAIR, subject="chair-2") | why)
    (seen,) = await entries(notes, person_id="P2", seen_by="chair-2")
    assert (seen["action"], sorted(seen["person_ids"])) == ("read_all", ["P1", "P2", "P3"])
    assert seen["why"] == why["Access-Reason"]
    assert seen["request_id"] == "request-0001"
    assert [entry["action"] for entry in await entries(notes, person_id="P2")][-1] == "write"
    own = await entries(notes, seen_by="someone", person_id="P2", since="2020-01-01")
    assert {entry["action"] for entry in own} == {"list_audit_entries"}


async def test_nothing_seen_is_nothing_audited(notes: Client) -> None:
    await notes.get(NOTES, headers=notes.as_(Role.CHAIR))
    assert await rows(notes, "SELECT * FROM chassis.audit_entry") == []


MANY_ENTRIES = """
    INSERT INTO chassis.audit_entry (id, at, caller, roles, action, person_ids, record)
    SELECT gen_random_uuid(), now() - n * INTERVAL '1 second', 'chair-1', '{chair}', 'read',
        ARRAY['P' || CASE WHEN n % 40 = 0 THEN 0 ELSE n END], 'record'
    FROM generate_series(1, 20000) n;
    ANALYZE chassis.audit_entry
"""


async def test_what_concerns_a_child_is_found_by_an_index(notes: Client) -> None:
    """Even if the child is in so many entries that to go through all of them by time looks quicker."""
    owner = await asyncpg.connect(notes.settings.migration_database_url.get_secret_value())
    await owner.execute(MANY_ENTRIES)
    await owner.close()
    steps = await plans_of(notes.process, lambda: entries(notes, person_id="P0"))
    assert any("person_ids @>" in step.get("Index Cond", "") for step in steps), steps


async def test_only_administrators_read_the_audit(notes: Client) -> None:
    assert (await notes.get(AUDIT)).status_code == 401
    assert (await notes.get(AUDIT, headers=notes.as_(Role.CHAIR))).status_code == 403


@pytest.mark.parametrize("sql", ["UPDATE chassis.audit_entry SET caller = 'x'", "DELETE FROM chassis.audit_entry"])
@pytest.mark.parametrize("who", ["database_url", "migration_database_url"])
async def test_the_database_keeps_the_audit_as_it_is(notes: Client, sql: str, who: str) -> None:
    await write(notes, 1, "P1")
    connection = await asyncpg.connect(getattr(notes.settings, who).get_secret_value())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(sql)
    await connection.close()
