"""Errors for people: whoever opens an address in a browser is shown a page of ours, programs a problem document."""

from pathlib import Path

from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.base.council import Council
from chassis.base.observe import request_id
from chassis.base.problems import MEDIA_TYPE
from chassis.web import pages
from chassis.web.templating import environment

# Where the gateway has the stylesheet of all our pages.
PATH = "/problems"
TEMPLATES = environment(Path(__file__).parent / "templates", pages.TEMPLATES)
# What a page says otherwise than the document in whose place it is.
REPLACED = {b"content-type", b"content-length"} | {name.lower().encode() for name in pages.HEADERS}

LINK_AGAIN = "If you came here by a link in one of our emails, open it again."
SEE_WHAT_CAME = "If you were sending something, open the link in our email again: its page shows what has reached us."
IN_A_FEW_MINUTES = "Please try again in a few minutes."
NOTHING_KEPT = "What you sent has not been saved."
NO_ANSWER = ("Sorry, we cannot say whether this worked", (IN_A_FEW_MINUTES, SEE_WHAT_CAME))
OUR_SIDE = ("Sorry, something went wrong on our side", (IN_A_FEW_MINUTES, SEE_WHAT_CAME))
# By status: what is so, and what to do about it.
WORDS = {
    400: (
        "We could not read this address",
        ("It may have been changed on its way to you. Copy the whole of the link, or open it again.",),
    ),
    401: ("You need to sign in to see this", ("It is for colleagues who have signed in.", LINK_AGAIN)),
    403: (
        "You cannot do this from here",
        (NOTHING_KEPT, "Open the link in our email, and send the form of the page that it opens."),
    ),
    404: (
        "There is no page at this address",
        ("It may be mistyped, or cut short on its way to you. Copy the whole of the link, or ask whoever sent it.",),
    ),
    405: ("This page cannot be opened like that", (LINK_AGAIN,)),
    408: (
        "What you sent did not reach us in time",
        ("It has not been saved. Check your connection, go back and send it again.",),
    ),
    413: ("This is longer than we can take", (NOTHING_KEPT, "Go back, make it shorter, and send it again.")),
    422: ("We could not use what was sent", (NOTHING_KEPT, LINK_AGAIN)),
    429: (
        "Please wait a moment",
        (
            "Too many pages were asked for in a short time. Wait a minute, then try again.",
            "If you were sending something, it has not been saved: go back and send it again.",
        ),
    ),
    502: NO_ANSWER,
    503: ("Sorry, this page is not available at the moment", (IN_A_FEW_MINUTES, SEE_WHAT_CAME)),
    504: NO_ANSWER,
}


class ErrorPages:
    """Puts a page in the place of every problem document that a browser would show."""

    def __init__(self, app: ASGIApp, council: Council) -> None:
        self.app = app
        self.council = council

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see what it is answered."""
        if scope["type"] != "http" or not prefers_html(Headers(scope=scope).get("accept", "")):
            await self.app(scope, receive, send)
            return
        replaced = False

        async def answer(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_problem(message):
                replaced = True
                await error_page(message["status"], self.council, message["headers"])(scope, receive, send)
            elif not replaced:
                await send(message)

        await self.app(scope, receive, answer)


def error_page(status: int, council: Council, headers: list[tuple[bytes, bytes]]) -> HTMLResponse:
    """What a person is told of an error; `headers` are those of the problem document in whose place it is."""
    title, paragraphs = WORDS.get(status, OUR_SIDE)
    words = TEMPLATES.get_template("error.html").render(
        title=title, paragraphs=paragraphs, council=council, path=PATH, request_id=request_id()
    )
    page = HTMLResponse(words, status, pages.HEADERS)
    page.raw_headers += [(name, value) for name, value in headers if name not in REPLACED]
    return page


def prefers_html(accept: str) -> bool:
    """Whether a page is wanted: browsers name text/html first, programs name JSON or anything."""
    kinds = [kind.partition(";")[0].strip() for kind in accept.split(",")]
    return "text/html" in kinds and "application/json" not in kinds[: kinds.index("text/html")]


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith(MEDIA_TYPE)
