"""The demo's escalations bear out the published figures."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chassis.law.periods import PeriodKind, parse, period_of
from chassis.law.working_days import is_working_day
from demo import looked_after, protection
from demo.loading.escalations import FIRST_ASKED, outcomes
from demo.tables import AS_OF, Row, read
from tests.support import published

CARE_PLANNING = read("escalations/care_planning")
ALL_INVITED = protection.invitations()
HELD_ON = {row["meeting"]: row["held_on"] for row in protection.conferences()}
CONFIRMED = [row for row in ALL_INVITED if row.get("proposal") == "confirmed"]
SECOND_YEAR = parse("2019-20")
CHILDREN = {row["person_id"]: row for row in looked_after.children()}
# What the escalations service raises from what was confirmed, as far as what became of it depends on that.
RAISED = [
    {
        "reference": f"ESC-{number}",
        "raised_on": row["decided_on"],
        "meeting_on": HELD_ON[row["meeting"]],
        "owner_id": row["decided_by"],
        "agency_id": row["agency_id"],
        "agency_role": row["agency_role"],
        "area_id": row["area_id"],
    }
    for number, row in enumerate(CONFIRMED)
]
OUTCOMES = outcomes(RAISED)
CHALLENGES = read("escalations/challenges")
GOOD_PRACTICE = read("escalations/good_practice")


def in_second_year(day: str) -> bool:
    return SECOND_YEAR.first <= date.fromisoformat(day) <= SECOND_YEAR.last


def test_confirmed_proposals_by_month_are_the_published_escalations() -> None:
    assert Counter(row["decided_on"][:7] for row in CONFIRMED) == published.escalations_by_month()
    assert sum(in_second_year(row["decided_on"]) for row in CONFIRMED) == 323


def test_care_planning_escalations_by_month_are_the_published_ones() -> None:
    counted = Counter(row["raised_on"][:7] for row in CARE_PLANNING)
    assert counted == {month: n for month, n in published.care_planning_by_month().items() if n}


def test_organisations_are_the_published_ones_but_for_two() -> None:
    rows = [row for row in CONFIRMED if in_second_year(row["decided_on"])]
    counted = Counter((row["agency_id"], row["agency_role"]) for row in rows)
    assert counted == published.escalations_by_organisation()
    assert counted["general-practice", "gp"] == 133
    assert counted["mental-health-trust", "camhs"] == 2
    internal = {row["id"] for row in read("directory/agencies") if row["internal"] == "true"}
    assert sum(row["agency_id"] in internal for row in rows) == 31


def test_a_conference_proposes_each_professional_once_and_only_who_failed() -> None:
    invited: dict[str, list[Row]] = defaultdict(list)
    for row in ALL_INVITED:
        invited[row["meeting"]].append(row)
    for rows in invited.values():
        professionals = [(row["agency_id"], row["agency_role"], row["name"]) for row in rows if row.get("agency_id")]
        assert len(professionals) == len(set(professionals))
    for row in CONFIRMED:
        assert not row.get("report_received_on") or row["attendance"] == "neither"


def test_themes_are_the_published_ones() -> None:
    rows = [row for row in CARE_PLANNING if in_second_year(row["raised_on"])]
    assert Counter(row["theme"] for row in rows) == published.care_planning_by_theme()
    assert sum(row.get("state") == "resolved" for row in rows) == 24


def test_care_planning_escalations_are_about_children_who_were_looked_after_and_reviewed() -> None:
    held = {(row["person_id"], row["held_on"]) for row in looked_after.reviews()}
    for row in CARE_PLANNING:
        assert row["owner_id"] == CHILDREN[row["person_ids"]]["chair_id"]
        assert (row["person_ids"], row["meeting_on"]) in held
        assert row["meeting_on"] < row["raised_on"]


def test_seventy_six_of_the_second_year_were_answered_by_who_covers_them_after_the_quarter() -> None:
    raised: dict[str, Any] = {escalation["reference"]: escalation for escalation in RAISED}
    answered = [row for row in OUTCOMES if row["answer"]]
    assert len(answered) == 76
    covers = {(row["agency_id"], row["colleague_id"]) for row in read("directory/coverage")}
    for row in answered:
        escalation = raised[row["reference"]]
        assert in_second_year(escalation["raised_on"])
        assert (escalation["agency_id"], row["answered_by"]) in covers
        quarter = period_of(PeriodKind.QUARTER, date.fromisoformat(escalation["raised_on"]))
        assert row["answered_on"] > quarter.last.isoformat()


def test_officers_answered_far_more_of_the_first_quarter_that_they_were_asked_about_by_one_email() -> None:
    quarters = {row["reference"]: period_of(PeriodKind.QUARTER, date.fromisoformat(row["raised_on"])) for row in RAISED}
    raised = Counter(quarter.label for quarter in quarters.values())
    answered = Counter(quarters[row["reference"]].label for row in OUTCOMES if row["answer"])
    rates = [answered[f"2019-Q{number}"] / raised[f"2019-Q{number}"] for number in (1, 2, 3, 4)]
    assert max(rates[:3]) < 0.2 and rates[3] > 0.4
    for row in OUTCOMES:
        by_email = bool(row["answer"]) and quarters[row["reference"]].label == "2019-Q4"
        assert by_email == (row["answered_on"] >= FIRST_ASKED)
        assert row["answered_on"] <= AS_OF.isoformat()


def test_what_is_open_is_a_list_that_a_chair_can_go_through() -> None:
    closed = {row["reference"] for row in OUTCOMES if row["state"] == "resolved"}
    left = Counter(row["owner_id"] for row in RAISED if row["reference"] not in closed)
    assert max(left.values()) <= 15 and sum(left.values()) < 180


def test_every_escalation_of_the_first_year_is_resolved() -> None:
    resolved = {row["reference"] for row in OUTCOMES if row.get("state") == "resolved"}
    assert {escalation["reference"] for escalation in RAISED if not in_second_year(escalation["raised_on"])} <= resolved


def test_the_data_is_the_same_each_time() -> None:
    assert read("escalations/care_planning") == CARE_PLANNING
    assert outcomes(RAISED[::-1]) == OUTCOMES


def test_chairs_are_the_published_full_time_equivalents() -> None:
    parts = [row["full_time_equivalent"] for row in read("directory/colleagues") if row["positions"] == "chair"]
    assert sum(map(Decimal, parts)) == Decimal("18.6")


@pytest.mark.parametrize(("rows", "day"), [(CHALLENGES, "raised_on"), (GOOD_PRACTICE, "noted_on")])
def test_challenges_and_praise_are_about_children_who_were_looked_after(rows: list[Row], day: str) -> None:
    areas = {row["id"]: row["area_id"] for row in read("directory/colleagues")}
    periods = read("looked_after/periods")
    for row in rows:
        assert is_working_day(date.fromisoformat(row[day])) and row[day] <= AS_OF.isoformat()
        assert row["area_id"] == areas[CHILDREN[row["person_ids"]]["chair_id"]]
        stays = [period for period in periods if period["person_id"] == row["person_ids"]]
        assert any(
            stay["period_starts_on"] <= row[day] < (stay["period_ends_on"] or AS_OF.isoformat()) for stay in stays
        )


def test_most_positive_challenges_were_resolved_and_the_last_are_open() -> None:
    assert {row["owner_id"] for row in CHALLENGES} <= {row["chair_id"] for row in CHILDREN.values()}
    for row in CHALLENGES:
        assert bool(row["outcome"]) == bool(row["closed_on"])
        assert not row["closed_on"] or row["raised_on"] < row["closed_on"] <= AS_OF.isoformat()
    still_open = [row for row in CHALLENGES if not row["outcome"]]
    assert 0 < len(still_open) < 0.1 * len(CHALLENGES)
    assert min(row["raised_on"] for row in still_open) > max(row["raised_on"] for row in CHALLENGES if row["outcome"])


def test_good_practice_is_told_to_the_worker_and_the_manager() -> None:
    assert len({row["practice"] for row in GOOD_PRACTICE}) == len(GOOD_PRACTICE)
    for row in GOOD_PRACTICE:
        assert row["noted_on"] <= row["fed_back_on"] <= row["manager_copied_on"] <= AS_OF.isoformat()
