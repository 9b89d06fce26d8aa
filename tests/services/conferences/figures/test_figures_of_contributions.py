"""Figures of contributions and of what happens between conferences, counted by hand."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.law.periods import parse, within
from chassis.law.timescales import midpoint
from chassis.law.working_days import add_months
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.contributions.models import Invitation
from services.conferences.core_groups.models import CoreGroup
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.models import ChildConference
from services.conferences.plans.models import ProtectionPlan
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
        report_timing(expected=True, due_on=invitation.report_due_on, received_on=invitation.report_received_on)
        for invitation in asked
        if invitation.report_expected
    ]
    came = [invitation.attendance for invitation in asked]
    attended, unknown = came.count("attended"), came.count(None)
    in_time, late = timings.count(ReportTiming.IN_TIME), timings.count(ReportTiming.LATE)
    expected = [invitation for invitation in asked if invitation.report_expected]
    return {
        "key": key,
        "conferences": len({invitation.conference_id for invitation in asked}),
        "invited": len(asked),
        "reports_expected": len(timings),
        "reports_in_time": in_time,
        "reports_late": late,
        "reports_none": timings.count(ReportTiming.NONE),
        "shared_in_time": sum(
            invitation.report_shared_on <= invitation.report_due_on
            for invitation in expected
            if invitation.report_shared_on is not None and invitation.report_due_on is not None
        ),
        "report_rate": rate(in_time + late, len(timings)),
        "attended": attended,
        "apologies": came.count("apologies"),
        "neither": came.count("neither"),
        "attendance_unknown": unknown,
        "attendance_rate": rate(attended, len(asked) - unknown),
    }


KEYS: dict[str, Key] = {
    str(kind): label(kind, lambda invitation: MEETINGS[invitation.conference_id].held_on) for kind in KINDS
} | {
    "agency": lambda invitation: invitation.agency_id,
    "role": lambda invitation: invitation.agency_role,
    "agency_and_role": lambda invitation: f"{invitation.agency_id}/{invitation.agency_role}",
    "area": lambda invitation: invitation.area_id,
}


@pytest.mark.parametrize("query", [{}, {"area_id": "south"}, {"agency_id": "community-health"}])
async def test_every_number_about_contributions_is_what_one_counts_by_hand(desk: Desk, query: JSON) -> None:
    await keep(desk, HISTORY)
    wanted = [
        invitation
        for invitation in all_of(Invitation)
        if invitation.invited_as == "professional" and invitation.withdrawn_on is None
        and FIRST <= MEETINGS[invitation.conference_id].held_on <= LAST
        and query.items() <= {"area_id": invitation.area_id, "agency_id": invitation.agency_id}.items()
    ]  # fmt: skip
    for by, key_of in KEYS.items():
        *rows, total = await two_years(desk, "/contributions", by=by, **query)
        keys = sorted({key_of(invitation) for invitation in wanted})
        expected = [
            counted_contributions(key, [invitation for invitation in wanted if key_of(invitation) == key])
            for key in keys
        ]
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
        return [row for row in all_of(table) if first <= day(row) <= last and area in {None, area_of(row)}]

    def of_child(row: Any) -> str:
        return str(CHILDREN[row.person_id].area_id)

    by_reference = {meeting.reference: meeting.area_id for meeting in MEETINGS.values()}
    discussions = of(TwelveMonthDiscussion, lambda discussion: discussion.held_on, of_child)
    checks = of(PlanCheck, lambda check: check.done_on, of_child)
    groups = of(CoreGroup, lambda group: group.held_on or group.due_on, of_child)
    ratings = [
        feedback.rating
        for feedback in of(
            Feedback, lambda feedback: feedback.given_on, lambda feedback: by_reference[feedback.reference]
        )
    ]
    states = [
        proposal.state
        for proposal in of(Proposal, lambda proposal: proposal.proposed_on, lambda proposal: proposal.area_id)
    ]
    found: JSON = {
        "last_day": last.isoformat(),
        "twelve_month_discussions": len(discussions),
        "twelve_month_discussions_in_time": sum(discussion.held_on <= discussion.due_on for discussion in discussions),
        "concerns": sum(check.concern is not None for check in checks),
        "core_groups_held": sum(group.held_on is not None for group in groups),
        "core_groups_in_time": sum(group.held_on is not None and group.held_on <= group.due_on for group in groups),
        "core_groups_missed": sum(group.held_on is None for group in groups),
        **{f"feedback_{rating}": ratings.count(rating) for rating in ("red", "amber", "green")},
        "proposals": len(states),
        "proposals_undecided": states.count("proposed"),
        "proposals_confirmed": len([state for state in states if state in {"confirmed", "raised", "refused"}]),
        "proposals_raised": states.count("raised"),
        "proposals_dismissed": states.count("dismissed"),
    }
    for kind in ("midway", "preparation"):
        done = [check for check in checks if check.kind == kind]
        found[f"{kind}_checks"] = len(done)
        found[f"{kind}_checks_in_time"] = sum(
            check.due_on is not None and check.done_on <= check.due_on for check in done
        )
    return found | counted_due(first, last, area)


def counted_due(first: date, last: date, area: str | None) -> JSON:
    """The checks and discussions that were due in these days, and how many of them were done."""
    plans = {plan.id: plan for plan in all_of(ProtectionPlan)}

    def is_due(plan: ProtectionPlan, day: date) -> bool:
        is_here = area in {None, CHILDREN[plan.person_id].area_id}
        return is_here and first <= day <= last and (plan.ends_on is None or plan.ends_on > day)

    about = [part for part in all_of(ChildConference) if part.plan_id in plans and part.held_on]
    checked = {
        (check.reference, check.person_id): check.due_on for check in all_of(PlanCheck) if check.kind == "midway"
    }
    midway = []
    for part in about:
        due_on = checked.get((part.reference, part.person_id))
        if due_on is None and part.next_due_on is not None:
            due_on = midpoint(part.held_on, part.next_due_on)
        if due_on is None or due_on - part.held_on > timedelta(days=365) or due_on < part.held_on:
            continue
        others = [other.held_on for other in about if other.plan_id == part.plan_id]
        if is_due(plans[part.plan_id], due_on) and not any(part.held_on < day <= due_on for day in others):
            midway.append((part.reference, part.person_id) in checked)
    held = {discussion.plan_id for discussion in all_of(TwelveMonthDiscussion)}
    long = [plan.id in held for plan in plans.values() if is_due(plan, add_months(plan.starts_on, 12))]
    return {
        "midway_checks_due": len(midway),
        "midway_checks_due_done": midway.count(True),
        "twelve_month_discussions_due": len(long),
        "twelve_month_discussions_due_held": long.count(True),
    }


@pytest.mark.parametrize("area", [None, "north"])
async def test_activity_is_counted_where_it_happened(desk: Desk, area: str | None) -> None:
    await keep(desk, HISTORY)
    for kind in KINDS:
        rows = await two_years(desk, "/activity", by=str(kind), **({} if area is None else {"area_id": area}))
        parts = [period for year in YEARS for period in within(kind, parse(year).first, parse(year).last)]
        assert rows == [{"key": period.label} | counted_activity(period.first, period.last, area) for period in parts]
    assert sum(row["proposals"] for row in rows) and sum(row["midway_checks"] for row in rows)
