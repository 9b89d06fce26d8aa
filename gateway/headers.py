"""Which headers cross the gateway, inwards and outwards, and which it adds of its own; CORS is Starlette's."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from multidict import CIMultiDict
from pydantic import IPvAnyNetwork
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway.inbound import Inbound
from gateway.settings import GatewaySettings

Raw = Iterable[tuple[bytes, bytes]]

# They speak of one connection alone (RFC 9110, section 7.6.1).
HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te"}
    | {b"trailer", b"transfer-encoding", b"upgrade", b"http2-settings"}
)
# What the gateway says itself, or what nobody may say from outside.
SAID_BY_THE_GATEWAY = frozenset(
    {b"authorization", b"host", b"content-length", b"expect", b"forwarded", b"via", b"x-request-id", b"x-real-ip"}
    | {b"x-original-url", b"x-original-host", b"x-rewrite-url", b"x-http-method", b"x-http-method-override"}
    | {b"x-method-override", b"true-client-ip", b"x-client-ip", b"x-cluster-client-ip"}
)
NEVER_INWARDS = HOP_BY_HOP | SAID_BY_THE_GATEWAY
INTERNAL_PREFIXES = (b"x-forwarded-", b"x-internal-", b"internal-", b"x-auth-", b"x-user", b"x-role", b"x-caller")
COOKIE = b"cookie"
NEVER_OUTWARDS = HOP_BY_HOP | {b"date", b"server", b"x-request-id", b"x-powered-by", b"via"}
USUAL_CONNECTION = (b"keep-alive", b"close")

MAY_BE_SENT = (
    "Accept",
    "Access-Reason",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-Id",
)
MAY_BE_READ = ("ETag", "Location", "Link", "Retry-After", "X-Request-Id", "Content-Disposition")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Inwards:
    """What a service is told of a request: the caller's headers without those that could deceive it."""

    def __init__(self, settings: GatewaySettings) -> None:
        public = urlsplit(settings.public_url)
        self._public = (("X-Forwarded-Proto", public.scheme), ("X-Forwarded-Host", public.netloc))

    def headers(self, inbound: Inbound, *, request_id: str, keeps_cookies: bool) -> CIMultiDict[str]:
        """The headers for the service, without any proof of who is asking.

        A cookie proves nothing to the API, so only pages are given theirs.
        """
        dropped = NEVER_INWARDS if keeps_cookies else NEVER_INWARDS | {COOKIE}
        raw = inbound.scope["headers"]
        if inbound.given.get(b"connection", b"close").lower() not in USUAL_CONNECTION:
            dropped |= _named_in_connection(raw)
        kept = CIMultiDict(
            [
                (name.decode("ascii"), value.decode("utf-8", "replace"))
                for name, value in raw
                if name not in dropped and not name.startswith(INTERNAL_PREFIXES) and b"_" not in name
            ]
        )
        kept.extend(self._public)
        kept.add("X-Forwarded-For", inbound.address)
        kept.add("X-Request-Id", request_id)
        return kept


def _named_in_connection(raw: Raw) -> frozenset[bytes]:
    """The headers that the caller declared to be for this connection alone."""
    values = [value for name, value in raw if name == b"connection"]
    return frozenset(one.strip().lower() for value in values for one in value.split(b","))


class Outwards:
    """What a caller is told with every answer: how browsers must treat it."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._always = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-frame-options", b"DENY"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
            (b"cache-control", b"no-store"),
        ]
        if settings.public_url.startswith("https://"):
            self._always.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    def headers(self, answered: Raw) -> list[tuple[bytes, bytes]]:
        """The answer's headers with the gateway's own; where a service says its own of a kind, that one stays."""
        kept = [
            (name, value)
            for name, value in answered
            if name not in NEVER_OUTWARDS and not name.startswith(b"access-control-")
        ]
        said = {name for name, _ in kept}
        return kept + [header for header in self._always if header[0] not in said]


def open_to_front_ends(app: ASGIApp, settings: GatewaySettings) -> ASGIApp:
    """The same for browsers as well: pages of the allowed origins may call it, and no others."""
    return CORSMiddleware(
        app,
        allow_origins=[origin.rstrip("/") for origin in settings.allowed_origins],
        allow_methods=METHODS,
        allow_headers=MAY_BE_SENT,
        expose_headers=MAY_BE_READ,
    )


def behind_proxies(app: ASGIApp, trusted: Iterable[IPvAnyNetwork]) -> ASGIApp:
    """The same where the caller is whom a load balancer of ours says it speaks for, with or without a port.

    Of X-Forwarded-For only what our own proxies wrote counts: read from the right, the first that is not ours.
    """
    networks = list(trusted)
    # How a server that listens on both kinds of addresses sees the same networks.
    mapped = [
        f"::ffff:{network.network_address}/{96 + network.prefixlen}" for network in networks if network.version == 4
    ]
    return cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", app), [*map(str, networks), *mapped]))


def caller_address(scope: Scope) -> str:
    """The caller's address, an IPv4 one as such; whatever is no address stays as it is."""
    written = scope["client"][0] if scope["client"] else "unknown"
    try:
        parsed = ip_address(written)
    except ValueError:
        return str(written)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def is_within(address: str, networks: Iterable[IPvAnyNetwork]) -> bool:
    """Whether an address belongs to one of these networks."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
