"""Two editors never overwrite each other: a version on the row, ETag on what is read, If-Match on what is changed.

What is read has a tag of all that it shows, so that nobody is sent again what they have.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from fastapi import Depends, Header, Request, Response

from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, VersionMissing, VersionStale

# A moment in UTC as PostgreSQL writes it.
MOMENT = re.compile(rb'("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)\+00:00"')


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


def etag(version: int) -> str:
    """The version as an entity tag."""
    return f'"{version}"'


def parsed(tag: str) -> int:
    """The version that an entity tag names; `Invalid` if it is not one of ours."""
    bare, _, _ = tag.strip().removeprefix("W/").strip('"').partition("-")
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 9:
        raise Invalid.field("If-Match", "entity_tag", 'Send the ETag as it was read, such as "3".')
    return int(bare)


async def if_match(
    if_match: Annotated[
        str, Header(alias="If-Match", description='The ETag that the change was decided on, such as `"3"`.')
    ],
) -> int:
    """The version on which the caller decided; who does not say is answered with `VersionMissing`."""
    return parsed(if_match)


async def if_match_where_known(
    if_match: Annotated[
        Omittable[str],
        Header(alias="If-Match", description="The ETag that the change was decided on. Leave it out to create."),
    ] = None,
) -> int | None:
    """The same for a PUT that may create: nothing where the caller believes that there is nothing yet."""
    return None if if_match is None else parsed(if_match)


IfMatch = Annotated[int, Depends(if_match)]
IfMatchWhereKnown = Annotated[int | None, Depends(if_match_where_known)]


def check_version(entity: Versioned, expected: int | None) -> None:
    """Refuse a change that was decided on another version than the present one."""
    if expected is None:
        raise VersionMissing(headers={"ETag": etag(entity.version)})
    if entity.version != expected:
        raise VersionStale(headers={"ETag": etag(entity.version)})


def check_absent(expected: int | None) -> None:
    """Refuse to create what the caller believes to be there."""
    if expected is not None:
        raise VersionStale("There is nothing here yet: leave If-Match out to create it.")


def says_the_same(entity: Any, said: Mapping[str, Any]) -> bool:
    """Whether what is sent is there already: a request that is repeated needs no version, and changes nothing."""
    return all(getattr(entity, name) == value for name, value in said.items())


def tagged(request: Request, answer: Response) -> Response:
    """An answer with a tag of all that it shows, its version first; 304 without a body to whoever has it already.

    Moments end with Z, also those that PostgreSQL wrote.
    """
    if answer.status_code != 200 or answer.headers.get("content-type") != "application/json":
        return answer
    if b"+00:00" in answer.body:
        answer = Response(MOMENT.sub(rb'\1Z"', answer.body), headers=_without_length(answer))
    version = answer.headers.get("ETag", "").strip('"')
    tag = f'"{version}-{hashlib.blake2b(answer.body, digest_size=6).hexdigest()}"'
    answer.headers["ETag"] = tag
    known = {known.strip().removeprefix("W/") for known in request.headers.get("If-None-Match", "").split(",")}
    if tag not in known:
        return answer
    headers = {name: value for name, value in answer.headers.items() if not name.startswith("content-")}
    return Response(status_code=304, headers=headers)


def _without_length(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "content-length"}
