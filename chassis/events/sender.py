"""Sends one subscriber what is due for it: one event at a time, or to our own services in batches."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import structlog

from chassis.base import clock
from chassis.base.fields import new_id
from chassis.base.http import FAILURES, failure
from chassis.events import deliveries
from chassis.events.deliveries import QUEUE
from chassis.events.event import BATCH, SINGLE, envelope
from chassis.events.standard_webhooks import pause_after, sign
from chassis.process import Process

TAKEN_AT_ONCE = 500
REQUESTS_AT_ONCE = 16
WRITTEN_DOWN_SECONDS = 1.0
# Enough of an answer to see what its sender did not like.
ANSWER_KEPT = 500
# What a service answers that is there, and cannot do anything at the moment.
AWAY = frozenset({502, 503, 504})
AWAY_SECONDS = 3.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Attempt:
    """One attempt: when, its result, and how long it took; `status` is missing where there was no answer."""

    at: str
    milliseconds: int
    status: int | None
    answer: str

    @property
    def succeeded(self) -> bool:
        """Whether the subscriber took what it was sent."""
        return self.status is not None and 200 <= self.status < 300

    def entry(self) -> str:
        """The attempt as it is kept with its delivery."""
        return json.dumps(
            [{"at": self.at, "status": self.status, "milliseconds": self.milliseconds, "answer": self.answer}]
        )


@dataclass(frozen=True)
class Recipient:
    """A subscriber as a sender needs it; its name is that of its deliveries."""

    name: str
    url: str
    secrets: tuple[str, ...]
    sender: type["Sender"]


class Sender:
    """Sends until nothing is due; gives back what it holds when it is cancelled."""

    taken_at_once = 5 * REQUESTS_AT_ONCE

    def __init__(self, process: Process, to: Recipient) -> None:
        self.to = to
        self._process = process
        self._http = process.http
        self._statements = process.database.statements
        self._again = True
        self._held: set[UUID] = set()
        self.task = asyncio.create_task(self._run(), name=f"to {to.name}")

    def look_again(self) -> None:
        """Something more is due, or may be."""
        self._again = True

    async def _run(self) -> None:
        try:
            while self._again:
                self._again = False
                while taken := await self._take():
                    await self._send(taken)
        except Exception as error:
            log.warning("sender_failed", subscriber=self.to.name, exc_info=error)
        finally:
            with suppress(Exception):
                await self._give_back()

    async def _take(self) -> list[Any]:
        taken = await QUEUE.take(
            self._statements, clock.now(), self.taken_at_once, where="subscriber = $4", given=(self.to.name,)
        )
        self._held = {row["id"] for row in taken}
        # Version 7 identifiers are in the order of time.
        return sorted(taken, key=lambda row: row["id"])

    def _body(self, row: Any) -> str:
        return envelope(row["source"] or self._process.settings.service_name, row)

    def _is_over(self, attempt: Attempt) -> bool:
        """Whether to send nothing more for now, after an attempt that failed."""
        raise NotImplementedError

    async def _end(self, event_id: UUID, attempt: Attempt) -> None:
        """Do what follows when it is over."""
        raise NotImplementedError

    async def _give_back(self) -> None:
        held, self._held = list(self._held), set()
        if held:
            await self._statements.rows(deliveries.GIVEN_BACK, clock.now(), self.to.name, held)

    async def _send(self, taken: Sequence[Any]) -> None:
        waiting = list(taken)
        took: dict[UUID, Attempt] = {}
        loop = asyncio.get_running_loop()
        written_at = loop.time()

        async def write_down() -> None:
            nonlocal took, written_at
            done, took, written_at = took, {}, loop.time()
            if done:
                await self._delivered(done)

        async def work_off() -> None:
            while waiting:
                row = waiting.pop(0)
                attempt = await self._post(str(row["id"]), self._body(row), SINGLE)
                if attempt.succeeded:
                    took[row["id"]] = attempt
                elif self._is_over(attempt):
                    waiting.clear()
                    await self._end(row["id"], attempt)
                else:
                    await self._failed(row["id"], row["tries"], attempt)
                # Deliveries are recorded together, but not so late that a crash would repeat many of them.
                if len(took) >= REQUESTS_AT_ONCE or loop.time() - written_at > WRITTEN_DOWN_SECONDS:
                    await write_down()

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(REQUESTS_AT_ONCE, len(waiting))):
                    group.create_task(work_off())
        finally:
            await asyncio.shield(write_down())

    async def _post(self, message_id: str, body: str, media_type: str) -> Attempt:
        loop, at = asyncio.get_running_loop(), clock.now().isoformat()
        began = loop.time()
        headers = sign(self.to.secrets, message_id, clock.machine_now(), body) | {"Content-Type": media_type}
        status, answer = None, ""
        try:
            async with (
                asyncio.timeout(self._http.timeout.read),
                self._http.stream("POST", self.to.url, content=body, headers=headers) as response,
            ):
                status = response.status_code
                answer = (await _beginning(response)).decode("utf-8", "replace").replace("\x00", "")
        except FAILURES as error:
            status, answer = None, failure(error)
        return Attempt(at, int((loop.time() - began) * 1000), status, answer)

    async def _delivered(self, attempts: dict[UUID, Attempt]) -> None:
        """Settle what arrived."""
        entries = [self._entry(attempt) for attempt in attempts.values()]
        await self._statements.rows(deliveries.DELIVERED, clock.now(), self.to.name, list(attempts), entries)
        self._held.difference_update(attempts)
        log.debug("events_delivered", subscriber=self.to.name, count=len(attempts))

    def _entry(self, attempt: Attempt) -> str:
        """What is kept of an attempt that succeeded."""
        return attempt.entry()

    async def _failed(self, event_id: UUID, tried: int, attempt: Attempt) -> None:
        """Put off what did not arrive, or park it after its last try."""
        now, pause = clock.now(), pause_after(tried)
        due = None if pause is None else now + pause
        await self._statements.rows(deliveries.FAILED, now, self.to.name, event_id, due, attempt.entry())
        log.warning("event_not_delivered", subscriber=self.to.name, status=attempt.status, attempts=tried)
        self._held.discard(event_id)


class ServiceSender(Sender):
    """Sends one of our own services batches; waits a few seconds while it is away, and counts no try."""

    taken_at_once = TAKEN_AT_ONCE
    _left = False

    async def _send(self, taken: Sequence[Any]) -> None:
        if len(taken) > 1:
            attempt = await self._post(str(new_id()), f"[{','.join(map(self._body, taken))}]", BATCH)
            # One bad event must not hold up the others: a batch that was refused is sent one by one.
            if attempt.succeeded:
                await self._delivered(dict.fromkeys((row["id"] for row in taken), attempt))
                return
            if self._is_over(attempt):
                await self._come_back()
                return
        self._left = False
        await super()._send(taken)
        if self._left:
            await self._come_back()

    def _is_over(self, attempt: Attempt) -> bool:
        return attempt.status is None or attempt.status in AWAY

    async def _end(self, event_id: UUID, attempt: Attempt) -> None:  # noqa: ARG002
        self._left = True

    def _entry(self, attempt: Attempt) -> str:  # noqa: ARG002 -- only failures are kept.
        return "[]"

    async def _come_back(self) -> None:
        """Try again in a few seconds, with everything that waits."""
        await self._give_back()
        log.warning("subscriber_away", subscriber=self.to.name)
        await asyncio.sleep(AWAY_SECONDS)


async def _beginning(response: httpx.Response) -> bytes:
    """As much of an answer as is kept, as it came and in however many pieces."""
    kept = b""
    async for piece in response.aiter_raw():
        kept += piece
        if len(kept) >= ANSWER_KEPT:
            break
    return kept[:ANSWER_KEPT]
