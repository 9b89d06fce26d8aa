"""An invented council with the whole system running beside the test: its people, its clock, its mail."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from chassis.base.clock import LONDON, machine_now
from demo.__main__ import DIRECTORY
from demo.front_door import FrontDoor
from demo.tables import read
from deploy.local.mailbox.store import Kept, Store
from tests.support.system import System
from tests.support.waiting import PATIENCE, eventually

JSON = dict[str, Any]
# What is sent at eight is awaited from some seconds before.
UNTIL_SENT = 5 * PATIENCE


class Refused(Exception):
    """The system did not take what somebody asked of it."""


@dataclass
class Council:
    """The system at a moment of the council's time; whoever works there goes through the gateway."""

    system: System

    async def at(self, moment: str) -> None:
        """Let it be this moment (Europe/London): the system is stopped, and starts again at that time."""
        now = datetime.fromisoformat(moment).replace(tzinfo=LONDON)
        if self.system.supervisor is not None:
            assert self.system.stop(signal.SIGINT) == 0
        offset = round((now - machine_now()).total_seconds())
        (self.system.folder / "clock-offset").write_text(str(offset))
        self.system.start()

    async def ask(
        self, role: str, method: str, path: str, body: Any = None, *, version: int | None = None, **query: Any
    ) -> Any:
        """What the gateway answers to somebody with this role."""
        address = self.system.ports.address("gateway")
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as http:
            signed_in = await http.get(f"/development/sign-in/{role}", headers={"Accept": "application/json"})
            headers = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
            if version is not None:
                headers["If-Match"] = f'"{version}"'
            answer = await http.request(method, path, json=body, params=query, headers=headers)
        if answer.status_code >= 300:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    async def get(self, role: str, path: str, **query: Any) -> Any:
        """What somebody with this role reads."""
        return await self.ask(role, "GET", path, **query)

    async def fill_directory(self) -> None:
        """Areas, agencies with their roles, colleagues, and which liaison officer covers what."""
        async with FrontDoor(self.system.ports.address("gateway")) as door:
            for part in DIRECTORY:
                await door.import_csv(f"/v1/{part}/import", read(f"directory/{part}"))

    async def address_of(self, colleague: str) -> str:
        """Somebody's email address."""
        return str((await self.get("administrator", f"/v1/colleagues/{colleague}"))["email"])

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


def among(rows: list[Mapping[str, Any]], **wanted: Any) -> Any:
    """The one row that says this."""
    (found,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return found
