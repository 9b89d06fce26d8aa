"""About which escalations officers were asked by email."""

from collections import defaultdict

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.clients import LinkWanted
from services.notifications.models import Message
from services.notifications.rules import MessageState

_NOT_READ = (MessageState.SUPPRESSED, MessageState.FAILED, MessageState.BOUNCED)


async def asked_elsewhere(session: AsyncSession, schedule: str, period: str) -> defaultdict[str, set[str]]:
    """The escalations about which each officer was asked by the emails of other periods of a schedule.

    The message says what it asks about, and is written in the transaction that claims its recipient: a link that was
    made and never sent has asked nobody. What could not be delivered has asked nobody either.
    """
    messages = select(Message).where(
        col(Message.schedule) == schedule,
        col(Message.period) != period,
        col(Message.answer_link).is_not(None),
        col(Message.state).not_in(_NOT_READ),
    )
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for message in (await session.exec(messages)).all():
        asked[message.recipient_id].update(LinkWanted.model_validate(message.answer_link).references)
    return asked
