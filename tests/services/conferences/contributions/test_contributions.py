"""What business support writes down of a contribution: days that can be so, in versions, until the conference closed."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import Desk, recent_working_day
from tests.support.conferences.invited import PERSON_ID, Invited, days_on, invite


@pytest.fixture
async def invited(desk: Desk) -> Invited:
    return await invite(desk)


def day(days: int) -> str:
    """A day from today on, as JSON has it."""
    return days_on(days).isoformat()


async def test_what_came_is_written_down_and_told(invited: Invited) -> None:
    body = {"report_received_on": day(-1), "report_shared_on": day(0), "apologies_on": day(-2), "team": "North team"}
    answer = await invited.change(invited.visitor, body)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert {name: answer.json()[name] for name in body} == body
    assert (answer.json()["version"], answer.json()["name"]) == (2, "Orla Dunmarsh"), "what is left out stays"
    (event,) = await invited.published("conference.contribution_changed")
    assert event == {
        "invitation_id": invited.visitor,
        "reference": invited.reference,
        "chair_id": "chair-1",
        "report_received_on": day(-1),
        "apologies_on": day(-2),
        "version": 2,
    }
    (entry,) = await invited.audited("change_invitation")
    assert (entry["caller"], entry["person_ids"], entry["record"]) == ("support-1", [PERSON_ID], invited.reference)


async def test_only_what_concerns_others_is_told(invited: Invited) -> None:
    for body in ({"email": "new@example.org"}, {"name": "Orla Fenmarsh"}, {"report_expected": False}):
        assert (await invited.change(invited.visitor, body)).status_code == 200
    assert await invited.published("conference.contribution_changed") == []
    assert (await invited.row(invited.visitor))["version"] == 4
    assert len(await invited.audited("change_invitation")) == 3


async def test_what_changes_nothing_is_no_change(invited: Invited) -> None:
    body = {"report_received_on": day(-1), "name": "Orla Dunmarsh"}
    await invited.change(invited.visitor, body)
    before = await invited.everything()
    for same in (body, {}, {"name": None}, {"report_expected": None}, {"apologies_on": None}):
        answer = await invited.change(invited.visitor, same)
        assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert await invited.everything() == before


async def test_null_takes_a_day_back(invited: Invited) -> None:
    await invited.change(invited.visitor, {"report_received_on": day(-1), "apologies_on": day(-1)})
    answer = await invited.change(invited.visitor, {"report_received_on": None})
    assert (answer.json()["report_received_on"], answer.json()["apologies_on"]) == (None, day(-1))
    assert len(await invited.published("conference.contribution_changed")) == 2


async def test_a_report_is_due_while_it_is_expected(invited: Invited) -> None:
    answer = await invited.change(invited.visitor, {"report_expected": False})
    assert answer.json()["report_due_on"] is None
    answer = await invited.change(invited.visitor, {"report_expected": True})
    assert answer.json()["report_due_on"] == invited.conference["report_due_on"]


@pytest.mark.parametrize(
    ("who", "body", "refused"),
    [
        ("visitor", {"report_received_on": day(1)}, {("report_received_on", "not_in_the_future")}),
        (
            "visitor",
            {"report_received_on": day(0), "report_shared_on": day(1)},
            {("report_shared_on", "not_in_the_future")},
        ),
        ("visitor", {"apologies_on": day(2)}, {("apologies_on", "not_in_the_future")}),
        ("visitor", {"report_shared_on": day(-1)}, {("report_received_on", "received_if_shared")}),
        ("observer", {"report_expected": True}, {("report_expected", "of_a_professional")}),
        ("observer", {"report_received_on": day(-1)}, {("report_received_on", "of_a_professional")}),
        ("mother", {"report_received_on": day(-1)}, {("report_received_on", "of_a_professional")}),
        ("visitor", {"report_received_on": "1899-01-01"}, {("report_received_on", "greater_than_equal")}),
        ("visitor", {"attendance": "attended"}, {("attendance", "extra_forbidden")}),
        ("visitor", {"email": "nobody"}, {("email", "value_error")}),
    ],
)
async def test_what_cannot_be_so_is_refused(
    invited: Invited, who: str, body: dict[str, Any], refused: set[tuple[str, str]]
) -> None:
    before = await invited.everything()
    answer = await invited.change(getattr(invited, who), body)
    assert answer.status_code == 422, answer.text
    assert {(error["field"], error["rule"]) for error in answer.json()["errors"]} == refused
    assert await invited.everything() == before


async def test_a_shared_report_cannot_become_one_that_never_came(invited: Invited) -> None:
    await invited.change(invited.visitor, {"report_received_on": day(-1), "report_shared_on": day(-1)})
    assert (await invited.change(invited.visitor, {"report_received_on": None})).status_code == 422
    both = {"report_received_on": None, "report_shared_on": None}
    assert (await invited.change(invited.visitor, both)).status_code == 200


async def test_apologies_are_sent_until_the_day_of_the_conference(invited: Invited) -> None:
    await invited.was_held()
    with clock.shifted(timedelta(days=3)):
        answer = await invited.change(invited.visitor, {"apologies_on": day(0)})
    assert [error["rule"] for error in answer.json()["errors"]] == ["before_the_conference"]
    on_the_day = {"apologies_on": recent_working_day().isoformat()}
    assert (await invited.change(invited.visitor, on_the_day)).status_code == 200
    late = await invited.change(invited.visitor, {"report_received_on": day(0)})
    assert late.status_code == 200, "a report that comes late is written down as late"


async def test_a_change_is_decided_on_the_present_version(invited: Invited) -> None:
    body = {"apologies_on": day(0)}
    assert (await invited.change(invited.visitor, body, version=2)).status_code == 412
    path = f"/v1/invitations/{invited.visitor}"
    bare = await invited.desk.ask("PATCH", path, body)
    assert bare.status_code == 428
    answers = await asyncio.gather(
        *(invited.change(invited.visitor, {"report_received_on": day(-number)}, version=1) for number in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_nothing_changes_of_an_invitation_that_was_taken_back(invited: Invited) -> None:
    await invited.withdraw(invited.visitor)
    answer = await invited.change(invited.visitor, {"apologies_on": day(0)})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/uninvited")


async def test_a_closed_conference_keeps_what_its_proposals_say(invited: Invited) -> None:
    await invited.change(invited.visitor, {"report_received_on": day(-1)})
    await invited.was_closed()
    held_on = recent_working_day().isoformat()
    for body in ({"report_received_on": None}, {"apologies_on": held_on}, {"report_expected": False}):
        answer = await invited.change(invited.visitor, body)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/contribution-settled")
        assert answer.json()["fields"] == list(body)
    other = {"report_shared_on": day(0), "email": "new@example.org", "report_received_on": day(-1)}
    assert (await invited.change(invited.visitor, other)).status_code == 200, "the report is no other than before"


async def test_whoever_changes_while_it_is_closed_comes_too_late(invited: Invited) -> None:
    """The change waits for whoever holds the invitation, and then sees that the conference was closed."""
    async with invited.being_closed():
        changing = asyncio.create_task(invited.change(invited.visitor, {"report_received_on": day(0)}, version=1))
        await asyncio.sleep(0.3)
        assert not changing.done()
    assert (await changing).status_code == 409
    assert (await invited.row(invited.visitor))["report_received_on"] is None


async def test_who_may_change_it(invited: Invited) -> None:
    body = {"apologies_on": day(0)}
    for role in (Role.PERFORMANCE_ANALYST, Role.LIAISON_OFFICER, Role.SERVICE, Role.SOCIAL_WORK_MANAGER):
        assert (await invited.change(invited.visitor, body, role=role)).status_code == 403
    await invited.restrict()
    assert (await invited.change(invited.visitor, body)).status_code == 404
    assert (await invited.change(invited.visitor, body, role=Role.CHAIR, subject="chair-2")).status_code == 404
    assert (await invited.change(invited.visitor, body, role=Role.CHAIR, subject="chair-1")).status_code == 200
    unknown = await invited.desk.ask("PATCH", f"/v1/invitations/{uuid4()}", body, version=1)
    assert unknown.status_code == 404
