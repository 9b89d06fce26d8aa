"""History from elsewhere: a CSV of past escalations, all of it or none, checked row by row.

Rows are read, checked and written a few hundred at a time, so that a hundred thousand need no more memory than
a thousand. Imported escalations are told to nobody: they are history.
"""

import asyncio
import csv
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any
from uuid import UUID

import asyncpg
from pydantic import ValidationError

from chassis.acting import Acting
from chassis.clock import LONDON
from chassis.ids import new_id
from chassis.inserting import Record
from chassis.problems import Malformed, field_error
from services.escalations import rules
from services.escalations.actions.import_rows import COLUMNS, REQUIRED, Directory, ImportRow, Report
from services.escalations.actions.numbering import references, start_after
from services.escalations.actions.raising import COPIED, PREFIX
from services.escalations.actions.steps import settings_of
from services.escalations.rules import Move, State
from services.escalations.schemas import ImportOut
from services.escalations.tables import Answer, Escalation, EscalationMove

ROWS_AT_ONCE = 500
# The heading is row 1, as a spreadsheet shows it.
FIRST_ROW = 2


async def import_escalations(act: Acting, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import past escalations from a CSV file in UTF-8 with a heading; all rows, or none if one of them is wrong.

    A dry run only checks. Whoever calls undoes the transaction where nothing was imported.
    """
    report, directory, seen = Report(), await Directory.known(act), set[str]()
    connection: asyncpg.Connection = (await (await act.session.connection()).get_raw_connection()).driver_connection
    async for chunk in _chunks(csv.DictReader(file, strict=True), report):
        good = _checked(chunk, directory, act.today, report)
        await _check_references(connection, good, seen, report)
        if not dry_run and not report.problem_count:
            await _write(act, connection, [row for _, row in good])
    imported = 0 if dry_run or report.problem_count else report.rows
    return ImportOut(
        rows=report.rows,
        imported=imported,
        dry_run=dry_run,
        problems=report.problems,
        problem_count=report.problem_count,
    )


Numbered = list[tuple[int, dict[str, Any]]]


async def _chunks(reader: "csv.DictReader[str]", report: Report) -> AsyncIterator[Numbered]:
    """The rows with their numbers, a few hundred at a time; other requests get their turn in between."""
    try:
        missing = sorted(set(REQUIRED) - set(reader.fieldnames or ()))
        unknown = sorted(set(reader.fieldnames or ()) - set(COLUMNS))
        if missing or unknown:
            raise Malformed(
                f"The heading lacks {', '.join(missing) or 'nothing'}; unknown: {', '.join(unknown) or 'none'}."
            )
        while lines := list(islice(reader, ROWS_AT_ONCE)):
            first = FIRST_ROW + report.rows
            report.rows += len(lines)
            yield list(enumerate(lines, first))
            await asyncio.sleep(0)
    except csv.Error as error:
        raise Malformed(f"Row {FIRST_ROW + report.rows} or one soon after is not CSV: {error}.") from None
    except UnicodeDecodeError:
        raise Malformed("The file is not in UTF-8.") from None


def _checked(chunk: Numbered, directory: Directory, today: date, report: Report) -> list[tuple[int, ImportRow]]:
    good = []
    for number, line in chunk:
        if None in line:
            report.add(number, "", "The row has more fields than the heading.")
            continue
        given: dict[str, Any] = {name: value.strip() for name, value in line.items() if value and value.strip()}
        if "person_ids" in given:
            given["person_ids"] = [one.strip() for one in given["person_ids"].split(";")]
        try:
            row = ImportRow.model_validate(given)
        except ValidationError as error:
            for one in error.errors():
                wrong = field_error(one)
                report.add(number, wrong.field, wrong.message)
            continue
        for name in ("raised_on", "meeting_on", "answered_on", "closed_on"):
            if (day := getattr(row, name)) is not None and day > today:
                report.add(number, name, "This day has not come yet.")
        for where, reason in directory.wrong(row):
            report.add(number, where, reason)
        good.append((number, row))
    return good


async def _check_references(
    connection: asyncpg.Connection, rows: Sequence[tuple[int, ImportRow]], seen: set[str], report: Report
) -> None:
    given = [row.reference for _, row in rows if row.reference]
    taken = {
        found["reference"]
        for found in await connection.fetch("SELECT reference FROM escalation WHERE reference = ANY ($1)", given)
    }
    for number, row in rows:
        if row.reference is None:
            continue
        if row.reference in seen:
            report.add(number, "reference", "Another row has the same reference.")
        elif row.reference in taken:
            report.add(number, "reference", "There is an escalation with this reference already.")
        seen.add(row.reference)


async def _write(act: Acting, connection: asyncpg.Connection, rows: Sequence[ImportRow]) -> None:
    await _raise_counters(act, rows)
    fresh = Counter(row.raised_on.year for row in rows if row.reference is None)
    numbers = {
        year: iter(await references(act.work.database.statements, PREFIX, year, many)) for year, many in fresh.items()
    }
    escalations, answers, moves = list[Record](), list[Record](), list[Record]()
    for row in rows:
        escalation = _escalation(act, row, row.reference or next(numbers[row.raised_on.year]))
        answer = _answer(row, escalation) if row.answer else None
        escalations.append(escalation)
        answers += [answer] if answer else []
        moves += _moves(row, escalation, answer)
    await _copy(connection, Escalation, escalations)
    await _copy(connection, Answer, answers)
    await _copy(connection, EscalationMove, moves)
    people = sorted({person for row in rows for person in row.person_ids})
    await act.audit("import_escalations", people, f"{escalations[0]['reference']} and {len(rows) - 1} more")
    await act.session.flush()
    act.session.expunge_all()


async def _raise_counters(act: Acting, rows: Sequence[ImportRow]) -> None:
    """Numbers given from now on come after those that the file brought along."""
    highest: dict[int, int] = {}
    for row in rows:
        if row.reference and (parts := re.fullmatch(r"ESC-(\d{4})-(\d{4,9})", row.reference)):
            highest[int(parts[1])] = max(highest.get(int(parts[1]), 0), int(parts[2]))
    for year, last in highest.items():
        await start_after(act.work.database.statements, PREFIX, year, last)


async def _copy(connection: asyncpg.Connection, table: Any, rows: Sequence[Record]) -> None:
    names = [column.name for column in table.__table__.c]
    records = ([row.get(name) for name in names] for row in rows)
    await connection.copy_records_to_table(table.__tablename__, records=records, columns=names)


def _escalation(act: Acting, row: ImportRow, reference: str) -> Record:
    whole = rules.due_on(row.kind, row.raised_on)
    stages = settings_of(act).stages(row.kind)
    state = row.state or (State.ANSWERED if row.answer else State.OPEN)
    closed = row.closed_on is not None
    return {name: getattr(row, name) for name in COPIED} | {
        "id": new_id(),
        "reference": reference,
        "state": state,
        "raised_on": row.raised_on,
        "raised_by": row.raised_by or row.owner_id,
        "owner_id": row.owner_id,
        "stage": 1,
        "version": 1,
        "stage_due_on": rules.stage_due_on(row.kind, stages, 1, row.raised_on, whole),
        "due_on": whole,
        "answer": row.answer,
        "first_answered_on": row.answered_on,
        "closed_on": row.closed_on,
        "closed_by": (row.closed_by or row.owner_id) if closed else None,
        "resolution": row.closing_note if state is State.RESOLVED else None,
        "withdrawn_because": row.closing_note if state is State.WITHDRAWN else None,
        "imported": True,
    }


def _answer(row: ImportRow, escalation: Record) -> Record:
    assert row.answered_on is not None
    return {
        "id": new_id(),
        "at": _noon(row.answered_on),
        "answered_on": row.answered_on,
        "answered_by": row.answered_by or row.owner_id,
        "choice": str(row.answer),
        "expected_on": row.expected_on,
        "note": row.answer_note,
        "references": [escalation["reference"]],
    }


def _moves(row: ImportRow, escalation: Record, answer: Record | None) -> Iterator[Record]:
    def move(
        made: Move, day: date, actor: str, state: State, note: str | None, answer_id: UUID | None = None
    ) -> Record:
        return {
            "id": new_id(),
            "escalation_id": escalation["id"],
            "at": _noon(day),
            "actor": actor,
            "owner_id": escalation["owner_id"],
            "move": made,
            "state": state,
            "stage": 1,
            "note": note,
            "answer_id": answer_id,
        }

    yield move(Move.RAISE, row.raised_on, escalation["raised_by"], State.OPEN, row.note)
    if answer is not None:
        yield move(Move.ANSWER, answer["answered_on"], answer["answered_by"], State.ANSWERED, None, answer["id"])
    if row.state is not None and row.closed_on is not None:
        closing = Move.RESOLVE if row.state is State.RESOLVED else Move.WITHDRAW
        yield move(closing, row.closed_on, escalation["closed_by"], row.state, row.closing_note)


def _noon(day: date) -> datetime:
    """The moment kept for something of which only the day is known."""
    return datetime.combine(day, time(12), LONDON)
