"""The page on which whoever holds a link asks for a code and enters it; what it opens stays open for half an hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, Request, Response

from chassis.base.settings import Settings
from chassis.command import Command
from chassis.meetings.codes import ask_for_code, is_right
from chassis.web.pages import LinkPages

ABOUT = "code"
# What the browser that asked for a code is known by, and what stands for a code that was right.
ASKED, OPENED = "-asked", "-opened"
ASKED_LIVES, OPENED_LIVES = timedelta(hours=1), timedelta(minutes=30)
WRONG = "That code does not work. Check it, or ask for a new one"


@dataclass(frozen=True)
class Guest:
    """Who holds a link that works: where its codes go; `entered` if this browser opened the link recently."""

    command: Command
    link_id: UUID
    email: str | None
    entered: bool


class CodePages:
    """The code's page below each link of one kind of pages."""

    def __init__(self, pages: LinkPages) -> None:
        self._pages = pages

    def opened(self, settings: Settings, request: Request, link_id: UUID) -> bool:
        """Whether a code was right in this browser, not long ago."""
        return bool(self._pages.remembered(settings, request, link_id, OPENED))

    def seal(self, settings: Settings, link_id: UUID) -> str:
        """What the forms carry that ask for a code or enter one."""
        return self._pages.seal(settings, link_id, ABOUT)

    def add_to(self, routes: APIRouter, guest_of: Callable[..., Any]) -> None:
        """Add the addresses; `guest_of` is the dependency that finds the guest, nobody where the link does not work."""

        @routes.get("/link/{link_id}/code")
        async def show_code_page(guest: Annotated[Guest | None, Depends(guest_of)]) -> Response:
            return self._page(guest) if guest is not None and guest.entered else self._pages.no_link()

        @routes.post("/link/{link_id}/code/send")
        async def send_code(
            request: Request,
            guest: Annotated[Guest | None, Depends(guest_of)],
            seal: Annotated[str, Form(max_length=1000)] = "",
        ) -> Response:
            if guest is None or not self._may(guest, seal):
                return self._pages.no_link()
            browser = self._browser(request, guest) or uuid4()
            await ask_for_code(guest.command, guest.link_id, guest.email, browser)
            answer = self._pages.redirect(guest.link_id, "/code")
            settings = guest.command.process.settings
            return self._pages.remember(answer, settings, guest.link_id, ASKED, ASKED_LIVES, browser=str(browser))

        @routes.post("/link/{link_id}/code")
        async def enter_code(
            request: Request,
            guest: Annotated[Guest | None, Depends(guest_of)],
            seal: Annotated[str, Form(max_length=1000)] = "",
            code: Annotated[str, Form(max_length=40)] = "",
        ) -> Response:
            if guest is None or not self._may(guest, seal):
                return self._pages.no_link()
            typed = "".join(code.split())
            if not await is_right(guest.command, guest.link_id, self._browser(request, guest), typed):
                return self._page(guest, WRONG)
            answer = self._pages.redirect(guest.link_id)
            return self._pages.remember(answer, guest.command.process.settings, guest.link_id, OPENED, OPENED_LIVES)

    def _page(self, guest: Guest, problem: str | None = None) -> Response:
        return self._pages.page(
            "code.html",
            status=422 if problem else 200,
            address=self._pages.address(guest.link_id),
            seal=self.seal(guest.command.process.settings, guest.link_id),
            problems={"code": problem} if problem else {},
        )

    def _may(self, guest: Guest, seal: str) -> bool:
        settings = guest.command.process.settings
        return guest.entered and self._pages.is_sealed(settings, seal, guest.link_id, ABOUT)

    def _browser(self, request: Request, guest: Guest) -> UUID | None:
        settings = guest.command.process.settings
        browser = self._pages.remembered(settings, request, guest.link_id, ASKED).get("browser")
        return UUID(browser) if browser else None
