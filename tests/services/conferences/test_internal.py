"""What other services are told when they ask: what is due, who cannot be reached, what waits for a chair."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import (
    GP,
    MOTHER,
    NOTIFICATIONS,
    OBSERVER,
    SCHOOL,
    SOCIAL_WORKER,
    Desk,
    coming_working_day,
)


async def digest(desk: Desk, kind: str) -> list[dict[str, Any]]:
    rows = await desk.get("/internal/conference-deadlines/digest", **NOTIFICATIONS)
    return [row for row in rows if row["kind"] == kind]


async def core_groups(desk: Desk, first: int = 0, last: int = 28) -> list[dict[str, Any]]:
    days = {
        name: (clock.today() + timedelta(days=ahead)).isoformat()
        for name, ahead in (("due_from", first), ("due_to", last))
    }
    return list(await desk.get("/internal/core-groups/due", **days, **NOTIFICATIONS))


async def unreachable(desk: Desk) -> list[str]:
    rows = await desk.get("/internal/invitations/without-address", **NOTIFICATIONS)
    return sorted(row["name"] for row in rows)


async def test_the_digest_counts_what_waits_for_a_chairs_decision_until_it_was_decided(desk: Desk) -> None:
    conference = await desk.held(invite=[SOCIAL_WORKER, GP, SCHOOL])
    proposals = await desk.closed(conference)
    assert len(proposals) == 3
    assert [entry["proposals"] for entry in await digest(desk, "proposals")] == [3]
    assert {entry["proposals"] for entry in await digest(desk, "outline_plan")} == {0}
    await desk.decided(conference, proposals[0], because="It came by another way.")
    await desk.decided(conference, proposals[1])
    # What could not be raised waits again.
    await desk.rows("UPDATE proposal SET state = 'refused', refused_because = 'x' WHERE state = 'confirmed'")
    assert [entry["proposals"] for entry in await digest(desk, "proposals")] == [2]
    await desk.decided(conference, *proposals[1:], because="It came by another way.")
    assert await digest(desk, "proposals") == []


async def test_a_core_group_is_listed_once_for_the_children_of_one_social_worker(desk: Desk) -> None:
    conference = await desk.held("P1", "P2", "P3")
    await desk.rows("UPDATE deadline SET owner_id = 'worker-2' WHERE person_id = 'P3'")
    rows = await core_groups(desk)
    assert [(row["owner_id"], row["children"], row["person_id"]) for row in rows] == [
        ("worker-1", 2, "P1"),
        ("worker-2", 1, "P3"),
    ]
    assert {row["conference_reference"] for row in rows} == {conference["reference"]}


async def test_core_groups_of_plans_without_a_conference_are_listed_apart_and_by_their_days(desk: Desk) -> None:
    await desk.held("P1", "P2")
    await desk.rows("UPDATE deadline SET conference_reference = NULL WHERE kind = 'core_group'")
    assert [core_group["person_id"] for core_group in await core_groups(desk)] == ["P1", "P2"]
    due = (await desk.owed("P1", "core_group"))[0]["due_on"]
    ahead = (due - clock.today()).days
    assert len(await core_groups(desk, ahead, ahead)) == 2
    assert await core_groups(desk, ahead + 1) == await core_groups(desk, 0, ahead - 1) == []


async def test_professionals_whom_no_email_reaches_are_listed_until_they_can_be_or_need_not_be(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(5))
    with_address = SCHOOL | {"email": "school@example.org"}
    rows = await desk.invited(conference, GP, SOCIAL_WORKER, with_address, OBSERVER, MOTHER)
    assert await unreachable(desk) == [GP["name"], SOCIAL_WORKER["name"]]
    gp, worker = rows[:2]
    body = {"email": "gp@example.org"}
    await desk.done("PATCH", f"/v1/invitations/{gp['id']}", body, version=gp["version"])
    assert await unreachable(desk) == [SOCIAL_WORKER["name"]]
    await desk.done("POST", f"/v1/invitations/{worker['id']}/withdraw", version=worker["version"])
    assert await unreachable(desk) == []


async def test_of_a_conference_that_is_over_nobody_is_listed(desk: Desk) -> None:
    await desk.held(invite=[GP])
    assert await unreachable(desk) == []


async def test_whoever_is_given_an_address_is_invited_by_it(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(5))
    (row, mother) = await desk.invited(conference, GP, MOTHER)
    path = f"/v1/invitations/{row['id']}"
    answer = await desk.done("PATCH", path, {"email": "gp@example.org"}, version=row["version"])
    invited = await desk.published("conference.invited")
    assert [invitation["invitation_id"] for invitation in invited] == [row["id"]] * 2
    # What is no new address, or of the family, invites nobody.
    await desk.done("PATCH", path, {"email": "gp@example.org", "team": "Team 2"}, version=answer["version"])
    body = {"email": "mother@example.org"}
    await desk.done("PATCH", f"/v1/invitations/{mother['id']}", body, version=mother["version"])
    assert len(await desk.published("conference.invited")) == 2


async def test_an_invitation_that_is_taken_back_is_told_unless_it_was_the_familys(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned(on=coming_working_day(5))
    for row in await desk.invited(conference, GP, MOTHER):
        await desk.done("POST", f"/v1/invitations/{row['id']}/withdraw", version=row["version"])
    (event,) = await desk.published("conference.uninvited")
    rows = await desk.rows("SELECT id::text AS id FROM invitation WHERE invited_as = 'professional'")
    assert event["invitation_id"] == rows[0]["id"]


@pytest.mark.parametrize(
    "path", ["/internal/core-groups/due?due_from=2024-01-01&due_to=2024-01-31", "/internal/invitations/without-address"]
)
async def test_people_do_not_ask_so(desk: Desk, path: str) -> None:
    for role in set(Role) - {Role.SERVICE}:
        assert (await desk.ask("GET", path, role=role)).status_code == 403
