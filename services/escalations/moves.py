"""What can be done with escalations and challenges: one table, by which moves are refused and shown."""

from itertools import product

from chassis.access.moves import Move as Allowed
from chassis.access.moves import Moves
from services.escalations.roles import DECIDERS, WRITERS
from services.escalations.rules import ChallengeState, Kind, Move, Standing, State, possible_moves

_OPERATIONS = {
    "amend_escalation": (Move.AMEND, WRITERS),
    "move_stage": (Move.MOVE_STAGE, DECIDERS),
    "refer_to_cafcass": (Move.REFER_TO_CAFCASS, DECIDERS),
    "request_legal_advice": (Move.REQUEST_LEGAL_ADVICE, DECIDERS),
    "resolve_escalation": (Move.RESOLVE, DECIDERS),
    "withdraw_escalation": (Move.WITHDRAW, DECIDERS),
    "reopen_escalation": (Move.REOPEN, DECIDERS),
}
# Of an escalation's stage it only matters whether another one follows.
_STANDINGS = {
    f"{kind} {state} {stage}": Standing(kind, state, stage, stages=2)
    for kind, state, stage in product(Kind, State, (1, 2))
}
OF_ESCALATION = Moves(
    "escalation",
    *(
        Allowed(operation, roles, {name for name, standing in _STANDINGS.items() if move in possible_moves(standing)})
        for operation, (move, roles) in _OPERATIONS.items()
    ),
)
OF_CHALLENGE = Moves(
    "challenge",
    Allowed("resolve_challenge", DECIDERS, {ChallengeState.OPEN}),
    Allowed("raise_challenge_formally", DECIDERS, {ChallengeState.OPEN}),
)


def standing_of(kind: str, state: str, *, is_last: bool) -> str:
    """How an escalation stands, as the table names it."""
    return f"{kind} {state} {2 if is_last else 1}"
