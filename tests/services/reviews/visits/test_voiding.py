"""What was written down between reviews by mistake is voided: all stands as if it had never been written."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from tests.support.reviews.office import JSON, Office, days_ago

OF_CHILD = "/v1/children/P1"
REASON = {"reason": "It was another child."}
# What does not tell one row from another that says the same.
CHANCE = "- 'id' - 'version'"


async def standing(office: Office) -> dict[str, list[str]]:
    """Where the child stands and what is owed, whatever the rows are called."""
    tables = ("looked_after_child", "deadline", "contact", "midpoint_check", "prompt_done", "feedback")
    return {
        table: sorted(
            row["row"] for row in await office.rows(f"SELECT (to_jsonb(t) {CHANCE})::text AS row FROM {table} t")
        )
        for table in tables
    }


async def voided(office: Office, path: str) -> JSON:
    answer = await office.ask("POST", f"{path}/void", REASON)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def contact(office: Office, on: date, kind: str = "visit") -> JSON:
    body = {"kind": kind, "happened_on": on.isoformat(), "note": "Seen at school."}
    answer = await office.ask("POST", f"{OF_CHILD}/contacts", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_the_clock_of_visits_goes_on_from_the_visit_before(office: Office) -> None:
    await office.registered(since=days_ago(100))
    never = await standing(office)
    first = await contact(office, days_ago(60))
    once = await standing(office)
    second = await contact(office, days_ago(5))
    called = await contact(office, days_ago(2), kind="telephone")
    kept = await voided(office, f"/v1/contacts/{second['id']}")
    assert (kept["kind"], kept["reason"], kept["voided_by"]) == ("contact", REASON["reason"], "chair-1")
    assert {name: kept["said"][name] for name in ("id", "happened_on", "note")} == {
        "id": second["id"],
        "happened_on": days_ago(5).isoformat(),
        "note": "Seen at school.",
    }
    await voided(office, f"/v1/contacts/{called['id']}")
    assert await standing(office) == once
    await voided(office, f"/v1/contacts/{first['id']}")
    assert await standing(office) == never
    listed = await office.get("/internal/children/P1/voided")
    assert [row["said"]["id"] for row in listed] == [second["id"], called["id"], first["id"]]
    (entry, *_) = await office.audited("void_contact")
    assert (entry["why"], entry["person_ids"], entry["record"]) == (REASON["reason"], ["P1"], kept["id"])


async def test_a_midpoint_check_is_owed_again_however_long_ago_its_day_was(office: Office) -> None:
    """What was overdue by months stays on the list: the mistake does not make it history."""
    await office.registered(since=days_ago(400))
    await office.held("P1", on=days_ago(200))
    await office.rows("DELETE FROM deadline WHERE kind = 'midpoint'")
    assert ("midpoint", "midpoint") not in await office.owed()
    row = await office.ask("POST", f"{OF_CHILD}/midpoint-checks", {"on_track": True})
    assert row.status_code == 201, row.text
    await voided(office, f"/v1/midpoint-checks/{row.json()['id']}")
    owed = (await office.owed())["midpoint", "midpoint"]
    assert (owed["event_on"], owed["due_on"]) == (days_ago(200).isoformat(), row.json()["due_on"])
    assert (await office.get("/v1/midpoint-checks"))["items"] == []
    again = await office.ask("POST", f"{OF_CHILD}/midpoint-checks", {"on_track": False})
    assert again.status_code == 201, "it can be done now"


async def test_a_chair_is_reminded_again(office: Office) -> None:
    await office.registered(since=days_ago(3))
    before = await standing(office)
    prompt = next(subject for kind, subject in await office.owed() if kind == "prompt")
    done = await office.ask("POST", f"{OF_CHILD}/prompts", {"prompt": prompt})
    assert done.status_code == 200
    assert ("prompt", prompt) not in await office.owed()
    await voided(office, f"/v1/prompts/{done.json()['id']}")
    assert await standing(office) == before
    answer = await office.ask("POST", f"/v1/prompts/{done.json()['id']}/void", REASON)
    assert answer.status_code == 404, "nothing is left to void"


async def test_feedback_counts_no_more(office: Office) -> None:
    await office.registered(since=days_ago(30))
    review = await office.held("P1", on=days_ago(10))
    before = await standing(office)
    body = {"from_whom": "child", "rating": "green"}
    row = (await office.ask("POST", f"/v1/reviews/{review['reference']}/feedback", body)).json()
    await voided(office, f"/v1/feedback/{row['id']}")
    assert await standing(office) == before
    assert (await office.get("/internal/feedback"))["items"] == []
    assert [row["kind"] for row in await office.get("/internal/children/P1/voided")] == ["feedback"]


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x", "said": {}}])
async def test_a_reason_is_given_and_nothing_else(office: Office, body: JSON) -> None:
    await office.registered(since=days_ago(100))
    row = await contact(office, days_ago(5))
    before = await standing(office)
    assert (await office.ask("POST", f"/v1/contacts/{row['id']}/void", body)).status_code == 422
    assert await standing(office) == before


async def test_what_is_not_there_is_not_found(office: Office) -> None:
    await office.registered(since=days_ago(100))
    row = await contact(office, days_ago(5))
    before = await standing(office)
    for path in (
        f"/v1/contacts/{uuid4()}",
        f"/v1/midpoint-checks/{row['id']}",
        f"/v1/feedback/{row['id']}",
    ):
        answer = await office.ask("POST", f"{path}/void", REASON)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), path
    assert await standing(office) == before
    assert (await office.ask("GET", "/internal/children/P9/voided")).status_code == 404


async def test_what_was_voided_about_a_restricted_child_is_for_who_may_see_the_child(office: Office) -> None:
    """Feedback about two children says something about each."""
    manager: dict[str, Any] = {"role": Role.TEAM_MANAGER, "subject": "manager-1"}
    await office.registered("P1", since=days_ago(30))
    await office.registered("P2", since=days_ago(30))
    review = await office.held("P1", "P2", on=days_ago(10))
    body = {"from_whom": "child", "rating": "green"}
    row = (await office.ask("POST", f"/v1/reviews/{review['reference']}/feedback", body)).json()
    await voided(office, f"/v1/feedback/{row['id']}")
    assert len(await office.get("/internal/children/P1/voided")) == 1
    await office.rows("UPDATE looked_after_child SET chair_id = 'chair-2' WHERE person_id = 'P2'")
    await office.known("P2", restricted=True)
    assert await office.get("/internal/children/P1/voided") == []
    assert len(await office.get("/internal/children/P1/voided", **manager)) == 1
    hidden = await office.ask("GET", "/internal/children/P2/voided")
    assert hidden.status_code == 404


async def test_what_was_voided_goes_with_a_number_that_is_merged(office: Office) -> None:
    await office.registered("P1", since=days_ago(100))
    await office.registered("P2", since=days_ago(100))
    row = await contact(office, days_ago(5))
    await voided(office, f"/v1/contacts/{row['id']}")
    merge_id = await office.merged("P1", "P2")
    assert len(await office.get("/internal/children/P2/voided")) == 1
    await office.unmerged("P1", "P2", merge_id)
    assert await office.get("/internal/children/P2/voided") == []
    assert len(await office.get("/internal/children/P1/voided")) == 1
