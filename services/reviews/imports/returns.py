"""History on day one: a council's SSDA903 returns, taken in whole, or not at all with a report of what does not fit."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO

from sqlmodel import col, select

from chassis.children.events import ChildFound
from chassis.children.models import Child
from chassis.command import Command
from chassis.db.numbering import references_of
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.events.event import Outgoing
from chassis.importing.report import Misfits
from chassis.importing.writing import Records, lots
from chassis.law.participation import ATTENDS, Participation, possible_codes
from chassis.meetings.vocabulary import Mode
from services.reviews.children.actions import stand
from services.reviews.children.cases import AREA, Case, care_of, practice_of
from services.reviews.children.models import Deadline, LookedAfterChild, PeriodOfCare
from services.reviews.imports.children import add_case
from services.reviews.imports.past_reviews import OutOfPlace, past_meeting, past_review
from services.reviews.imports.submitted_return import (
    ReturnedChild,
    ReturnMisfits,
    assume_earlier_reviews,
    misfit,
    read_return,
)
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.meetings.planning import PREFIX
from services.reviews.returns.schemas import ReturnImportOut
from services.reviews.rules.children import runs_on, spans_of

# The return does not say who chaired.
NOT_RECORDED = "not-recorded"
FINANCIAL_YEAR_BEGINS = (4, 1)
# A year with fewer reviews than this part of the fullest year's is a slip of the pen, and not where the files begin.
HARDLY_ANY = 100
# Children whose records are made and written together.
CHILDREN_AT_ONCE = 200


async def import_return(command: Command, files: Sequence[IO[str]], area_id: str, *, dry_run: bool) -> ReturnImportOut:
    """Take in submitted returns of one year or of many: children, periods of care, past reviews, the next due dates.

    `files` are header, episodes and reviews. `NothingTakenIn` is raised if a row does not fit or is about a child who
    is known here: the caller undoes the transaction. Reading and reckoning run in a thread, so that other requests are
    answered meanwhile. Names come with the case-management system's first word about each child.
    """
    await check_names(command, [NamedEntry("area_id", AREA, area_id)])
    misfits = Misfits(misfit)
    known = set((await command.session.exec(select(LookedAfterChild.person_id))).all())
    children = await asyncio.to_thread(read_return, files, known, command.today, misfits)
    years = [day.year for child in children.values() for day in child.reviews]
    in_vain = dry_run or misfits.left_out.count > 0
    numbers = await references_of(command.process.database.statements, PREFIX, years, in_vain=in_vain)
    records_from = await asyncio.to_thread(_records_from, children)
    taking = _Taking(command, area_id, records_from, numbers, misfits)
    for several in lots(sorted(children), CHILDREN_AT_ONCE):
        query = select(Child).where(col(Child.person_id).in_(several))
        identities = {identity.person_id: identity for identity in (await command.session.exec(query)).all()}
        await asyncio.to_thread(taking.take_in, {number: children[number] for number in several}, identities)
        await taking.records.write(command.session, in_vain=dry_run or misfits.left_out.count > 0)
    misfits.refuse(f"of {misfits.read:,} rows", rows=misfits.read)
    if not dry_run:
        await command.audit("import_return", sorted(children), f"{len(children)} children")
    counts = taking.records.counts
    return ReturnImportOut(
        dry_run=dry_run,
        rows=misfits.read,
        children=counts[LookedAfterChild],
        periods_of_care=counts[PeriodOfCare],
        reviews=counts[ChildReview],
        assumed=taking.assumed,
        notes=misfits.notes.shown,
        note_count=misfits.notes.count,
    )


def _records_from(children: Mapping[str, ReturnedChild]) -> date:
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


@dataclass
class _Taking:
    """Children of a return who are taken in; `assumed` counts periods of which the files cannot tell all reviews."""

    command: Command
    area_id: str
    records_from: date
    numbers: Mapping[int, Iterator[str]]
    misfits: ReturnMisfits
    assumed: int = 0
    records: Records = field(
        default_factory=lambda: Records(Child, LookedAfterChild, PeriodOfCare, Review, ChildReview, Deadline, Outgoing)
    )

    def take_in(self, children: Mapping[str, ReturnedChild], identities: Mapping[str, Child]) -> None:
        """Make the records of these children; who they are, of whom it is known."""
        for number, child in children.items():
            self.assumed += sum(self._assume(child, period) for period in child.periods)
            identity = identities.get(number) or self._found(number, child)
            if identity.born_on != child.born_on:
                self.misfits.note("header", child.row, "DOB", "The child is known here with another birthday.")
            row = LookedAfterChild(person_id=number, registered_on=self.command.today)
            case = Case(row, identity, child.periods, practice=practice_of(self.command))
            for period, care in zip(case.periods, case.cares(), strict=True):
                period.short_breaks = care.is_short_breaks()
            stand(case)
            for held_on, (line, code) in sorted(child.reviews.items()):
                self._review(case, held_on, line, code)
            add_case(self.records, self.command, case)

    def _found(self, number: str, child: ReturnedChild) -> Child:
        """Who a child is whom nobody knew, as far as the return says; the children service is told."""
        identity = Child(person_id=number, born_on=child.born_on, area_id=self.area_id, version=0)
        self.records.add(Child, [identity])
        self.records.add(Outgoing, [Outgoing.of(ChildFound(person_id=number), self.command.now)])
        return identity

    def _assume(self, child: ReturnedChild, period: PeriodOfCare) -> bool:
        """Assume the reviews that the files cannot tell of; whether there are any."""
        care, practice, today = care_of(period), practice_of(self.command), self.command.today
        begun_before = period.starts_on in child.begun_before
        if care.is_short_breaks():
            # The return has no reviews of short breaks, whatever its year.
            series = spans_of([care_of(stay) for stay in child.periods])[-1]
            if period is not child.periods[-1] or not runs_on(series, today):
                return False
            return assume_earlier_reviews(period, series, today, None, practice, begun_before=begun_before)
        last_day = period.ends_on or date.max
        if period.starts_on >= self.records_from or last_day < self.records_from:
            return False
        first = min((day for day in child.reviews if self.records_from <= day <= last_day), default=None)
        return assume_earlier_reviews(period, care, self.records_from, first, practice, begun_before=begun_before)

    def _review(self, case: Case, held_on: date, line: int, code: Participation) -> None:
        """Take in one review of a child, if it can have been so."""
        if code not in possible_codes(case.born_on, held_on):
            self.misfits.add("reviews", line, "REVIEW_CODE", "The code does not fit the child's age on that day.")
            return
        if held_on > self.command.today:
            self.misfits.add("reviews", line, "REVIEW", "This day has not come yet.")
            return
        reference = next(self.numbers[held_on.year])
        meeting = past_meeting(reference, [case], held_on, NOT_RECORDED, Mode.IN_PERSON)
        attended = None if code is Participation.UNDER_FOUR else code in ATTENDS
        try:
            part = past_review(case, meeting, held_on, None, code, attended=attended)
        except OutOfPlace as error:
            self.misfits.add("reviews", line, "REVIEW", str(error))
            return
        self.records.add(Review, [meeting])
        self.records.add(ChildReview, [part])
