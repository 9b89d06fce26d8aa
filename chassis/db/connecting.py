"""One way to connect to a service's database: with a time limit for every statement, and no wait for the dead."""

import socket
from urllib.parse import parse_qs, urlsplit

import asyncpg

from chassis.base.settings import Settings

CONNECT_SECONDS = 10
DEFAULT_MODE = "verify-full"
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
# The server ends a statement first; who waits longer than that waits for a network that lost the answer.
ANSWERED_LATER_SECONDS = 3
# A peer that says nothing for so long is asked whether it lives, and given up soon after.
IDLE_SECONDS, ASKED_EVERY_SECONDS, ASKED_TIMES = 10, 5, 3
GIVEN_UP_MILLISECONDS = (IDLE_SECONDS + ASKED_EVERY_SECONDS * ASKED_TIMES) * 1000
# What an operating system calls its limits; one that lacks a name keeps its own.
LIMITS = {
    "TCP_KEEPIDLE": IDLE_SECONDS,
    "TCP_KEEPINTVL": ASKED_EVERY_SECONDS,
    "TCP_KEEPCNT": ASKED_TIMES,
    "TCP_USER_TIMEOUT": GIVEN_UP_MILLISECONDS,
}


def encrypted(url: str, environment: str) -> str:
    """A database's address, by which production proves whom it speaks to unless it says otherwise by `sslmode`.

    A socket and this machine itself need no encryption.
    """
    parts = urlsplit(url)._replace(scheme="postgresql")
    is_here = not parts.hostname or parts.hostname in HERE
    if environment != "production" or is_here or "sslmode" in parse_qs(parts.query):
        return parts.geturl()
    return parts._replace(query="&".join(filter(None, (parts.query, f"sslmode={DEFAULT_MODE}")))).geturl()


def server_settings(settings: Settings, use: str) -> dict[str, str]:
    """The server's settings for every connection: its name, UTC, no compiling, and its time limits.

    A pooler in transaction mode would refuse the limits or give them to others: set them on the role there. In
    development the council's clock is among them.
    """
    values = {"application_name": f"{settings.service_name}-{use}", "timezone": "UTC", "jit": "off"}
    if settings.clock_offset_seconds:
        values["chassis.clock_offset"] = f"{settings.clock_offset_seconds} seconds"
    if not settings.statement_cache:
        return values
    return values | {
        "statement_timeout": str(settings.statement_seconds * 1000),
        "tcp_keepalives_idle": str(IDLE_SECONDS),
        "tcp_keepalives_interval": str(ASKED_EVERY_SECONDS),
        "tcp_keepalives_count": str(ASKED_TIMES),
        "tcp_user_timeout": str(GIVEN_UP_MILLISECONDS),
    }


async def connect(settings: Settings, use: str, **server: str) -> asyncpg.Connection:
    """A connection to the service's database; `use` says in the server's list what it is for."""
    connection = await asyncpg.connect(
        encrypted(settings.database_url.get_secret_value(), settings.environment),
        server_settings=server_settings(settings, use) | server,
        statement_cache_size=1024 if settings.statement_cache else 0,
        timeout=CONNECT_SECONDS,
        command_timeout=settings.statement_seconds + ANSWERED_LATER_SECONDS,
    )
    _give_up_on_the_dead(connection)
    return connection


def _give_up_on_the_dead(connection: asyncpg.Connection) -> None:
    """Have the operating system notice a peer that is gone: the driver has no option for it."""
    line = getattr(connection, "_transport").get_extra_info("socket")  # noqa: B009 -- the driver has no public way.
    if line is None or line.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, limit in LIMITS.items():
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), limit)
