"""Children from elsewhere: a CSV with a row for each episode, all of it or none, checked child by child."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from pydantic import ValidationError
from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.base.problems import Invalid, violation_of
from chassis.command import Command
from chassis.events.directory_replica import ReplicaEntry
from chassis.events.event import Outgoing
from chassis.web.importing import ImportOut, Record, Report, chunks, columns_of, copy_rows, given
from services.reviews.chairs.models import Allocation
from services.reviews.children.actions import COPIED, check_child, period_record, registered, stand
from services.reviews.children.cases import AREA, COLLEAGUE, Case, practice_of
from services.reviews.children.deadlines import record, standing
from services.reviews.children.models import Deadline, LookedAfterChild, PeriodOfCare
from services.reviews.imports.rows import (
    CHILDREN_COLUMNS,
    CHILDREN_REQUIRED,
    EPISODE_COLUMNS,
    LISTS,
    PERIOD_COLUMNS,
    ChildRow,
)
from services.reviews.rules.timescales import Practice

Lines = list[tuple[int, dict[str, str]]]


@dataclass
class Seen:
    """What of the file was seen so far, for what only the whole of it can tell."""

    known: set[tuple[str, str]]
    person_ids: set[str] = field(default_factory=set)
    chairs: dict[str, str] = field(default_factory=dict)
    mothers: dict[str, tuple[int, str]] = field(default_factory=dict)


async def import_children(command: Command, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import children from a CSV file in UTF-8 with a heading; all rows, or none if one of them is wrong.

    A child's rows stand together, one for each episode, and repeat what is the child's own. A dry run only checks.
    Whoever calls undoes the transaction where nothing was imported.
    """
    report = Report()
    rows = (await command.session.exec(select(ReplicaEntry.kind, ReplicaEntry.id))).all()
    seen = Seen({(kind, key) for kind, key in rows})
    async for several in _children(file, report):
        good = [row for lines in several if (row := _read(lines, command, seen, report))]
        await _check_new(command, good, report)
        if not dry_run and not report.problem_count:
            await _write(command, [row for _, row in good])
    _check_mothers(seen, report)
    return report.out(0 if dry_run or report.problem_count else report.rows, dry_run)


async def _children(file: IO[str], report: Report) -> AsyncIterator[list[Lines]]:
    """The rows of each child, some hundred children at a time."""
    waiting: Lines = []
    async for chunk in chunks(file, CHILDREN_COLUMNS, CHILDREN_REQUIRED, report):
        whole: list[Lines] = []
        for row in chunk:
            if waiting and row[1].get("person_id") != waiting[-1][1].get("person_id"):
                whole.append(waiting)
                waiting = []
            waiting.append(row)
        yield whole
    if waiting:
        yield [waiting]


def _read(lines: Lines, command: Command, seen: Seen, report: Report) -> tuple[int, ChildRow] | None:
    number = lines[0][0]
    try:
        row = ChildRow.model_validate(_said(lines))
    except ValidationError as error:
        for problem in error.errors():
            wrong = violation_of(problem)
            report.add(number, wrong.field, wrong.message)
        return None
    for where, reason in _wrong(row, command, seen):
        report.add(number, where, reason)
    seen.person_ids.add(row.person_id)
    if row.chair_id is not None:
        seen.chairs[row.person_id] = row.chair_id
    if row.mother_person_id is not None:
        seen.mothers[row.person_id] = (number, row.mother_person_id)
    return number, row


def _wrong(row: ChildRow, command: Command, seen: Seen) -> Iterator[tuple[str, str]]:
    if row.person_id in seen.person_ids:
        yield "person_id", "The rows of one child stand together."
    try:
        check_child(row.person_id, row, command.today)
    except Invalid as problem:
        yield from ((error["field"], error["message"]) for error in problem.members["errors"])
    for name, kind in (("area_id", AREA), ("manager_id", COLLEAGUE), ("chair_id", COLLEAGUE)):
        value = getattr(row, name)
        if value is not None and (kind, value) not in seen.known:
            yield name, f"The directory has no such {kind}."
    if row.chair_id is not None and row.chair_id in {row.manager_id, row.social_worker_id}:
        yield "chair_id", "A chair does not manage the child's case or work on it (regulation 46)."


