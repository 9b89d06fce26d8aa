"""What became of an escalation in the past, as records: its answer, and the moves of its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from chassis.base.clock import LONDON
from chassis.base.fields import new_id
from chassis.web.importing import Record
from services.escalations.imports.rows import PastOutcome
from services.escalations.rules import Move, State


@dataclass
class Became:
    """The answer, if there was one, and what was done with the escalation after it was raised."""

    answers: list[Record] = field(default_factory=list)
    moves: list[Record] = field(default_factory=list)


def past_outcome(row: PastOutcome, escalation: Mapping[str, Any]) -> Became:
    """The records of what a row says became of an escalation, of which `id`, `reference` and `owner_id` are read.

    Whoever answered or closed it is its owner, where nobody is named.
    """
    became, owner = Became(), escalation["owner_id"]
    if row.answer is not None and row.answered_on is not None:
        answer = _answer(row, row.answered_on, escalation)
        became.answers.append(answer)
        by = answer["answered_by"]
        became.moves.append(past_move(escalation, Move.ANSWER, row.answered_on, by, State.ANSWERED, None, answer["id"]))
    if row.state is not None and row.closed_on is not None:
        closing = Move.RESOLVE if row.state is State.RESOLVED else Move.WITHDRAW
        by = row.closed_by or owner
        became.moves.append(past_move(escalation, closing, row.closed_on, by, row.state, row.closing_note))
    return became


def past_move(
    escalation: Mapping[str, Any],
    made: Move,
    day: date,
    actor: str,
    state: State,
    note: str | None,
    answer_id: UUID | None = None,
) -> Record:
    """Something that was done with an escalation on a day of the past."""
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
    """The moment kept for something of which only the day is known."""
    return datetime.combine(day, time(12), LONDON)
