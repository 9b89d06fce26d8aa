"""Imports from CSV of how known escalations were answered and closed: all rows or none.

Officers also answer by post and by telephone, and another system may have recorded it. No events are published for past
answers, but there are for closed escalations, because other services keep them as open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any
from uuid import UUID

from sqlmodel import col, select

from chassis.base.clock import LONDON
from chassis.base.fields import new_id
from chassis.command import Command
from chassis.web.importing import ImportOut, Record, Report, chunks, copy_rows, given
from services.escalations.answers.models import Answer
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.events import EscalationClosed
from services.escalations.imports.rows import (
    OUTCOME_COLUMNS,
    OUTCOME_REQUIRED,
    Directory,
    OutcomeRow,
    PastOutcome,
    read_row,
)
from services.escalations.rules import CLOSED, Move, State

Numbered = Sequence[tuple[int, OutcomeRow]]


async def import_outcomes(command: Command, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import what records of open escalations from a CSV file in UTF-8 with a heading; all rows, or none.

    A dry run only checks. The caller rolls back if nothing was imported.
    """
    report, directory, seen = Report(), await Directory.known(command), set[str]()
    async for chunk in chunks(file, OUTCOME_COLUMNS, OUTCOME_REQUIRED, report):
        rows = [(number, row) for number, line in chunk if (row := read_row(OutcomeRow, number, given(line), report))]
        found = await _locked(command, [row.reference for _, row in rows])
        for number, row in rows:
            for where, reason in _wrong(command, row, found.get(row.reference), directory):
                report.add(number, where, reason)
            if row.reference in seen:
                report.add(number, "reference", "Another row has the same reference.")
            seen.add(row.reference)
        if not dry_run and not report.problem_count:
            await _write(command, [(row, found[row.reference]) for _, row in rows])
    return report.out(0 if dry_run or report.problem_count else report.rows, dry_run)


async def _locked(command: Command, references: Sequence[str]) -> Mapping[str, Escalation]:
    query = select(Escalation).where(col(Escalation.reference).in_(references))
    rows = (await command.session.exec(query.order_by(col(Escalation.reference)).with_for_update())).all()
    return {escalation.reference: escalation for escalation in rows}


def _wrong(
    command: Command, row: OutcomeRow, escalation: Escalation | None, directory: Directory
) -> list[tuple[str, str]]:
    """What is wrong with a row, as fields with the reason."""
    if escalation is None:
        return [("reference", "There is no escalation with this reference.")]
    found = []
    if escalation.state in CLOSED:
        found.append(("reference", f"It was closed on {escalation.closed_on}."))
    elif row.answer is not None and escalation.answer is not None:
        found.append(("answer", f"It was answered on {escalation.first_answered_on}."))
    for name in ("answered_on", "closed_on"):
        day = getattr(row, name)
        if day is not None and day > command.today:
            found.append((name, "This day has not come yet."))
        elif day is not None and day < escalation.raised_on:
            found.append((name, f"It was raised on {escalation.raised_on}."))
    found += [
        (name, "The directory has no such colleague.")
        for name in ("answered_by", "closed_by")
        if (colleague := getattr(row, name)) is not None and colleague not in directory.colleagues
    ]
    return found


async def _write(command: Command, rows: Sequence[tuple[OutcomeRow, Escalation]]) -> None:
    if not rows:
        return
    answers, moves = list[Record](), list[Record]()
    for row, escalation in rows:
        records = past_outcome(row, escalation.model_dump(include={"id", "reference", "owner_id"}))
        answers += records.answers
        moves += records.moves
        _follow(command, row, escalation)
    await copy_rows(command.session, Answer, answers)
    await copy_rows(command.session, EscalationMove, moves)
    people = sorted({person for _, escalation in rows for person in escalation.person_ids})
    await command.audit("import_outcomes", people, f"{rows[0][1].reference} and {len(rows) - 1} more")


def _follow(command: Command, row: OutcomeRow, escalation: Escalation) -> None:
    """Apply a past outcome to an escalation."""
    escalation.version += 1
    if row.answer is not None:
        escalation.state, escalation.answer = State.ANSWERED, row.answer
        escalation.first_answered_on = row.answered_on
    if row.state is None or row.closed_on is None:
        return
    escalation.state, escalation.closed_on = row.state, row.closed_on
    escalation.closed_by = row.closed_by or escalation.owner_id
    if row.state is State.RESOLVED:
        escalation.resolution = row.closing_note
    else:
        escalation.withdrawn_because = row.closing_note
    command.publish(EscalationClosed.model_validate(escalation, from_attributes=True))


@dataclass
class PastRecords:
    """The answer, if there was one, and the moves after the escalation was raised."""

    answers: list[Record] = field(default_factory=list)
    moves: list[Record] = field(default_factory=list)


def past_outcome(row: PastOutcome, escalation: Mapping[str, Any]) -> PastRecords:
    """The records of an outcome; `id`, `reference` and `owner_id` of the escalation are read.

    Its owner answered or closed it, if the row names nobody.
    """
    records, owner = PastRecords(), escalation["owner_id"]
    if row.answer is not None and row.answered_on is not None:
        answer = _answer(row, row.answered_on, escalation)
        records.answers.append(answer)
        by = answer["answered_by"]
        records.moves.append(
            past_move(escalation, Move.ANSWER, row.answered_on, by, State.ANSWERED, None, answer["id"])
        )
    if row.state is not None and row.closed_on is not None:
        closing = Move.RESOLVE if row.state is State.RESOLVED else Move.WITHDRAW
        by = row.closed_by or owner
        records.moves.append(past_move(escalation, closing, row.closed_on, by, row.state, row.closing_note))
    return records


def past_move(
    escalation: Mapping[str, Any],
    made: Move,
    day: date,
    actor: str,
    state: State,
    note: str | None,
    answer_id: UUID | None = None,
) -> Record:
    """A move on a day in the past."""
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


def _answer(row: PastOutcome, answered_on: date, escalation: Mapping[str, Any]) -> Record:
    return {
        "id": new_id(),
        "at": _noon(answered_on),
        "answered_on": answered_on,
        "answered_by": row.answered_by or escalation["owner_id"],
        "choice": str(row.answer),
        "expected_on": row.expected_on,
        "note": row.answer_note,
        "references": [escalation["reference"]],
    }


def _noon(day: date) -> datetime:
    """The moment recorded where only the day is known."""
    return datetime.combine(day, time(12), LONDON)
