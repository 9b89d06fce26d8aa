"""A service that is down is left alone for a while, so that its callers hear so at once and it can come back."""

import time
from collections.abc import Callable
from enum import StrEnum

from prometheus_client import Gauge

BROKEN = Gauge("gateway_service_broken", "1 while a service is left alone because it cannot be reached.", ["upstream"])


class State(StrEnum):
    """What the breaker does with a request."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class Breaker:
    """Opens after `failures` in a row; after `seconds` one request tries the service, and its fate decides."""

    def __init__(
        self, service: str, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.state = State.CLOSED
        self._failures_allowed = failures
        self._seconds = seconds
        self._clock = clock
        self._failures = 0
        self._tries_at = 0.0
        self._broken = BROKEN.labels(service)
        self._broken.set(0)

    def lets_through(self) -> bool:
        """Whether a request may go to the service; whoever is told so reports `succeeded` or `failed` afterwards."""
        if self.state is State.CLOSED:
            return True
        if self._clock() < self._tries_at:
            return False
        # A probe whose end nobody reported (its caller went away) is given up after the same time.
        self.state = State.PROBING
        self._tries_at = self._clock() + self._seconds
        return True

    def seconds_left(self) -> float:
        """How long the service is still left alone."""
        return max(0.0, self._tries_at - self._clock())

    def succeeded(self) -> None:
        """The service answered, whatever it said."""
        self._failures = 0
        if self.state is not State.CLOSED:
            self.state = State.CLOSED
            self._broken.set(0)

    def failed(self) -> None:
        """The service could not be reached, or did not answer in time."""
        self._failures += 1
        if self.state is State.PROBING or self._failures >= self._failures_allowed:
            self.state = State.OPEN
            self._tries_at = self._clock() + self._seconds
            self._broken.set(1)
