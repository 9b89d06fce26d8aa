"""A conference as a census tells of it: the day and what was decided, and neither who chaired nor who came."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from chassis.command import Command
from chassis.law.violations import Violation
from services.conferences.children.cases import Case, practice_of
from services.conferences.imports.past_conferences import hold, past_conference, past_part
from services.conferences.imports.submitted_census import ReturnedPlan
from services.conferences.meetings.holding import wrong_for_child
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.schemas import ChildConferenceHeldIn
from services.conferences.rules.conferences import ConferenceDue, conference_due
from services.conferences.rules.timescales import Practice, report_due_on
from services.conferences.rules.vocabulary import Category

NOT_RECORDED = "not-recorded"
ONE_DAY = timedelta(days=1)
YEAR_BEGINS = (4, 1)


def told_conference(
    command: Command,
    case: Case,
    due: ConferenceDue,
    day: date,
    wanted: ChildConferenceHeldIn,
    request_id: UUID | None,
    references: Iterator[str],
) -> tuple[Conference, ChildConference] | Violation:
    """A conference that a census tells of, carried out for the case; or why it cannot have been so.

    Nothing is owed about it any more, and nobody knows of its quorum and its record.
    """
    practice = practice_of(command)
    report_due = report_due_on([due.kind], day, practice)
    conference = past_conference("", [case.child], day, NOT_RECORDED, closed_on=day, report_due_on=report_due)
    part = past_part(case, due, conference, request_id)
    # How the child took part is not in the census.
    for refusal in wrong_for_child(case, part, wanted, day, ""):
        if refusal and refusal.field != "participation":
            return refusal
    part.reference = conference.reference = next(references)
    hold(case, part, wanted, day, practice)
    part.participation = part.attended = part.advocate = None
    return conference, part


def category_after(plan: ReturnedPlan, reviewed_on: date) -> Category | None:
    """The category of a plan after a review, where it is known.

    A census says the first one and that at the end of its year: the year's last review decided that. Where all are the
    same, nothing changed.
    """
    if {plan.initial} == set(plan.latest.values()):
        return plan.initial
    year = census_year(reviewed_on)
    is_last = reviewed_on == max(day for day in plan.reviewed_on if census_year(day) == year)
    return plan.latest.get(year) if is_last else None


def census_year(day: date) -> int:
    """The calendar year in which the census year of a day ends."""
    return day.year + ((day.month, day.day) >= YEAR_BEGINS)


def reviewed_before(plan: ReturnedPlan, begun_on: date, practice: Practice) -> date | None:
    """The last review of a plan before the first census begins, taken as held in time, on its last day.

    Without it every plan that began earlier would seem to have missed its reviews. Where the first review that is told
    of would be late by that alone, one more was held just before: nobody is blamed for what is not told.
    """
    starts_on, last_day = plan.starts_on, begun_on - ONE_DAY
    held: list[date] = []
    while (due_on := _due_on(starts_on, held, practice)) < begun_on:
        held.append(due_on)
    told = min((day for day in plan.reviewed_on if day >= begun_on), default=None)
    if told is not None and due_on < told <= _due_on(starts_on, [*held, last_day], practice) and starts_on < last_day:
        held.append(last_day)
    return max(held, default=None)


def _due_on(starts_on: date, held: list[date], practice: Practice) -> date:
    due = conference_due(None, starts_on, held, practice)
    assert due is not None
    return due.due_on
