"""What an action works with: who acts, in which transaction, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access import audit
from chassis.access.callers import Caller, Role, RoleGuard
from chassis.base import clock
from chassis.db.database import Transaction, work_of
from chassis.events.event import Event, Outgoing
from chassis.events.inbox import Hearing
from chassis.process import Work


@dataclass(frozen=True)
class Acting:
    """One caller's action: everything in `session` happens together, when the action is over, or not at all.

    `now` is in UTC, `today` the day in Europe/London.
    """

    session: AsyncSession
    caller: Caller
    work: Work
    now: datetime
    today: date

    def tell(self, event: Event) -> None:
        """Have an event told once the action has happened."""
        self.session.add(Outgoing.of(event, self.now))

    async def audit(self, action: str, person_ids: Sequence[str], record: str, why: str | None = None) -> None:
        """Write down that the caller did something to these children's record."""
        await audit.record(self.session, self.caller, action=action, person_ids=person_ids, record=record, why=why)


def acting(*roles: Role) -> Any:
    """Declare an endpoint that changes something and who may call it.

    `act: Annotated[Acting, acting(Role.CHAIR)]`.
    """
    guard = RoleGuard(frozenset(roles))

    # Each further dependency would cost every request.
    async def act(request: Request, caller: Annotated[Caller, Depends(guard)], session: Transaction) -> Acting:
        now = clock.now()
        return Acting(session, caller, work_of(request), now, clock.london_day(now))

    return Depends(act)


def acting_on(hearing: Hearing, subject: str | None = None) -> Acting:
    """An action because of an event that was heard, in the transaction that remembers it.

    It is this service's own, or that of the person who decided elsewhere what is done here now.
    """
    caller = Caller(subject or hearing.work.settings.service_name, frozenset({Role.SERVICE}))
    return Acting(hearing.session, caller, hearing.work, hearing.now, clock.london_day(hearing.now))
