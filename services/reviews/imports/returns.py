"""History on day one: a council's SSDA903 returns, taken in whole, or not at all with a report of what does not fit."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from typing import IO, Any

from sqlmodel import select

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.db.numbering import references
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.events.event import Outgoing
from chassis.law.participation import ATTENDS, Participation, possible_codes
from chassis.meetings.vocabulary import Mode
from chassis.web.importing import Record, columns_of, copy_rows
from services.reviews.children.actions import registered, stand
from services.reviews.children.cases import AREA, Case, practice_of
from services.reviews.children.deadlines import record, standing
from services.reviews.children.models import Deadline, LookedAfterChild, PeriodOfCare
from services.reviews.imports.past_reviews import OutOfPlace, past_review
from services.reviews.imports.submitted_return import (
    Misfits,
    ReturnedChild,
    ReturnedPeriod,
    assume_earlier_reviews,
    read_return,
)
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.meetings.planning import PREFIX
from services.reviews.returns.schemas import ReturnImportOut
from services.reviews.rules.children import runs_on, spans_of
from services.reviews.rules.sequence import Care
from services.reviews.rules.timescales import Practice
from services.reviews.rules.vocabulary import ReviewState

# The return does not say who chaired.
NOT_RECORDED = "not-recorded"
FINANCIAL_YEAR_BEGINS = (4, 1)
# A year with fewer reviews than this part of the fullest year's is a slip of the pen, and not where the files begin.
HARDLY_ANY = 100
# Children whose records are made and written together.
CHILDREN_AT_ONCE = 200
TABLES = (LookedAfterChild, PeriodOfCare, Review, ChildReview, Deadline, Outgoing)


@dataclass
class Gathered:
    """The records of what was not written yet, by table, and how much there is of all."""

    rows: dict[Any, list[Record]] = field(default_factory=lambda: {table: [] for table in TABLES})
    counts: Counter[Any] = field(default_factory=Counter)
    numbers: dict[int, Iterator[str]] = field(default_factory=dict)
    assumed: int = 0


async def import_return(command: Command, files: Sequence[IO[str]], area_id: str, *, dry_run: bool) -> ReturnImportOut:
    """Take in submitted returns of one year or of many: children, periods of care, past reviews, the next due dates.

    `files` are header, episodes and reviews. `NothingTakenIn` is raised if a row does not fit or is about a child who
    is known here: the caller undoes the transaction. Reading and reckoning run in a thread, so that other requests are
    answered meanwhile. Names come with the case-management system's first word about each child.
    """
    await check_names(command, [NamedEntry("area_id", AREA, area_id)])
    misfits = Misfits()
    known = set((await command.session.exec(select(LookedAfterChild.person_id))).all())
    children = await asyncio.to_thread(read_return, files, known, command.today, misfits)
    gathered = Gathered(numbers=await _numbers(command, children, in_vain=dry_run or misfits.count > 0))
    records_from = await asyncio.to_thread(_records_from, children)
    numbers = sorted(children)
    for begin in range(0, len(numbers), CHILDREN_AT_ONCE):
        several = {number: children[number] for number in numbers[begin : begin + CHILDREN_AT_ONCE]}
        await asyncio.to_thread(_gather_all, command, several, area_id, records_from, gathered, misfits)
        await _write(command, gathered, in_vain=dry_run or misfits.count > 0)
    misfits.refuse()
    if not dry_run:
        await command.audit("import_return", numbers, f"{len(numbers)} children")
    return ReturnImportOut(
        dry_run=dry_run,
        rows=misfits.rows,
        children=gathered.counts[LookedAfterChild],
        periods_of_care=gathered.counts[PeriodOfCare],
        reviews=gathered.counts[ChildReview],
        assumed=gathered.assumed,
        notes=misfits.notes,
        note_count=misfits.note_count,
    )


def _gather_all(
    command: Command,
    children: dict[str, ReturnedChild],
    area_id: str,
    records_from: date,
    gathered: Gathered,
    misfits: Misfits,
) -> None:
    practice = practice_of(command)
    for number, child in children.items():
        for period in child.periods:
            gathered.assumed += _assume(child, period, records_from, practice, command.today)
        case = _case(number, child, area_id, practice, command.today)
        _gather(case, child, command.today, gathered, misfits)
        gathered.rows[Outgoing] += [columns_of(Outgoing.of(event, command.now)) for event in registered(case.child)]


async def _write(command: Command, gathered: Gathered, *, in_vain: bool) -> None:
    """Write what was gathered, unless nothing will be kept."""
    for table, rows in gathered.rows.items():
        if not in_vain:
            await copy_rows(command.session, table, rows)
        gathered.counts[table] += len(rows)
        rows.clear()


async def _numbers(command: Command, children: dict[str, ReturnedChild], *, in_vain: bool) -> dict[int, Iterator[str]]:
    """References for the reviews of each year; none are taken where nothing will be kept."""
    years = Counter(day.year for child in children.values() for day in child.reviews)
    if in_vain:
        return dict.fromkeys(years, repeat(""))
    statements = command.process.database.statements
    return {year: iter(await references(statements, PREFIX, year, count)) for year, count in years.items()}


def _records_from(children: dict[str, ReturnedChild]) -> date:
    """The 1 April with which the files begin: that of the first year with reviews of children in care."""
    years = Counter(
        day.year - ((day.month, day.day) < FINANCIAL_YEAR_BEGINS)
        for child in children.values()
        for day in child.reviews
        if any(
            period.starts_on <= day and (period.ends_on is None or day <= period.ends_on) for period in child.periods
        )
    )
    fullest = max(years.values(), default=0)
    begun = [year for year, count in years.items() if count * HARDLY_ANY >= fullest]
    return date(min(begun), *FINANCIAL_YEAR_BEGINS) if begun else date.min


def _assume(child: ReturnedChild, period: ReturnedPeriod, records_from: date, practice: Practice, today: date) -> bool:
    """Assume the reviews that the files cannot tell of; whether there are any."""
    care = period.care()
    if care.is_short_breaks():
        # The return has no reviews of short breaks, whatever its year.
        series = spans_of([period.care() for period in child.periods])[-1]
        is_last = period is child.periods[-1]
        return is_last and runs_on(series, today) and assume_earlier_reviews(period, series, today, None, practice)
    if period.starts_on >= records_from or (period.ends_on is not None and period.ends_on < records_from):
        return False
    told = [day for day in child.reviews if day >= records_from and (period.ends_on is None or day <= period.ends_on)]
    return assume_earlier_reviews(period, care, records_from, min(told, default=None), practice)


def _gather(case: Case, child: ReturnedChild, today: date, gathered: Gathered, misfits: Misfits) -> None:
    for held_on, (row, code) in sorted(child.reviews.items()):
        if code not in possible_codes(child.born_on, held_on):
            misfits.add("reviews", row, "REVIEW_CODE", "The code does not fit the child's age on that day.")
            continue
        if held_on > today:
            misfits.add("reviews", row, "REVIEW", "This day has not come yet.")
            continue
        meeting = _meeting(case, held_on, next(gathered.numbers[held_on.year]))
        try:
            part = past_review(case, held_on, None, code, meeting=meeting, attended=_attended(code))
        except OutOfPlace as error:
            misfits.add("reviews", row, "REVIEW", str(error))
            continue
        gathered.rows[Review].append(meeting)
        gathered.rows[ChildReview].append(columns_of(part))
    gathered.rows[LookedAfterChild].append(columns_of(case.child))
    gathered.rows[PeriodOfCare] += [columns_of(period) for period in case.periods]
    gathered.rows[Deadline] += [record(case.child, owing) for owing in standing(case, today)]


def _attended(code: Participation) -> bool | None:
    return None if code is Participation.UNDER_FOUR else code in ATTENDS


def _case(number: str, child: ReturnedChild, area_id: str, practice: Practice, today: date) -> Case:
    row = LookedAfterChild(person_id=number, born_on=child.born_on, area_id=area_id, registered_on=today)
    case = Case(row, list(_periods(number, child)), practice=practice)
    stand(case)
    return case


def _periods(number: str, child: ReturnedChild) -> Iterator[PeriodOfCare]:
    for period in child.periods:
        care: Care = period.care()
        yield PeriodOfCare(
            person_id=number,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            short_breaks=care.is_short_breaks(),
            reviews_before=period.reviews_before,
            reviewed_before_on=period.reviewed_before_on,
            episodes=period.episodes,
        )


def _meeting(case: Case, held_on: date, reference: str) -> Record:
    return {
        "id": new_id(),
        "reference": reference,
        "state": ReviewState.HELD,
        "person_ids": [case.child.person_id],
        "planned_on": held_on,
        "chair_id": NOT_RECORDED,
        "area_id": case.child.area_id,
        "mode": Mode.IN_PERSON,
        "panel": "[]",
        "held_on": held_on,
        "restricted": False,
        "imported": True,
        "version": 1,
    }
