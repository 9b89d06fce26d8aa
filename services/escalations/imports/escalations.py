"""Past escalations from elsewhere, with what became of them."""

import re
from collections.abc import Hashable, Mapping, Sequence

from sqlalchemy import Text, func
from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.db.numbering import references_of, start_after
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records, plain
from services.escalations import rules
from services.escalations.answers.models import Answer
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.escalations.raising import COPIED, PREFIX
from services.escalations.escalations.unknown import MESSAGE, RULE, unknown_among
from services.escalations.imports.outcomes import add_outcome, past_move, take_answer
from services.escalations.imports.rows import PastEscalation
from services.escalations.rules import Move, State
from services.escalations.settings import settings_of

# Two rows that say the same of all of these are about one escalation, unless the later one has a reference of its own.
SAME = (*COPIED, "raised_on", "owner_id")


async def import_escalations(importing: CsvImport[PastEscalation]) -> None:
    """Import past escalations from CSV: all rows, or none if a row is wrong.

    The answer lists what is wrong: row, field and reason. An escalation without a reference gets the next one, and is
    refused if it is there already, in the file or from before. A child whom nobody has sent yet is a warning. No events
    are published.
    """
    command = importing.command
    # Two imports at once could bring the same references, which neither finds taken.
    await advisory_lock(command.session, "import_escalations")
    seen: dict[Hashable, int] = {}
    async for rows in importing.rows():
        what = "an escalation with this reference"
        await importing.check_new(rows, "reference", what, col(Escalation.reference))
        await _check_repeats(importing, rows, seen)
        await _warn(importing, rows)
        if importing.writes:
            await _write(command, [row for _, row in rows])


async def _check_repeats(
    importing: CsvImport[PastEscalation], rows: Sequence[tuple[int, PastEscalation]], seen: dict[Hashable, int]
) -> None:
    """Refuse rows without a reference that say what an earlier one says, or what was raised before."""
    before = await _raised_before(importing.command, [row for _, row in rows])
    for number, row in rows:
        first = seen.setdefault(_same(row), number)
        if row.reference is not None:
            continue
        if first != number:
            reason = f"Row {first} says the same. If it is another escalation, give it a reference of its own."
            importing.report.add(number, "reference", reason)
        elif reference := before.get(_same(row)):
            reason = f"It was raised already: {reference}. If it is another one, give it a reference of its own."
            importing.report.add(number, "reference", reason)


async def _raised_before(command: Command, rows: Sequence[PastEscalation]) -> Mapping[Hashable, str]:
    """The references of escalations that were raised on these days about these children, by what they say."""
    query = select(Escalation).where(
        col(Escalation.raised_on).in_({row.raised_on for row in rows}),
        func.array_to_string(col(Escalation.person_ids), ";", type_=Text).in_(
            {";".join(row.person_ids) for row in rows}
        ),
    )
    return {_same(escalation): escalation.reference for escalation in (await command.session.exec(query)).all()}


def _same(escalation: PastEscalation | Escalation) -> Hashable:
    said = {name: getattr(escalation, name) for name in SAME}
    return tuple((said | {"person_ids": tuple(sorted(said["person_ids"]))}).values())


async def _warn(importing: CsvImport[PastEscalation], rows: Sequence[tuple[int, PastEscalation]]) -> None:
    """Warn of children whom nobody has sent yet."""
    named = {person_id for _, row in rows for person_id in row.person_ids}
    unknown = await unknown_among(importing.command, sorted(named))
    for number, row in rows:
        for person_id in row.person_ids:
            if person_id in unknown:
                importing.report.warn(number, "person_ids", RULE, MESSAGE.format(person_id))


async def _write(command: Command, rows: Sequence[PastEscalation]) -> None:
    await _raise_counters(command, rows)
    years = [row.raised_on.year for row in rows if row.reference is None]
    fresh = await references_of(command.process.database.statements, PREFIX, years)
    records = Records(Escalation, Answer, EscalationMove)
    for row in rows:
        escalation = _escalation(command, row, row.reference or next(fresh[row.raised_on.year]))
        if row.state is None:
            take_answer(row, escalation)
        records.add(Escalation, [escalation])
        # Histories are in the order in which their moves are made here: it was raised before all else.
        raised = past_move(escalation, Move.RAISE, row.raised_on, escalation.raised_by, State.OPEN, row.note)
        records.add(EscalationMove, [raised])
        add_outcome(records, row, escalation)
    first = records.of(Escalation, "reference")[0]
    await records.write(command.session)
    people = sorted({person for row in rows for person in row.person_ids})
    await command.audit("import_escalations", people, f"{first} and {len(rows) - 1} more")


async def _raise_counters(command: Command, rows: Sequence[PastEscalation]) -> None:
    """Numbers given from now on come after those that the file brought along."""
    highest: dict[int, int] = {}
    for row in rows:
        if row.reference and (parts := re.fullmatch(r"ESC-(\d{4})-(\d{4,9})", row.reference)):
            highest[int(parts[1])] = max(highest.get(int(parts[1]), 0), int(parts[2]))
    for year, last in highest.items():
        await start_after(command.process.database.statements, PREFIX, year, last)


def _escalation(command: Command, row: PastEscalation, reference: str) -> Escalation:
    whole = rules.due_on(row.kind, row.raised_on)
    stages = settings_of(command.process).stages(row.kind)
    return plain(
        Escalation,
        id=new_id(),
        reference=reference,
        state=row.state or State.OPEN,
        raised_on=row.raised_on,
        raised_by=row.raised_by or row.owner_id,
        owner_id=row.owner_id,
        stage=1,
        version=1,
        stage_due_on=rules.stage_due_on(row.kind, stages, 1, row.raised_on, whole),
        due_on=whole,
        answer=row.answer if row.state else None,
        first_answered_on=row.answered_on if row.state else None,
        closed_on=row.closed_on,
        closed_by=(row.closed_by or row.owner_id) if row.state else None,
        resolution=row.closing_note if row.state is State.RESOLVED else None,
        withdrawn_because=row.closing_note if row.state is State.WITHDRAWN else None,
        **{name: getattr(row, name) for name in COPIED},
    )
