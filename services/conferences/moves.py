"""What can be done with a conference: one table, by which moves are refused and shown."""

from chassis.access.moves import Move, Moves
from services.conferences.roles import DECIDERS, WRITERS
from services.conferences.rules.vocabulary import ConferenceState

PLANNED = frozenset({ConferenceState.PLANNED})
HELD = frozenset({ConferenceState.HELD, ConferenceState.CLOSED})
NOT_CLOSED = HELD - {ConferenceState.CLOSED}
OF_CONFERENCE = Moves(
    "conference",
    Move("move_conference", WRITERS, PLANNED),
    Move("combine_conference", WRITERS, PLANNED),
    Move("hold_conference", WRITERS, PLANNED),
    Move("cancel_conference", WRITERS, PLANNED),
    Move("correct_conference", WRITERS, HELD),
    Move("reopen_conference", DECIDERS, NOT_CLOSED),
    Move("close_conference", DECIDERS, NOT_CLOSED),
)
