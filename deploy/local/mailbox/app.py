"""The mailbox: a mail server that sends nothing on, and a page with every message, newest first.

What a message says is shown in a frame that may run nothing and load nothing from anywhere.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from aiosmtpd.controller import Controller
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.templating import Jinja2Templates

from deploy.local.mailbox.store import Kept, Store

HOST = "127.0.0.1"
START_SECONDS = 60
PER_PAGE = 50
FOLDER = Path(__file__).parent / "templates"
TEMPLATES = Jinja2Templates(FOLDER)
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
FRAME_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    "Referrer-Policy": "no-referrer",
}
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
# Within the frame a link would lead nowhere.
LINKS_OPEN_OUTSIDE = '<base target="_blank">'


def application(folder: Path, smtp_port: int) -> FastAPI:
    """The pages over the messages of a folder; while they are served, the mail server takes new ones."""
    store = Store(folder)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        server = Controller(store, HOST, smtp_port, ready_timeout=START_SECONDS, server_hostname="localhost")
        server.start()
        yield
        server.stop()

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.get("/style.css")
    async def style() -> FileResponse:
        return FileResponse(FOLDER / "style.css")

    @app.get("/")
    async def messages(request: Request, to: str = "", page: Annotated[int, Query(ge=1)] = 1) -> Response:
        found = store.messages(to)
        pages = max(1, -(-len(found) // PER_PAGE))
        page = min(page, pages)
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        return _page(request, "list.html", to=to, count=len(found), messages=shown, page=page, pages=pages)

    @app.get("/messages/{identifier}")
    async def message(
        request: Request, identifier: str, form: Literal["html", "text", "source"] | None = None
    ) -> Response:
        found = _found(store, identifier)
        chosen = form or ("text" if found.body("html") is None else "html")
        return _page(request, "message.html", message=found, form=chosen)

    @app.get("/messages/{identifier}/html")
    async def html(identifier: str) -> HTMLResponse:
        words = _found(store, identifier).body("html") or ""
        head = HEAD.search(words)
        place = head.end() if head else 0
        return HTMLResponse(words[:place] + LINKS_OPEN_OUTSIDE + words[place:], headers=FRAME_HEADERS)

    return app


def _found(store: Store, identifier: str) -> Kept:
    message = store.find(identifier)
    if message is None:
        raise HTTPException(404, "There is no such message.")
    return message


def _page(request: Request, template: str, **shown: Any) -> Response:
    return TEMPLATES.TemplateResponse(request, template, shown, headers=PAGE_HEADERS)
