"""Standard Webhooks: how events are signed, with secrets that rotate, and when a delivery that failed is tried again.

That schedule is for outsiders, for mail, and for an event that one of our own services refuses. A service of ours that
is away is tried again every few seconds.
"""

import base64
import secrets as randomness
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from random import SystemRandom

from standardwebhooks import Webhook

from chassis.base.problems import NotSignedIn

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


@lru_cache(maxsize=1000)
def _webhook(secret: str) -> Webhook:
    return Webhook(secret)


def new_secret() -> str:
    """A fresh secret of 192 random bits, as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(randomness.token_bytes(24)).decode()


def sign(secrets: Iterable[str], message_id: str, now: datetime, body: str) -> dict[str, str]:
    """The headers that prove who sent a body and when; `now` is the machine's own moment in UTC.

    One signature for each secret, so that a receiver that knows either of two accepts it.
    """
    signatures = [_webhook(secret).sign(message_id, now, body) for secret in secrets]
    values = (message_id, str(int(now.timestamp())), " ".join(signatures))
    return dict(zip(HEADERS, values, strict=True))


def publisher_of(publishers: Mapping[str, Iterable[str]], headers: Mapping[str, str], body: bytes) -> str:
    """Whose secret signed this body, within the last five minutes; `NotSignedIn` if nobody's that we know."""
    given = {name: headers.get(name, "") for name in HEADERS}
    for publisher, secrets in publishers.items():
        if any(_is_signed_with(secret, given, body) for secret in secrets):
            return publisher
    raise NotSignedIn("The webhook's signature or its time is not acceptable.")


def _is_signed_with(secret: str, headers: dict[str, str], body: bytes) -> bool:
    # The library answers some malformed signatures with errors of other kinds: each of them means "no".
    try:
        _webhook(secret).verify(body, headers)
    except Exception:
        return False
    return True


PAUSES = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# Those that failed together must not all come back together.
JITTER = 0.2
_random = SystemRandom()


def pause_after(tries: int, random: float | None = None) -> timedelta | None:
    """The pause after so many tries that failed; None when it was the last.

    `random` between 0 and 1 says how much longer, by at most a fifth, the pause is made; left out, it is drawn.
    """
    if tries >= len(PAUSES):
        return None
    drawn = _random.random() if random is None else random
    return PAUSES[tries] * (1 + JITTER * drawn)
