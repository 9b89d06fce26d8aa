"""Who covers what, and when each email is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.law.labels import LABELS, label
from chassis.law.periods import Period, PeriodKind, parse, period_of
from chassis.law.working_days import first_working_day, is_working_day, subtract_working_days

# A link that is sent late still works for four weeks.
LINK_LIVES_AT_LEAST = timedelta(days=28)

# The answers that an email offers, as the answer page knows them.
ANSWERS = tuple({"value": value, "label": words} for value, words in LABELS["Choice"].items())


class Position(StrEnum):
    """The position of a colleague."""

    CHAIR = "chair"
    TEAM_MANAGER = "team_manager"
    BUSINESS_SUPPORT = "business_support"
    SOCIAL_WORK_MANAGER = "social_work_manager"
    PERFORMANCE_ANALYST = "performance_analyst"
    LIAISON_OFFICER = "liaison_officer"
    SAFEGUARDING_TEAM = "safeguarding_team"
    SAFEGUARDING_PARTNERSHIP = "safeguarding_partnership"
    CORPORATE_PARENTING_BOARD = "corporate_parenting_board"
    SOCIAL_WORKER = "social_worker"
    ADMINISTRATOR = "administrator"


class MessageState(StrEnum):
    """The state of a message."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    TO_PRINT = "to_print"
    PRINTED = "printed"
    # A letter that was not printed while it was true.
    OUTDATED = "outdated"


@dataclass(frozen=True)
class Covered:
    """That an officer covers an agency from a day to a day (inclusive, or open-ended).

    No role means every role of the agency, no area every area. A fallback applies only if nothing else does, and
    only a fallback may be for every agency.
    """

    officer_id: str
    agency_id: str | None
    agency_role: str | None
    area_id: str | None
    fallback: bool
    starts_on: date
    ends_on: date | None

    def applies(self, agency_id: str, agency_role: str, area_id: str, day: date) -> bool:
        """Whether it is about this, on this day."""
        return (
            self.agency_id in (None, agency_id)
            and self.agency_role in (None, agency_role)
            and self.area_id in (None, area_id)
            and self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
        )

    def rank(self) -> tuple[bool, bool, bool, bool]:
        """How specific it is: first whether it is no fallback, then whether it names an agency, a role and an area."""
        named = (self.agency_id, self.agency_role, self.area_id)
        return (not self.fallback, *(name is not None for name in named))  # type: ignore[return-value]


def officers_for(coverage: Iterable[Covered], agency_id: str, agency_role: str, area_id: str, day: date) -> list[str]:
    """The officers who cover a role at an agency in an area on a day: those with the most specific coverage.

    None is a gap. Several are an overlap; the first by identifier receives escalations.
    """
    applying = [covered for covered in coverage if covered.applies(agency_id, agency_role, area_id, day)]
    most = max((covered.rank() for covered in applying), default=None)
    return sorted({covered.officer_id for covered in applying if covered.rank() == most})


def link_expires_on(quarter: Period, today: date) -> date:
    """The last day of a link about a quarter: the end of the next quarter, and at least four weeks from now."""
    return max(quarter.next().last, today + LINK_LIVES_AT_LEAST)


def day_after(period: Period) -> date:
    """The day of the email about a quarter: the first working day after it."""
    return first_working_day(period.last + timedelta(days=1))


def quarters_ending(first_day: date, last_day: date) -> Sequence[tuple[Period, date]]:
    """The quarters whose email is due between two days (inclusive), with that day, oldest first."""
    period = period_of(PeriodKind.QUARTER, first_day).previous()
    found = []
    while (day := day_after(period)) <= last_day:
        if day >= first_day:
            found.append((period, day))
        period = period.next()
    return found


def reminders_between(days: Sequence[int], first_day: date, last_day: date) -> Sequence[tuple[str, date]]:
    """The reminders due between two days, as `2019-Q1+7` and the day.

    They are due these numbers of days after the quarterly email, or on the next working day.
    """
    longest = timedelta(days=max(days, default=0) + 7)
    found = [
        (f"{quarter.label}+{after}", first_working_day(sent_on + timedelta(days=after)))
        for quarter, sent_on in quarters_ending(first_day - longest, last_day)
        for after in sorted(days)
    ]
    return sorted((item for item in found if first_day <= item[1] <= last_day), key=lambda item: item[1])


def reminded_quarter(period: str) -> tuple[Period, int]:
    """The quarter that a reminder is about, and after how many days it is sent."""
    label, _, after = period.partition("+")
    return parse(label), int(after)


def may_be_reminded(emailed_on: date | None, days: Sequence[int], today: date) -> bool:
    """Whether an officer's quarterly email is old enough for a reminder of it.

    Reminders follow the day on which the email was due. Officers who got theirs later, because it was caught up or they
    were named late, also have the time before the first reminder.
    """
    return emailed_on is None or emailed_on + timedelta(days=min(days, default=0)) <= today


def weekly_days(weekday: int, first_day: date, last_day: date) -> Sequence[tuple[str, date]]:
    """The days of the weekly emails between two days, by week: the weekday (0 is Monday), or the next working day."""
    week = period_of(PeriodKind.WEEK, first_day - timedelta(days=7))
    found = []
    while week.first <= last_day:
        day = first_working_day(week.first + timedelta(days=weekday))
        if first_day <= day <= last_day:
            found.append((week.label, day))
        week = week.next()
    return found


def working_days(first_day: date, last_day: date) -> Sequence[tuple[str, date]]:
    """Every working day between two days (inclusive), as `2024-06-10` and the day."""
    days = (first_day + timedelta(days=ahead) for ahead in range((last_day - first_day).days + 1))
    return [(day.isoformat(), day) for day in days if is_working_day(day)]


def days_to_remind_of(before: int, first_day: date, last_day: date) -> Sequence[tuple[str, date]]:
    """The due days whose reminders fall between two days, as `2024-06-10`, and the day of the reminder.

    The reminder is sent `before` working days ahead, so that due days on a weekend have their own.
    """
    found, due_on = [], first_day
    while (day := subtract_working_days(due_on, before)) <= last_day:
        if day >= first_day:
            found.append((due_on.isoformat(), day))
        due_on += timedelta(days=1)
    return found


# Where a meeting or a prompt itself is due the subject says which.
SUBJECTS = {"review": "ReviewKind", "conference": "ConferenceKind", "prompt": "Prompt"}


def deadline_words(kind: str, subject: str) -> str:
    """Something that is due for a child in words: `Second review`, `Visit the child`, `Initial conference`."""
    return LABELS["DeadlineKind"].get(kind) or label(SUBJECTS.get(kind, ""), subject)
