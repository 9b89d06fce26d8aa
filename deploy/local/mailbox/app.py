"""The mailbox's pages: every message of the local system, newest first, and each as its reader sees it.

What a message says is shown in a frame that may run nothing and load nothing from anywhere.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.templating import Jinja2Templates

from deploy.local.mailbox.catcher import catching
from deploy.local.mailbox.store import Kept, Store

PER_PAGE = 50
TEMPLATES = Jinja2Templates(Path(__file__).parent / "templates")
Form = Literal["html", "text", "source"]
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
LINKS_OPEN_OUTSIDE = '<base target="_blank">'


def application(folder: Path, smtp_port: int) -> FastAPI:
    """The pages over the messages of a folder; while they are served, the mail server takes new ones."""
    store = Store(folder)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with catching(store, smtp_port):
            yield

    app = FastAPI(lifespan=lifespan, openapi_url=None)
    _add_lists(app, store)
    _add_messages(app, store)
    return app


def _add_lists(app: FastAPI, store: Store) -> None:
    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.get("/style.css")
    async def style() -> Response:
        return Response(TEMPLATES.get_template("style.css").render(), media_type="text/css")

    @app.get("/")
    async def messages(request: Request, to: str = "", page: Annotated[int, Query(ge=1)] = 1) -> Response:
        found = store.summaries(to)
        pages = max(1, -(-len(found) // PER_PAGE))
        page = min(page, pages)
        shown = {
            "to": to,
            "count": len(found),
            "messages": found[(page - 1) * PER_PAGE : page * PER_PAGE],
            "page": page,
            "pages": pages,
            "newer": _address(to, page - 1) if page > 1 else None,
            "older": _address(to, page + 1) if page < pages else None,
        }
        return _page(request, "list.html", shown)


def _add_messages(app: FastAPI, store: Store) -> None:
    @app.get("/messages/{identifier}")
    async def message(request: Request, identifier: str, form: Form | None = None) -> Response:
        found = _found(store, identifier)
        html, text = found.body("html"), found.body("plain")
        chosen = form or ("html" if html is not None else "text")
        shown = {
            "message": found.summary,
            "form": chosen,
            "forms": {"html": "HTML", "text": "Plain text", "source": "Source"},
            "has_html": html is not None,
            "text": text,
            "source": found.source.decode("utf-8", "replace"),
        }
        return _page(request, "message.html", shown)

    @app.get("/messages/{identifier}/html")
    async def html(identifier: str) -> HTMLResponse:
        words = _found(store, identifier).body("html") or ""
        return HTMLResponse(_with_links_that_open_outside(words), headers=FRAME_HEADERS)

    @app.get("/messages/{identifier}/source")
    async def source(identifier: str) -> PlainTextResponse:
        return PlainTextResponse(_found(store, identifier).source, headers=PAGE_HEADERS)


def _found(store: Store, identifier: str) -> Kept:
    message = store.find(identifier)
    if message is None:
        raise HTTPException(404, "There is no such message.")
    return message


def _with_links_that_open_outside(html: str) -> str:
    """A message's HTML as it is but for this; within the frame a link would lead nowhere."""
    head = HEAD.search(html)
    place = head.end() if head else 0
    return html[:place] + LINKS_OPEN_OUTSIDE + html[place:]


def _address(to: str, page: int) -> str:
    return "/?" + urlencode({"to": to, "page": page})


def _page(request: Request, template: str, shown: Mapping[str, object]) -> Response:
    return TEMPLATES.TemplateResponse(request, template, dict(shown), headers=PAGE_HEADERS)
