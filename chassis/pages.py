"""Pages behind a secret link: server-rendered, without JavaScript, for people who have no account.

The link is the capability; nobody signs in. Its token is exchanged for a signed cookie and leaves the address. A GET
changes nothing, since mail scanners open every link.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.clock import machine_now
from chassis.routing import Router
from chassis.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"
STYLE = TEMPLATES / "style.css"
COOKIE_LIVES = timedelta(hours=2)
ALGORITHM = "HS256"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class LinkPages:
    """The pages behind one kind of link, all of them below one path.

    The templates are the service's own, and those that all such pages share; a service has at least `page.html`, which
    extends `layout.html` and says in its footer for whom the page is.
    """

    def __init__(self, path: str, templates: Path) -> None:
        self.path = path
        self.cookie = path.removeprefix("/")
        self._templates = Environment(
            loader=FileSystemLoader([templates, TEMPLATES]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["path"] = path

    def router(self) -> Router:
        """A router below the path, which knows the pages' one stylesheet; no document shows it."""
        routes = Router(prefix=self.path, include_in_schema=False)
        routes.add_api_route("/style.css", get_style, methods=["GET"])
        return routes

    def page(self, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page from its template."""
        return HTMLResponse(self._templates.get_template(name).render(**context), status, HEADERS)

    def no_link(self, token: str | None = None) -> HTMLResponse:
        """The one page for every link that does not work, whatever the reason."""
        return self.page("no_link.html", status=404, token=token)

    def new_link(self) -> HTMLResponse:
        """The one answer to whoever asks for a new link, whether or not there was one."""
        return self.page("new_link.html")

    def redirect(self, below: str = "") -> RedirectResponse:
        """On to one of the pages; `below` is what follows the path."""
        return RedirectResponse(f"{self.path}{below}", 303, HEADERS)

    def entered(self, settings: Settings, link_id: UUID, below: str = "") -> RedirectResponse:
        """On to the clean address, with the cookie that stands for the link from now on."""
        answer = self.redirect(below)
        claims = {"sub": str(link_id), "aud": self.path, "exp": machine_now() + COOKIE_LIVES}
        answer.set_cookie(
            self.cookie,
            jwt.encode(claims, self._key(settings), ALGORITHM),
            max_age=int(COOKIE_LIVES.total_seconds()),
            path=self.path,
            secure=settings.public_url.startswith("https://"),
            httponly=True,
            samesite="lax",
        )
        return answer

    def link_of(self, settings: Settings, request: Request) -> UUID | None:
        """The link for which a browser's cookie stands, whether or not it still works; none without a sound cookie."""
        cookie = request.cookies.get(self.cookie, "")
        try:
            claims = jwt.decode(
                cookie,
                self._key(settings),
                [ALGORITHM],
                audience=self.path,
                options={"require": ["aud", "exp", "sub"]},
            )
        except jwt.PyJWTError:
            return None
        return UUID(claims["sub"])

    def _key(self, settings: Settings) -> bytes:
        return settings.cookie_key(self.cookie)


async def get_style() -> Response:
    """The pages' one stylesheet."""
    return Response(STYLE.read_text(), media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})
