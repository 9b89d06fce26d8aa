"""Figures of contributions and of what happens between conferences, counted by hand."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from chassis.law.periods import parse, within
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.contributions.models import Invitation
from services.conferences.core_groups.models import CoreGroup
from services.conferences.feedback.models import Feedback
from services.conferences.proposals.models import Proposal
from services.conferences.rules.conferences import report_timing
from services.conferences.rules.vocabulary import ReportTiming
from tests.support.conferences.counting import KINDS, Key, label, rate, rows_of, shown, two_years
from tests.support.conferences.desk import JSON, Desk
from tests.support.conferences.invented import CHILDREN, FIRST, HISTORY, LAST, MEETINGS, YEARS, all_of
from tests.support.conferences.kept import keep


def counted_contributions(key: str | None, asked: Sequence[Invitation]) -> JSON:
    """A row as somebody would count it by hand."""
    timings = [
        report_timing(expected=True, due_on=one.report_due_on, received_on=one.report_received_on)
        for one in asked
        if one.report_expected
    ]
    came = [one.attendance for one in asked]
    attended, unknown = came.count("attended"), came.count(None)
    in_time, late = timings.count(ReportTiming.IN_TIME), timings.count(ReportTiming.LATE)
    expected = [one for one in asked if one.report_expected]
    return {
        "key": key,
        "conferences": len({one.conference_id for one in asked}),
        "invited": len(asked),
        "reports_expected": len(timings),
        "reports_in_time": in_time,
        "reports_late": late,
        "reports_none": timings.count(ReportTiming.NONE),
        "shared_in_time": sum(
            one.report_shared_on <= one.report_due_on
            for one in expected
            if one.report_shared_on is not None and one.report_due_on is not None
        ),
        "report_rate": rate(in_time + late, len(timings)),
        "attended": attended,
        "apologies": came.count("apologies"),
        "neither": came.count("neither"),
        "attendance_unknown": unknown,
        "attendance_rate": rate(attended, len(asked) - unknown),
    }


KEYS: dict[str, Key] = {str(kind): label(kind, lambda one: MEETINGS[one.conference_id].held_on) for kind in KINDS} | {
    "agency": lambda one: one.agency_id,
    "role": lambda one: one.agency_role,
    "agency_and_role": lambda one: f"{one.agency_id}/{one.agency_role}",
    "area": lambda one: one.area_id,
}


@pytest.mark.parametrize("query", [{}, {"area_id": "south"}, {"agency_id": "community-health"}])
async def test_every_number_about_contributions_is_what_one_counts_by_hand(desk: Desk, query: JSON) -> None:
    await keep(desk, HISTORY)
    wanted = [
        one
        for one in all_of(Invitation)
        if one.invited_as == "professional" and one.withdrawn_on is None
        and FIRST <= MEETINGS[one.conference_id].held_on <= LAST
        and query.items() <= {"area_id": one.area_id, "agency_id": one.agency_id}.items()
    ]  # fmt: skip
    for by, key_of in KEYS.items():
        *rows, total = await two_years(desk, "/contributions", by=by, **query)
        keys = sorted({key_of(one) for one in wanted})
        expected = [counted_contributions(key, [one for one in wanted if key_of(one) == key]) for key in keys]
        assert shown([row for row in rows if row["invited"]], "agency_id", "agency_role") == expected
        assert shown([total], "agency_id", "agency_role") == [counted_contributions(None, wanted)]
        for row in rows:
            assert row["reports_in_time"] + row["reports_late"] + row["reports_none"] == row["reports_expected"]
    for row in (await two_years(desk, "/contributions"))[:-1]:
        assert row["key"] == f"{row['agency_id']}/{row['agency_role']}"
    for by, named in (("agency", "agency_id"), ("role", "agency_role")):
        rows = await two_years(desk, "/contributions", by=by)
        assert [row[named] for row in rows] == [row["key"] for row in rows]


async def test_a_half_year_is_the_sum_of_its_months_for_every_agency(desk: Desk) -> None:
    await keep(desk, HISTORY)
    for half in ("2018-H1", "2018-H2", "2019-H1", "2019-H2"):
        *rows, total = await rows_of(desk, "/contributions", period=half)
        *months, same = await rows_of(desk, "/contributions", period=half, by="month")
        assert shown([total]) == shown([same])
        for name in ("invited", "reports_none", "neither", "attended"):
            assert sum(row[name] for row in rows) == sum(row[name] for row in months) == total[name]


def counted_activity(first: date, last: date, area: str | None) -> JSON:
    """What happened in these days, counted by hand."""

    def of(table: Any, day: Callable[[Any], date], area_of: Callable[[Any], str]) -> list[Any]:
        return [one for one in all_of(table) if first <= day(one) <= last and area in {None, area_of(one)}]

    def of_child(one: Any) -> str:
        return str(CHILDREN[one.person_id].area_id)

    by_reference = {one.reference: one.area_id for one in MEETINGS.values()}
    discussions = of(TwelveMonthDiscussion, lambda one: one.held_on, of_child)
    checks = of(PlanCheck, lambda one: one.done_on, of_child)
    groups = of(CoreGroup, lambda one: one.held_on or one.due_on, of_child)
    ratings = [one.rating for one in of(Feedback, lambda one: one.given_on, lambda one: by_reference[one.reference])]
    states = [one.state for one in of(Proposal, lambda one: one.proposed_on, lambda one: one.area_id)]
    found: JSON = {
        "last_day": last.isoformat(),
        "twelve_month_discussions": len(discussions),
        "twelve_month_discussions_in_time": sum(one.held_on <= one.due_on for one in discussions),
        "concerns": sum(one.concern is not None for one in checks),
        "core_groups_held": sum(one.held_on is not None for one in groups),
        "core_groups_in_time": sum(one.held_on is not None and one.held_on <= one.due_on for one in groups),
        "core_groups_missed": sum(one.held_on is None for one in groups),
        **{f"feedback_{rating}": ratings.count(rating) for rating in ("red", "amber", "green")},
        "proposals": len(states),
        "proposals_undecided": states.count("proposed"),
        "proposals_confirmed": len([one for one in states if one in {"confirmed", "raised", "refused"}]),
        "proposals_raised": states.count("raised"),
        "proposals_dismissed": states.count("dismissed"),
    }
    for kind in ("midway", "preparation"):
        done = [one for one in checks if one.kind == kind]
        found[f"{kind}_checks"] = len(done)
        found[f"{kind}_checks_in_time"] = sum(one.due_on is not None and one.done_on <= one.due_on for one in done)
    return found


@pytest.mark.parametrize("area", [None, "north"])
async def test_activity_is_counted_where_it_happened(desk: Desk, area: str | None) -> None:
    await keep(desk, HISTORY)
    for kind in KINDS:
        rows = await two_years(desk, "/activity", by=str(kind), **({} if area is None else {"area_id": area}))
        parts = [one for year in YEARS for one in within(kind, parse(year).first, parse(year).last)]
        assert rows == [{"key": one.label} | counted_activity(one.first, one.last, area) for one in parts]
    assert sum(row["proposals"] for row in rows) and sum(row["midway_checks"] for row in rows)
