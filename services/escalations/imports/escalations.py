"""Imports of past escalations from CSV: all rows or none, checked row by row.

Rows are read, checked and written a few hundred at a time, so that a hundred thousand need no more memory than
a thousand. Imported escalations are history: no events are published.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.db.numbering import references, start_after
from chassis.web.importing import ImportOut, Record, Report, chunks, copy_rows, given
from services.escalations import rules
from services.escalations.answers.models import Answer
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.escalations.raising import COPIED, PREFIX
from services.escalations.imports.outcomes import past_move, past_outcome
from services.escalations.imports.rows import COLUMNS, REQUIRED, Directory, ImportRow, read_row
from services.escalations.rules import Move, State
from services.escalations.settings import settings_of


async def import_escalations(command: Command, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import past escalations from a CSV file in UTF-8 with a heading; all rows, or none if one of them is wrong.

    A dry run only checks. The caller rolls back if nothing was imported.
    """
    # Two imports at once could bring the same references, which neither finds taken.
    await advisory_lock(command.session, "import_escalations")
    report, directory, seen = Report(), await Directory.known(command), set[str]()
    async for chunk in chunks(file, COLUMNS, REQUIRED, report):
        good = _checked(chunk, directory, command.today, report)
        await _check_references(command, good, seen, report)
        if not dry_run and not report.problem_count:
            await _write(command, [row for _, row in good])
    return report.out(0 if dry_run or report.problem_count else report.rows, dry_run)


def _checked(
    chunk: Sequence[tuple[int, dict[str, str]]], directory: Directory, today: date, report: Report
) -> list[tuple[int, ImportRow]]:
    good = []
    for number, line in chunk:
        said: dict[str, Any] = {**given(line)}
        if "person_ids" in said:
            said["person_ids"] = [person.strip() for person in said["person_ids"].split(";")]
        row = read_row(ImportRow, number, said, report)
        if row is None:
            continue
        for name in ("raised_on", "meeting_on", "answered_on", "closed_on"):
            if (day := getattr(row, name)) is not None and day > today:
                report.add(number, name, "This day has not come yet.")
        for where, reason in directory.wrong(row):
            report.add(number, where, reason)
        good.append((number, row))
    return good


async def _check_references(
    command: Command, rows: Sequence[tuple[int, ImportRow]], seen: set[str], report: Report
) -> None:
    brought = [row.reference for _, row in rows if row.reference]
    known = select(Escalation.reference).where(col(Escalation.reference).in_(brought))
    taken = set((await command.session.exec(known)).all())
    for number, row in rows:
        if row.reference is None:
            continue
        if row.reference in seen:
            report.add(number, "reference", "Another row has the same reference.")
        elif row.reference in taken:
            report.add(number, "reference", "There is an escalation with this reference already.")
        seen.add(row.reference)


async def _write(command: Command, rows: Sequence[ImportRow]) -> None:
    await _raise_counters(command, rows)
    fresh = Counter(row.raised_on.year for row in rows if row.reference is None)
    numbers = {
        year: iter(await references(command.process.database.statements, PREFIX, year, many))
        for year, many in fresh.items()
    }
    escalations, answers, moves = list[Record](), list[Record](), list[Record]()
    for row in rows:
        escalation = _escalation(command, row, row.reference or next(numbers[row.raised_on.year]))
        escalations.append(escalation)
        # Histories are in the order in which their moves are made here: it was raised before all else.
        moves.append(_raised(row, escalation))
        became = past_outcome(row, escalation)
        answers += became.answers
        moves += became.moves
    await copy_rows(command.session, Escalation, escalations)
    await copy_rows(command.session, Answer, answers)
    await copy_rows(command.session, EscalationMove, moves)
    people = sorted({person for row in rows for person in row.person_ids})
    await command.audit("import_escalations", people, f"{escalations[0]['reference']} and {len(rows) - 1} more")


async def _raise_counters(command: Command, rows: Sequence[ImportRow]) -> None:
    """Numbers given from now on come after those that the file brought along."""
    highest: dict[int, int] = {}
    for row in rows:
        if row.reference and (parts := re.fullmatch(r"ESC-(\d{4})-(\d{4,9})", row.reference)):
            highest[int(parts[1])] = max(highest.get(int(parts[1]), 0), int(parts[2]))
    for year, last in highest.items():
        await start_after(command.process.database.statements, PREFIX, year, last)


def _escalation(command: Command, row: ImportRow, reference: str) -> Record:
    whole = rules.due_on(row.kind, row.raised_on)
    stages = settings_of(command.process).stages(row.kind)
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


def _raised(row: ImportRow, escalation: Record) -> Record:
    return past_move(escalation, Move.RAISE, row.raised_on, escalation["raised_by"], State.OPEN, row.note)
