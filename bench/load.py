"""Load: so many connections ask one request after the other, and how long each answer took."""

import asyncio
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import aiohttp

SECONDS = float(os.environ.get("SECONDS", "10"))
CONNECTIONS = 16


class NotMeasured(Exception):
    """What was asked for was not answered well."""


@dataclass(frozen=True)
class Ask:
    """One request; `version` is what `If-Match` says."""

    method: str
    path: str
    body: Any = None
    version: int | None = None

    def headers(self) -> dict[str, str]:
        """Its own headers."""
        return {} if self.version is None else {"If-Match": f'"{self.version}"'}


@dataclass(frozen=True)
class Door:
    """Where is asked, and as whom."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Took:
    """The milliseconds of each answer in ascending order, how many came per second, and those of writes."""

    milliseconds: list[float]
    rate: float
    answers: list[Any]

    def p(self, percent: int) -> float:
        """The milliseconds within which so many of a hundred were answered."""
        return self.milliseconds[ceil(len(self.milliseconds) * percent / 100) - 1]

    def __str__(self) -> str:
        return " / ".join(f"{self.p(percent):.1f}" for percent in (50, 95, 99))


async def load(door: Door, asks: Iterator[Ask], connections: int, seconds: float = 600) -> Took:
    """Ask until so many seconds are over, or there is nothing more to ask."""
    times: list[float] = []
    answers: list[Any] = []

    async def connection(http: aiohttp.ClientSession) -> None:
        for ask in asks:
            asked_at = time.perf_counter()
            async with http.request(ask.method, door.url + ask.path, json=ask.body, headers=ask.headers()) as answer:
                body = await answer.read()
            times.append((time.perf_counter() - asked_at) * 1000)
            if answer.status >= 400:
                raise NotMeasured(f"{ask.method} {ask.path} was answered {answer.status}: {body[:500]!r}")
            if ask.method != "GET":
                answers.append(json.loads(body))
            if time.perf_counter() - began > seconds:
                return

    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector, headers=door.headers) as http:
        began = time.perf_counter()
        await asyncio.gather(*(connection(http) for _ in range(connections)))
        return Took(sorted(times), len(times) / (time.perf_counter() - began), answers)
