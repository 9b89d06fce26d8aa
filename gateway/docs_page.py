"""The API's document for programs, and for people as a page that asks nobody outside for anything."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from chassis.base.problems import NotFound

routes = APIRouter(include_in_schema=False)

FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
FOLDER = files("fastapi_offline").joinpath("static")
# One image knows all services, so that nobody has to be asked.
DOCUMENT = Path(__file__).parents[1] / "docs" / "openapi.json"
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
