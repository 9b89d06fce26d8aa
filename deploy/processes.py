"""The processes of an installation by name: read their settings, then serve or migrate; a trouble is a sentence.

Each serves in one event loop on one port, until it is told to end.
"""

import asyncio
import gc
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
import jwt
import structlog
import uvicorn
from pydantic import ValidationError

from chassis.access.callers import TokenIssuer
from chassis.base import clock, logs
from chassis.base.settings import DevelopmentSettingsInProduction, Settings
from chassis.db.migrating import UnknownVersion
from chassis.events import deliveries
from deploy import CannotRun, audit_archive
from deploy.keys import GATEWAY
from deploy.services import SERVICES, service_named

if TYPE_CHECKING:
    from chassis.service import Service

SIGNING_KEY, DATABASE, OWNERS_DATABASE = "internal_signing_key", "database_url", "migration_database_url"
# Longer than any request may take that is not an import; whoever stops us waits a little longer than this.
GRACEFUL_SECONDS = 20
BACKLOG = 2048
_Read = TypeVar("_Read", bound=Settings)


def serve_web(name: str) -> None:
    """Serve a service's API, or the gateway."""
    if name == GATEWAY:
        _serve_gateway()
    else:
        service = _service(name, GATEWAY)
        settings = _checked(service.read_settings, SIGNING_KEY, DATABASE)
        serve(service.web(settings), settings.host, settings.port)


def serve_worker(name: str) -> None:
    """Do a service's work beside its API; its port answers for health and metrics."""
    service = _service(name)
    settings = _checked(service.read_settings, SIGNING_KEY, DATABASE)
    serve(service.worker(settings), settings.host, settings.port)


def migrate(name: str) -> None:
    """Bring a service's database to its newest version."""
    service = _service(name)
    settings = _checked(service.read_settings, DATABASE, OWNERS_DATABASE)
    logs.set_up(settings)
    try:
        asyncio.run(service.migrate(settings))
    except UnknownVersion as error:
        raise CannotRun(str(error)) from None
    except OSError as error:
        structlog.get_logger().error("database_not_reached", error=type(error).__name__)
        raise CannotRun(f"The database of {name} cannot be reached at the address in MIGRATION_DATABASE_URL.") from None


def archive_audit(name: str, folder: Path) -> list[Path]:
    """Export and drop what a service's audit need not keep any more; the files, a month each."""
    settings = _checked(_service(name).read_settings, OWNERS_DATABASE)
    if settings.audit_kept_months is None:
        raise CannotRun("AUDIT_KEPT_MONTHS is not set: the audit is kept for ever.")
    try:
        return asyncio.run(audit_archive.archive(settings, folder, settings.audit_kept_months, clock.now()))
    except (OSError, asyncpg.PostgresError) as error:
        raise CannotRun(f"Nothing more was dropped: {type(error).__name__}.") from None


def gather_children() -> str:
    """Have the children service take in everybody whom other services found; what was gathered, in words."""
    from chassis.process import running_process
    from chassis.web.service_clients import ServiceOutOfReach
    from services.children.conflicts.gathering import gather

    settings = _checked(_service("children").read_settings, SIGNING_KEY, DATABASE)

    async def gathered() -> str:
        async with running_process(settings) as process:
            found = await gather(process)
        return f"{found.children} children were found, {found.new} of them new; {found.merges} merges were taken over."

    try:
        return asyncio.run(gathered())
    except (ServiceOutOfReach, OSError, asyncpg.PostgresError) as error:
        raise CannotRun(f"Nothing more was gathered: {error}. Do it again: what is there already stays.") from None


def send_events_again(name: str, subscriber: str, since: datetime | None) -> int:
    """Have a service send another one again what is parked, and what happened since then; how many events that are."""
    settings = _checked(_service(name).read_settings, DATABASE)
    if subscriber not in {known.name for known in settings.webhook_subscribers}:
        raise CannotRun(f"{subscriber} is none of WEBHOOK_SUBSCRIBERS.")
    try:
        return asyncio.run(deliveries.send_again(settings, subscriber, since))
    except (OSError, asyncpg.PostgresError) as error:
        raise CannotRun(f"Nothing is sent again: {type(error).__name__}.") from None


def serve(app: Any, host: str, port: int) -> None:
    """Serve an ASGI application; the application itself logs its requests and reads its callers' addresses."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        backlog=BACKLOG,
    )
    with suppress(KeyboardInterrupt):
        _Server(config).run()


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and leave what the start made out of every later search for garbage: it stays anyway."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)


def _serve_gateway() -> None:
    from gateway import app

    settings = _checked(app.read_settings, SIGNING_KEY)
    serve(app.web(settings), settings.host, settings.port)


def _service(name: str, *others: str) -> "Service":
    try:
        return service_named(name)
    except KeyError:
        raise CannotRun(f"There is no {name}: choose one of {', '.join((*SERVICES, *others))}.") from None


def _checked(read: Callable[[], _Read], *needed: str) -> _Read:
    """The settings, as far as they are sound; nothing that is said of them quotes a secret."""
    try:
        settings = read()
    except ValidationError as error:
        found = (f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}." for one in error.errors())
        raise CannotRun(f"The settings cannot be used: {' '.join(found)}") from None
    except DevelopmentSettingsInProduction as error:
        raise CannotRun(f"Production does not start with these settings: {error}") from None
    except ValueError as error:
        # Of pydantic's own words only those about a field's form, which name the field, may be shown.
        words = str(error) if str(error).startswith("error parsing value for field") else "a key is not sound JSON"
        raise CannotRun(f"The settings cannot be used: {words}.") from None
    missing = [name.upper() for name in needed if not getattr(settings, name).get_secret_value()]
    if missing:
        raise CannotRun(f"{' and '.join(missing)} must be set in the environment.")
    if SIGNING_KEY in needed:
        _check_signing_key(settings)
    return settings


def _check_signing_key(settings: Settings) -> None:
    try:
        TokenIssuer(settings)
    except (ValueError, jwt.PyJWTError):
        raise CannotRun("INTERNAL_SIGNING_KEY is not a private key (JWK, Ed25519).") from None
