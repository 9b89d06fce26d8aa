"""A child's care: what reviews alone own of a child, beside who the child is, which the children service says."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.base import clock
from chassis.children.models import ChildIdentityBase
from chassis.law.working_days import add_months
from tests.support.children.replica import KNOWN
from tests.support.reviews.office import WHO, Office, days_ago

CARE = "/v1/children/P1/care"


@pytest.mark.parametrize("name", [*WHO, "restricted", "siblings", "email", "merged_into"])
async def test_who_the_child_is_is_refused_in_the_care(office: Office, name: str) -> None:
    await office.known("P1")
    body = office.care(since=days_ago(10)) | {name: WHO.get(name)}
    assert office.problem(await office.put_care("P1", body)) == {name: "extra_forbidden"}
    assert await office.rows("SELECT * FROM looked_after_child") == []


async def test_a_child_whom_nobody_knows_is_sent_first(office: Office) -> None:
    answer = await office.put_care("P404", office.care(since=days_ago(10)))
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/child-not-sent")
    assert "PUT /v1/children/P404" in answer.json()["detail"]


async def test_a_child_of_whom_nothing_was_told_yet_is_asked_for(office: Office) -> None:
    KNOWN["P1"] = ChildIdentityBase.model_validate(WHO | {"person_id": "P1", "family_name": "Asked", "version": 3})
    try:
        answer = await office.put_care("P1", office.care(since=days_ago(10)))
    finally:
        KNOWN.clear()
    assert (answer.status_code, answer.json()["family_name"]) == (201, "Asked")
    assert (await office.get(CARE))["born_on"] == WHO["born_on"]


async def test_a_child_who_is_not_born_is_not_looked_after(office: Office) -> None:
    expected = (clock.today() + timedelta(days=30)).isoformat()
    await office.known("P1", born_on=None, expected_on=expected)
    refused = await office.put_care("P1", office.care(since=days_ago(10)))
    assert office.problem(refused) == {"periods_of_care": "born"}


async def test_the_same_words_again_change_nothing_and_need_no_version(office: Office) -> None:
    body = office.care(since=days_ago(10))
    await office.known("P1")
    first = await office.put_care("P1", body)
    again = await office.put_care("P1", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert (await office.put_care("P1", body | {"unaccompanied": True})).status_code == 428


async def test_care_that_somebody_has_seen_and_nobody_knows_is_not_begun_anew(office: Office) -> None:
    await office.known("P1")
    assert (await office.put_care("P1", office.care(since=days_ago(10)), version=3)).status_code == 412
    assert await office.rows("SELECT * FROM looked_after_child") == []


async def test_what_is_due_follows_from_a_corrected_birth(office: Office) -> None:
    await office.registered("P1", since=days_ago(100))
    before = await office.get(CARE)
    born_on = add_months(clock.today() + timedelta(days=10), -(15 * 12 + 9))
    earlier = (await office.owed())["prompt", "life_links"]["due_on"]
    await office.known("P1", born_on=born_on.isoformat(), social_worker_id="swm-1", area_id="south")
    owed = await office.owed()
    assert owed["prompt", "life_links"]["due_on"] == add_months(born_on, 15 * 12 + 9).isoformat() != earlier
    assert {deadline["area_id"] for deadline in owed.values()} == {"south"}
    after = await office.get(CARE)
    assert (after["born_on"], after["area_id"]) == (born_on.isoformat(), "south")
    assert after["version"] == before["version"] + 1, "whoever read it before has another version"


async def test_nothing_is_due_for_a_child_who_died(office: Office) -> None:
    await office.registered("P1", since=days_ago(100))
    assert await office.owed()
    await office.known("P1", died_on=days_ago(1).isoformat())
    assert await office.owed() == {}


async def test_who_is_restricted_is_hidden_as_soon_as_it_is_told(office: Office) -> None:
    await office.registered("P1")
    other: dict[str, Any] = {"subject": "chair-2"}
    assert (await office.ask("GET", CARE, **other)).status_code == 200
    await office.known("P1", restricted=True)
    assert (await office.ask("GET", CARE, **other)).status_code == 404
    assert (await office.ask("GET", CARE)).status_code == 200
    await office.known("P1")
    assert (await office.ask("GET", CARE, **other)).status_code == 200
