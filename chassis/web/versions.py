"""Two editors never overwrite each other: a version on the row, ETag on what is read, If-Match on what is changed."""

from typing import Annotated, Protocol

from fastapi import Depends, Header

from chassis.base.fields import Omittable
from chassis.base.problems import Invalid, VersionMissing, VersionStale


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


def etag(version: int) -> str:
    """The version as an entity tag."""
    return f'"{version}"'


def parsed(tag: str) -> int:
    """The version that an entity tag names; `Invalid` if it is not one of ours."""
    bare = tag.strip().removeprefix("W/").strip('"')
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
        Header(alias="If-Match", description="The ETag that the change was decided on; leave it out to create."),
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
