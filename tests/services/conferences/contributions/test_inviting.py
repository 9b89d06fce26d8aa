"""Who is invited to a conference, and whom the last one had invited."""

from datetime import date, timedelta

import pytest

from chassis.base import clock
from chassis.law.working_days import subtract_working_days
from tests.support.clocks import until
from tests.support.conferences.desk import (
    GP,
    JSON,
    MOTHER,
    NOTIFICATIONS,
    OBSERVER,
    SCHOOL,
    SOCIAL_WORKER,
    Desk,
    coming_working_day,
)


async def planned(desk: Desk, *person_ids: str) -> JSON:
    """A conference in three working days."""
    await desk.registered(*person_ids)
    await desk.enquired(*person_ids)
    return await desk.planned(*person_ids, on=coming_working_day(3))


async def test_professionals_are_told_until_when_their_report_is_wanted(desk: Desk) -> None:
    conference = await planned(desk, "P1", "P2")
    rows = await desk.invited(conference, GP | {"email": "gp@practice.example"}, MOTHER, OBSERVER)
    practice, mother, observer = rows
    due = subtract_working_days(coming_working_day(3), 2).isoformat()
    assert practice["report_expected"] and practice["report_due_on"] == due
    assert practice["area_id"] == "north" and practice["person_ids"] == ["P1", "P2"]
    assert not mother["report_expected"] and not observer["report_expected"]
    published = {event["invitation_id"]: event["report_due_on"] for event in await desk.published("conference.invited")}
    assert published == {practice["id"]: due, observer["id"]: None}
    letter = await desk.get(f"/internal/invitations/{practice['id']}/letter", **NOTIFICATIONS)
    assert (letter["email"], letter["report_due_on"], letter["children"]) == ("gp@practice.example", due, 2)
    assert "Planted" not in str(letter)
    letters = await desk.get(f"/internal/conferences/{conference['reference']}/letters", **NOTIFICATIONS)
    assert {letter["invited_as"] for letter in letters} == {"professional", "observer", "advocate"}
    missing = await desk.get("/internal/invitations/reports-due", due_on=due, **NOTIFICATIONS)
    assert [report["invitation_id"] for report in missing] == [practice["id"]]


async def test_reports_are_owed_until_they_come_or_the_conference_is_over(desk: Desk) -> None:
    async def owed(due_to: date) -> list[str]:
        found = await desk.get("/internal/invitations/reports-owed", due_to=due_to.isoformat(), **NOTIFICATIONS)
        return [f"{letter['name']}, {letter['team']}" for letter in found]

    conference = await planned(desk, "P1")
    practice, school = await desk.invited(conference, GP | {"team": "Mill Lane"}, SCHOOL)
    due = subtract_working_days(coming_working_day(3), 2)
    both = [f"{practice['name']}, Mill Lane", f"{school['name']}, {school['team']}"]
    assert await owed(due) == both
    assert await owed(due - timedelta(days=1)) == []
    with clock.shifted(until(coming_working_day(3))):
        assert await owed(clock.today()) == both, "overdue ones too, as long as the conference is to come"
    with clock.shifted(until(coming_working_day(3) + timedelta(days=1))):
        assert await owed(clock.today()) == []
    sent = {"report_received_on": clock.today().isoformat()}
    await desk.done("PATCH", f"/v1/invitations/{practice['id']}", sent, version=1)
    await desk.done("POST", f"/v1/invitations/{school['id']}/withdraw", version=1)
    assert await owed(due) == []


WRONG: list[tuple[JSON, str, str]] = [
    (GP | {"agency_role": "dentist"}, "invitations.1.agency_role", "agency_role"),
    (GP | {"agency_id": "nowhere"}, "invitations.1.agency_id", "in_directory"),
    (GP | {"agency_id": "closed-agency"}, "invitations.1.agency_id", "in_directory"),
    (GP | {"area_id": "atlantis"}, "invitations.1.area_id", "in_directory"),
    (GP | {"person_ids": ["P9"]}, "invitations.1.person_ids.0", "of_this_conference"),
    (GP | {"relationship": "mother"}, "invitations.1.relationship", "family_only"),
    ({"invited_as": "professional", "name": "Nye"}, "invitations.1.agency_id", "professional_of_agency"),
    ({"invited_as": "family", "name": "Nye"}, "invitations.1.relationship", "family_only"),
    (SCHOOL | {"email": "office@school.example"}, "invitations.1.name", "already_invited"),
    (OBSERVER | {"report_expected": True}, "invitations.1.report_expected", "professionals_only"),
]


