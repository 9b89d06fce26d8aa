"""Children, meetings, escalations, people and agencies by what somebody types, asked of whoever knows them."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field

from chassis.access.callers import Caller, may
from chassis.children.search import FoundChildOut
from chassis.law.deadlines import About
from chassis.meetings.together import READERS
from chassis.meetings.vocabulary import MeetingState
from chassis.web.routes import Routes
from gateway.asking import Unanswered, carried, process_of
from gateway.routes import CHILDREN, CONFERENCES, ESCALATIONS, NOTIFICATIONS, REVIEWS

# A reference, whole or without its beginning: then it may be that of anything.
REFERENCE = re.compile(r"(?:(REV|CONF|ESC|CHA|GOO)-)?(\d{4}-\d{4,})")


class ConcernKind(StrEnum):
    """What somebody raised or noted."""

    ESCALATION = "escalation"
    CHALLENGE = "challenge"
    GOOD_PRACTICE = "good_practice"


class FoundMeetingOut(BaseModel):
    """A review or a conference that was found."""

    about: About
    reference: str
    state: MeetingState
    planned_on: date
    held_on: date | None
    chair_id: str


class FoundConcernOut(BaseModel):
    """An escalation, a positive challenge or good practice that was found."""

    kind: ConcernKind
    reference: str
    area_id: str


class FoundPersonOut(BaseModel):
    """Somebody of the directory who was found."""

    id: str
    name: str
    positions: list[str]
    ends_on: date | None


class FoundAgencyOut(BaseModel):
    """An agency of the directory that was found."""

    id: str
    name: str
    ends_on: date | None


class SearchOut(BaseModel):
    """What was found of each kind, and which services did not answer."""

    children: list[FoundChildOut] = Field(description="Children, those who fit best first.")
    meetings: list[FoundMeetingOut] = Field(description="Reviews and conferences with this reference.")
    escalations: list[FoundConcernOut] = Field(description="Escalations, challenges and good practice with it.")
    people: list[FoundPersonOut] = Field(description="People of the directory by name.")
    agencies: list[FoundAgencyOut] = Field(description="Agencies of the directory by name.")
    missing: list[str] = Field(description="Services that did not answer.")


@dataclass(frozen=True)
class Source:
    """Where things of one kind are looked for, and what is said of each besides; `prefix` begins their references."""

    kind: str
    service: str
    path: str
    by: str
    prefix: str | None = None
    also: Mapping[str, str] | None = None


SOURCES = (
    Source("children", CHILDREN, "/internal/search", "q"),
    Source("meetings", REVIEWS, "/v1/reviews", "reference", "REV", {"about": About.REVIEW}),
    Source("meetings", CONFERENCES, "/v1/conferences", "reference", "CONF", {"about": About.CONFERENCE}),
    Source("escalations", ESCALATIONS, "/v1/escalations", "reference", "ESC", {"kind": ConcernKind.ESCALATION}),
    Source("escalations", ESCALATIONS, "/v1/challenges", "reference", "CHA", {"kind": ConcernKind.CHALLENGE}),
    Source("escalations", ESCALATIONS, "/v1/good-practice", "reference", "GOO", {"kind": ConcernKind.GOOD_PRACTICE}),
    Source("people", NOTIFICATIONS, "/v1/colleagues", "text"),
    Source("agencies", NOTIFICATIONS, "/v1/agencies", "text"),
)

routes = Routes(prefix="/v1", tags=["children"])


@routes.get("/search")
async def search(
    request: Request,
    caller: Annotated[Caller, may(*READERS)],
    q: Annotated[
        str,
        Query(min_length=2, max_length=100, description="A name, a date of birth, a person number or a reference."),
    ],
    limit: Annotated[int, Query(ge=1, le=50, description="The most of each kind.")] = 10,
) -> SearchOut:
    """Find children, meetings, escalations, people and agencies.

    Children are found by words of their name, also misspelt, by date of birth (`14/05/2012` or `2012-05-14`), by both,
    or by the beginning of their number; meetings and escalations by reference; people and agencies by a part of their
    name. Only what the caller may see is found, and who was seen is audited. `missing` names services that are down.
    """
    wanted = [source for source in SOURCES if _is_asked(source, q)]
    answers = await asyncio.gather(*(_found(request, source, q, limit) for source in wanted))
    found: dict[str, list[Any]] = {kind: [] for kind in SearchOut.model_fields}
    for source, items in zip(wanted, answers, strict=True):
        if items is None:
            found["missing"] = sorted({*found["missing"], source.service})
        else:
            found[source.kind] += [item | dict(source.also or {}) for item in items]
    return SearchOut.model_validate(found)


def _is_asked(source: Source, q: str) -> bool:
    """References are looked for where such references are given, everything else where there are names."""
    reference = REFERENCE.fullmatch(q.strip().upper())
    if source.prefix is None:
        return reference is None
    return reference is not None and reference[1] in {None, source.prefix}


async def _found(request: Request, source: Source, q: str, limit: int) -> list[dict[str, Any]] | None:
    """What a service has; nothing of it is for these roles where it refuses. None if the service does not answer."""
    asked = q.strip()
    if reference := REFERENCE.fullmatch(asked.upper()):
        asked = f"{source.prefix}-{reference[2]}"
    query = {source.by: asked, "limit": limit}
    try:
        status, answered = await process_of(request).services.ask(source.service, source.path, carried(request), query)
    except Unanswered:
        return None
    if status >= 500:
        return None
    if status != 200:
        return []
    items: list[dict[str, Any]] = answered if isinstance(answered, list) else answered["items"]
    return items
