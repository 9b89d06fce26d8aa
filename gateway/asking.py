"""The gateway's own questions to the services, for the pages that it puts together itself."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import httpx
import structlog
from fastapi import Request

from chassis.access.callers import TokenReader
from chassis.base.council import Council
from chassis.base.http import FAILURES, failure
from chassis.base.observe import request_id
from chassis.base.problems import Problem

TIMEOUT = httpx.Timeout(10, connect=3, pool=3)
READY_SECONDS = 2

CARRIED = ("authorization", "access-reason")
T = TypeVar("T")

log = structlog.get_logger()


def carried(request: Request) -> dict[str, str]:
    """The caller's headers that mean something to the services."""
    return {name: request.headers[name] for name in CARRIED if name in request.headers}


class Unanswered(Exception):
    """A service could not be reached, or what it answered is not JSON."""


def whole(answers: Iterable[T | BaseException], incomplete: type[Problem]) -> list[T]:
    """The answers of all services that were asked at once, if there are all of them.

    The problem `incomplete` names those that did not answer: part of an answer would look like all of it.
    """
    found = list(answers)
    if silent := [str(one) for one in found if isinstance(one, Unanswered)]:
        raise incomplete(services=silent, headers={"Retry-After": "5"})
    complete: list[T] = []
    for one in found:
        if isinstance(one, BaseException):
            raise one
        complete.append(one)
    return complete


class Services:
    """The services as somebody who asks them a plain question sees them."""

    def __init__(self, addresses: Mapping[str, str], http: httpx.AsyncClient) -> None:
        self.addresses = {name: address.rstrip("/") for name, address in addresses.items()}
        self._http = http

    async def get(
        self, service: str, path: str, headers: Mapping[str, str], query: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """What a service answers; `Unanswered` if there is nothing within ten seconds."""
        return await self._request("GET", service, path, headers, params=query)

    async def post(self, service: str, path: str, headers: Mapping[str, str], body: Any) -> httpx.Response:
        """What a service answers to a change; `Unanswered` if there is nothing within ten seconds."""
        return await self._request("POST", service, path, headers, json=body)

    async def _request(
        self, method: str, service: str, path: str, headers: Mapping[str, str], **said: Any
    ) -> httpx.Response:
        if service not in self.addresses:
            raise Unanswered(service)
        # The framework reads a caller's headers in this encoding.
        sent = httpx.Headers({"X-Request-Id": request_id() or ""} | dict(headers), encoding="latin-1")
        try:
            async with asyncio.timeout(TIMEOUT.read):
                return await self._http.request(method, self.addresses[service] + path, headers=sent, **said)
        except FAILURES as error:
            log.warning("service_unreachable", upstream=service, error=failure(error))
            raise Unanswered(service) from None

    async def ask(
        self, service: str, path: str, headers: Mapping[str, str], query: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        """The status and the JSON that a service answers; `Unanswered` if there is none."""
        response = await self.get(service, path, headers, query)
        try:
            return response.status_code, response.json()
        except ValueError:
            raise Unanswered(service) from None

    async def readiness(self) -> dict[str, bool]:
        """Which services say that they can do their work, within two seconds."""
        names = list(self.addresses)
        return dict(zip(names, await asyncio.gather(*(self._is_ready(name) for name in names)), strict=True))

    async def _is_ready(self, service: str) -> bool:
        try:
            async with asyncio.timeout(READY_SECONDS):
                response = await self._http.get(self.addresses[service] + "/health/ready")
        except FAILURES:
            return False
        return response.status_code == 200


@dataclass(frozen=True)
class Process:
    """How the pages ask the services, who may ask, and whose pages they are.

    `token_reader` has the name by which the chassis' role guard looks for it: it trusts this gateway's own word alone.
    """

    token_reader: TokenReader
    services: Services
    council: Council


def process_of(request: Request) -> Process:
    """What this process's pages work with."""
    return cast("Process", request.app.state.process)
