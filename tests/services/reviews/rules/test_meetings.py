"""What may be so about a review meeting and about a child's part in it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.law.ages import age_on
from chassis.law.participation import PARTICIPATED, Participation, code_violation, is_advocate_invited, possible_codes
from chassis.law.violations import Violation
from chassis.law.working_days import working_days_between
from services.reviews.rules.meetings import (
    PanelMember,
    adjournment_violation,
    early_review_violation,
    objection_due_on,
    panel_violation,
    plans_needed,
)
from services.reviews.rules.vocabulary import LegalStatus, Plan, ReviewKind, Track

DAYS = st.dates(date(2014, 1, 1), date(2030, 12, 31))
EVERY = frozenset(Participation)
ONLY_PN0 = frozenset({Participation.UNDER_FOUR})
BUT_PN0 = EVERY - ONLY_PN0
ORDINARY_BORN, LEAP_BORN = "2015-06-10", "2016-02-29"


def on(day: str) -> date:
    """A day as tables write it."""
    return date.fromisoformat(day)


def rule_of(refusal: Violation | None) -> str | None:
    """The rule that refuses, as a stable word."""
    return None if refusal is None else refusal.rule


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        # Born that very day.
        (ORDINARY_BORN, "2015-06-10", 0),
        # The day before a birthday, and the birthday.
        (ORDINARY_BORN, "2023-06-09", 7),
        (ORDINARY_BORN, "2023-06-10", 8),
        # Born on 29 February: in a leap year that day, in another the month's last.
        (LEAP_BORN, "2020-02-28", 3),
        (LEAP_BORN, "2020-02-29", 4),
        (LEAP_BORN, "2021-02-27", 4),
        (LEAP_BORN, "2021-02-28", 5),
    ],
)
def test_age_in_whole_years(born: str, day: str, age: int) -> None:
    assert age_on(on(born), on(day)) == age


@pytest.mark.parametrize(
    ("born", "held", "codes"),
    [
        # The day before the fourth birthday PN0 alone, on it any, on the day after all others.
        (ORDINARY_BORN, "2019-06-09", ONLY_PN0),
        (ORDINARY_BORN, "2019-06-10", EVERY),
        (ORDINARY_BORN, "2019-06-11", BUT_PN0),
        # Born on 29 February: the fourth birthday is a 29 February again.
        (LEAP_BORN, "2020-02-28", ONLY_PN0),
        (LEAP_BORN, "2020-02-29", EVERY),
        (LEAP_BORN, "2020-03-01", BUT_PN0),
        # On the day of birth, and as a young adult.
        (ORDINARY_BORN, "2015-06-10", ONLY_PN0),
        (ORDINARY_BORN, "2033-06-09", BUT_PN0),
    ],
)
def test_participation_codes_by_age(born: str, held: str, codes: frozenset[Participation]) -> None:
    assert possible_codes(on(born), on(held)) == codes


def test_who_took_part() -> None:
    assert {code.value for code in PARTICIPATED} == {"PN1", "PN2", "PN3", "PN5", "PN6"}


@pytest.mark.parametrize(
    ("held", "code", "attended", "rule"),
    [
        # PN0 says nothing about being there: a baby may be in the room.
        ("2019-06-09", "PN0", True, None),
        ("2019-06-09", "PN0", False, None),
        ("2019-06-10", "PN0", True, None),
        # A code that does not fit the age.
        ("2019-06-09", "PN1", True, "participation_fits_age"),
        ("2019-06-11", "PN0", True, "participation_fits_age"),
        # PN1 to PN4 were there, PN5 to PN7 were not.
        ("2019-06-10", "PN1", True, None),
        ("2019-06-11", "PN4", True, None),
        ("2019-06-11", "PN5", False, None),
        ("2019-06-11", "PN7", False, None),
        ("2019-06-11", "PN4", False, "participation_fits_attendance"),
        ("2019-06-11", "PN5", True, "participation_fits_attendance"),
    ],
)
def test_a_code_fits_age_and_attendance(held: str, code: str, attended: bool, rule: str | None) -> None:
    refusal = code_violation(on(ORDINARY_BORN), on(held), Participation(code), attended=attended)
    assert rule_of(refusal) == rule


@given(born=DAYS, after=st.integers(0, 6500), attended=st.booleans())
def test_some_code_fits_every_child(born: date, after: int, attended: bool) -> None:
    held = born + timedelta(days=after)
    assert any(code_violation(born, held, code, attended=attended) is None for code in possible_codes(born, held))


@pytest.mark.parametrize(
    ("born", "meeting", "opted_out", "invited"),
    [
        # Eight on the day of the review.
        (ORDINARY_BORN, "2023-06-10", None, True),
        (ORDINARY_BORN, "2023-06-09", None, False),
        # Born on 29 February: eight on a 29 February, and not the day before.
        (LEAP_BORN, "2024-02-28", None, False),
        (LEAP_BORN, "2024-02-29", None, True),
        # Opted out before, on the day, and only afterwards.
        (ORDINARY_BORN, "2023-06-12", "2023-06-11", False),
        (ORDINARY_BORN, "2023-06-12", "2023-06-12", False),
        (ORDINARY_BORN, "2023-06-12", "2023-06-13", True),
    ],
)
def test_an_advocate_is_invited_from_eight_years(born: str, meeting: str, opted_out: str | None, invited: bool) -> None:
    assert is_advocate_invited(on(born), on(meeting), on(opted_out) if opted_out else None) is invited


@pytest.mark.parametrize(
    ("times", "sat", "resumes", "due", "rule"),
    [
        # Begun on Monday 3 June 2019: working day 20 is 1 July, day 21 is 2 July.
        (0, "2019-06-03", "2019-07-01", "2019-06-03", None),
        (0, "2019-06-03", "2019-07-02", "2019-06-03", "within_20_working_days"),
        # The next day at the earliest.
        (0, "2019-06-03", "2019-06-04", "2019-06-03", None),
        (0, "2019-06-03", "2019-06-03", "2019-06-03", "within_20_working_days"),
        # Over Christmas and New Year: working day 20 after 12 December.
        (0, "2019-12-12", "2020-01-14", "2019-12-31", None),
        (0, "2019-12-12", "2020-01-15", "2019-12-31", "within_20_working_days"),
        # Begun a day late; those above were begun on the last day or before.
        (0, "2019-06-03", "2019-06-10", "2019-06-02", "begun_in_time"),
        # What has no due date cannot be late.
        (0, "2019-06-03", "2019-06-10", None, None),
        # A second time.
        (1, "2019-06-03", "2019-06-10", "2019-06-30", "adjourned_once"),
        # It sits tomorrow.
        (0, "2020-02-02", "2020-02-10", "2020-03-01", "not_in_the_future"),
    ],
)
def test_adjourned_once_in_time_for_twenty_working_days(
    times: int, sat: str, resumes: str, due: str | None, rule: str | None
) -> None:
    refusal = adjournment_violation(
        times=times,
        sat_on=on(sat),
        resumes_on=on(resumes),
        due_on=on(due) if due else None,
        today=on("2020-02-01"),
    )
    assert rule_of(refusal) == rule


@given(sat=DAYS, after=st.integers(-10, 60))
def test_an_adjournment_is_refused_exactly_beyond_day_twenty(sat: date, after: int) -> None:
    resumes = sat + timedelta(days=after)
    refusal = adjournment_violation(times=0, sat_on=sat, resumes_on=resumes, due_on=sat, today=sat)
    # Not by the number of working days until then alone: a weekend after day 20 is too late, too.
    days = working_days_between(sat, resumes - timedelta(days=1))
    assert (refusal is None) is (after > 0 and days < 20)


COUNCIL, OUTSIDER = PanelMember("A member of staff", independent=False), PanelMember("An outsider", independent=True)


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ([], "panel_of_three"),
        # Two, though one of them is independent.
        ([COUNCIL, OUTSIDER], "panel_of_three"),
        ([COUNCIL, COUNCIL, OUTSIDER], None),
        ([OUTSIDER, OUTSIDER, OUTSIDER], None),
        # Three and more, none of them independent.
        ([COUNCIL, COUNCIL, COUNCIL], "one_independent"),
        ([COUNCIL] * 5, "one_independent"),
    ],
)
def test_a_secure_panel(members: list[PanelMember], rule: str | None) -> None:
    assert rule_of(panel_violation(members)) == rule


@pytest.mark.parametrize(
    ("kind", "due", "planned", "rule"),
    [
        # Before the time that is specified.
        (ReviewKind.LATER, "2019-06-03", "2019-06-02", None),
        # On that day it is not brought forward, and after it less so.
        (ReviewKind.LATER, "2019-06-03", "2019-06-03", "brought_forward"),
        (ReviewKind.LATER, "2019-06-03", "2019-06-04", "brought_forward"),
        # What has no date has none to bring forward.
        (ReviewKind.DISRUPTION, None, "2019-06-04", "brought_forward"),
    ],
)
def test_an_early_review_is_brought_forward(kind: ReviewKind, due: str | None, planned: str, rule: str | None) -> None:
    assert rule_of(early_review_violation(kind, on(due) if due else None, on(planned))) == rule


CARE, HEALTH, PLACEMENT = Plan.CARE, Plan.HEALTH, Plan.PLACEMENT
ALWAYS = {CARE, HEALTH, PLACEMENT}


@pytest.mark.parametrize(
    ("day", "status", "track", "plans"),
    [
        # The day before the fourth birthday, and on it.
        ("2019-06-09", LegalStatus.CARE_ORDER, Track.CARE, ALWAYS),
        ("2019-06-10", LegalStatus.CARE_ORDER, Track.CARE, ALWAYS | {Plan.EDUCATION}),
        # The day before the sixteenth birthday, and on it.
        ("2031-06-09", LegalStatus.CARE_ORDER, Track.CARE, ALWAYS | {Plan.EDUCATION}),
        ("2031-06-10", LegalStatus.CARE_ORDER, Track.CARE, ALWAYS | {Plan.EDUCATION, Plan.PATHWAY}),
        # Adoption authorised by an order, or by consent, or placed.
        ("2019-06-09", LegalStatus.PLACEMENT_ORDER, Track.CARE, ALWAYS | {Plan.ADOPTION}),
        ("2019-06-09", LegalStatus.ACCOMMODATED, Track.ADOPTION_AUTHORISED, ALWAYS | {Plan.ADOPTION}),
        ("2019-06-09", None, Track.ADOPTION_PLACED, ALWAYS | {Plan.ADOPTION}),
        # A secure placement needs no plan more.
        ("2019-06-09", LegalStatus.CARE_ORDER, Track.SECURE, ALWAYS),
    ],
)
def test_the_plans_that_are_checked(day: str, status: LegalStatus | None, track: Track, plans: set[Plan]) -> None:
    needed = plans_needed(on(ORDINARY_BORN), on(day), status, track)
    assert set(needed) == plans
    assert len(needed) == len(plans)


def test_a_manager_has_5_working_days_to_object() -> None:
    # Received on Monday 3 June: Monday 10 June is the last day for an objection.
    assert objection_due_on(on("2019-06-03")) == on("2019-06-10")
