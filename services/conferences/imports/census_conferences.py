"""A conference as a census tells of it: the day and what was decided, and neither who chaired nor who came."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.law.violations import Violation
from chassis.meetings.vocabulary import Mode
from chassis.web.importing import plain
from services.conferences.children.cases import Case, practice_of
from services.conferences.imports.past_conferences import as_known_on
from services.conferences.imports.submitted_census import ReturnedPlan
from services.conferences.meetings.holding import hold_part, wrong_for_child
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.schemas import ChildConferenceHeldIn
from services.conferences.plans.actions import decide
from services.conferences.rules.conferences import ConferenceDue, conference_due
from services.conferences.rules.timescales import Practice, report_due_on
from services.conferences.rules.vocabulary import Category, ConferenceState

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
    """A conference that a census tells of, carried out for the case; or why it cannot have been so."""
    child, plan = case.child, case.plan()
    part = plain(
        ChildConference,
        id=new_id(),
        conference_id=new_id(),
        person_id=child.person_id,
        kind=due.kind,
        due_on=due.due_on,
        event_on=due.event_on,
        rule=due.rule,
        request_id=request_id,
        chair_id=NOT_RECORDED,
        area_id=child.area_id,
        restricted=False,
        cancelled=False,
        plan_id=None if plan is None else plan.id,
    )
    # How the child took part is not in the census.
    wrong = [one for one in wrong_for_child(case, part, wanted, day, "") if one and one.field != "participation"]
    if wrong:
        return wrong[0]
    part.reference = next(references)
    with as_known_on(case, day):
        case.parts.append(part)
        hold_part(case, part, wanted, day)
        decide(case, part, wanted)
        part.next_due_on = case.next_due_on(practice_of(command))
    part.participation = part.attended = part.advocate = None
    return _conference(part, due, day, practice_of(command)), part


def _conference(part: ChildConference, due: ConferenceDue, day: date, practice: Practice) -> Conference:
    """Nothing is owed about it any more, and nobody knows of its quorum and its record."""
    return plain(
        Conference,
        id=part.conference_id,
        reference=part.reference,
        state=ConferenceState.CLOSED,
        person_ids=[part.person_id],
        planned_on=day,
        chair_id=NOT_RECORDED,
        area_id=part.area_id,
        mode=Mode.IN_PERSON,
        report_due_on=report_due_on([due.kind], day, practice),
        held_on=day,
        closed_on=day,
        core_group=[],
        safety_scores=[],
        dissent=[],
        record={},
        distributed_to=[],
        restricted=False,
        imported=True,
        version=1,
    )


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
