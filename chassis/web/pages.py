"""Pages behind a secret link: server-rendered, without JavaScript, for people who have no account.

The link is the capability; nobody signs in. Its token is kept nowhere and found by its hash. It is exchanged for a
signed cookie and leaves the address, which from then on names the link's public identifier. Each link has an address
and a cookie of its own, so that several can be open in one browser. What a form is about travels in the form, sealed.
A GET changes nothing, since mail scanners open every link.
"""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

import jwt
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from chassis.access.callers import Caller
from chassis.base.clock import Now, Today, machine_now
from chassis.base.council import Council, council_of
from chassis.base.problems import Problem
from chassis.base.settings import Settings
from chassis.command import Command
from chassis.db.database import Transaction
from chassis.process import ProcessDep
from chassis.web.templating import environment

TEMPLATES = Path(__file__).parent / "templates"
STYLE = TEMPLATES / "style.css"
COOKIE_LIVES = timedelta(hours=2)
ALGORITHM = "HS256"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    # With `no-referrer` a browser would not name the origin of our own forms either.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
# Of a document that is shown as it is, a record or a report: it brings its own style, loads nothing and runs nothing.
DOCUMENT_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
}
NOT_SENT_YET = "Nothing has been sent yet. Check what you wrote, then send it again"
# The council whose page is being asked for: every page names it.
COUNCIL: ContextVar[Council] = ContextVar("council")


async def name_council(process: ProcessDep) -> None:
    """Tell the pages that answer this request whose they are."""
    COUNCIL.set(council_of(process.settings))


class FromAnotherSite(Problem):
    """This form was sent by another site."""

    status = 403


async def check_site(request: Request, process: ProcessDep) -> None:
    """Refuse what another site has a browser send: by `Sec-Fetch-Site`, or by `Origin` where that is missing.

    Programs other than browsers send neither, and have no cookie.
    """
    if request.method == "GET":
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site in {"same-origin", "none"}
    else:
        hosts = {urlsplit(process.settings.public_url).netloc, request.headers.get("host", "")}
        own = origin is None or urlsplit(origin).netloc in hosts - {""}
    if not own:
        raise FromAnotherSite


class Ended(StrEnum):
    """Why a link works no more, where whoever holds it is told."""

    STOPPED = "stopped"
    EXPIRED = "expired"


