"""The system's front door, as the demo uses it: sign in as a role, ask, import, wait."""

import asyncio
import csv
import hashlib
import io
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Self

import httpx

from chassis.base.http import FAILURES, failure, http_client
from demo.tables import Row

NOT_NOW = {429, 502, 503, 504}
# Requests that are under way at the same time.
AT_ONCE = 8
COPIED_WITHIN_TRIES = 400
# An import takes its time.
TIMEOUT = httpx.Timeout(900)
TRIES = 5
PROGRESS_EVERY = 500


class NotReached(Exception):
    """The system did not answer, although it was asked several times."""


class Refused(Exception):
    """The system did not take what the demo sent."""


class FrontDoor:
    """Somebody with a role who speaks to the gateway."""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway.rstrip("/")
        self._tokens: dict[str, str] = {}
        self._http = http_client(TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def ask(self, role: str, method: str, path: str, **options: Any) -> Any:
        """The JSON answer to a request by somebody with this role; `Refused` with the problem if there is one.

        A request whose answer got lost is sent again where that can do no harm: reading, and what has a key.
        """
        headers = {"Authorization": f"Bearer {await self._token(role)}"} | options.pop("headers", {})
        repeatable = method == "GET" or "Idempotency-Key" in headers
        for tried in range(1, TRIES + 1):
            try:
                status, body = await self._answer(method, self._gateway + path, headers=headers, **options)
            except FAILURES as error:
                if not repeatable or tried == TRIES:
                    raise NotReached(f"{method} {path} was not answered ({failure(error)}).") from error
            else:
                if status not in NOT_NOW or not repeatable or tried == TRIES:
                    break
            await pause()
        if status >= 400:
            raise Refused(f"{method} {path} was answered {status}: {body}")
        return body

    async def create(self, role: str, path: str, body: Any) -> Any:
        """The answer to something new; the same words sent again, also by a later run, take effect once."""
        words = json.dumps([role, path, body], sort_keys=True)
        key = f"demo-{hashlib.sha256(words.encode()).hexdigest()}"
        return await self.ask(role, "POST", path, json=body, headers={"Idempotency-Key": key})

    async def has(self, path: str, **query: str) -> bool:
        """Whether a list holds anything."""
        return bool((await self.ask("team_manager", "GET", path, params=query | {"limit": "1"}))["items"])

    async def reference_of(self, path: str, person_id: str, day: str) -> str:
        """The reference of the meeting about a child that was planned for a day."""
        query = {"person_id": person_id, "planned_from": day, "planned_to": day}
        return str((await self.ask("team_manager", "GET", path, params=query))["items"][0]["reference"])

    async def _answer(self, method: str, url: str, **options: Any) -> tuple[int, Any]:
        answer = await self._http.request(method, url, **options)
        return answer.status_code, answer.json() if answer.content else None

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
        options = {"content": csv_of(rows), "headers": {"Content-Type": "text/csv"}}
        _check(await self.ask("administrator", "POST", path, **options))

    async def import_files(self, path: str, files: Mapping[str, Sequence[Row]]) -> None:
        """Have an administrator import several files at once."""
        parts = {name: (f"{name}.csv", csv_of(rows), "text/csv") for name, rows in files.items()}
        _check(await self.ask("administrator", "POST", path, files=parts))

    async def _token(self, role: str) -> str:
        if role not in self._tokens:
            url = f"{self._gateway}/development/sign-in/{role}"
            try:
                status, body = await self._answer("GET", url, headers={"Accept": "application/json"})
            except FAILURES as error:
                raise NotReached(f"Nobody could sign in ({failure(error)}).") from error
            if status != 200:
                raise Refused("The system has no development sign-in: the demo is not for production.")
            self._tokens[role] = body["access_token"]
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


async def each(rows: Sequence[Any], load_one: Callable[[Any], Awaitable[None]]) -> None:
    """Load rows, several at a time, in no order, and say how far it is; the first that fails ends all of it."""
    turns = asyncio.Semaphore(AT_ONCE)
    loaded = 0

    async def in_turn(row: Any) -> None:
        nonlocal loaded
        async with turns:
            await load_one(row)
        loaded += 1
        if loaded % PROGRESS_EVERY == 0 and loaded < len(rows):
            print(f"    {loaded} of {len(rows)} …", flush=True)

    try:
        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(in_turn(row))
    except* (Refused, NotReached) as several:
        raise several.exceptions[0] from None


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
