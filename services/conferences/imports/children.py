"""Children from elsewhere: a CSV with a row for each, all of it or none."""

from collections.abc import Sequence
from typing import IO, Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlmodel import col, select

from chassis.base.problems import violation_of
from chassis.command import Command
from chassis.events.directory_replica import ReplicaEntry
from chassis.web.importing import ImportOut, Report, Row, chunks, columns_of, copy_rows, given
from services.conferences.children.actions import COPIED, LOOKED_AFTER, named, take_over_looked_after, wrong_with_child
from services.conferences.children.cases import AREA, COLLEAGUE
from services.conferences.children.models import Child
from services.conferences.imports.rows import CHILD_COLUMNS, CHILD_REQUIRED, LISTS, ChildRow

Numbered = list[tuple[int, ChildRow]]
Known = set[tuple[str, str]]
Model = TypeVar("Model", bound=BaseModel)


async def import_children(command: Command, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import children from a CSV file in UTF-8 with a heading; all rows, or none if one of them is wrong.

    A dry run only checks. Whoever calls undoes the transaction where nothing was imported.
    """
    report, seen = Report(), set[str]()
    known = await known_entries(command)
    # Who is looked after is not told meanwhile: either it is read here, or it finds the child.
    await command.session.exec(text("LOCK TABLE chassis.copy IN SHARE MODE"))  # type: ignore[call-overload]
    async for chunk in chunks(file, CHILD_COLUMNS, CHILD_REQUIRED, report):
        rows = [(number, row) for number, line in chunk if (row := read_row(ChildRow, number, line, report))]
        for number, row in rows:
            _check(command, number, row, known, report)
            if row.person_id in seen:
                report.add(number, "person_id", "There is a row about this child already.")
            seen.add(row.person_id)
        await _check_new(command, rows, report)
        if not dry_run and not report.problem_count:
            await _write(command, [row for _, row in rows])
    return report.out(0 if dry_run or report.problem_count else report.rows, dry_run)


async def known_entries(command: Command) -> Known:
    """The areas and colleagues of the directory, those who left included: they are named by history."""
    query = select(ReplicaEntry.kind, ReplicaEntry.id).where(col(ReplicaEntry.kind).in_([AREA, COLLEAGUE]))
    return {(kind, key) for kind, key in (await command.session.exec(query)).all()}


def read_row(model: type[Model], number: int, line: Row, report: Report) -> Model | None:
    """What a row says; one that says nothing sensible is reported."""
    said: dict[str, Any] = {
        name: [one for part in value.split(";") if (one := part.strip())] if name in LISTS else value
        for name, value in given(line).items()
    }
    try:
        return model.model_validate(said)
    except ValidationError as error:
        for each in error.errors():
            wrong = violation_of(each)
            report.add(number, wrong.field, wrong.message)
        return None


def _check(command: Command, number: int, row: ChildRow, known: Known, report: Report) -> None:
    for refusal in wrong_with_child(row, command):
        if refusal is not None:
            report.add(number, refusal.field, refusal.message)
    for one in named(row):
        if (one.kind, one.id) not in known:
            report.add(number, one.field, f"The directory has no such {one.kind}.")


async def _check_new(command: Command, rows: Numbered, report: Report) -> None:
    ids = [row.person_id for _, row in rows]
    query = select(Child.person_id).where(col(Child.person_id).in_(ids))
    known = set((await command.session.exec(query)).all())
    for number, row in rows:
        if row.person_id in known:
            report.add(number, "person_id", "There is a child with this number already.")


async def _write(command: Command, rows: Sequence[ChildRow]) -> None:
    ids = [row.person_id for row in rows]
    if not ids:
        return
    query = select(ReplicaEntry).where(col(ReplicaEntry.kind) == LOOKED_AFTER, col(ReplicaEntry.id).in_(ids))
    told = {one.id: one for one in (await command.session.exec(query)).all()}
    records = []
    for row in rows:
        copied = {name: getattr(row, name) for name in COPIED}
        child = Child(person_id=row.person_id, registered_on=command.today, **copied)
        if row.person_id in told:
            take_over_looked_after(child, told[row.person_id])
        records.append(columns_of(child))
    await copy_rows(command.session, Child, records)
    await command.audit("import_children", ids, f"{ids[0]} and {len(ids) - 1} more")
