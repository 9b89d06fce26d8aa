"""Who is asking: access tokens of the council's sign-in service, verified and turned into one of our callers."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from prometheus_client import Counter

from chassis.access.callers import OUTSIDE_ROLES, Caller
from chassis.base.clock import machine_now
from chassis.base.problems import NotSignedIn
from gateway.keys import ALGORITHMS, Keys
from gateway.settings import Issuer

# Clocks of two machines may differ by so much.
LEEWAY_SECONDS = 10
# Whatever its `exp` says, an access token counts for an hour from its `iat`.
LONGEST_LIFE_SECONDS = 3600
REMEMBERED = 10_000
LONGEST_TOKEN = 16_384
STANDARD_TYPES = frozenset({"at+jwt", "application/at+jwt"})
REQUIRED = ["exp", "iat", "iss", "aud"]

REFUSED = Counter("gateway_tokens_refused", "Access tokens that were not accepted, by reason.", ["reason"])


class Unacceptable(Exception):
    """The token is not acceptable; the reason is a fixed word for the metrics, never told to the caller."""


@dataclass(frozen=True)
class Trusted:
    """One issuer and where its keys come from."""

    issuer: Issuer
    keys: Keys


class SignIn:
    """Recognises callers by their access tokens; a token that was found good is remembered for a short while."""

    def __init__(self, trusted: Iterable[Trusted], *, remembered_seconds: float) -> None:
        self._trusted = {one.issuer.issuer: one for one in trusted}
        self._remembered_seconds = remembered_seconds
        self._known: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()

    def remembered(self, token: str) -> Caller | None:
        """The caller of a token that was verified a moment ago."""
        known = self._known.get(_fingerprint(token))
        return known[1] if known and known[0] > machine_now().timestamp() else None

    async def recognise(self, token: str) -> Caller:
        """The caller of a token, verified; `NotSignedIn` if it is not acceptable."""
        try:
            issuer, claims = await self._verified(token)
        except Unacceptable as reason:
            REFUSED.labels(str(reason)).inc()
            raise NotSignedIn("The access token is not acceptable.") from None
        caller = caller_of(issuer, claims)
        until = min(_end_of(claims), machine_now().timestamp() + self._remembered_seconds)
        self._known[_fingerprint(token)] = (until, caller)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return caller

    async def _verified(self, token: str) -> tuple[Issuer, dict[str, Any]]:
        if len(token) > LONGEST_TOKEN:
            raise Unacceptable("size")
        try:
            header = jwt.get_unverified_header(token)
            unverified = jwt.decode(token, options={"verify_signature": False})
        except (jwt.PyJWTError, ValueError, TypeError):
            raise Unacceptable("form") from None
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS or "crit" in header:
            raise Unacceptable("algorithm")
        claimed = unverified.get("iss")
        trusted = self._trusted.get(claimed) if isinstance(claimed, str) else None
        if trusted is None:
            raise Unacceptable("issuer")
        key = await trusted.keys.find(header.get("kid"), algorithm)
        if key is None:
            raise Unacceptable("key")
        claims = _decoded(token, key, algorithm, trusted.issuer)
        _check_is_access_token(trusted.issuer, header, claims)
        return trusted.issuer, claims


def _decoded(token: str, key: Any, algorithm: str, issuer: Issuer) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=issuer.audiences,
            issuer=issuer.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED},
        )
    except jwt.ExpiredSignatureError:
        raise Unacceptable("expired") from None
    except jwt.InvalidAudienceError:
        raise Unacceptable("audience") from None
    except (jwt.PyJWTError, ValueError, TypeError):
        raise Unacceptable("signature or claims") from None
    if machine_now().timestamp() >= _end_of(claims) + LEEWAY_SECONDS:
        raise Unacceptable("age")
    return claims


def _end_of(claims: Mapping[str, Any]) -> float:
    return min(float(claims["exp"]), float(claims["iat"]) + LONGEST_LIFE_SECONDS)


def _check_is_access_token(issuer: Issuer, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    """Refuse identity tokens: they prove who signed in to a front end, not that it may call this API."""
    kind = str(header.get("typ", "")).lower()
    if kind in STANDARD_TYPES:
        return
    # Entra v2 access tokens name the client in `azp`, which its identity tokens do not have.
    entra = issuer.tokens == "entra" and kind == "jwt" and claims.get("ver") == "2.0" and "azp" in claims
    # Keycloak says in the claim `typ` what the token is for.
    keycloak = issuer.tokens == "keycloak" and kind == "jwt" and claims.get("typ") == "Bearer"
    if not entra and not keycloak:
        raise Unacceptable("type")


def caller_of(issuer: Issuer, claims: Mapping[str, Any]) -> Caller:
    """The caller that verified claims speak of: a machine by its client, anybody else by the configured claim."""
    client = _machine(issuer, claims)
    if client is not None:
        return Caller(client, OUTSIDE_ROLES.intersection(issuer.machines.get(client, ())))
    subject = claims.get(issuer.subject_claim)
    if not isinstance(subject, str) or not subject:
        raise NotSignedIn("The access token does not say whose it is.")
    roles = {role for value in _values(claims, issuer.roles_claim) for role in issuer.roles.get(value, ())}
    return Caller(subject, OUTSIDE_ROLES & roles)


def _machine(issuer: Issuer, claims: Mapping[str, Any]) -> str | None:
    """The client identifier of a machine that signed in by itself; None if a person did."""
    if issuer.tokens == "entra":
        return str(claims["azp"]) if "scp" not in claims and "azp" in claims else None
    client = claims.get("client_id")
    if issuer.tokens == "keycloak":
        # Only the tokens of a service account carry it.
        return str(client) if client else None
    # RFC 9068, section 2.2: where no resource owner is involved, the subject is the client.
    return str(client) if client and claims.get("sub") == client else None


def _values(claims: Mapping[str, Any], path: str) -> Iterator[str]:
    """The texts of a claim: a list, or words; the path's dots lead into objects unless a claim is named with them."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        found = found.split()
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, str))


def _fingerprint(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
