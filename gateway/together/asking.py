"""One answer of what several services know: all are asked alike, and what they answer is put together."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from chassis.base.problems import MEDIA_TYPE, Problem
from chassis.law.deadlines import About
from chassis.web.ordering import cursor_after
from chassis.web.pagination import PageQuery
from gateway.asking import Unanswered, carried, process_of, whole
from gateway.routes import CONFERENCES, REVIEWS

Sources = Mapping[str, str]
Answers = Mapping[str, Any]


class AnswerIncomplete(Problem):
    """A service cannot be asked at the moment, and part of an answer would look like all of it."""

    status = 503


async def ask_all(
    request: Request,
    path: str,
    sources: Sources,
    put_together: Callable[[Answers], Any],
    query: BaseModel | None = None,
) -> Response:
    """What is made of the answers of all `sources`, by their names; their services are asked with the caller's token.

    Who answers 404 has nothing to add, unless all do. They check alike: what else one of them has against the question,
    the caller has to know.
    """
    # What it is `about` has chosen the services.
    given = query.model_dump(mode="json", exclude_none=True, exclude={"about"}) if query else None
    asked = (_ask(request, service, path, given) for service in sources.values())
    answers = whole(await asyncio.gather(*asked, return_exceptions=True), AnswerIncomplete)
    found = {name: answered for name, (status, answered) in zip(sources, answers, strict=True) if status == 200}
    for status, answered in answers:
        if status != 200 and (status != 404 or not found):
            return JSONResponse(answered, status, media_type=MEDIA_TYPE)
    return JSONResponse(put_together(found))


async def _ask(request: Request, service: str, path: str, query: Any) -> tuple[int, Any]:
    status, answered = await process_of(request).services.ask(service, path, carried(request), query)
    if status >= 500:
        raise Unanswered(service)
    return status, answered


@dataclass(frozen=True)
class MergedList:
    """A list whose pages are merged from those of several services, each of which has it at `path`.

    They all order it by the day or moment that it is sorted by and by identifier, and go on after any given pair of
    these. So the cursor of the merged list is the last item's pair, and all services are given the same one. `mark` is
    the member that says whose an item is.
    """

    path: str
    mark: str

    async def page(self, request: Request, query: PageQuery, sources: Sources) -> Response:
        """One page of what these services have; `next` is null only if none of them has more."""
        return await ask_all(request, self.path, sources, lambda pages: self.merged(pages, query), query)

    def merged(self, pages: Answers, query: PageQuery) -> dict[str, Any]:
        """One page from one page of each service."""
        if query.limit == 0:
            return {"items": [], "next": None, "total": sum(page["total"] for page in pages.values())}
        by = query.sort.removeprefix("-")
        items = [item | {self.mark: name} for name, page in pages.items() for item in page["items"]]
        # PostgreSQL orders identifiers as their texts.
        items.sort(key=lambda item: (datetime.fromisoformat(item[by]), item["id"]), reverse=query.sort != by)
        shown = items[: query.limit]
        more = len(items) > len(shown) or any(page["next"] is not None for page in pages.values())
        return {"items": shown, "next": cursor_after(shown[-1][by], shown[-1]["id"]) if more and shown else None}


ABOUT: Sources = {About.REVIEW: REVIEWS, About.CONFERENCE: CONFERENCES}


def about(wanted: Sequence[About] | None) -> Sources:
    """The services that are asked about reviews, about conferences, or about both."""
    return {name: ABOUT[name] for name in wanted or ABOUT}
