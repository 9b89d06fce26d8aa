"""The API's document for programs, and for people as pages that ask nobody outside for anything."""

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from chassis.base.problems import NotFound
from chassis.web import pages
from gateway.asking import process_of
from gateway.document import DOCUMENT, problem
from gateway.error_pages import PATH, TEMPLATES

routes = APIRouter(include_in_schema=False)

FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
FOLDER = files("fastapi_offline").joinpath("static")
KEPT = {"Cache-Control": "public, max-age=3600"}

# Swagger UI sets styles on its elements, and has its small pictures in its style sheet.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Independent Chairs: the API</title>
<link rel="icon" href="/docs/static/favicon.png">
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
</head>
<body>
<main id="document"><p>The page needs JavaScript; <a href="/openapi.json">the document itself</a> does not.</p></main>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
# Without `validatorUrl` the page would show the document to a validator on the internet.
START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#document",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  validatorUrl: null,
});
"""


@routes.get("/")
async def front() -> RedirectResponse:
    """Whoever opens the gateway in a browser wants to know what it can do."""
    return RedirectResponse("/docs", 307)


@routes.get("/openapi.json")
async def document() -> FileResponse:
    """The document of the whole API, as it was merged when this version was built."""
    return FileResponse(DOCUMENT, media_type="application/json")


@routes.get("/docs")
async def docs() -> HTMLResponse:
    """The document to read and to try out."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})


@routes.get("/docs/start.js")
async def start() -> Response:
    """What begins the page: a file, since the page's policy allows no scripts within it."""
    return Response(START, media_type="text/javascript", headers=KEPT)


@routes.get("/docs/static/{name}")
async def static(name: str) -> FileResponse:
    """The page's files, from the wheel that carries them."""
    if name not in FILES:
        raise NotFound
    return FileResponse(str(FOLDER.joinpath(name)), media_type=FILES[name], headers=KEPT)


# What to do about a problem, by its status; for all others there is nothing but to tell us.
ADVICE = {
    400: "Change the request before you send it again.",
    401: "Sign in again, and send the new access token.",
    403: "Ask somebody who has one of the roles that the API's document names for the operation.",
    404: "Check the address. What the caller may not see is answered in the same way.",
    405: "Use one of the methods that the header Allow names.",
    408: "Send the request again.",
    409: "Read the record again: it is not in the state that the request needs.",
    412: "Read the record again, decide anew, and send the ETag that you read.",
    413: "Send less at once.",
    415: "Send the media type that the API's document names.",
    422: "Change the fields that `errors` names before you send the request again.",
    428: "Read the record, and send its ETag as If-Match.",
    429: "Wait as many seconds as Retry-After says, then send the request again.",
    502: "Read the record before you send the request again: it may have been carried out.",
    503: "Send the request again after as many seconds as Retry-After says.",
    504: "Read the record before you send the request again: it may have been carried out.",
}
TELL_US = "Tell us the answer's X-Request-Id: the log has the rest."


@routes.get(f"{PATH}/style.css")
async def problem_style() -> Response:
    """The stylesheet of all our pages."""
    return await pages.get_style()


@routes.get(PATH + "/{name}")
async def problem_page(name: str, request: Request) -> HTMLResponse:
    """What a type of problem means, and what to do about it: the page that its `type` opens."""
    found = problem(name)
    if found is None:
        raise NotFound
    advice, council = ADVICE.get(found["status"], TELL_US), process_of(request).council
    shown = TEMPLATES.get_template("problem.html").render(problem=found, advice=advice, path=PATH, council=council)
    return HTMLResponse(shown, headers=pages.HEADERS)