class LinkPages:
    """The pages behind one kind of link, all of them below one path.

    The templates are the service's own, and those that all such pages share; a service has at least `page.html`, which
    extends `layout.html` and says in its footer for whom the page is. Its settings are `CouncilSettings`.
    """

    def __init__(self, path: str, templates: Path) -> None:
        self.path = path
        self.cookie = path.removeprefix("/")
        self._templates = environment(templates, TEMPLATES)
        self._templates.globals["path"] = path

    def router(self) -> APIRouter:
        """A router below the path, which knows the pages' one stylesheet; no document shows it."""
        dependencies = [Depends(check_site), Depends(name_council)]
        routes = APIRouter(prefix=self.path, include_in_schema=False, dependencies=dependencies)
        routes.add_api_route("/style.css", get_style, methods=["GET"])
        return routes

    def address(self, link_id: UUID, below: str = "") -> str:
        """The address of a link's pages, without its secret; `below` is what follows."""
        return f"{self.path}/link/{link_id}{below}"

    def page(self, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page from its template."""
        words = self._templates.get_template(name).render(council=COUNCIL.get(), **context)
        return HTMLResponse(words, status, HEADERS)

    def no_link(self, token: str | None = None, written: str = "", ended: Ended | None = None) -> HTMLResponse:
        """The one page for every link that does not work; what was `written` comes back.

        With its token a new link is offered: without it where none would be sent. Why it does not work is said only if
        it is told.
        """
        return self.page("no_link.html", status=404, token=token, written=written, ended=ended)

    def offer_new_links(self, routes: APIRouter, request: Callable[[Command, str], Awaitable[None]]) -> None:
        """Add the address at which whoever holds an old link asks for a new one; `request` has it sent."""

        @routes.post("/new-link")
        async def request_new_link(
            session: Transaction,
            process: ProcessDep,
            now: Now,
            today: Today,
            token: Annotated[str, Form(max_length=200)] = "",
        ) -> Response:
            """Have a new link sent to the address on file; the page is the same whether or not there was an old one."""
            somebody = Caller("somebody with an old link", frozenset())
            await request(Command(session, somebody, process, now, today), token)
            return self.page("new_link.html")

    def redirect(self, link_id: UUID, below: str = "") -> RedirectResponse:
        """On to one of a link's pages; `below` is what follows its address."""
        return RedirectResponse(self.address(link_id, below), 303, HEADERS)

    def entered(self, settings: Settings, link_id: UUID, below: str = "") -> Response:
        """On to the clean address, with the cookie that stands for the link from now on."""
        return self.with_cookie(self.redirect(link_id, below), settings, link_id)

    def with_cookie(self, answer: Response, settings: Settings, link_id: UUID) -> Response:
        """An answer with a fresh cookie for a link, which a browser sends to that link's pages alone."""
        return self.remember(answer, settings, link_id, "", COOKIE_LIVES)

    def has_cookie(self, settings: Settings, request: Request, link_id: UUID) -> bool:
        """Whether a browser has opened a link, which may work no more: its cookie is sound and is for this link."""
        return bool(self.remembered(settings, request, link_id, ""))

    def remember(
        self, answer: Response, settings: Settings, link_id: UUID, what: str, lives: timedelta, **claims: str
    ) -> Response:
        """An answer with a cookie by which a link's pages remember something for a while."""
        sealed = claims | {"sub": str(link_id), "aud": self.path + what, "exp": machine_now() + lives}
        answer.set_cookie(
            self.cookie + what,
            jwt.encode(sealed, settings.cookie_key(self.cookie), ALGORITHM),
            max_age=int(lives.total_seconds()),
            path=self.address(link_id),
            secure=settings.public_url.startswith("https://"),
            httponly=True,
            samesite="lax",
        )
        return answer

    def remembered(self, settings: Settings, request: Request, link_id: UUID, what: str) -> dict[str, Any]:
        """What such a cookie says; nothing where it is not sound, or is for another link."""
        token = request.cookies.get(self.cookie + what, "")
        claims = self._signed(settings, token, self.path + what, ["aud", "exp", "sub"])
        return claims if claims.get("sub") == str(link_id) else {}

    def seal(self, settings: Settings, link_id: UUID, about: str) -> str:
        """What a form carries: that it is one of a link's pages, and `about` what. It is good as long as the link."""
        claims = {"sub": str(link_id), "aud": f"{self.path} form", "about": about}
        return jwt.encode(claims, settings.cookie_key(self.cookie), ALGORITHM)

    def is_sealed(self, settings: Settings, seal: str, link_id: UUID, about: str) -> bool:
        """Whether a form came from this link's own page about this."""
        claims = self._signed(settings, seal, f"{self.path} form", ["aud", "sub", "about"])
        return (claims.get("sub"), claims.get("about")) == (str(link_id), about)

    def _signed(self, settings: Settings, token: str, audience: str, required: list[str]) -> dict[str, Any]:
        try:
            return jwt.decode(
                token, settings.cookie_key(self.cookie), [ALGORITHM], audience=audience, options={"require": required}
            )
        except jwt.PyJWTError:
            return {}


def link_id_of(text: str) -> UUID | None:
    """The link that an address names; none if that is no identifier."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def get_style() -> Response:
    """The pages' one stylesheet."""
    return Response(STYLE.read_text(), media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


TOKEN_BYTES = 32


def new_token() -> str:
    """A token that cannot be guessed, fit for an address. It is shown once, to the person the link is for."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is kept of a token: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode()).digest()
