"""How known escalations were answered and closed, from elsewhere.

Officers also answer by post and by telephone, and another system may have recorded it. No events are published for past
answers, but there are for closed escalations, because other services keep them as open.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID

from sqlmodel import col, select

from chassis.base.clock import LONDON
from chassis.base.fields import new_id
from chassis.command import Command
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records, plain
from services.escalations.answers.models import Answer
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.events import EscalationClosed
from services.escalations.imports.rows import OutcomeRow, PastOutcome
from services.escalations.rules import CLOSED, SETTLING, Move, State


async def import_outcomes(importing: CsvImport[OutcomeRow]) -> None:
    """Import from CSV how open escalations were answered and closed in the past: all rows or none.

    The days on which it happened are kept. Events are published for closed escalations, but not for answers.
    """
    async for rows in importing.rows():
        found = await _locked(importing.command, [row.reference for _, row in rows])
        for number, row in rows:
            for where, reason in _wrong(row, found.get(row.reference)):
                importing.report.add(number, where, reason)
        importing.check_once(rows, "reference")
        if importing.writes:
            await _write(importing.command, [(row, found[row.reference]) for _, row in rows])


async def _locked(command: Command, references: Sequence[str]) -> Mapping[str, Escalation]:
    query = select(Escalation).where(col(Escalation.reference).in_(references))
    rows = (await command.session.exec(query.order_by(col(Escalation.reference)).with_for_update())).all()
    return {escalation.reference: escalation for escalation in rows}


def _wrong(row: OutcomeRow, escalation: Escalation | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, as fields with the reason."""
    if escalation is None:
        yield "reference", "There is no escalation with this reference."
        return
    if escalation.state in CLOSED:
        yield "reference", f"It was closed on {escalation.closed_on}."
    elif row.answer is not None and escalation.answer is not None:
        yield "answer", f"It was answered on {escalation.first_answered_on}."
    for name in ("answered_on", "closed_on"):
        day = getattr(row, name)
        if day is not None and day < escalation.raised_on:
            yield name, f"It was raised on {escalation.raised_on}."


async def _write(command: Command, rows: Sequence[tuple[OutcomeRow, Escalation]]) -> None:
    records = Records(Answer, EscalationMove)
    for row, escalation in rows:
        add_outcome(records, row, escalation)
        _follow(command, row, escalation)
    await records.write(command.session)
    people = sorted({person for _, escalation in rows for person in escalation.person_ids})
    await command.audit("import_outcomes", people, f"{rows[0][1].reference} and {len(rows) - 1} more")


def _follow(command: Command, row: OutcomeRow, escalation: Escalation) -> None:
    """Apply a past outcome to an escalation."""
    escalation.version += 1
    if row.state is None or row.closed_on is None:
        take_answer(row, escalation)
        return
    if row.answer is not None:
        escalation.answer, escalation.first_answered_on = row.answer, row.answered_on
    escalation.waiting_until = escalation.returned_on = None
    escalation.state, escalation.closed_on = row.state, row.closed_on
    escalation.closed_by = row.closed_by or escalation.owner_id
    if row.state is State.RESOLVED:
        escalation.resolution = row.closing_note
    else:
        escalation.withdrawn_because = row.closing_note
    command.publish(EscalationClosed.model_validate(escalation, from_attributes=True))


def take_answer(row: PastOutcome, escalation: Escalation) -> None:
    """Note the answer to an escalation that is still open, if there was one."""
    if row.answer is not None and row.answered_on is not None:
        settles = Escalation.take_answer(escalation, row.answer, row.answered_on, row.expected_on)
        escalation.state = State.ANSWERED if settles else State.OPEN


def add_outcome(records: Records, row: PastOutcome, escalation: Escalation) -> None:
    """Add the answer of an escalation, if there was one, and its moves after it was raised.

    Its owner answered or closed it, if the row names nobody.
    """
    owner = escalation.owner_id
    if row.answer is not None and row.answered_on is not None:
        answer = _answer(row, row.answered_on, escalation)
        records.add(Answer, [answer])
        state = State.OPEN if row.state is None and row.answer not in SETTLING else State.ANSWERED
        answered = (Move.ANSWER, row.answered_on, answer.answered_by, state)
        records.add(EscalationMove, [past_move(escalation, *answered, None, answer.id)])
    if row.state is not None and row.closed_on is not None:
        closing = Move.RESOLVE if row.state is State.RESOLVED else Move.WITHDRAW
        closed = (closing, row.closed_on, row.closed_by or owner, row.state)
        records.add(EscalationMove, [past_move(escalation, *closed, row.closing_note)])


def past_move(
    escalation: Escalation,
    move: Move,
    day: date,
    actor: str,
    state: State,
    note: str | None,
    answer_id: UUID | None = None,
) -> EscalationMove:
    """A move on a day in the past."""
    return plain(
        EscalationMove,
        id=new_id(),
        escalation_id=escalation.id,
        at=_noon(day),
        actor=actor,
        owner_id=escalation.owner_id,
        move=move,
        state=state,
        stage=1,
        note=note,
        answer_id=answer_id,
    )


def _answer(row: PastOutcome, answered_on: date, escalation: Escalation) -> Answer:
    return plain(
        Answer,
        id=new_id(),
        at=_noon(answered_on),
        answered_on=answered_on,
        answered_by=row.answered_by or escalation.owner_id,
        choice=str(row.answer),
        expected_on=row.expected_on,
        note=row.answer_note,
        references=[escalation.reference],
    )


def _noon(day: date) -> datetime:
    """The moment recorded where only the day is known."""
    return datetime.combine(day, time(12), LONDON)