def _said(lines: Lines) -> Record:
    """What the rows of one child say, as the case-management system would have sent it."""
    said: Record = {
        name: value.split(";") if name in LISTS else value
        for name, value in given(lines[0][1]).items()
        if name not in PERIOD_COLUMNS and name not in EPISODE_COLUMNS
    }
    periods: list[Record] = []
    for _, line in lines:
        values = given(line)
        period = {field: values[name] for name, field in PERIOD_COLUMNS.items() if name in values}
        if not periods or periods[-1]["starts_on"] != period.get("starts_on"):
            periods.append({"starts_on": None} | period | {"episodes": []})
        periods[-1]["episodes"].append(
            {field: values[name] for name, field in EPISODE_COLUMNS.items() if name in values}
        )
    return said | {"periods_of_care": periods}


async def _check_new(command: Command, rows: Sequence[tuple[int, ChildRow]], report: Report) -> None:
    ids = [row.person_id for _, row in rows]
    query = select(LookedAfterChild.person_id).where(col(LookedAfterChild.person_id).in_(ids))
    known = set((await command.session.exec(query)).all())
    for number, row in rows:
        if row.person_id in known:
            report.add(number, "person_id", "There is a child with this number already.")


def _check_mothers(seen: Seen, report: Report) -> None:
    for person_id, (number, mother) in seen.mothers.items():
        chair = seen.chairs.get(person_id)
        if chair is not None and chair == seen.chairs.get(mother):
            message = "A looked-after mother and her looked-after child have different chairs (IRO Handbook 2010)."
            report.add(number, "chair_id", message)


async def _write(command: Command, rows: Sequence[ChildRow]) -> None:
    practice = practice_of(command)
    cases = [_case(row, practice, command.today) for row in rows]
    tables = (LookedAfterChild, PeriodOfCare, Allocation, Deadline, Outgoing)
    together: dict[Any, list[Record]] = {table: [] for table in tables}
    for row, case in zip(rows, cases, strict=True):
        together[LookedAfterChild].append(columns_of(case.child))
        together[PeriodOfCare] += [columns_of(period) for period in case.periods]
        together[Allocation] += _allocations(command, row, case)
        together[Deadline] += [record(case.child, owing) for owing in standing(case, command.today)]
        # The past is told to nobody; who is looked after today is, since others keep it.
        together[Outgoing] += [columns_of(Outgoing.of(event, command.now)) for event in registered(case.child)]
    for table, records in together.items():
        await copy_rows(command.session, table, records)
    ids = [row.person_id for row in rows]
    if ids:
        await command.audit("import_looked_after_children", ids, f"{ids[0]} and {len(ids) - 1} more")


def _case(row: ChildRow, practice: Practice, today: date) -> Case:
    copied = {name: getattr(row, name) for name in COPIED}
    child = LookedAfterChild(person_id=row.person_id, registered_on=today, **copied)
    periods = [PeriodOfCare(**period_record(row.person_id, period)) for period in row.periods_of_care]
    case = Case(child, periods, practice=practice)
    stand(case)
    if child.looked_after_since is not None:
        child.chair_id = row.chair_id
    return case


def _allocations(command: Command, row: ChildRow, case: Case) -> Iterator[Record]:
    if row.chair_id is None or not case.periods:
        return
    period = case.periods[-1]
    starts_on = row.chair_from or period.starts_on
    ends_on = period.ends_on
    yield {
        "id": new_id(),
        "person_id": row.person_id,
        "chair_id": row.chair_id,
        "starts_on": starts_on,
        "ends_on": None if ends_on is None else max(starts_on, ends_on),
        "allocated_by": command.caller.subject,
        "allocated_at": command.now,
    }
