"""How one of our services asks another one over HTTP: as itself, and only for what it can understand."""

import asyncio
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter

from chassis.base.http import FAILURES, failure
from chassis.base.observe import request_id
from chassis.process import Process


class ServiceOutOfReach(Exception):
    """Another service did not answer, or not as it should: nothing was done, it is tried again."""


class Answered(BaseModel, frozen=True):
    """What is read of another service's answer; whatever else it says is ignored."""


Shape = TypeVar("Shape")


class ServiceClient:
    """Another service, asked as this one."""

    def __init__(self, process: Process, url: str) -> None:
        self._process = process
        self._url = url.rstrip("/")

    async def _all(self, path: str, shape: type[Shape], **params: str) -> list[Shape]:
        """The rows of a list; none where there is no such service."""
        return await self._ask("GET", path, list[shape], params=params) if self._url else []  # type: ignore[valid-type]

    async def _ask(self, method: str, path: str, shape: type[Shape], **options: Any) -> Shape:
        """What is answered, read as this shape; an answer of another shape is as good as none."""
        headers = {"Authorization": f"Bearer {self._process.tokens.own_token()}"}
        if identifier := request_id():
            headers["X-Request-Id"] = identifier
        http = self._process.http
        try:
            async with asyncio.timeout(http.timeout.read):
                answer = await http.request(method, self._url + path, headers=headers, **options)
            if not answer.is_success:
                raise ServiceOutOfReach(f"{method} {path.partition('?')[0]} was answered {answer.status_code}.")
            return TypeAdapter(shape).validate_python(answer.json())
        except FAILURES as error:
            # What was answered may say who somebody is: no word of it may reach the log.
            raise ServiceOutOfReach(failure(error)) from None
