"""Sends one subscriber what is due for it: our own services in batches, outsiders one event at a time."""

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
from chassis.base.http import FAILURES, AddressRefused, check_url, failure
from chassis.events import deliveries
from chassis.events.deliveries import QUEUE, Recipient, disable
from chassis.events.event import BATCH, SINGLE, envelope
from chassis.events.standard_webhooks import pause_after, sign
from chassis.process import Process

TAKEN_AT_ONCE = 500
REQUESTS_AT_ONCE = 16
WRITTEN_DOWN_SECONDS = 1.0
# Enough of an answer to see what its sender did not like.
ANSWER_KEPT = 500
GONE = 410
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


class Sender:
    """Sends until nothing is due; gives back what it holds when it is cancelled."""

    def __init__(self, process: Process, to: Recipient) -> None:
        self.to = to
        self._process = process
        self._statements = process.database.statements
        self._again = True
        self._held: set[UUID] = set()
        self._left = False
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
        limit = TAKEN_AT_ONCE if self.to.is_own else 5 * REQUESTS_AT_ONCE
        taken = await QUEUE.take(self._statements, clock.now(), limit, where="subscriber = $4", given=(self.to.name,))
        self._held = {row["id"] for row in taken}
        # Version 7 identifiers are in the order of time.
        return sorted(taken, key=lambda row: row["id"])

    async def _send(self, taken: Sequence[Any]) -> None:
        source = self._process.settings.service_name
        tries = {row["id"]: row["tries"] for row in taken}
        events = {row["id"]: envelope(source, row) for row in taken}
        if self.to.is_own and len(events) > 1:
            attempt = await self._post(str(new_id()), f"[{','.join(events.values())}]", BATCH)
            # One bad event must not hold up the others: a batch that was refused is sent one by one.
            if attempt.succeeded:
                await self._delivered(dict.fromkeys(events, attempt))
                return
            if self._is_away(attempt):
                await self._come_back()
                return
        await self._send_one_by_one(events, tries)

    def _is_away(self, attempt: Attempt) -> bool:
        """Whether one of our own services can receive nothing at the moment."""
        return self.to.is_own and (attempt.status is None or attempt.status in AWAY)

    def _is_over(self, attempt: Attempt) -> bool:
        """Whether to stop for now: a service of ours is away, or an outsider is gone."""
        return self._is_away(attempt) or (attempt.status == GONE and not self.to.is_own)

    async def _end(self, event_id: UUID, attempt: Attempt) -> None:
        if self.to.is_own:
            self._left = True
        else:
            await self._gone(event_id, attempt)

    async def _come_back(self) -> None:
        """Try one of our own services again in a few seconds, with everything that waits; no try is counted."""
        await self._give_back()
        log.warning("subscriber_away", subscriber=self.to.name)
        await asyncio.sleep(AWAY_SECONDS)

    async def _give_back(self) -> None:
        held, self._held = list(self._held), set()
        if held:
            await self._statements.rows(deliveries.GIVEN_BACK, clock.now(), self.to.name, held)

    async def _send_one_by_one(self, events: dict[UUID, str], tries: dict[UUID, int]) -> None:
        waiting, self._left = list(events.items()), False
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
                event_id, body = waiting.pop(0)
                attempt = await self._post(str(event_id), body, SINGLE)
                if attempt.succeeded:
                    took[event_id] = attempt
                elif self._is_over(attempt):
                    waiting.clear()
                    await self._end(event_id, attempt)
                else:
                    await self._failed([event_id], tries, attempt)
                # Deliveries are recorded together, but not so late that a crash would repeat many of them.
                if len(took) >= REQUESTS_AT_ONCE or loop.time() - written_at > WRITTEN_DOWN_SECONDS:
                    await write_down()

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(REQUESTS_AT_ONCE, len(waiting))):
                    group.create_task(work_off())
        finally:
            await asyncio.shield(write_down())
        if self._left:
            await self._come_back()

    async def _post(self, message_id: str, body: str, media_type: str) -> Attempt:
        loop, at = asyncio.get_running_loop(), clock.now().isoformat()
        began = loop.time()
        headers = sign(self.to.secrets, message_id, clock.machine_now(), body) | {"Content-Type": media_type}
        status, answer = None, ""
        try:
            self._check_address()
            http = self.to.http
            async with (
                asyncio.timeout(http.timeout.read),
                http.stream("POST", self.to.url, content=body, headers=headers) as response,
            ):
                status = response.status_code
                answer = (await _beginning(response)).decode("utf-8", "replace").replace("\x00", "")
        except FAILURES as error:
            status, answer = None, failure(error)
        return Attempt(at, int((loop.time() - began) * 1000), status, answer)

    def _check_address(self) -> None:
        """A name is checked when it is resolved; an address that is written out is never resolved."""
        allowed = self.to.is_own or self._process.settings.allow_private_webhook_addresses
        if wrong := check_url(self.to.url, allow_private=allowed):
            raise AddressRefused(wrong)

    async def _delivered(self, attempts: dict[UUID, Attempt]) -> None:
        """Settle what arrived; of our own services only failures are kept."""
        entries = ["[]" if self.to.is_own else attempt.entry() for attempt in attempts.values()]
        await self._statements.rows(deliveries.DELIVERED, clock.now(), self.to.name, list(attempts), entries)
        self._held.difference_update(attempts)
        log.debug("events_delivered", subscriber=self.to.name, count=len(attempts))

    async def _failed(self, events: Sequence[UUID], tries: dict[UUID, int], attempt: Attempt) -> None:
        """Put off what did not arrive, or park it after its last try."""
        now, name = clock.now(), self.to.name
        for tried in {tries[event] for event in events}:
            alike = [event for event in events if tries[event] == tried]
            pause = pause_after(tried)
            due = None if pause is None else now + pause
            await self._statements.rows(deliveries.FAILED, now, name, alike, due, attempt.entry())
            log.warning(
                "events_not_delivered", subscriber=name, count=len(alike), status=attempt.status, attempts=tried
            )
        self._held.difference_update(events)

    async def _gone(self, event_id: UUID, attempt: Attempt) -> None:
        """Stop sending to an outsider who answered that the endpoint is gone."""
        await disable(self._process, self.to.name, "It answered 410 Gone.", event_id, attempt.entry())
        self._held.discard(event_id)
        log.warning("endpoint_gone", subscriber=self.to.name)


async def _beginning(response: httpx.Response) -> bytes:
    """As much of an answer as is kept, as it came and in however many pieces."""
    kept = b""
    async for piece in response.aiter_raw():
        kept += piece
        if len(kept) >= ANSWER_KEPT:
            break
    return kept[:ANSWER_KEPT]
