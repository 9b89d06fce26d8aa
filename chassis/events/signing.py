"""Webhooks signed after the Standard Webhooks specification, with secrets that rotate: several may be valid at once."""

import base64
import secrets as randomness
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

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
