"""Two numbers that are one child, and records that not everybody may see."""

import asyncio

from chassis.access.callers import Role
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.reviews.receiving import hand_over

TABLES = (
    "looked_after_child",
    "period_of_care",
    "allocation",
    "review",
    "child_review",
    "decision",
    "contact",
    "deadline",
    "invitation",
)


async def everything(office: Office) -> dict[str, list[JSON]]:
    """Every row without its version, and deadlines without the identifiers that they get anew."""
    found = {}
    for table in TABLES:
        rows = [dict(row) for row in await office.rows(f"SELECT * FROM {table}")]
        for row in rows:
            row.pop("version", None)
            if table == "deadline":
                row.pop("id")
        found[table] = sorted(rows, key=str)
    return found


async def test_a_merge_takes_everything_along_and_can_be_undone(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    await office.registered("P2", since=days_ago(30), chair="chair-2")
    await office.held("P2", on=days_ago(10))
    await office.ask("POST", "/v1/children/P2/contacts", {"kind": "visit", "happened_on": days_ago(5).isoformat()})
    before = await everything(office)
    merge_id = await office.merged("P2", "P1")
    await office.merged("P2", "P1", merge_id)
    timeline = await office.get("/internal/children/P1/timeline", role=Role.TEAM_MANAGER)
    assert {entry["what"] for entry in timeline} >= {"review_held", "visit"}
    gone = await office.get("/v1/children/P2/care", role=Role.TEAM_MANAGER)
    assert (gone["merged_into"], gone["looked_after_since"]) == ("P1", None)
    assert await office.owed("P2") == {}
    # The review that moved along was the first one of this child.
    assert ("review", "second") in await office.owed("P1")
    assert len(await office.audited("follow_merge")) == 1
    for _ in range(2):
        await office.unmerged("P2", "P1", merge_id)
        assert await everything(office) == before


async def test_what_is_merged_stays_restricted_and_so_do_both_when_it_is_undone(office: Office) -> None:
    await office.registered("P1", since=days_ago(40))
    await office.registered("P2", since=days_ago(30), restricted=True)
    held = await office.held("P2", on=days_ago(10))
    merge_id = await office.merged("P2", "P1")
    hidden = ["/v1/children/P1/care", "/v1/children/P2/care", f"/v1/reviews/{held['reference']}"]
    for undone in (False, True):
        if undone:
            await office.unmerged("P2", "P1", merge_id)
        for place in hidden:
            answers = {
                subject: (await office.ask("GET", place, role=role, subject=subject)).status_code
                for subject, role in (("chair-2", Role.CHAIR), ("manager-1", Role.TEAM_MANAGER))
            }
            assert answers == {"chair-2": 404, "manager-1": 200}, (place, undone)


async def test_two_children_of_one_review_are_not_one(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2")
    review = await office.planned("P1", "P2")
    asked = {"from_person_id": "P2", "into_person_id": "P1"}
    assert await office.get("/internal/merge-obstacles", role=Role.SERVICE, **asked) == [review["reference"]]


async def test_a_restricted_record_is_seen_by_its_chair_and_managers_alone(office: Office) -> None:
    await office.registered("P1", restricted=True)
    review = await office.planned("P1")
    places = (
        "/v1/children/P1/care",
        f"/v1/reviews/{review['reference']}",
        "/internal/children/P1/timeline",
    )
    lists = ("/v1/care", "/v1/reviews", "/internal/deadlines", "/internal/deadlines?person_id=P1")
    for subject, role, sees in (
        ("chair-1", Role.CHAIR, True),
        ("manager-1", Role.TEAM_MANAGER, True),
        ("chair-2", Role.CHAIR, False),
        ("support-1", Role.BUSINESS_SUPPORT, False),
        ("swm-1", Role.SOCIAL_WORK_MANAGER, False),
    ):
        for place in places:
            answer = await office.ask("GET", place, role=role, subject=subject)
            assert answer.status_code == (200 if sees else 404), f"{place} for {subject}"
        for place in lists:
            page = (await office.ask("GET", place, role=role, subject=subject)).json()
            assert bool(page["items"]) is sees, f"{place} for {subject}"
    for method, path, body in (
        ("PATCH", f"/v1/reviews/{review['reference']}", {"venue": "Town Hall"}),
        ("POST", f"/v1/reviews/{review['reference']}/cancel", {"reason": "No."}),
        ("POST", "/v1/children/P1/contacts", {"kind": "visit", "happened_on": days_ago(1).isoformat()}),
    ):
        answer = await office.ask(method, path, body, subject="chair-2", version=1)
        assert answer.status_code == 404, path
    refused = await office.ask(
        "POST", "/v1/reviews", {"person_ids": ["P1"], "planned_on": days_ago(0).isoformat()}, subject="chair-2"
    )
    assert office.problem(refused) == {"person_ids.0": "known_child"}


async def test_two_who_plan_the_same_review_at_once_make_one(office: Office) -> None:
    await office.registered("P1")
    body = {"person_ids": ["P1"], "planned_on": days_ago(0).isoformat()}
    answers = await asyncio.gather(*(office.ask("POST", "/v1/reviews", body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert len(await office.rows("SELECT * FROM review")) == 1


async def test_a_chair_who_leaves_hands_over_everything_but_conflicts(office: Office) -> None:
    await office.registered("P1")
    await office.registered("P2", manager_id="chair-2")
    review = await office.planned("P1")
    given = await hand_over(office)
    assert (given["person_ids"], given["references"]) == (["P1"], [review["reference"]])
    assert given["refused"] == [{"person_id": "P2", "reference": None, "rule": "independent"}]
    history = await office.get("/internal/children/P1/chairs")
    assert [allocation["chair_id"] for allocation in history] == ["chair-1", "chair-2"]
    assert history[0]["ends_on"] is not None
    assert {
        deadline["owner_id"] for deadline in (await office.owed("P1")).values() if deadline["owner_role"] == "chair"
    } == {"chair-2"}
    assert (await office.get(f"/v1/reviews/{review['reference']}"))["chair_id"] == "chair-2"
    assert await office.published("review.handed_over") == [
        {"reference": review["reference"], "chair_id": "chair-2", "version": review["version"] + 1}
    ]
    loads = {row["chair_id"]: row for row in await office.get("/v1/chairs/caseloads")}
    assert (loads["chair-2"]["children"], loads["chair-2"]["per_full_time_post"], loads["chair-2"]["load"]) == (
        1,
        2.0,
        "below",
    )
    assert loads["chair-3"]["load"] is None
