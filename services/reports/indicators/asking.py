"""Asking the services that own figures for the tables that several indicators need: each once, all at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

from chassis.figures.compared import ComparedOut
from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient
from services.reports.indicators.cells import Filters
from services.reports.indicators.definitions import SOURCES, Owner
from services.reports.settings import settings_of

TO_DAY = "caseloads"
# So many requests leave the services time for others.
AT_ONCE = 8


@dataclass(frozen=True)
class Question:
    """One request for a table of figures."""

    table: str
    by: str
    period: str
    until: str | None
    only: Filters
    compare: bool

    def parameters(self) -> dict[str, str]:
        """The parameters of the request; a table of today takes none."""
        if self.table == TO_DAY:
            return {}
        asked = {"period": self.period, "by": self.by, **dict(self.only)}
        return asked | ({"until": self.until} if self.until else {}) | ({"compare": "true"} if self.compare else {})


class Answer(Answered):
    """The rows of a table with all its fields, the total last where there is one, and those of the period before."""

    rows: list[dict[str, Any]]
    compared: list[ComparedOut] | None = None


class _Figures(ServiceClient):
    async def table(self, question: Question) -> Answer:
        path = SOURCES[question.table].path
        if not self._url:
            return Answer(rows=[])
        if question.table == TO_DAY:
            chairs = await self._ask("GET", path, list[dict[str, Any]])
            chair_id = dict(question.only).get("chair_id")
            return of_chairs([chair for chair in chairs if chair_id in (None, chair["chair_id"])])
        return await self._ask("GET", path, Answer, params=question.parameters())


def of_chairs(chairs: list[dict[str, Any]]) -> Answer:
    """Caseloads as a table of figures, with their total."""
    fields = ("children", "full_time_equivalent")
    total = {"key": None} | {field: sum(chair[field] or 0 for chair in chairs) for field in fields}
    return Answer(rows=[*({"key": chair["chair_id"]} | chair for chair in chairs), total])


Ask = Callable[[Question], Awaitable[Answer]]


def asked_over_http(process: Process) -> Ask:
    """How the services that own figures are asked: as this service."""
    settings = settings_of(process)
    owners = {
        Owner.REVIEWS: _Figures(process, settings.reviews_url),
        Owner.CONFERENCES: _Figures(process, settings.conferences_url),
        Owner.ESCALATIONS: _Figures(process, settings.escalations_url),
    }
    return lambda question: owners[SOURCES[question.table].owner].table(question)


async def answers_to(questions: Collection[Question], ask: Ask) -> dict[Question, Answer]:
    """The answers to all questions; `ServiceOutOfReach` if one of them has none."""
    different = list(dict.fromkeys(questions))
    places = asyncio.Semaphore(AT_ONCE)

    async def answer(question: Question) -> Answer:
        async with places:
            return await ask(question)

    return dict(zip(different, await asyncio.gather(*map(answer, different)), strict=True))
