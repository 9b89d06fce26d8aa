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
from chassis.db.database import Transaction
from chassis.events.event import Event, Outgoing
from chassis.events.inbox import Receipt
from chassis.process import Process, process_of
from chassis.web.idempotency import take_key


@dataclass(frozen=True)
class Command:
    """One caller's action: everything in `session` happens together, when the action is over, or not at all.

    `now` is in UTC, `today` the day in Europe/London.
    """

    session: AsyncSession
    caller: Caller
    process: Process
    now: datetime
    today: date

    def publish(self, event: Event) -> None:
        """Publish an event when the action is committed."""
        self.session.add(Outgoing.of(event, self.now))

    async def audit(self, action: str, person_ids: Sequence[str], record: str, why: str | None = None) -> None:
        """Record in the audit what the caller did to these children's record."""
        await audit.record(self.session, self.caller, action=action, person_ids=person_ids, record=record, why=why)


def commanded_by(*roles: Role) -> Any:
    """Declare an endpoint that changes something and who may call it.

    `command: Annotated[Command, commanded_by(Role.CHAIR)]`.
    """
    guard = RoleGuard(frozenset(roles))

    # Each further dependency would cost every request.
    async def command(request: Request, caller: Annotated[Caller, Depends(guard)], session: Transaction) -> Command:
        await take_key(request, session, caller.subject)
        now = clock.now()
        return Command(session, caller, process_of(request), now, clock.london_day(now))

    return Depends(command)


def command_for(receipt: Receipt, subject: str | None = None) -> Command:
    """An action that follows from an event, in the transaction that remembers the event.

    It is this service's own, or that of the person who decided elsewhere what is done here now.
    """
    caller = Caller(subject or receipt.process.settings.service_name, frozenset({Role.SERVICE}))
    return Command(receipt.session, caller, receipt.process, receipt.now, clock.london_day(receipt.now))
