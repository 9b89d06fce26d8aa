"""The annual report: to both bodies once, with the year before beside it, and nothing in it that identifies anybody."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from fastapi import Response

from chassis.access.callers import Role
from services.notifications import rules
from services.notifications.clients.figures import ConferenceRow, EscalationRow, PlanRow, ReviewRow, Row
from services.notifications.emails import share
from tests.support.notifications.other_services import JSON, Notifications, OtherServices, running_notifications
from tests.support.running import Running

ANNUAL = "send_annual_report"
BEFORE, YEAR = "2018-19", "2019-20"
NOTHING = {"recipients": 0, "queued": 0}


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


def table(row: type[Row], counts: dict[str | None, float | None]) -> JSON:
    """A table in which there is so much of everything in each row; the total has no key."""
    rows = [dict.fromkeys(row.model_fields, count) | {"key": key} for key, count in counts.items()]
    return {"participation_age": 4, "rows": rows}


def years(row: type[Row], before: float | None, now: float | None) -> JSON:
    """A table whose rows are the two years."""
    return table(row, {BEFORE: before, YEAR: now, None: now})


def counted(others: OtherServices, now: float | None = 1) -> None:
    """Services that counted so much of everything this year, and nothing the year before."""
    others.review_figures = years(ReviewRow, 0, now)
    others.figures, others.plan_figures = years(ConferenceRow, 0, now), years(PlanRow, 0, now)
    others.escalation_figures = {
        (BEFORE, "kind"): table(EscalationRow, {None: 0}),
        (YEAR, "kind"): table(EscalationRow, {"conference_contribution": now, None: now}),
        (YEAR, "agency"): table(EscalationRow, {"police": now, None: now}),
    }


async def report(notifications: Notifications, way: str = "run") -> Any:
    """What comes of the report about a year that is over."""
    return await notifications.ask("POST", f"/v1/messages/schedules/{ANNUAL}/{way}", {"period": YEAR})


async def test_both_bodies_get_the_figures_of_the_year_once(notifications: Notifications) -> None:
    agency = {"name": "Police force", "roles": ["police-officer"]}
    put = await notifications.client.put(
        "/v1/agencies/police", json=agency, headers=notifications.client.as_(Role.ADMINISTRATOR)
    )
    assert put.status_code == 201
    counted(notifications.others)
    for queued in (2, 0):
        assert (await report(notifications)).json()["outcome"] == {"recipients": 2, "queued": queued}
    rows = await notifications.messages()
    assert {row["recipient_id"] for row in rows} == {"board-1", "partner-1"}
    lines = rows[0]["text"].split("\n")
    for line in (
        "LOOKED-AFTER CHILDREN'S REVIEWS",
        "Review meetings: 1 in 2019-20, 0 in 2018-19",
        "Took part, of those aged 4 and over: 100% in 2019-20, 0% in 2018-19",
        "CHILD PROTECTION CONFERENCES AND PLANS",
        "Children on a plan on 31 March: 1 in 2019-20, 0 in 2018-19",
        "About care planning: 0 in 2019-20, 0 in 2018-19",
        "About reports for conferences and who came: 1 in 2019-20, 0 in 2018-19",
        "Answered, of all: 100% in 2019-20, 0% in 2018-19",
        "ESCALATIONS BY AGENCY, 2019-20",
        "Police force: 1 raised, 1 answered",
    ):
        assert line in lines


async def test_about_a_year_in_which_nothing_happened_nothing_is_sent(notifications: Notifications) -> None:
    counted(notifications.others, 0)
    assert (await report(notifications)).json()["outcome"] == NOTHING


async def test_what_could_identify_somebody_is_a_dash(notifications: Notifications) -> None:
    counted(notifications.others, None)
    assert (await report(notifications)).json()["outcome"] == {"recipients": 2, "queued": 2}
    lines = (await notifications.messages())[0]["text"].split("\n")
    assert {
        "Review meetings: - in 2019-20, 0 in 2018-19",
        "Plans that began: - in 2019-20, 0 in 2018-19",
        "All escalations: - in 2019-20, 0 in 2018-19",
        "police: - raised, - answered",
    } <= set(lines)


async def test_services_that_are_not_there_are_left_out(running: Running) -> None:
    async with running_notifications(running, conferences_url="", reviews_url="") as notifications:
        counted(notifications.others)
        assert (await report(notifications)).json()["outcome"] == {"recipients": 2, "queued": 2}
        text = (await notifications.messages())[0]["text"]
        assert "All escalations: 1 in 2019-20, 0 in 2018-19" in text
        assert "REVIEWS" not in text
        assert "PLANS" not in text


async def test_while_a_service_cannot_be_reached_nobody_is_claimed(notifications: Notifications) -> None:
    counted(notifications.others)
    notifications.others.failing = lambda: Response(status_code=500)
    for way in ("preview", "run"):
        assert (await report(notifications, way)).status_code == 503
    assert await notifications.messages() == []
    notifications.others.failing = None
    assert (await report(notifications)).json()["outcome"] == {"recipients": 2, "queued": 2}


@pytest.mark.parametrize(
    ("after", "day", "year"),
    [
        # Easter lies between: Good Friday was 10 April, and Easter Monday 13 April.
        (20, date(2020, 4, 30), "2019-20"),
        (1, date(2020, 4, 1), "2019-20"),
        # 31 March 2024 was Easter Day.
        (1, date(2024, 4, 2), "2023-24"),
    ],
)
def test_a_year_is_told_so_many_working_days_after_31_march(after: int, day: date, year: str) -> None:
    found = rules.years_ending(after, date(2013, 4, 1), date(2030, 1, 1))
    assert {period.label: told_on for period, told_on in found}[year] == day


def test_years_without_a_label_are_not_told() -> None:
    assert [year.label for year, _ in rules.years_ending(20, date(2001, 1, 1), date(2015, 3, 31))] == [
        "2012-13",
        "2013-14",
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "-"), (0, "0%"), (1, "100%"), (0.57, "57%"), (0.9999, "99.9%"), (0.2338, "23.3%"), (0.1, "10%")],
)
def test_only_all_of_it_is_100_percent(value: float | None, words: str) -> None:
    assert share(value) == words
