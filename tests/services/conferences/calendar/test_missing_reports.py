"""Whose report is missing: before the conferences of a fortnight, by agency, the soonest first."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from services.conferences.calendar.schemas import MissingReportPage, MissingReportsByAgencyOut
from tests.support.conferences.desk import GP, HEALTH_VISITOR, JSON, MOTHER, OBSERVER, SCHOOL, Desk, coming_working_day
from tests.support.conferences.kept import a_child, a_conference, a_protection, an_invitation, keep

PATH = "/v1/invitations/missing-reports"
DAY = timedelta(days=1)


def ahead(days: int) -> date:
    """A day from today on."""
    return clock.today() + days * DAY


def planned(number: int, days: int, *invited: tuple[str, str], **said: Any) -> list[Any]:
    """A conference planned so many days ahead, and whose reports are missing, due three days before."""
    due_on = ahead(days - 3)
    meeting = a_conference(number, None, ["P1", "P2"], planned_on=ahead(days), report_due_on=due_on, **said)
    expected = {"report_expected": True, "report_due_on": due_on}
    return [
        meeting,
        *(an_invitation(meeting, agency_id=invitation, agency_role=role, **expected) for invitation, role in invited),
    ]


SCHOOLS, VISITORS, NURSES = ("education", "safeguarding-lead"), ("community-health", "health-visitor"), ("community-health", "young-persons-nurse")  # fmt: skip


@pytest.fixture
async def missing(desk: Desk) -> Desk:
    """Four planned conferences: yesterday, within the fortnight twice, and after it."""
    rows = [
        *planned(1, -1, SCHOOLS),
        *planned(2, 14, SCHOOLS, VISITORS, NURSES),
        *planned(3, 2, SCHOOLS, VISITORS, chair_id="chair-2"),
        *planned(4, 15, SCHOOLS),
    ]
    await keep(desk, [a_child("P1"), a_child("P2"), *rows])
    return desk


async def found(desk: Desk, **query: Any) -> list[JSON]:
    """The whole list."""
    answer = await desk.ask("GET", PATH, params=query)
    MissingReportPage.model_validate_json(answer.content, strict=True)
    return list(answer.json()["items"])


async def numbers(desk: Desk, **query: Any) -> list[int]:
    """To which conferences the missing reports belong."""
    return [int(report["reference"][-4:]) for report in await found(desk, **query)]


async def test_the_next_fortnight_is_shown_soonest_first(missing: Desk) -> None:
    assert await numbers(missing) == [3, 3, 2, 2, 2]
    first = (await found(missing))[0]
    assert (first["days_left"], first["children"]) == (-1, 2)
    assert first["planned_on"] == ahead(2).isoformat()
    assert first["report_due_on"] == ahead(-1).isoformat()


async def test_other_days_are_shown_when_asked_for(missing: Desk) -> None:
    assert await numbers(missing, planned_from=ahead(-1).isoformat()) == [1, 3, 3]
    assert await numbers(missing, planned_from=ahead(14).isoformat()) == [2, 2, 2, 4]
    assert await numbers(missing, planned_to=ahead(2).isoformat()) == [3, 3]
    assert await numbers(missing, planned_from=ahead(3).isoformat(), planned_to=ahead(13).isoformat()) == []
    assert await numbers(missing, planned_from="9999-12-30") == []


async def test_they_are_found_by_agency_role_area_and_chair(missing: Desk) -> None:
    assert await numbers(missing, agency_id="community-health") == [3, 2, 2]
    assert await numbers(missing, agency_id="community-health", agency_role="health-visitor") == [3, 2]
    assert await numbers(missing, area_id="south") == []
    assert await numbers(missing, chair_id="chair-2") == [3, 3]


async def test_they_are_paged_through_in_order(missing: Desk) -> None:
    whole = await found(missing)
    for limit in (1, 2, 5):
        pages, query = [], {"limit": limit}
        while True:
            page = await missing.get(PATH, **query)
            pages += page["items"]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        assert pages == whole


async def test_agencies_are_counted_with_those_overdue(missing: Desk) -> None:
    rows = await missing.get(f"{PATH}/by-agency")
    assert [MissingReportsByAgencyOut.model_validate(row) for row in rows]
    shown = [(row["agency_id"], row["agency_role"], row["missing"], row["overdue"], row["conferences"]) for row in rows]
    assert shown == [
        ("community-health", "health-visitor", 2, 1, 2),
        ("education", "safeguarding-lead", 2, 1, 2),
        ("community-health", "young-persons-nurse", 1, 0, 1),
    ]
    assert [row["soonest_on"] for row in rows] == [ahead(2).isoformat(), ahead(2).isoformat(), ahead(14).isoformat()]
    of_chair = await missing.get(f"{PATH}/by-agency", chair_id="chair-2", planned_to=ahead(2).isoformat())
    assert [report["missing"] for report in of_chair] == [1, 1]
    counted = Counter((report["agency_id"], report["agency_role"]) for report in await found(missing))
    assert {(row["agency_id"], row["agency_role"]): row["missing"] for row in rows} == counted


NOT_MISSING: dict[str, JSON] = {
    "it came": {"report_received_on": ahead(0)},
    "the invitation was taken back": {"withdrawn_on": ahead(0)},
    "none is expected": {"report_expected": False, "report_due_on": None},
    "a member of the family": {"relationship": "mother"},
    "an observer": {"invited_as": "observer"},
}


@pytest.mark.parametrize("so", NOT_MISSING.values(), ids=NOT_MISSING)
async def test_a_report_that_nobody_waits_for_is_not_missing(desk: Desk, so: JSON) -> None:
    meeting, invitation = planned(1, 5, SCHOOLS)
    given = {name: getattr(invitation, name) for name in ("report_expected", "report_due_on")}
    if so.get("relationship"):
        given = {}
    await keep(desk, [a_child("P1"), a_child("P2"), meeting, an_invitation(meeting, **given | so)])
    assert await found(desk) == []
    assert await desk.get(f"{PATH}/by-agency") == []


@pytest.mark.parametrize(
    "so",
    [
        {"state": "held", "held_on": ahead(0)},
        {"state": "closed", "held_on": ahead(0), "closed_on": ahead(0)},
        {"state": "cancelled", "cancelled_on": ahead(0), "cancelled_because": "Snow."},
    ],
)
async def test_only_planned_conferences_wait_for_reports(desk: Desk, so: JSON) -> None:
    meeting, invitation = planned(1, 5, SCHOOLS)
    for name, value in so.items():
        setattr(meeting, name, value)
    await keep(desk, [a_child("P1"), a_child("P2"), meeting, invitation])
    assert await found(desk) == []


async def test_restricted_conferences_are_for_their_chair_and_managers(desk: Desk) -> None:
    rows = planned(1, 5, SCHOOLS)
    for person_id in ("P1", "P2"):
        rows += [a_child(person_id, restricted=True), a_protection(person_id, chair_id="chair-2")]
    await keep(desk, rows)
    for subject, role, many in (("chair-1", Role.CHAIR, 0), ("chair-2", Role.CHAIR, 1), ("boss", Role.TEAM_MANAGER, 1)):
        assert len((await desk.get(PATH, subject=subject, role=role))["items"]) == many
        assert len(await desk.get(f"{PATH}/by-agency", subject=subject, role=role)) == many


async def test_what_is_invited_is_missing_until_it_is_there(desk: Desk) -> None:
    await desk.registered("P1", "P2")
    await desk.enquired("P1", "P2")
    conference = await desk.planned("P1", "P2", on=coming_working_day(5))
    rows = await desk.invited(conference, GP, SCHOOL, HEALTH_VISITOR, MOTHER, OBSERVER)
    shown = {report["invitation_id"]: report for report in await found(desk)}
    expected = [row for row in rows if row["invited_as"] == "professional"]
    assert shown.keys() == {invitation["id"] for invitation in expected}
    assert {report["name"] for report in shown.values()} == {GP["name"], SCHOOL["name"], HEALTH_VISITOR["name"]}
    came, *others = expected
    body = {"report_received_on": clock.today().isoformat()}
    await desk.done("PATCH", f"/v1/invitations/{came['id']}", body, version=came["version"])
    assert {report["invitation_id"] for report in await found(desk)} == {other["id"] for other in others}
    (entry,) = await desk.rows(
        "SELECT * FROM chassis.audit_entry WHERE action = 'list_missing_reports' ORDER BY id DESC LIMIT 1"
    )
    assert sorted(entry["person_ids"]) == ["P1", "P2"]
