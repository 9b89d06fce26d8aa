"""The public keys of a sign-in service: found by discovery, kept a while, looked up anew when they rotate."""

import asyncio
import json
import math
import time
from collections.abc import Mapping
from typing import Any, Protocol

import httpx
import jwt
import structlog
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from chassis.base.http import FAILURES, failure
from gateway.problems import SignInUnreachable
from gateway.settings import GatewaySettings, Issuer

RS256 = "RS256"
ES256 = "ES256"
ALGORITHMS = (RS256, ES256)
SMALLEST_RSA_BITS = 2048
LOOK_UP_TIMEOUT = httpx.Timeout(5, connect=3, pool=3)
LARGEST_DOCUMENT = 1024 * 1024

log = structlog.get_logger()


class UnusableDiscovery(Exception):
    """What the sign-in service publishes about itself cannot be relied on."""


class Keys(Protocol):
    """Where the keys of one issuer come from."""

    async def find(self, kid: str | None, algorithm: str) -> Any | None:
        """The public key of this identifier for this algorithm; None if the issuer has no such key."""


class PublishedKeys:
    """The keys of an issuer on the network; however many tokens arrive, one look-up is under way at a time."""

    def __init__(self, issuer: Issuer, http: httpx.AsyncClient, settings: GatewaySettings) -> None:
        self.issuer = issuer
        self._http = http
        self._kept = settings.keys_kept_seconds
        self._pause = settings.keys_refetched_seconds
        self._keys: dict[tuple[str | None, str], Any] = {}
        self._looked_up_at: float | None = None
        self._found_at: float | None = None
        self._one_at_a_time = asyncio.Lock()

    async def find(self, kid: str | None, algorithm: str) -> Any | None:
        """The key; looked up anew when it is unknown or what is known is old, but not more often than allowed."""
        wanted = (kid, algorithm)
        if wanted not in self._keys or self._is_old():
            async with self._one_at_a_time:
                if (wanted not in self._keys or self._is_old()) and self._may_look_up():
                    await self._look_up()
        if self._found_at is None:
            raise SignInUnreachable(headers={"Retry-After": str(max(1, math.ceil(self._pause)))})
        return self._keys.get(wanted)

    def _is_old(self) -> bool:
        return self._found_at is None or time.monotonic() - self._found_at > self._kept

    def _may_look_up(self) -> bool:
        return self._looked_up_at is None or time.monotonic() - self._looked_up_at >= self._pause

    async def _look_up(self) -> None:
        """Replace the known keys by the published ones; while the issuer cannot be reached the known ones stay."""
        self._looked_up_at = time.monotonic()
        try:
            document = await self._get(self.issuer.discovery)
            if document.get("issuer") != self.issuer.issuer:
                raise UnusableDiscovery("The discovery document is another issuer's.")
            address = str(document["jwks_uri"])
            if self.issuer.issuer.startswith("https://") and not address.startswith("https://"):
                raise UnusableDiscovery("The keys are not published over https.")
            self._keys = usable_keys(await self._get(address))
            self._found_at = time.monotonic()
        except (*FAILURES, KeyError, TypeError, UnusableDiscovery) as error:
            log.warning("issuer_keys_not_found", issuer=self.issuer.issuer, error=failure(error))

    async def _get(self, address: str) -> dict[str, Any]:
        async with (
            asyncio.timeout(LOOK_UP_TIMEOUT.read),
            self._http.stream("GET", address, timeout=LOOK_UP_TIMEOUT) as response,
        ):
            response.raise_for_status()
            body = bytearray()
            # It may come in any number of pieces.
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST_DOCUMENT:
                    raise UnusableDiscovery("The document is too large.")
            document: dict[str, Any] = json.loads(body)
            return document


def usable_keys(document: Mapping[str, Any]) -> dict[tuple[str | None, str], Any]:
    """The signing keys of a key set that fit an accepted algorithm, by identifier and algorithm.

    A key that cannot be read is passed over. A set with a single key serves tokens that name none as well.
    """
    found = {}
    for jwk in document["keys"]:
        if not isinstance(jwk, Mapping) or not isinstance(jwk.get("kid"), str | None):
            continue
        algorithm = _algorithm_of(jwk)
        if algorithm is not None and jwk.get("use", "sig") == "sig" and jwk.get("alg", algorithm) == algorithm:
            found[jwk.get("kid"), algorithm] = _public_key(jwk, algorithm)
    sound = {name: key for name, key in found.items() if key is not None}
    if len(sound) == 1:
        ((_, algorithm), key) = next(iter(sound.items()))
        sound[None, algorithm] = key
    return sound


def _algorithm_of(jwk: Mapping[str, Any]) -> str | None:
    if jwk.get("kty") == "RSA":
        return RS256
    return ES256 if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256" else None


def _public_key(jwk: Mapping[str, Any], algorithm: str) -> Any | None:
    public = {name: value for name, value in jwk.items() if name in {"kty", "crv", "n", "e", "x", "y"}}
    try:
        if algorithm == ES256:
            return ECAlgorithm.from_jwk(public)
        key: Any = RSAAlgorithm.from_jwk(public)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    return key if key.key_size >= SMALLEST_RSA_BITS else None
