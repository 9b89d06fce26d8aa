"""The system's front door, as the demo uses it: sign in as a role, ask, import, wait."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import aiohttp

from demo.people import Row

# Requests that are under way at the same time.
AT_ONCE = 8
COPIED_WITHIN_TRIES = 100


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

    async def change(self, role: str, method: str, path: str, version: int, body: Any) -> Any:
        """The answer to a change of something that is known in this version."""
        return await self.ask(role, method, path, json=body, headers={"If-Match": f'"{version}"'})

    async def all(self, role: str, path: str, **query: str) -> list[Any]:
        """Everything that a list holds, page by page."""
        found, cursor = [], dict[str, str]()
        while True:
            page = await self.ask(role, "GET", path, params=query | {"limit": "200"} | cursor)
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    async def import_csv(self, path: str, rows: Sequence[Row]) -> None:
        """Have an administrator import rows; `Refused` with what is wrong with them."""
        options = {"data": csv_of(rows), "headers": {"Content-Type": "text/csv"}}
        _check(await self.ask("administrator", "POST", path, **options))

    async def import_files(self, path: str, files: Mapping[str, Sequence[Row]]) -> None:
        """Have an administrator import several files at once."""
        form = aiohttp.FormData()
        for name, rows in files.items():
            form.add_field(name, csv_of(rows), filename=f"{name}.csv", content_type="text/csv")
        _check(await self.ask("administrator", "POST", path, data=form))

    async def _token(self, role: str) -> str:
        if role not in self._tokens:
            url = f"{self._gateway}/development/sign-in/{role}"
            async with self._http.get(url, headers={"Accept": "application/json"}) as answer:
                if answer.status != 200:
                    raise Refused("The system has no development sign-in: the demo is not for production.")
                self._tokens[role] = (await answer.json())["access_token"]
        return self._tokens[role]


def csv_of(rows: Sequence[Row]) -> str:
    """Rows as a CSV file; what some do not have is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _check(report: Mapping[str, Any]) -> None:
    if report["problems"]:
        raise Refused(str(report["problems"])[:500])


async def each(rows: Iterable[Any], load_one: Callable[[Any], Awaitable[None]]) -> None:
    """Load rows, several at a time, in no order."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(row: Any) -> None:
        async with turns:
            await load_one(row)

    await asyncio.gather(*(in_turn(row) for row in rows))


async def when_known(load: Callable[[], Awaitable[None]]) -> None:
    """Load something as soon as the service has heard of everybody whom it names."""
    for _ in range(COPIED_WITHIN_TRIES):
        try:
            return await load()
        except Refused:
            await pause()
    return await load()


async def pause() -> None:
    """A moment in which the system can go on by itself."""
    await asyncio.sleep(0.3)
