"""What can be done with what has a state here: one table, by which moves are refused and shown."""

from chassis.access.moves import Move, Moves
from services.reviews.roles import DECIDERS, RESPONDERS, WRITERS
from services.reviews.rules.vocabulary import DecisionState, ReferralState, ReviewState

OPEN = frozenset({ReviewState.PLANNED, ReviewState.ADJOURNED})
HELD = frozenset({ReviewState.HELD})
OF_REVIEW = Moves(
    "review",
    Move("move_review", WRITERS, OPEN),
    Move("hold_review", WRITERS, OPEN),
    # A review is adjourned once (regulation 36).
    Move("adjourn_review", WRITERS, {ReviewState.PLANNED}),
    Move("cancel_review", WRITERS, OPEN),
    Move("correct_review", WRITERS, HELD),
    Move("reopen_review", DECIDERS, HELD),
)
OF_DECISION = Moves(
    "decision",
    Move("agree_to_decision", RESPONDERS, {DecisionState.SENT}),
    Move("object_to_decision", RESPONDERS, {DecisionState.SENT}),
    Move("settle_objection", DECIDERS, {DecisionState.OBJECTED}),
    Move("check_decision", DECIDERS, frozenset(DecisionState)),
)
OF_REFERRAL = Moves(
    "referral",
    Move("accept_referral", DECIDERS, {ReferralState.RECEIVED}),
    Move("decline_referral", DECIDERS, {ReferralState.RECEIVED}),
)
