"""Which secrets of a process's settings are too weak for production: short ones, and those that are used twice."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr

# 24 random bytes in base64: the fewest that Standard Webhooks allows, and more than anybody guesses.
SHORTEST_SECRET = 32


def weak_secrets(settings: BaseModel, chosen_by_others: frozenset[str]) -> list[str]:
    """One sentence for each setting with a short secret, unless others chose it, and for each repeated secret."""
    short, users = set(), defaultdict(list)
    for name, secret in _secrets(settings):
        users[secret].append(name.upper())
        if len(secret) < SHORTEST_SECRET and name not in chosen_by_others:
            short.add(f"{name.upper()} has a secret of fewer than {SHORTEST_SECRET} characters.")
    repeated = {" and ".join(sorted(set(names))) for names in users.values() if len(names) > 1}
    return sorted(short) + [f"The same secret is used more than once in {names}." for names in sorted(repeated)]


def _secrets(settings: BaseModel) -> Iterator[tuple[str, str]]:
    """Each secret that is set, with the name of its setting."""
    for name, value in settings.model_dump().items():
        for text in _texts(value):
            secret = SECRET_PARTS.get(name, _whole)(text)
            if secret is not None:
                yield name, secret


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _whole(text: str) -> str | None:
    return text or None


def _password(url: str) -> str | None:
    return _whole(unquote(urlsplit(url).password or ""))


def _private_part(key: str) -> str | None:
    return json.loads(key).get("d") if key else None


def webhook_key(secret: str) -> str:
    """The key in a webhook's secret, in base64 without padding; empty if there is none to be read."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    except ValueError:
        return ""
    return base64.b64encode(key).decode().rstrip("=")


# Settings of which only a part is secret.
SECRET_PARTS = {
    "database_url": _password,
    "migration_database_url": _password,
    "internal_signing_key": _private_part,
    "webhook_subscribers": webhook_key,
    "webhook_publishers": webhook_key,
}
