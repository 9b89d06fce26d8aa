"""The gateway's own questions to the services, for the pages that it puts together itself."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import aiohttp
import structlog

from chassis.logs import error_name
from chassis.observe import request_id
from chassis.problems import Problem

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
QUICK_TIMEOUT = aiohttp.ClientTimeout(total=2)

# Of the caller's headers these mean something to the services.
CARRIED = ("authorization", "access-reason")
T = TypeVar("T")

log = structlog.get_logger()


class Unanswered(Exception):
    """A service could not be reached, or what it answered is not a JSON object."""


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

    def __init__(self, addresses: Mapping[str, str], http: aiohttp.ClientSession) -> None:
        self.addresses = {name: address.rstrip("/") for name, address in addresses.items()}
        self._http = http

    async def ask(
        self,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        """The status and the JSON object that a service answers; `Unanswered` if there is none within ten seconds."""
        carried = {"X-Request-Id": request_id() or ""} | dict(headers or {})
        try:
            async with self._http.get(
                self.addresses[service] + path, params=query, headers=carried, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                answered = json.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("service_unreachable", upstream=service, error=error_name(error))
            raise Unanswered(service) from None
        if not isinstance(answered, dict):
            raise Unanswered(service)
        return response.status, answered

    async def readiness(self) -> dict[str, bool]:
        """Which services say that they can do their work, within two seconds."""
        names = list(self.addresses)
        return dict(zip(names, await asyncio.gather(*(self._is_ready(name) for name in names)), strict=True))

    async def _is_ready(self, service: str) -> bool:
        try:
            async with self._http.get(self.addresses[service] + "/health/ready", timeout=QUICK_TIMEOUT) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False
