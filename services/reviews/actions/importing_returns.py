"""History on day one: a council's SSDA903 returns, taken in as far as they fit, with a report of what did not."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from typing import Any

from sqlmodel import select

from chassis.acting import Acting
from chassis.copies import Named, check_names
from chassis.events import Outgoing
from chassis.ids import new_id
from chassis.importing import columns_of, copy_rows
from chassis.meetings import Mode
from chassis.numbering import references
from chassis.participation import ATTENDS, Participation, possible_codes
from chassis.rows import Record, driver_connection
from services.reviews.actions.cases import AREA, Case
from services.reviews.actions.children import registered, stand
from services.reviews.actions.owing import record, standing
from services.reviews.actions.past import OutOfPlace, past_review
from services.reviews.actions.planning import PREFIX
from services.reviews.actions.returned import (
    Misfits,
    ReturnedChild,
    ReturnedPeriod,
    assume_earlier_reviews,
    read_return,
)
from services.reviews.rules.sequence import Care
from services.reviews.rules.vocabulary import ReviewState
from services.reviews.schemas.returns import ReturnImportOut
from services.reviews.tables import ChildReview, Deadline, LookedAfterChild, PeriodOfCare, Review

# The return does not say who chaired.
NOT_RECORDED = "not-recorded"
FINANCIAL_YEAR_BEGINS = (4, 1)
# A year with fewer reviews than this part of the fullest year's is a slip of the pen, and not where the files begin.
HARDLY_ANY = 100
TABLES = (LookedAfterChild, PeriodOfCare, Review, ChildReview, Deadline, Outgoing)


@dataclass
class Gathered:
    """The records of all that fits, by table, and how much of it there is."""

    rows: dict[Any, list[Record]] = field(default_factory=lambda: {one: [] for one in TABLES})
    numbers: dict[int, Iterator[str]] = field(default_factory=dict)
    assumed: int = 0


async def import_return(act: Acting, files: tuple[str, str, str], area_id: str, *, dry_run: bool) -> ReturnImportOut:
    """Take in submitted returns of one year or of many: children, periods of care, past reviews, the next due dates.

    What does not fit is left out and told. Children who are known here stay as they are. Names come with the
    case-management system's first word about each child.
    """
    await check_names(act, [Named("area_id", AREA, area_id)])
    misfits = Misfits()
    children = read_return(*files, act.today, misfits)
    known = set((await act.session.exec(select(LookedAfterChild.person_id))).all())
    for number in sorted(children.keys() & known):
        misfits.add("header", children[number].row, "CHILD", "This child is known here already.")
        del children[number]
    gathered = Gathered(numbers=await _numbers(act, children, dry_run=dry_run))
    records_from = _records_from(children)
    for number, child in sorted(children.items()):
        for period in child.periods:
            gathered.assumed += _assume(child, period, records_from, act.today)
        case = _case(number, child, area_id, act.today)
        _gather(case, child, act.today, gathered, misfits)
        gathered.rows[Outgoing] += [columns_of(Outgoing.of(event, act.now)) for event in registered(case.child)]
        # Other requests get their turn in between.
        await asyncio.sleep(0)
    if not dry_run:
        connection = await driver_connection(act.session)
        for table, rows in gathered.rows.items():
            await copy_rows(connection, table, rows)
        await act.audit("import_return", sorted(children), f"{len(children)} children")
    return ReturnImportOut(
        dry_run=dry_run,
        children=len(gathered.rows[LookedAfterChild]),
        periods_of_care=len(gathered.rows[PeriodOfCare]),
        reviews=len(gathered.rows[ChildReview]),
        assumed=gathered.assumed,
        left_out=misfits.shown,
        left_out_count=misfits.count,
    )


async def _numbers(act: Acting, children: dict[str, ReturnedChild], *, dry_run: bool) -> dict[int, Iterator[str]]:
    """References for the reviews of each year; a dry run takes none."""
    years = Counter(day.year for child in children.values() for day in child.reviews)
    if dry_run:
        return dict.fromkeys(years, repeat(""))
    statements = act.work.database.statements
    return {year: iter(await references(statements, PREFIX, year, count)) for year, count in years.items()}


def _records_from(children: dict[str, ReturnedChild]) -> date:
    """The 1 April with which the files begin: that of the first year with reviews of children in care."""
    years = Counter(
        day.year - ((day.month, day.day) < FINANCIAL_YEAR_BEGINS)
        for child in children.values()
        for day in child.reviews
        if any(one.starts_on <= day and (one.ends_on is None or day <= one.ends_on) for one in child.periods)
    )
    fullest = max(years.values(), default=0)
    begun = [year for year, count in years.items() if count * HARDLY_ANY >= fullest]
    return date(min(begun), *FINANCIAL_YEAR_BEGINS) if begun else date.min


def _assume(child: ReturnedChild, period: ReturnedPeriod, records_from: date, today: date) -> bool:
    """Assume the reviews that the files cannot tell of; whether there are any."""
    if period.care().is_short_breaks():
        # The return has no reviews of short breaks, whatever its year.
        return period.ends_on is None and assume_earlier_reviews(period, today, None)
    if period.starts_on >= records_from or (period.ends_on is not None and period.ends_on < records_from):
        return False
    told = [day for day in child.reviews if day >= records_from and (period.ends_on is None or day <= period.ends_on)]
    return assume_earlier_reviews(period, records_from, min(told, default=None))


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
    gathered.rows[PeriodOfCare] += [columns_of(one) for one in case.periods]
    gathered.rows[Deadline] += [record(case.child, owing) for owing in standing(case, today)]


def _attended(code: Participation) -> bool | None:
    return None if code is Participation.UNDER_FOUR else code in ATTENDS


def _case(number: str, child: ReturnedChild, area_id: str, today: date) -> Case:
    row = LookedAfterChild(person_id=number, born_on=child.born_on, area_id=area_id, registered_on=today)
    case = Case(row, list(_periods(number, child)))
    stand(case)
    return case


def _periods(number: str, child: ReturnedChild) -> Iterator[PeriodOfCare]:
    for one in child.periods:
        care: Care = one.care()
        yield PeriodOfCare(
            person_id=number,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            short_breaks=care.is_short_breaks(),
            reviews_before=one.reviews_before,
            reviewed_before_on=one.reviewed_before_on,
            episodes=one.episodes,
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
