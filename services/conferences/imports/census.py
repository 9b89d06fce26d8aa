"""History on day one: a council's children in need censuses, taken in whole, or not at all with a report."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO

from sqlmodel import col, select

from chassis.base.problems import Invalid
from chassis.children.events import ChildFound
from chassis.children.models import Child
from chassis.command import Command
from chassis.db.numbering import references_of
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.events.event import Outgoing
from chassis.importing.report import Misfits
from chassis.importing.writing import Records, lots
from chassis.law.working_days import subtract_working_days
from services.conferences.children.cases import AREA, Case, practice_of
from services.conferences.children.deadlines import record, standing
from services.conferences.children.models import Deadline, Protection
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.imports.census_conferences import YEAR_BEGINS
from services.conferences.imports.census_file import children_of, year_of
from services.conferences.imports.past_census import Past
from services.conferences.imports.schemas import CensusImportOut
from services.conferences.imports.submitted_census import (
    CensusMisfits,
    ReturnedChild,
    ReturnedEnquiry,
    misfit,
    take_child,
)
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.planning import PREFIX
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.timescales import CONFERENCES
from services.conferences.rules.vocabulary import ConferenceKind, RequestKind

CHILDREN_AT_ONCE = 100
TABLES = (Child, Outgoing, Protection, ConferenceRequest, ProtectionPlan, Conference, ChildConference, Deadline)


async def import_census(
    command: Command, files: Sequence[IO[bytes]], area_id: str, *, dry_run: bool
) -> CensusImportOut:
    """Take in submitted censuses of one year or of several: children, enquiries, plans, past conferences, what is due.

    `NothingTakenIn` is raised if something does not fit or a child is known here: the caller undoes the transaction.
    Reading and reckoning run in a thread, so that other requests are answered meanwhile. Names come with the
    case-management system's first word about each child.
    """
    await check_names(command, [NamedEntry("area_id", AREA, area_id)])
    misfits = Misfits(misfit)
    here = set((await command.session.exec(select(Protection.person_id))).all())
    years, children = await asyncio.to_thread(_read, files, here, command.today, misfits)
    days = [day for child in children.values() for day in _days(child) if day <= command.today]
    in_vain, statements = dry_run or misfits.left_out.count > 0, command.process.database.statements
    numbers = await references_of(statements, PREFIX, [day.year for day in days], in_vain=in_vain)
    begun_on = date(years[0] - 1, *YEAR_BEGINS)
    records, assumed = Records(*TABLES), 0
    for ids in lots(sorted(children), CHILDREN_AT_ONCE):
        query = select(Child).where(col(Child.person_id).in_(ids))
        known = {child.person_id: child for child in (await command.session.exec(query)).all()}
        found = [_child(children[number], area_id) for number in ids if number not in known]
        records.add(Child, found)
        records.add(Outgoing, [Outgoing.of(ChildFound(person_id=child.person_id), command.now) for child in found])
        known |= {child.person_id: child for child in found}
        cases = [(children[number], _case(known[number], command.today)) for number in ids]
        pasts = [Past(command, *case, misfits, begun_on, years[-1], numbers) for case in cases]
        assumed += await asyncio.to_thread(_gather, pasts, records)
        await records.write(command.session, in_vain=dry_run or misfits.left_out.count > 0)
    misfits.refuse(f"things about {misfits.read:,} children", children=misfits.read)
    if not dry_run and children:
        await command.audit("import_census", sorted(children), f"{len(children)} children")
    return CensusImportOut(
        dry_run=dry_run,
        children=records.counts[Protection],
        passed_over=misfits.passed_over,
        section_47_enquiries=records.counts[ConferenceRequest],
        plans=records.counts[ProtectionPlan],
        conferences=records.counts[ChildConference],
        assumed=assumed,
        notes=misfits.notes.shown,
        note_count=misfits.notes.count,
    )


def _read(
    files: Sequence[IO[bytes]], known: set[str], today: date, misfits: CensusMisfits
) -> tuple[list[int], dict[str, ReturnedChild]]:
    """The years of the files in order, and the children of all of them by number; what does not fit is noted."""
    by_year = {year_of(file): file for file in files}
    if len(by_year) < len(files):
        raise Invalid.field("census", "once_each_year", "Two of the files are of the same year.")
    children: dict[str, ReturnedChild] = {}
    for year, file in sorted(by_year.items()):
        for element in children_of(file):
            take_child(children, element, year, misfits)
    for number in [*children]:
        if reason := _left_out(children[number], known, today):
            misfits.add(children[number].year, number, "Child", reason)
            del children[number]
    return sorted(by_year), children


def _left_out(child: ReturnedChild, known: set[str], today: date) -> str | None:
    """Why nothing is taken in of a child, if it is not."""
    if child.number in known:
        return "This child is known here already."
    if child.born_on is None and child.expected_on is None:
        return "Enter a date of birth or an expected date of birth."
    if child.born_on is not None and child.born_on > today:
        return f"{child.born_on} has not come yet: the date of birth."
    if child.died_on is not None and not (child.born_on or child.died_on) <= child.died_on <= today:
        return f"{child.died_on} is not after the date of birth and until today: the date of death."
    return None


def _days(child: ReturnedChild) -> Iterator[date]:
    """Every day on which a conference may have been held."""
    yield from child.transferred_on
    yield from (enquiry.held_on for enquiry in child.enquiries.values() if enquiry.held_on)
    for plan in child.plans.values():
        yield from (plan.starts_on, *plan.reviewed_on)


def _child(child: ReturnedChild, area_id: str) -> Child:
    """A child as a census tells of them, until the children service does."""
    same = ("born_on", "expected_on", "died_on", "sex", "ethnicity", "disabilities", "upn", "upn_unknown")
    copied = {name: getattr(child, name) for name in same}
    return Child(person_id=child.number, area_id=area_id, version=0, **copied)


def _case(child: Child, today: date) -> Case:
    return Case(child, Protection(person_id=child.person_id, registered_on=today))


def _gather(pasts: Sequence[Past], records: Records) -> int:
    """Add the records of children, told from their first enquiry on; of so many plans not all is told."""
    for past in pasts:
        case, practice = past.case, practice_of(past.command)
        answered = [*_enquiries(past)]
        requests = [*case.requests]
        past.tell([(request, held_on) for request, held_on in answered if held_on is not None])
        past.finish()
        records.add(Protection, [case.protection])
        records.add(ConferenceRequest, requests)
        records.add(ProtectionPlan, case.plans)
        records.add(Conference, past.conferences)
        records.add(ChildConference, past.parts)
        records.add(Deadline, [record(case, owing) for owing in standing(case, practice, past.command.today)])
    return sum(len(past.assumed) for past in pasts)


def _enquiries(past: Past) -> Iterator[tuple[ConferenceRequest, date | None]]:
    """The enquiries that fit, each with the day of its conference; they wait in the case from now on."""
    told = sorted(past.child.enquiries.values(), key=lambda enquiry: enquiry.started_on)
    open_until = date.min
    for number, enquiry in enumerate(told):
        if reason := _wrong(enquiry, open_until, past.command.today):
            past.leave_out("Section47", f"The enquiry of {enquiry.started_on} is left out: {reason}", enquiry.year)
            continue
        waits = number == len(told) - 1 and enquiry.year == past.last_year
        waits = waits and not any(starts_on >= enquiry.started_on for starts_on in past.child.plans)
        if enquiry.held_on is None and not enquiry.not_required and not waits:
            reason = f"Nothing is told of a conference about the enquiry of {enquiry.started_on}: it needed none."
            past.note("DateOfInitialCPC", reason, enquiry.year)
        request = _request(past.child.number, enquiry, waits=waits)
        past.case.requests.append(request)
        open_until = enquiry.held_on or open_until
        yield request, enquiry.held_on


def _wrong(enquiry: ReturnedEnquiry, open_until: date, today: date) -> str | None:
    """Why an enquiry cannot have been so, if it cannot."""
    held_on = enquiry.held_on
    if enquiry.started_on > today or (held_on is not None and held_on > today):
        return "a day of it has not come yet."
    if held_on is not None and held_on < enquiry.started_on:
        return "its conference was before its start."
    if enquiry.started_on <= open_until and not enquiry.not_required:
        return f"another one was open until {open_until}, and one goes on at a time."
    return None


def _request(number: str, enquiry: ReturnedEnquiry, *, waits: bool) -> ConferenceRequest:
    """An enquiry as it is kept here; the strategy discussion is that from which its target was counted."""
    scale = CONFERENCES[ConferenceKind.INITIAL]
    event_on = enquiry.started_on
    if enquiry.target_on is not None:
        event_on = max(event_on, subtract_working_days(enquiry.target_on, scale.count))
    if enquiry.held_on is not None and event_on > enquiry.held_on:
        event_on = enquiry.started_on
    return ConferenceRequest(
        kind=RequestKind.SECTION_47_ENQUIRY,
        request_id=f"CIN-{number}-{enquiry.started_on:%Y%m%d}",
        person_id=number,
        started_on=enquiry.started_on,
        event_on=event_on,
        due_on=scale.due_on(event_on),
        conference_not_required=enquiry.held_on is None and (enquiry.not_required or not waits),
    )
