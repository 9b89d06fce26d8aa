"""What became of escalations that are here, from elsewhere: a CSV of answers and ends, all of it or none.

Officers answer by post and by telephone, and another system may have kept it. Past answers are told to nobody; that an
escalation was closed is, since others keep it as open.
"""

from collections.abc import Mapping, Sequence
from typing import IO

from sqlmodel import col, select

from chassis.command import Command
from chassis.web.importing import ImportOut, Record, Report, chunks, copy_rows, given
from services.escalations.answers.models import Answer
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.events import EscalationClosed
from services.escalations.imports.past_outcomes import past_outcome
from services.escalations.imports.rows import OUTCOME_COLUMNS, OUTCOME_REQUIRED, Directory, OutcomeRow, read_row
from services.escalations.rules import CLOSED, State

Numbered = Sequence[tuple[int, OutcomeRow]]


async def import_outcomes(command: Command, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import what became of open escalations from a CSV file in UTF-8 with a heading; all rows, or none.

    A dry run only checks. Whoever calls undoes the transaction where nothing was imported.
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
    return {one.reference: one for one in rows}


def _wrong(
    command: Command, row: OutcomeRow, escalation: Escalation | None, directory: Directory
) -> list[tuple[str, str]]:
    """What cannot be so about a row, as fields with the reason."""
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
        became = past_outcome(row, escalation.model_dump())
        answers += became.answers
        moves += became.moves
        _follow(command, row, escalation)
    await copy_rows(command.session, Answer, answers)
    await copy_rows(command.session, EscalationMove, moves)
    people = sorted({person for _, escalation in rows for person in escalation.person_ids})
    await command.audit("import_outcomes", people, f"{rows[0][1].reference} and {len(rows) - 1} more")


def _follow(command: Command, row: OutcomeRow, escalation: Escalation) -> None:
    """Bring an escalation to where it stands after what became of it."""
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
    command.publish(EscalationClosed(**{name: getattr(escalation, name) for name in EscalationClosed.model_fields}))