@pytest.mark.parametrize(("wanted", "field", "rule"), WRONG, ids=[f"{f} {r} {n}" for n, (_, f, r) in enumerate(WRONG)])
async def test_nobody_is_invited_where_one_cannot_be(desk: Desk, wanted: JSON, field: str, rule: str) -> None:
    conference = await planned(desk, "P1")
    path = f"/v1/conferences/{conference['reference']}/invitations"
    answer = await desk.ask("POST", path, {"invitations": [SCHOOL, wanted]}, version=1)
    assert answer.status_code == 422, answer.text
    assert (field, rule) in {(error["field"], error["rule"]) for error in answer.json()["errors"]}
    assert await desk.rows("SELECT FROM invitation WHERE NOT automatic") == []
    assert await desk.published("conference.invited") == []


async def test_an_invitation_is_taken_back_before_the_meeting(desk: Desk) -> None:
    conference = await planned(desk, "P1")
    practice, school = await desk.invited(conference, GP, SCHOOL)
    path = f"/v1/invitations/{practice['id']}/withdraw"
    back = await desk.done("POST", path, version=1)
    assert back["withdrawn_on"] == clock.today().isoformat()
    assert (await desk.ask("POST", path, version=2)).status_code == 409
    held = await desk.hold(conference, on=clock.today(), attendance={practice["id"]: "attended"})
    assert held.status_code == 422
    assert school["withdrawn_on"] is None


async def test_who_is_invited_is_not_invited_again_unless_withdrawn(desk: Desk) -> None:
    conference = await planned(desk, "P1")
    practice, _ = await desk.invited(conference, GP, SCHOOL)
    path = f"/v1/conferences/{conference['reference']}/invitations"
    again = await desk.ask("POST", path, {"invitations": [GP]}, version=conference["version"])
    assert [error["rule"] for error in again.json()["errors"]] == ["already_invited"]
    await desk.done("POST", f"/v1/invitations/{practice['id']}/withdraw", version=1)
    assert len(await desk.invited(conference, GP)) == 1


async def test_who_came_uninvited_is_written_down_until_it_is_closed(desk: Desk) -> None:
    conference = await desk.held()
    rows = await desk.invited(conference, SCHOOL)
    assert await desk.published("conference.invited") == []
    path = f"/v1/conferences/{conference['reference']}"
    answer = await desk.ask("POST", f"{path}/close", version=conference["version"])
    assert answer.status_code == 422
    assert rows[0]["attendance"] is None


async def test_the_last_conference_suggests_whom_to_invite(desk: Desk) -> None:
    practice = GP | {"agency_reference": "GP/2019/31"}
    first = await desk.held(invite=[SOCIAL_WORKER, practice, MOTHER])
    review = await desk.planned(on=coming_working_day(30))
    path = f"/v1/conferences/{review['reference']}/suggested-invitations"
    suggested = await desk.get(path)
    assert [person["name"] for person in suggested] == [SOCIAL_WORKER["name"], GP["name"], MOTHER["name"]]
    assert {person["from_reference"] for person in suggested} == {first["reference"]}
    assert [person["agency_reference"] for person in suggested] == [None, "GP/2019/31", None]
    await desk.invited(review, GP)
    assert GP["name"] not in [person["name"] for person in await desk.get(path)]
    assert (
        len(await desk.rows("SELECT FROM invitation WHERE reference = $1 AND NOT automatic", review["reference"])) == 1
    )


async def test_an_invitation_is_sent_again_to_whoever_has_an_address(desk: Desk) -> None:
    conference = await planned(desk, "P1")
    practice, mother, school = await desk.invited(conference, GP | {"email": "gp@example.org"}, MOTHER, SCHOOL)
    again = await desk.done("POST", f"/v1/invitations/{practice['id']}/send-again")
    assert (again["about"], again["version"]) == ("conference", 2)
    told = [event for event in await desk.published("conference.invited") if event["again"] is not None]
    assert [(event["invitation_id"], event["again"]) for event in told] == [(practice["id"], 2)]
    for invitation in (mother, school):
        refused = await desk.ask("POST", f"/v1/invitations/{invitation['id']}/send-again")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-sent-by-email")
    page = await desk.get("/internal/invitations", agency_id="general-practice")
    assert [item["id"] for item in page["items"]] == [practice["id"]]
