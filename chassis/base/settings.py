"""What every process reads from its environment, as one typed class, and which of it is too weak for production."""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT = "development"


class Subscriber(BaseModel):
    """One of our own services that receives this one's events."""

    name: str
    url: str
    secrets: list[SecretStr]


class DevelopmentSettingsInProduction(Exception):
    """Production was asked to start with what only development may use."""


class Settings(BaseSettings):
    """What every process reads from its environment, and from nowhere else."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)
    chosen_by_others: ClassVar[frozenset[str]] = frozenset()
    """Secrets whose length somebody else decides."""

    environment: Literal["production", "development"] = Field(
        default="production",
        description="`production`, or `development` on a machine that holds no real child's record.",
    )
    service_name: str = Field(default="", description="The process's own service; the command line sets it.")
    host: str = Field(default="127.0.0.1", description="The address on which the web process listens.")
    port: int = Field(default=8000, description="The port on which the web process listens.")
    public_url: str = Field(
        default="http://localhost:8000",
        description="Where people reach the gateway: the beginning of every link in an email.",
    )
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="The service's own database, as its own role, which owns nothing: postgresql://role:word@host/name"
        "?sslmode=verify-full&sslrootcert=/path; production proves whom it speaks to unless sslmode says otherwise.",
    )
    migration_database_url: SecretStr = Field(
        default=SecretStr(""),
        description="The same database as the role that owns its tables; only `migrate` uses it.",
    )
    pool_size: int = Field(default=10, ge=1, description="Connections that one process keeps for each of its engines.")
    statement_cache: bool = Field(
        default=True,
        description="Prepared statements kept; `false` behind a pooler in transaction mode.",
    )
    statement_seconds: int = Field(
        default=15, ge=1, description="Seconds after which the database gives up a statement; imports have ten minutes."
    )
    figures_pool_size: int = Field(
        default=2, ge=1, description="Connections that one process keeps for figures, so that they leave lists theirs."
    )
    figures_seconds: int = Field(default=10, ge=1, description="Seconds after which the database gives up a figure.")
    worker_in_web: bool = Field(
        default=False,
        description="The web process does the worker's part as well: for one machine; production runs them apart.",
    )
    clock_offset_seconds: float = Field(
        default=0,
        description="Development only: how far the council's clock is from the machine's, in seconds.",
    )
    internal_signing_key: SecretStr = Field(
        default=SecretStr(""),
        description="This process's private key (JWK, Ed25519), with which it says who is asking.",
    )
    internal_trusted_keys: dict[str, list[dict[str, Any]]] = Field(
        default_factory=dict,
        description="The public keys (JWK) by issuer: `gateway` speaks for anybody, a service for itself.",
    )
    webhook_subscribers: list[Subscriber] = Field(
        default_factory=list,
        description="Our own services that receive this one's events: a JSON list of {name, url, secrets}.",
    )
    webhook_publishers: dict[str, list[SecretStr]] = Field(
        default_factory=dict,
        description="The secrets by which this service knows its publishers: JSON of {source: [secret, …]}.",
    )
    delivered_events_kept_days: int = Field(default=30, ge=1, description="Days for which delivered events are kept.")
    audit_kept_months: int | None = Field(
        default=None,
        ge=1,
        description="Whole months after which `archive-audit` exports and drops the audit; unset keeps it for ever.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level logged."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="`json` for machines, `console` for people."
    )
    build: str = Field(default="unknown", description="The version that runs, as the image's build names it.")

    @property
    def clock_offset(self) -> timedelta:
        """How far the council's clock is from the machine's."""
        return timedelta(seconds=self.clock_offset_seconds)

    def cookie_key(self, purpose: str) -> bytes:
        """The key that signs cookies for a purpose: derived from this process's own private key."""
        private = json.loads(self.internal_signing_key.get_secret_value())["d"]
        return hashlib.sha256(f"{purpose} cookie {private}".encode()).digest()

    def development_only(self) -> list[str]:
        """What of these settings no production may use: one sentence each; a service adds its own."""
        found = []
        if not self.public_url.startswith("https://"):
            found.append("PUBLIC_URL is not set, or is not https.")
        if self.clock_offset_seconds:
            found.append("CLOCK_OFFSET_SECONDS moves the council's clock.")
        if _is_development_key(json.loads(self.internal_signing_key.get_secret_value() or "{}")):
            found.append("INTERNAL_SIGNING_KEY is a development key.")
        trusted = [key for keys in self.internal_trusted_keys.values() for key in keys]
        if any(map(_is_development_key, trusted)):
            found.append("INTERNAL_TRUSTED_KEYS holds a development key.")
        if len({key.get("x") for key in trusted}) < len(trusted):
            found.append("INTERNAL_TRUSTED_KEYS holds the same key twice.")
        webhooks = [secret for name, secret in _secrets(self) if name.startswith("webhook_")]
        if any(base64.b64decode(secret + "==").startswith(DEVELOPMENT.encode()) for secret in webhooks):
            found.append("A webhook secret is a development secret.")
        return found + weak_secrets(self, self.chosen_by_others)

    def missing_in_production(self) -> list[str]:
        """What production cannot do without and was not given: one sentence each; a service adds its own."""
        required = {"INTERNAL_SIGNING_KEY": self.internal_signing_key.get_secret_value()}
        return [f"{name} is not set." for name, value in required.items() if not value]

    def check_production(self) -> Self:
        """Refuse to start production with development's secrets, or without its own."""
        if self.environment == "production" and (found := self.development_only() + self.missing_in_production()):
            raise DevelopmentSettingsInProduction(" ".join(found))
        return self


def _is_development_key(key: dict[str, Any]) -> bool:
    return str(key.get("kid", "")).startswith(DEVELOPMENT)


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
