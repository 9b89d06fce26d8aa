"""Photographs of colleagues, which stand on letters that they sign."""

import asyncio
from typing import Annotated

from fastapi import Request, Response
from typst import TypstError

from chassis.access.callers import may
from chassis.base.problems import Invalid, NotFound, TooLarge, UnsupportedMediaType, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.web.pdf import pdf
from chassis.web.routes import Routes
from services.notifications.directory.api import ColleaguePath
from services.notifications.directory.models import Colleague, Photograph
from services.notifications.roles import EVERYBODY, KEEPERS

routes = Routes(prefix="/v1/colleagues/{colleague_id}/photograph", tags=["directory"])
MOST_BYTES = 200_000
SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
BINARY = {"schema": {"type": "string", "format": "binary"}}
IMAGES = dict.fromkeys(SIGNATURES, BINARY)
# A picture that cannot be set would spoil the letters.
TRIAL = b'#set document(title: "Trial")\n#image(bytes(json(bytes(sys.inputs.data)).content), alt: "Trial")'
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}


@routes.put(
    "",
    status_code=204,
    responses=responses(NotFound, Invalid, TooLarge, UnsupportedMediaType),
    openapi_extra={"requestBody": {"required": True, "content": IMAGES}},
)
async def put_photograph(
    colleague_id: ColleaguePath, request: Request, command: Annotated[Command, commanded_by(*KEEPERS)]
) -> None:
    """Set or replace the photograph of a colleague: a PNG or JPEG of at most 200 kB."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in SIGNATURES:
        raise UnsupportedMediaType(f"Send {' or '.join(SIGNATURES)}.")
    content = await request.body()
    if len(content) > MOST_BYTES:
        raise TooLarge(f"At most {MOST_BYTES:,} bytes.")
    if not content.startswith(SIGNATURES[media_type]) or not await asyncio.to_thread(_can_be_set, content):
        raise Invalid.field("", "image", f"This is not {media_type}.")
    if await command.session.get(Colleague, colleague_id) is None:
        raise NotFound
    await command.session.merge(Photograph(colleague_id=colleague_id, media_type=media_type, content=content))
    await command.audit("put_photograph", [], colleague_id)


def _can_be_set(content: bytes) -> bool:
    try:
        return bool(pdf(TRIAL, {"content": list(content)}))
    except TypstError:
        return False


@routes.get(
    "",
    response_class=Response,
    dependencies=[may(*EVERYBODY)],
    responses=responses(NotFound) | {200: {"content": IMAGES}},
)
async def get_photograph(colleague_id: ColleaguePath, reading: Reading) -> Response:
    """Get the photograph of a colleague."""
    found = await reading.first_row("SELECT content, media_type FROM photograph WHERE colleague_id = $1", colleague_id)
    if found is None:
        raise NotFound
    return Response(found["content"], media_type=found["media_type"], headers=HEADERS)
