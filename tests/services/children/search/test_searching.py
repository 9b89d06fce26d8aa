"""Children are found by name with typing errors, by birth date, and by number; quickly among very many."""

from typing import Any

import pytest

from chassis.access.callers import Role
from tests.support.children.desk import Desk
from tests.support.sharing import Shared

PEOPLE = [
    ("P1001", "Merrin", "Invented", "2012-05-14"),
    ("P1002", "Tamsin", "Smith", "2012-05-14"),
    ("P2001", "Zoë", "O'Planted-Smythe", "2009-11-02"),
    ("P2002", "Merrin", "Otherwise", "2015-01-30"),
]
MANY = """
    INSERT INTO name_word SELECT md5('given' || n) FROM generate_series(0, 2999) n
        UNION SELECT md5('family' || n) FROM generate_series(0, 19999) n;
    INSERT INTO child (person_id, given_name, family_name, born_on, disabilities, siblings, area_id, restricted,
        registered_on, version)
    SELECT 'Q' || n, md5('given' || n % 3000), md5('family' || n % 20000), date '2005-01-01' + n % 6000, '{}', '{}',
        'north', false, date '2019-04-01', 1
    FROM generate_series(1, 30000) n
"""
SCANS = "SELECT seq_scan FROM pg_stat_user_tables WHERE relid = 'public.child'::regclass"


async def searched(desk: Desk, q: str, **more: Any) -> list[str]:
    """The numbers of those who are found, the best first."""
    answer = await desk.get("/internal/search", q=q, **more)
    assert answer.status_code == 200, answer.text
    return [child["person_id"] for child in answer.json()]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("Merrin Invented", ["P1001"]),
        ("invented, merrin", ["P1001"]),
        ("Merin Invnted", ["P1001"]),
        ("merrin", ["P1001", "P2002"]),
        ("Smyth", ["P1002", "P2001"]),
        ("zoe planted", ["P2001"]),
        ("14/05/2012", ["P1001", "P1002"]),
        ("Tamsin 2012-05-14", ["P1002"]),
        ("Tamsin 2012-05-15", []),
        ("p2001", ["P2001"]),
        ("P100", ["P1001", "P1002"]),
        ("%", []),
        ("31/02/2012", []),
        ("Wilhelmina", []),
    ],
)
async def test_children_are_found(desk: Desk, q: str, expected: list[str]) -> None:
    for person_id, given_name, family_name, born_on in PEOPLE:
        await desk.sent(person_id, given_name=given_name, family_name=family_name, born_on=born_on)
    if len(q) < 2:
        assert (await desk.get("/internal/search", q=q)).status_code == 422
    else:
        assert sorted(await searched(desk, q)) == expected
        assert len(await searched(desk, q, limit=1)) == min(1, len(expected))


async def test_who_fits_best_comes_first(desk: Desk) -> None:
    for person_id, family_name in [("P1", "Smithson"), ("P2", "Smith"), ("P3", "Smyth")]:
        await desk.sent(person_id, given_name="Ada", family_name=family_name)
    assert await searched(desk, "Ada Smith") == ["P2", "P1", "P3"]


async def test_a_restricted_child_is_found_by_whoever_may_see_the_record(desk: Desk) -> None:
    await desk.sent("P1", restricted=True)
    await desk.sent("P2", mother_person_id="P1")
    assert await searched(desk, "Merrin", role=Role.CHAIR) == ["P2"]
    assert await searched(desk, "P1", role=Role.CHAIR) == []
    assert await searched(desk, "Merrin") == ["P1", "P2"]
    seen = await desk.rows(
        "SELECT person_ids, record FROM chassis.audit_entry WHERE action = 'search_children' ORDER BY id"
    )
    assert [(set(entry["person_ids"]), entry["record"]) for entry in seen] == [
        ({"P2"}, "search"),
        ({"P1", "P2"}, "search"),
    ]


async def test_a_number_that_was_merged_is_found_by_itself_alone(desk: Desk) -> None:
    await desk.sent("P1")
    await desk.sent("P2")
    await desk.post("/v1/children/P2/merge", {"into_person_id": "P1", "reason": "Entered twice."})
    assert await searched(desk, "Merrin") == ["P1"]
    assert await searched(desk, "P2") == ["P2"]


async def test_nobody_looks_through_all_children(desk: Desk, shared: Shared) -> None:
    """Among half a million this takes some twenty milliseconds; reading them all would take a second."""
    await shared.superuser.execute(f"{MANY}; ANALYZE child; ANALYZE name_word")
    await desk.sent("P1")
    before = await desk.rows(SCANS)
    for q in ("Merrin Invented", "merin", "P1", "2012-05-14", "Merrin 2012-05-14"):
        assert (await searched(desk, q))[0] == "P1"
    await desk.rows("SELECT pg_stat_force_next_flush()")
    assert await desk.rows(SCANS) == before
