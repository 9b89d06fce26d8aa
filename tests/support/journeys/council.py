"""An invented council with the whole system running beside the test: its people, its clock, its mail."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from chassis.base.clock import LONDON, machine_now
from demo.__main__ import DIRECTORY
from demo.front_door import FrontDoor
from demo.tables import read
from deploy.local.mailbox.store import Kept, Store
from independent_chairs import DevelopmentSignIn, ProblemError, answer, connect
from independent_chairs.generated import AuthenticatedClient
from independent_chairs.generated.api.directory import get_colleague
from independent_chairs.generated.models import Problem
from tests.support.system import System
from tests.support.waiting import PATIENCE, eventually

Answer = TypeVar("Answer")
# What is sent at eight is awaited from some seconds before.
UNTIL_SENT = 5 * PATIENCE
# The directory reaches the services by events.
NOT_KNOWN_YET = {"in_directory", "colleague_role"}


@dataclass
class Council:
    """The system at a moment of the council's time; whoever works there goes through the gateway."""

    system: System

    @property
    def gateway(self) -> str:
        """Where everybody asks."""
        return self.system.ports.address("gateway")

    async def at(self, moment: str) -> None:
        """Let it be this moment (Europe/London): the system is stopped, and starts again at that time."""
        now = datetime.fromisoformat(moment).replace(tzinfo=LONDON)
        if self.system.supervisor is not None:
            assert self.system.stop(signal.SIGINT) == 0
        offset = round((now - machine_now()).total_seconds())
        (self.system.folder / "clock-offset").write_text(str(offset))
        self.system.start()

    def somebody(self, role: str) -> AuthenticatedClient:
        """The published client, signed in as the person of a role."""
        return connect(self.gateway, DevelopmentSignIn(self.gateway, role))

    async def fill_directory(self) -> None:
        """Areas, agencies with their roles, colleagues, and which liaison officer covers what."""
        async with FrontDoor(self.gateway) as door:
            for part in DIRECTORY:
                await door.import_csv(f"/v1/{part}/import", read(f"directory/{part}"))

    async def address_of(self, colleague: str) -> str:
        """Somebody's email address."""
        return str(answer(await get_colleague.asyncio(colleague, client=self.somebody("administrator"))).email)

    def mails(self, to: str, about: str = "") -> list[Kept]:
        """The messages to an address whose subject has these words, oldest first."""
        store = Store(self.system.folder / "mailbox")
        return [mail for mail in reversed(store.messages(to)) if about.casefold() in mail.subject.casefold()]

    async def mail(self, to: str, about: str, count: int = 1) -> Kept:
        """The newest of so many messages, once they have come."""

        async def have_come() -> bool:
            return len(self.mails(to, about)) >= count

        assert await eventually(have_come, UNTIL_SENT), f"No mail about {about} to {to}."
        found = self.mails(to, about)
        assert len(found) == count
        return found[-1]

    async def until(self, question: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something is so."""
        assert await eventually(question, UNTIL_SENT)

    async def once_all_are_known(self, ask: Callable[[], Awaitable[Answer | Problem | None]]) -> Answer:
        """The answer once everybody who is named is known to the service."""
        for _ in range(round(UNTIL_SENT)):
            try:
                known: Answer = answer(await ask())
            except ProblemError as refused:
                if not NOT_KNOWN_YET & {error.rule for error in refused.problem.errors or ()}:
                    raise
                await asyncio.sleep(1)
            else:
                return known
        raise AssertionError("The directory did not reach the service.")
