"""How one of our services asks another one over HTTP: as itself, and only for what it can understand."""

import asyncio
from typing import Any

from pydantic import TypeAdapter

from chassis.base.http import FAILURES, failure
from chassis.base.observe import request_id
from chassis.process import Process


class ServiceOutOfReach(Exception):
    """Another service did not answer, or not as it should: nothing was done, it is tried again."""


class ServiceClient:
    """Another service, asked as this one."""

    def __init__(self, process: Process, url: str) -> None:
        self._process = process
        self._url = url.rstrip("/")

    async def _ask(self, method: str, path: str, shape: Any, **options: Any) -> Any:
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
