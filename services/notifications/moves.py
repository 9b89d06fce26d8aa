"""What can be done with a message: one table, by which moves are refused and shown."""

from chassis.access.moves import Move, Moves
from services.notifications.roles import MANAGERS, PRINTERS
from services.notifications.rules import MessageState

SENT_BEFORE = frozenset(MessageState) - {MessageState.QUEUED}
TO_PRINT = frozenset({MessageState.TO_PRINT})
# The template of emails with a code. It is kept nowhere, so nothing can be done with one, however it stands.
CODE = "link_code"
OF_MESSAGE = Moves(
    "message",
    Move("resend_message", MANAGERS, SENT_BEFORE),
    Move("print_letter", PRINTERS, TO_PRINT),
)
