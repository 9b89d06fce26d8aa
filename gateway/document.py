"""The merged API document, kept a while: put together anew only when a service's own document has changed."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from gateway.asking import Services, Unanswered
from gateway.openapi import Document, merge

# A service that did not answer is asked again after so many seconds, not with every reader of the document.
ASKED_AGAIN_SECONDS = 2.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Rendered:
    """The merged document as JSON, and the services that it lacks because they have never answered."""

    body: bytes
    missing: tuple[str, ...]


class Documents:
    """The services' documents as they were last known."""

    def __init__(
        self,
        services: Services,
        own: Callable[[], Document],
        kept_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._own = own
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._known: dict[str, Document] = {}
        self._asked_again_at: dict[str, float] = {}
        self._rendered: Rendered | None = None
        self._one_at_a_time = asyncio.Lock()

    async def merged(self) -> Rendered:
        """The document of the whole API. A service that is down is in it as it was last known, or not at all."""
        async with self._one_at_a_time:
            due = [name for name in self._services.addresses if self._clock() >= self._asked_again_at.get(name, 0)]
            changed = await asyncio.gather(*(self._ask(name) for name in due))
            if self._rendered is None or any(changed):
                self._rendered = self._render()
            return self._rendered

    async def _ask(self, service: str) -> bool:
        """Ask a service for its document; whether it is another one than was known."""
        try:
            status, document = await self._services.ask(service, "/openapi.json")
            if status != 200:
                raise Unanswered(service)
        except Unanswered:
            self._asked_again_at[service] = self._clock() + min(ASKED_AGAIN_SECONDS, self._kept_seconds)
            return False
        self._asked_again_at[service] = self._clock() + self._kept_seconds
        changed = self._known.get(service) != document
        self._known[service] = document
        return changed

    def _render(self) -> Rendered:
        merged = merge(self._own(), self._known)
        for clash in merged.clashes:
            log.warning("document_clash", reason=clash)
        missing = tuple(sorted(self._services.addresses.keys() - self._known.keys()))
        return Rendered(json.dumps(merged.document, ensure_ascii=False).encode(), missing)
