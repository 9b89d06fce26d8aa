"""The page behind the link to a paper: after a code that was sent to the recipient, it offers the paper."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from chassis.access.callers import Caller, Role
from chassis.base.clock import Now, Today
from chassis.base.fields import day_in_words, in_words
from chassis.command import Command
from chassis.db.database import Transaction
from chassis.meetings.code_pages import CodePages, Guest
from chassis.papers.distribution import NOBODY, PaperLink, PaperOpening, ended, link_of_token, request_new_link
from chassis.papers.paper import Paper, page_of, pdf_of
from chassis.process import ProcessDep
from chassis.web.pages import Ended, LinkPages, link_id_of
from chassis.web.reading import RecordReader

TEMPLATES = Path(__file__).parent / "pages_templates"
HTML, PDF = "html", "pdf"
PaperOf = Callable[[Command, RecordReader, PaperLink], Awaitable[Paper]]


@dataclass(frozen=True)
class Holder:
    """The holder of a link that works; `knows_code` if a code was entered in this browser."""

    command: Command
    link: PaperLink
    entered: bool
    knows_code: bool


class PaperPages:
    """The pages behind the links to one service's papers, which `paper_of` makes."""

    def __init__(self, path: str, paper_of: PaperOf) -> None:
        self._pages = LinkPages(path, TEMPLATES)
        self._codes = CodePages(self._pages)
        self._paper_of = paper_of

    def router(self) -> APIRouter:
        """The addresses of the pages."""
        routes = self._pages.router()

        async def holder_of(
            link_id: str, request: Request, session: Transaction, process: ProcessDep, now: Now, today: Today
        ) -> Holder | None:
            return await self._holder(link_id, request, Command(session, _caller(link_id), process, now, today))

        async def guest_of(holder: Annotated[Holder | None, Depends(holder_of)]) -> Guest | None:
            if holder is None:
                return None
            return Guest(holder.command, holder.link.id, holder.link.email, holder.entered)

        @routes.get("")
        async def show_no_link() -> Response:
            return self._pages.no_link()

        @routes.get("/link/{link_id}")
        async def show_paper_page(holder: Annotated[Holder | None, Depends(holder_of)]) -> Response:
            return self._page(holder) if holder is not None and holder.entered else self._pages.no_link()

        @routes.get("/link/{link_id}/paper.{form}")
        async def open_paper(
            form: str, request: Request, holder: Annotated[Holder | None, Depends(holder_of)]
        ) -> Response:
            if holder is None or not holder.knows_code or form not in {HTML, PDF}:
                return self._pages.no_link()
            paper = await self._opened(holder, request, form)
            return page_of(paper) if form == HTML else await pdf_of(paper)

        self._codes.add_to(routes, guest_of)
        self._pages.offer_new_links(routes, request_new_link)

        @routes.get("/{token}")
        async def open_paper_link(
            token: str, session: Transaction, process: ProcessDep, now: Now, today: Today
        ) -> Response:
            return await self._entered_by(Command(session, NOBODY, process, now, today), token)

        return routes

    async def _holder(self, link_id: str, request: Request, command: Command) -> Holder | None:
        known, settings = link_id_of(link_id), command.process.settings
        is_sent = request.method == "POST"
        link = None if known is None else await command.session.get(PaperLink, known, with_for_update=is_sent)
        if link is None or await ended(command, link) is not None:
            return None
        entered = self._pages.has_cookie(settings, request, link.id)
        return Holder(command, link, entered, entered and self._codes.opened(settings, request, link.id))

    async def _entered_by(self, command: Command, token: str) -> Response:
        link = await link_of_token(command.session, token)
        if link is None:
            return self._pages.no_link()
        if (why := await ended(command, link)) is not None:
            return self._pages.no_link(token if why is Ended.EXPIRED else None, ended=why)
        return self._pages.entered(command.process.settings, link.id)

    def _page(self, holder: Holder) -> Response:
        link = holder.link
        return self._pages.page(
            "paper_link.html",
            address=self._pages.address(link.id),
            code_seal=None if holder.knows_code else self._codes.seal(holder.command.process.settings, link.id),
            reference=link.reference,
            paper=in_words(link.paper.replace("_", "-")),
            expires_on=day_in_words(link.expires_on),
        )

    async def _opened(self, holder: Holder, request: Request, form: str) -> Paper:
        """The paper as it is now; who opened it and when is kept, here and in the audit."""
        command, link = holder.command, holder.link
        caller = replace(command.caller, roles=frozenset({Role.SERVICE}))
        reader = RecordReader(caller, command.process.database.statements, "open_paper", request.url.path)
        paper = await self._paper_of(command, reader, link)
        command.session.add(PaperOpening(link_id=link.id, at=command.now, form=form))
        return paper


def _caller(link_id: str) -> Caller:
    return Caller(f"paper link {link_id}", frozenset())
