"""Every time limit of looked-after children's reviews, by the law's worked deadlines and day by day."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.law.deadlines import DeadlineKind
from chassis.law.timescales import Timescale, Unit, midpoint
from chassis.law.working_days import is_working_day
from services.reviews.rules.timescales import OTHERS, REVIEWS, Event, owed_after
from services.reviews.rules.vocabulary import ReviewKind

DAYS = st.dates(date(2014, 1, 1), date(2030, 12, 31))
MONTHS, WEEKS, WORKING = Unit.MONTHS, Unit.WEEKS, Unit.WORKING_DAYS
LIMITS: dict[ReviewKind | DeadlineKind, Timescale] = dict([*REVIEWS.items(), *OTHERS.items()])


def on(day: str) -> date:
    """A day as tables write it."""
    return date.fromisoformat(day)


@pytest.mark.parametrize(
    ("kind", "event", "due"),
    [
        # Good Friday 19 and Easter Monday 22 April are skipped.
        (ReviewKind.FIRST, "2019-04-01", "2019-05-01"),
        # Easter is skipped; 8 May 2020 is not reached.
        (ReviewKind.FIRST, "2020-04-01", "2020-05-01"),
        # 1 May and 8 May 2023, the Coronation, are skipped.
        (ReviewKind.FIRST, "2023-04-14", "2023-05-16"),
        # There is no 30 February: the last day, in a leap year; a Saturday, and it stays.
        (ReviewKind.SECOND, "2019-11-30", "2020-02-29"),
        (ReviewKind.SECOND, "2019-07-15", "2019-10-15"),
        (ReviewKind.LATER, "2019-10-15", "2020-04-15"),
        # No holiday on the way.
        (DeadlineKind.DISTRIBUTION, "2020-03-02", "2020-03-30"),
        # Christmas and New Year.
        (DeadlineKind.DISTRIBUTION, "2019-12-19", "2020-01-21"),
        # Easter; Monday 4 May 2020 was a working day.
        (DeadlineKind.DISTRIBUTION, "2020-04-06", "2020-05-06"),
        # There is no 31 February.
        (ReviewKind.SECURE_FIRST, "2019-01-31", "2019-02-28"),
        (ReviewKind.ADOPTION_AUTHORISED_FIRST, "2019-06-03", "2019-09-03"),
    ],
)
def test_the_worked_deadlines(kind: ReviewKind | DeadlineKind, event: str, due: str) -> None:
    assert LIMITS[kind].due_on(on(event)) == on(due)


@pytest.mark.parametrize(
    ("kind", "count", "unit", "source"),
    [
        (ReviewKind.FIRST, 20, WORKING, "regulation 33(1)"),
        (ReviewKind.SECOND, 3, MONTHS, "regulation 33(2)"),
        (ReviewKind.LATER, 6, MONTHS, "regulation 33(2)"),
        (ReviewKind.SHORT_BREAK_FIRST, 3, MONTHS, "regulation 48(3)"),
        (ReviewKind.SHORT_BREAK_LATER, 6, MONTHS, "regulation 48(3)"),
        (ReviewKind.ADOPTION_AUTHORISED_FIRST, 3, MONTHS, "Adoption Agencies Regulations 2005, regulation 36"),
        (ReviewKind.ADOPTION_AUTHORISED_LATER, 6, MONTHS, "Adoption Agencies Regulations 2005, regulation 36"),
        # Four weeks, not a month: 28 days.
        (ReviewKind.ADOPTION_PLACED_FIRST, 4, WEEKS, "Adoption Agencies Regulations 2005, regulation 36"),
        (ReviewKind.ADOPTION_PLACED_SECOND, 3, MONTHS, "Adoption Agencies Regulations 2005, regulation 36"),
        (ReviewKind.ADOPTION_PLACED_LATER, 6, MONTHS, "Adoption Agencies Regulations 2005, regulation 36"),
        (ReviewKind.ADOPTION_RETURNED, 42, Unit.DAYS, "Adoption Agencies Regulations 2005, regulation 36"),
        (ReviewKind.SECURE_FIRST, 1, MONTHS, "Secure Accommodation) Regulations 1991, regulation 15"),
        (ReviewKind.SECURE_LATER, 3, MONTHS, "Secure Accommodation) Regulations 1991, regulation 15"),
        (DeadlineKind.ALLOCATION, 5, WORKING, "IRO Handbook"),
        (DeadlineKind.ADJOURNED_MEETING, 20, WORKING, "regulation 36"),
        # The only one that is counted back.
        (DeadlineKind.SOCIAL_WORKER_REPORT, -3, WORKING, "Common practice"),
        (DeadlineKind.DECISIONS, 5, WORKING, "IRO Handbook"),
        (DeadlineKind.MANAGER_RESPONSE, 5, WORKING, "IRO Handbook"),
        (DeadlineKind.RECORD, 15, WORKING, "IRO Handbook"),
        (DeadlineKind.DISTRIBUTION, 20, WORKING, "IRO Handbook"),
        (DeadlineKind.VISIT, 6, MONTHS, "Local practice"),
    ],
)
def test_every_limit_is_what_its_source_says(
    kind: ReviewKind | DeadlineKind, count: int, unit: Unit, source: str
) -> None:
    assert (LIMITS[kind].count, LIMITS[kind].unit) == (count, unit)
    assert source in LIMITS[kind].source


# Their limits are the conferences service's.
OF_CONFERENCES = {
    DeadlineKind.CONFERENCE,
    DeadlineKind.CORE_GROUP,
    DeadlineKind.MIDWAY_CHECK,
    DeadlineKind.PREPARATION_CHECK,
    DeadlineKind.TWELVE_MONTH_DISCUSSION,
    DeadlineKind.OUTLINE_PLAN,
    DeadlineKind.PROPOSALS,
    DeadlineKind.PLAN_END,
}


def test_whatever_can_be_due_has_a_limit_or_a_rule_of_its_own() -> None:
    # A disruption meeting has no statutory date.
    assert set(ReviewKind) - set(REVIEWS) == {ReviewKind.DISRUPTION}
    # A review has the limit of its kind; a midpoint and a prompt are worked out, a missing plan is due by the meeting.
    worked_out = {DeadlineKind.REVIEW, DeadlineKind.MIDPOINT, DeadlineKind.PROMPT, DeadlineKind.MISSING_PLAN}
    # Care ends at the 18th birthday.
    worked_out |= {DeadlineKind.CARE_END}
    assert set(DeadlineKind) - set(OTHERS) - OF_CONFERENCES == worked_out


@pytest.mark.parametrize(
    ("kind", "event", "due"),
    [
        # Placed on a Friday: four weeks later, over the shorter month.
        (ReviewKind.ADOPTION_PLACED_FIRST, "2019-02-01", "2019-03-01"),
        # Four weeks end on Christmas Day, and stay there.
        (ReviewKind.ADOPTION_PLACED_FIRST, "2019-11-27", "2019-12-25"),
        # The report for a Monday's meeting: Friday, Thursday, Wednesday.
        (DeadlineKind.SOCIAL_WORKER_REPORT, "2019-06-10", "2019-06-05"),
        # The report for a meeting after Easter: 18, 17 and 16 April.
        (DeadlineKind.SOCIAL_WORKER_REPORT, "2019-04-23", "2019-04-16"),
        # Became looked after on a Saturday: the day of the event is not counted.
        (DeadlineKind.ALLOCATION, "2019-06-08", "2019-06-14"),
        # Completed on a Friday before the early May holiday of 2020, which was a Friday.
        (DeadlineKind.DECISIONS, "2020-05-01", "2020-05-11"),
        # 2 and 3 June 2022.
        (DeadlineKind.MANAGER_RESPONSE, "2022-05-27", "2022-06-07"),
        # The day of the State funeral, 19 September 2022.
        (DeadlineKind.RECORD, "2022-09-01", "2022-09-23"),
        # Visited on the last day of August: there is no 31 February.
        (DeadlineKind.VISIT, "2018-08-31", "2019-02-28"),
    ],
)
def test_traps_of_the_calendar(kind: ReviewKind | DeadlineKind, event: str, due: str) -> None:
    assert LIMITS[kind].due_on(on(event)) == on(due)


@pytest.mark.parametrize("count", [1, 3, 5, 15, 20])
def test_working_days_agree_with_a_list_of_all_of_them(count: int) -> None:
    """For every day of 2014 to 2030, forward and back, by looking up in the list of all working days."""
    first, last = date(2013, 10, 1), date(2031, 3, 31)
    every = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    working_days = [day for day in every if is_working_day(day)]
    forward, back = (Timescale(sign * count, WORKING, "an event", "a source") for sign in (1, -1))
    for day in every:
        if 2014 <= day.year <= 2030:
            assert forward.due_on(day) == working_days[bisect_right(working_days, day) + count - 1], day
            assert back.due_on(day) == working_days[bisect_left(working_days, day) - count], day


@given(day=DAYS, kind=st.sampled_from(sorted(LIMITS)))
def test_nothing_is_due_before_its_event_but_the_report_which_is_never_after(
    day: date, kind: ReviewKind | DeadlineKind
) -> None:
    due = LIMITS[kind].due_on(day)
    assert due < day if kind == DeadlineKind.SOCIAL_WORKER_REPORT else due > day


@given(day=DAYS, later=st.integers(0, 60), kind=st.sampled_from(sorted(LIMITS)))
def test_a_later_event_is_never_due_sooner(day: date, later: int, kind: ReviewKind | DeadlineKind) -> None:
    assert LIMITS[kind].due_on(day) <= LIMITS[kind].due_on(day + timedelta(days=later))


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (LIMITS[ReviewKind.SECURE_FIRST], "1 month after the secure placement began ("),
        (LIMITS[ReviewKind.ADOPTION_PLACED_FIRST], "4 weeks after the child was placed for adoption ("),
        (
            LIMITS[ReviewKind.ADOPTION_RETURNED],
            "28 to 42 days after the child was returned by the prospective adopters (",
        ),
        (LIMITS[DeadlineKind.SOCIAL_WORKER_REPORT], "3 working days before the meeting (Common practice)"),
        (LIMITS[DeadlineKind.RECORD], "15 working days after the review was completed (IRO Handbook 2010)"),
        # One working day, counted back.
        (Timescale(-1, WORKING, "the meeting", "a source"), "1 working day before the meeting (a source)"),
    ],
)
def test_a_limit_is_said_in_words(limit: Timescale, words: str) -> None:
    assert limit.words().startswith(words)


@pytest.mark.parametrize(
    ("held", "due", "half"),
    [
        # An even number of days.
        ("2019-06-03", "2019-06-13", "2019-06-08"),
        # An odd number: rounded down.
        ("2019-06-03", "2019-06-14", "2019-06-08"),
        # Due the day after: that is the day itself.
        ("2019-06-03", "2019-06-04", "2019-06-03"),
    ],
)
def test_the_midpoint(held: str, due: str, half: str) -> None:
    assert midpoint(on(held), on(due)) == on(half)


@given(day=DAYS, kind=st.sampled_from(sorted(REVIEWS)))
def test_the_midpoint_lies_between(day: date, kind: ReviewKind) -> None:
    due = REVIEWS[kind].due_on(day)
    assert day <= midpoint(day, due) < due


@pytest.mark.parametrize(
    ("event", "kind", "owed"),
    [
        # Named within five days; reviewed within twenty; visited within six months.
        (
            Event.BECAME_LOOKED_AFTER,
            None,
            [("allocation", "2019-06-10"), ("first", "2019-07-01"), ("visit", "2019-12-03")],
        ),
        (Event.SHORT_BREAKS_BEGAN, None, [("short_break_first", "2019-09-03")]),
        (Event.PLACED_IN_SECURE_ACCOMMODATION, None, [("secure_first", "2019-07-03")]),
        (Event.ADOPTION_AUTHORISED, None, [("adoption_authorised_first", "2019-09-03")]),
        (Event.PLACED_FOR_ADOPTION, None, [("adoption_placed_first", "2019-07-01")]),
        (Event.REVIEW_PLANNED, None, [("social_worker_report", "2019-05-29")]),
        (Event.REVIEW_ADJOURNED, None, [("adjourned_meeting", "2019-07-01")]),
        (Event.DECISIONS_RECEIVED, None, [("manager_response", "2019-06-10")]),
        (Event.CHILD_VISITED, None, [("visit", "2019-12-03")]),
    ],
)
def test_what_an_event_on_3_june_2019_makes_due(
    event: Event, kind: ReviewKind | None, owed: list[tuple[str, str]]
) -> None:
    assert [(due.kind, str(due.due_on)) for due in owed_after(event, on("2019-06-03"), kind)] == owed


@pytest.mark.parametrize(
    ("kind", "following"),
    [
        (ReviewKind.FIRST, ("second", "2019-09-03")),
        (ReviewKind.SECOND, ("later", "2019-12-03")),
        (ReviewKind.LATER, ("later", "2019-12-03")),
        (ReviewKind.SHORT_BREAK_FIRST, ("short_break_later", "2019-12-03")),
        (ReviewKind.SHORT_BREAK_LATER, ("short_break_later", "2019-12-03")),
        (ReviewKind.ADOPTION_AUTHORISED_FIRST, ("adoption_authorised_later", "2019-12-03")),
        (ReviewKind.ADOPTION_AUTHORISED_LATER, ("adoption_authorised_later", "2019-12-03")),
        (ReviewKind.ADOPTION_PLACED_FIRST, ("adoption_placed_second", "2019-09-03")),
        (ReviewKind.ADOPTION_PLACED_SECOND, ("adoption_placed_later", "2019-12-03")),
        (ReviewKind.ADOPTION_PLACED_LATER, ("adoption_placed_later", "2019-12-03")),
        (ReviewKind.SECURE_FIRST, ("secure_later", "2019-09-03")),
        (ReviewKind.SECURE_LATER, ("secure_later", "2019-09-03")),
        # Nothing follows a disruption meeting by itself, nor a review of which no kind is said.
        (ReviewKind.DISRUPTION, None),
        (None, None),
    ],
)
def test_what_a_review_on_3_june_2019_makes_due(kind: ReviewKind | None, following: tuple[str, str] | None) -> None:
    found = [(due.kind, str(due.due_on)) for due in owed_after(Event.REVIEW_HELD, on("2019-06-03"), kind)]
    always = [("decisions", "2019-06-10"), ("record", "2019-06-24"), ("distribution", "2019-07-01")]
    assert found == [*always, *([following] if following else [])]


def test_what_is_owed_says_its_rule() -> None:
    [owed] = owed_after(Event.REVIEW_ADJOURNED, on("2019-06-03"))
    assert owed.rule == OTHERS[DeadlineKind.ADJOURNED_MEETING].words()
