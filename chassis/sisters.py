"""How one of our services asks another one over HTTP: as itself, and only for what it can understand."""

from typing import Any

import aiohttp
from pydantic import TypeAdapter

from chassis.observe import request_id
from chassis.work import Work


class ServiceOutOfReach(Exception):
    """Another service did not answer, or not as it should: nothing was done, it is tried again."""


class Sister:
    """Another service, asked as this one."""

    def __init__(self, work: Work, url: str) -> None:
        self._work = work
        self._url = url.rstrip("/")

    async def _ask(self, method: str, path: str, shape: Any, **options: Any) -> Any:
        """What is answered, read as this shape; an answer of another shape is as good as none."""
        headers = {"Authorization": f"Bearer {self._work.tokens.own_token()}"}
        if identifier := request_id():
            headers["X-Request-Id"] = identifier
        try:
            async with self._work.http.request(method, self._url + path, headers=headers, **options) as answer:
                if answer.status >= 400:
                    raise ServiceOutOfReach(f"{method} {path.partition('?')[0]} was answered {answer.status}.")
                return TypeAdapter(shape).validate_python(await answer.json())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ServiceOutOfReach(type(error).__name__) from error
        except ValueError as error:
            # What was answered may say who somebody is: no word of it may reach the log.
            raise ServiceOutOfReach(type(error).__name__) from None
