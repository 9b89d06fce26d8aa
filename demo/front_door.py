"""The system's front door, as the demo uses it: sign in as a role, send, wait."""

import asyncio
import csv
import io
from collections.abc import Sequence
from typing import Any, Self

import aiohttp

from demo.people import Row


class Refused(Exception):
    """The system did not take what the demo sent."""


class FrontDoor:
    """Somebody with a role who speaks to the gateway."""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway.rstrip("/")
        self._tokens: dict[str, str] = {}
        self._http: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=300))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def ask(self, role: str, method: str, path: str, **options: Any) -> Any:
        """The JSON answer to a request by somebody with this role; `Refused` with the problem if there is one."""
        headers = {"Authorization": f"Bearer {await self._token(role)}"} | options.pop("headers", {})
        async with self._http.request(method, self._gateway + path, headers=headers, **options) as answer:
            body = await answer.json(content_type=None)
            if answer.status >= 400:
                raise Refused(f"{method} {path} was answered {answer.status}: {body}")
            return body

    async def send_csv(self, path: str, rows: Sequence[Row], *, dry_run: bool = False) -> Any:
        """The report of an import by an administrator."""
        columns = list(dict.fromkeys(name for row in rows for name in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        headers = {"Content-Type": "text/csv"}
        query = {"dry_run": str(dry_run).lower()}
        return await self.ask("administrator", "POST", path, data=text.getvalue(), headers=headers, params=query)

    async def _token(self, role: str) -> str:
        if role not in self._tokens:
            url = f"{self._gateway}/development/sign-in/{role}"
            async with self._http.get(url, headers={"Accept": "application/json"}) as answer:
                if answer.status != 200:
                    raise Refused("The system has no development sign-in: the demo is not for production.")
                self._tokens[role] = (await answer.json())["access_token"]
        return self._tokens[role]


async def pause() -> None:
    """A moment in which the system can go on by itself."""
    await asyncio.sleep(0.3)
