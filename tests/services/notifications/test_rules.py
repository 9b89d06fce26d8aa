"""Who covers what, and when each email is due."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.base.clock import LONDON
from chassis.law.periods import PeriodKind, parse, period_of
from chassis.law.working_days import is_working_day
from services.notifications import rules
from services.notifications.rules import Covered, officers_for
from services.notifications.schedules.timetable import SENDINGS, due_of, weeks
from services.notifications.settings import NotificationsSettings

DAY = date(2024, 6, 10)
SETTINGS = NotificationsSettings()
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


def covers(
    officer: str,
    agency: str | None = "surgeries",
    role: str | None = None,
    area: str | None = None,
    *,
    fallback: bool = False,
    since: date = date(2024, 1, 1),
    until: date | None = None,
) -> Covered:
    return Covered(officer, agency, role, area, fallback, since, until)


EVERYTHING = covers("z-everything", None, fallback=True)


@pytest.mark.parametrize(
    ("coverage", "officers"),
    [
        # Nobody at all: a gap.
        ([], []),
        # The agency as a whole.
        ([covers("ann")], ["ann"]),
        # Another agency does not count.
        ([covers("ann", "schools")], []),
        # Another role or area of the agency does not count.
        ([covers("ann", role="midwife"), covers("bob", area="south")], []),
        # A role says more than the agency alone.
        ([covers("ann"), covers("bob", role="gp")], ["bob"]),
        # An area says more than the agency alone.
        ([covers("ann"), covers("bob", area="north")], ["bob"]),
        # A role says more than an area.
        ([covers("ann", area="north"), covers("bob", role="gp")], ["bob"]),
        # Role and area together say most.
        ([covers("ann", role="gp"), covers("bob", role="gp", area="north")], ["bob"]),
        # A fallback gives way to anything else, however exactly it is said.
        ([covers("ann", role="gp", area="north", fallback=True), covers("bob")], ["bob"]),
        # A fallback counts where nothing else does.
        ([covers("ann", "schools"), EVERYTHING], ["z-everything"]),
        # Among fallbacks the one that names the agency.
        ([EVERYTHING, covers("ann", fallback=True)], ["ann"]),
        # The first day counts.
        ([covers("ann", since=DAY)], ["ann"]),
        # The day before it does not.
        ([covers("ann", since=DAY + timedelta(days=1))], []),
        # The last day counts.
        ([covers("ann", until=DAY)], ["ann"]),
        # The day after it does not.
        ([covers("ann", until=DAY - timedelta(days=1))], []),
        # A specific entry that is over lets the general one count again.
        ([covers("ann"), covers("bob", role="gp", until=DAY - timedelta(days=1))], ["ann"]),
        # Two that say as much are an overlap, by identifier.
        ([covers("bob"), covers("ann")], ["ann", "bob"]),
        # The same officer twice is none.
        ([covers("ann"), covers("ann")], ["ann"]),
    ],
)
def test_whoever_says_most_covers(coverage: list[Covered], officers: list[str]) -> None:
    assert officers_for(coverage, "surgeries", "gp", "north", DAY) == officers
    assert officers_for(coverage[::-1], "surgeries", "gp", "north", DAY) == officers


@pytest.mark.parametrize(
    ("quarter", "today", "expires"),
    [
        # Sent on time: the end of the next quarter.
        ("2024-Q1", date(2024, 7, 1), date(2024, 9, 30)),
        # Sent late, exactly four weeks before that end.
        ("2024-Q1", date(2024, 9, 2), date(2024, 9, 30)),
        # A day later it lives longer than that.
        ("2024-Q1", date(2024, 9, 3), date(2024, 10, 1)),
        # An old quarter that is sent years later.
        ("2019-Q1", date(2024, 7, 1), date(2024, 7, 29)),
    ],
)
def test_a_link_lives_to_the_end_of_the_next_quarter_and_at_least_four_weeks(
    quarter: str, today: date, expires: date
) -> None:
    assert rules.link_expires_on(parse(quarter), today) == expires


@pytest.mark.parametrize(
    ("quarter", "day"),
    [
        # 1 July 2024 was a Monday.
        ("2024-Q1", date(2024, 7, 1)),
        # 1 October 2023 was a Sunday.
        ("2023-Q2", date(2023, 10, 2)),
        # 1 January is a bank holiday, and 2022's was a Saturday: Monday the 3rd stands for it.
        ("2021-Q3", date(2022, 1, 4)),
        # 1 April 2024 was Easter Monday.
        ("2023-Q4", date(2024, 4, 2)),
        # 1 April 2018 was Easter Sunday.
        ("2017-Q4", date(2018, 4, 3)),
    ],
)
def test_the_quarterly_email_goes_on_the_first_working_day(quarter: str, day: date) -> None:
    assert rules.day_after(parse(quarter)) == day
    assert [(quarter.label, on) for quarter, on in rules.quarters_ending(day, day)] == [(quarter, day)]
    assert rules.quarters_ending(day + timedelta(days=1), day + timedelta(days=20)) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # The usual two.
        ([7, 21], [("2024-Q1+7", date(2024, 7, 8)), ("2024-Q1+21", date(2024, 7, 22))]),
        # However they are written down.
        ([21, 7], [("2024-Q1+7", date(2024, 7, 8)), ("2024-Q1+21", date(2024, 7, 22))]),
        # A Saturday becomes the Monday after.
        ([5], [("2024-Q1+5", date(2024, 7, 8))]),
        # Over the August bank holiday to the Tuesday.
        ([56], [("2024-Q1+56", date(2024, 8, 27))]),
        # None are wanted.
        ([], []),
    ],
)
def test_reminders_come_so_many_days_later(days: list[int], expected: list[tuple[str, date]]) -> None:
    assert rules.reminders_between(days, date(2024, 7, 1), date(2024, 9, 1)) == expected


@pytest.mark.parametrize(
    ("emailed_on", "days", "may_be"),
    [
        # Sent on its day, and reminded of on the seventh day after it.
        (date(2024, 7, 1), [7, 21], True),
        # Caught up a day later.
        (date(2024, 7, 2), [7, 21], False),
        (date(2024, 7, 2), [21, 7], False),
        # Just now, in the same tick.
        (date(2024, 7, 8), [7, 21], False),
        # The link was not made by the quarterly run.
        (None, [7, 21], True),
    ],
)
def test_nobody_is_reminded_of_an_email_that_has_just_come(
    emailed_on: date | None, days: list[int], may_be: bool
) -> None:
    assert rules.may_be_reminded(emailed_on, days, date(2024, 7, 8)) is may_be


def test_a_reminder_names_its_quarter_and_its_days() -> None:
    quarter, after = rules.reminded_quarter("2024-Q1+21")
    assert (quarter.label, after) == ("2024-Q1", 21)


@pytest.mark.parametrize(
    ("weekday", "week", "day"),
    [
        # A plain Monday.
        (0, "2024-W24", date(2024, 6, 10)),
        # A bank holiday Monday in May: Tuesday.
        (0, "2024-W19", date(2024, 5, 7)),
        # Easter Monday: Tuesday.
        (0, "2024-W14", date(2024, 4, 2)),
        # Good Friday: over Easter to the Tuesday of the next week.
        (4, "2024-W13", date(2024, 4, 2)),
        # Christmas Day was a Monday: Wednesday, after Boxing Day.
        (0, "2023-W52", date(2023, 12, 27)),
        # Christmas Day was a Saturday: Monday and Tuesday stand for both days.
        (0, "2021-W52", date(2021, 12, 29)),
        # New Year's Day was a Monday.
        (0, "2024-W01", date(2024, 1, 2)),
    ],
)
def test_weekly_emails_wait_for_a_working_day(weekday: int, week: str, day: date) -> None:
    assert (week, day) in rules.weekly_days(weekday, day, day)
    assert week not in dict(rules.weekly_days(weekday, day + timedelta(days=1), day + timedelta(days=30)))


@pytest.mark.parametrize(
    "day",
    [
        # Winter, in Greenwich's time.
        date(2024, 1, 15),
        # Summer, one hour ahead of it.
        date(2024, 7, 15),
        # The Monday after the clocks went forward, and the one before.
        date(2025, 3, 31),
        date(2025, 3, 24),
        # The Monday after the clocks went back, and the one before.
        date(2024, 10, 28),
        date(2024, 10, 21),
    ],
)
def test_weekly_emails_are_due_at_eight_in_london(day: date) -> None:
    (due,) = weeks(SETTINGS, day, day)
    assert due.at.astimezone(LONDON) == datetime.combine(day, time(8), LONDON)
    assert due.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("name", sorted(SENDINGS))
def test_everything_is_due_at_eight_in_london_on_working_days_alone(name: str) -> None:
    dues = SENDINGS[name].timetable(SETTINGS, date(2019, 1, 1), date(2028, 12, 31))
    assert len({due.period for due in dues}) == len(dues) >= 10
    assert [due.at for due in dues] == sorted(due.at for due in dues)
    for due in dues:
        here = due.at.astimezone(LONDON)
        assert here.time() == time(8)
        assert is_working_day(here.date())


def windows(first: date, cuts: list[date], last: date) -> list[tuple[date, date]]:
    """One stretch of days cut into windows that touch."""
    edges = sorted({cut for cut in cuts if first <= cut < last})
    starts = [first, *(edge + timedelta(days=1) for edge in edges)]
    return list(zip(starts, [*edges, last], strict=True))


@given(DAYS, st.integers(0, 900), st.lists(DAYS, max_size=12), st.integers(0, 4))
def test_every_week_and_quarter_is_due_once_whatever_the_windows(
    first: date, length: int, cuts: list[date], weekday: int
) -> None:
    last = first + timedelta(days=length)
    timetables: list[Callable[[date, date], list[tuple[str, date]]]] = [
        lambda since, until: [(quarter.label, day) for quarter, day in rules.quarters_ending(since, until)],
        lambda since, until: list(rules.weekly_days(weekday, since, until)),
        lambda since, until: list(rules.reminders_between([7, 21, 60], since, until)),
        lambda since, until: list(rules.working_days(since, until)),
        lambda since, until: list(rules.days_to_remind_of(1 + weekday, since, until)),
    ]
    for timetable in timetables:
        pieces = [found for window in windows(first, cuts, last) for found in timetable(*window)]
        assert sorted(pieces) == sorted(timetable(first, last))
        assert len({label for label, _ in pieces}) == len(pieces)


@pytest.mark.parametrize(
    ("due_on", "before", "reminded_on"),
    [
        # 12 June 2024 was a Wednesday: three working days before was the Friday.
        (date(2024, 6, 12), 3, date(2024, 6, 7)),
        # What is due on a Saturday, a Sunday or the Monday after is three working days after the Wednesday.
        (date(2024, 6, 15), 3, date(2024, 6, 12)),
        (date(2024, 6, 16), 3, date(2024, 6, 12)),
        (date(2024, 6, 17), 3, date(2024, 6, 12)),
        # Good Friday 2024 was 29 March: over Easter it is a long way.
        (date(2024, 4, 3), 3, date(2024, 3, 27)),
        (date(2024, 6, 12), 1, date(2024, 6, 11)),
    ],
)
def test_a_reminder_goes_so_many_working_days_before(due_on: date, before: int, reminded_on: date) -> None:
    found = rules.days_to_remind_of(before, reminded_on, reminded_on)
    assert (due_on.isoformat(), reminded_on) in found
    assert due_on.isoformat() not in dict(rules.days_to_remind_of(before, due_on, due_on + timedelta(days=9)))


@given(DAYS, st.integers(1, 10))
def test_every_day_on_which_something_can_be_due_has_its_reminder(due_on: date, before: int) -> None:
    """Also within the horizon of the job, so that a run that was missed is caught up until the day itself."""
    found = rules.days_to_remind_of(before, due_on - SENDINGS["send_report_reminders"].horizon, due_on)
    assert [label for label, _ in found].count(due_on.isoformat()) == 1


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("review", "second", "Second review"),
        ("conference", "initial", "Initial conference"),
        ("conference", "later_review", "Later review conference"),
        ("core_group", "core_group", "Core group"),
        ("twelve_month_discussion", "twelve_month_discussion", "12-month discussion"),
        ("proposals", "proposals", "Decide on proposed escalations"),
        ("something_new", "something_new", "Something new"),
    ],
)
def test_what_is_due_has_words(kind: str, subject: str, words: str) -> None:
    assert rules.deadline_words(kind, subject) == words


@given(DAYS)
def test_no_week_and_no_quarter_is_left_out(day: date) -> None:
    week, quarter = period_of(PeriodKind.WEEK, day), period_of(PeriodKind.QUARTER, day)
    assert week.label in dict(rules.weekly_days(0, week.first, week.last + timedelta(days=7)))
    found = [ended.label for ended, _ in rules.quarters_ending(quarter.last, quarter.last + timedelta(days=10))]
    assert found == [quarter.label]


def test_a_period_that_the_job_never_had_is_refused() -> None:
    with pytest.raises(LookupError):
        due_of(SENDINGS["send_weekly_report"].job(), SETTINGS, "2024-W99")
