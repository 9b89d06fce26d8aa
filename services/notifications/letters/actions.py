"""All letters that wait are printed in one go, each of them once."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from chassis.access.visibility import hidden_among
from chassis.base.fields import new_id
from chassis.command import Command
from services.notifications.letters.addressees import addressees
from services.notifications.letters.schemas import PrintRunOut
from services.notifications.messages.actions import NothingToPrint
from services.notifications.messages.models import Message
from services.notifications.rules import MessageState

# One PDF of more would take long to make; whoever asks again is given the others.
MOST_LETTERS = 200


async def print_letters(command: Command) -> PrintRunOut:
    """Mark the letters that wait, as far as the caller may see their children and they have an address."""
    printed: list[Message] = []
    without_address = 0
    after: UUID | None = None
    # However many wait for an address, those behind them are found.
    while len(printed) < MOST_LETTERS and (waiting := await _waiting(command, after)):
        after = waiting[-1].id
        shown = await _shown(command, waiting)
        known = await addressees(command.process, [_recipient(message) for message in shown])
        addressed = [message for message in shown if message.recipient_id in known]
        without_address += len(shown) - len(addressed)
        printed += addressed[: MOST_LETTERS - len(printed)]
    if not printed:
        raise NothingToPrint(f"Letters that wait for a name or an address: {without_address}.")
    run_id = new_id()
    for message in printed:
        message.state, message.print_run_id = MessageState.PRINTED, run_id
        message.printed_at, message.printed_by = command.now, command.caller.subject
    concerned = {person_id for message in printed for person_id in message.person_ids or []}
    await command.audit("print_letters", sorted(concerned), str(run_id))
    return PrintRunOut(
        id=run_id,
        printed_at=command.now,
        letters=len(printed),
        without_address=without_address,
        path=f"/v1/messages/print-runs/{run_id}/letters.pdf",
    )


def _recipient(message: Message) -> tuple[str, str | None]:
    return message.recipient_id, (message.letter or {})["parent_in"]


async def _waiting(command: Command, after: UUID | None) -> Sequence[Message]:
    """The next letters that nobody else prints at this moment."""
    query = select(Message).where(col(Message.state) == MessageState.TO_PRINT, col(Message.letter).is_not(None))
    if after is not None:
        query = query.where(col(Message.id) > after)
    query = query.order_by(col(Message.id)).limit(MOST_LETTERS).with_for_update(skip_locked=True)
    return (await command.session.exec(query)).all()


async def _shown(command: Command, waiting: Sequence[Message]) -> list[Message]:
    """Those about children whom the caller may see."""
    hidden = await hidden_among(command, [person_id for message in waiting for person_id in message.person_ids or []])
    return [message for message in waiting if hidden.isdisjoint(message.person_ids or [])]
