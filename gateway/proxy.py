"""Passes a request on to a service and streams its answer back, below any framework.

A body is read whole before a connection to the service is taken, so that whoever sends one slowly keeps none from
others; imports stream, and share few connections of their own. A service that is down is left alone by its breaker, and
the others go on.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import aiohttp
import structlog
from starlette.types import Receive, Scope
from yarl import URL

from chassis.base.observe import request_id
from chassis.base.problems import Malformed, NotFound
from gateway.breaker import Breaker
from gateway.headers import Inwards, Outwards
from gateway.inbound import Body, Inbound
from gateway.problems import ServiceBrokeOff, ServiceBusy, ServiceDown, ServiceSlow
from gateway.routes import Route
from gateway.settings import GatewaySettings

# The client must add nothing to what the caller said.
NOT_ADDED = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")

log = structlog.get_logger()


class Upstream:
    """One service as the proxy sees it."""

    def __init__(self, name: str, address: str, settings: GatewaySettings) -> None:
        parts = urlsplit(address)
        self.name = name
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.breaker = Breaker(name, settings.failures_before_break, settings.break_seconds)
        self._wait = settings.connect_seconds
        self._places = asyncio.Semaphore(settings.connections_per_service)
        self._import_places = asyncio.Semaphore(settings.imports_per_service)

    def url(self, scope: Scope) -> URL:
        """The same path and query at the service, byte for byte."""
        target: str = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        return URL(self.origin + target, encoded=True)

    @asynccontextmanager
    async def connection(self, *, imports: bool) -> AsyncIterator[None]:
        """One of the connections that may be open to the service; `ServiceBusy` if none gets free in time.

        That is not the service's failure: the breaker does not hear of it.
        """
        places = self._import_places if imports else self._places
        try:
            async with asyncio.timeout(self._wait):
                await places.acquire()
        except TimeoutError:
            raise ServiceBusy.of(self.name, self._wait) from None
        try:
            yield
        finally:
            places.release()

    def let_through(self) -> None:
        """Go on only if the service is not being left alone."""
        if not self.breaker.lets_through():
            raise ServiceDown.of(self.name, self.breaker.seconds_left())

    def answer_headers(self, response: aiohttp.ClientResponse) -> Iterator[tuple[bytes, bytes]]:
        """The headers of its answer; an address of its own becomes one that is valid outside."""
        for name, value in response.raw_headers:
            lower = name.lower()
            yield lower, value.removeprefix(self.origin.encode()) if lower == b"location" else value

    @contextmanager
    def failures(self, body: Body) -> Iterator[None]:
        """What goes wrong on the way to the service, as a problem; the breaker counts what is the service's fault."""
        try:
            yield
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            self._failed(error)
            raise ServiceDown.of(self.name, self.breaker.seconds_left()) from None
        except TimeoutError as error:
            self._failed(error)
            raise ServiceSlow(service=self.name) from None
        except aiohttp.ClientError as error:
            if body.problem is not None:
                raise body.problem from None
            self._failed(error)
            raise ServiceBrokeOff(service=self.name) from None
        except ValueError:
            raise Malformed("A header or the address cannot be passed on.") from None

    def _failed(self, error: Exception) -> None:
        self.breaker.failed()
        log.warning("service_unreachable", upstream=self.name, error=type(error).__name__)


class Proxy:
    """Forwards requests to the services of the settings."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.settings = settings
        self.upstreams = {name: Upstream(name, address, settings) for name, address in settings.services.items()}
        self.outwards = Outwards(settings)
        self._inwards = Inwards(settings)
        self._timeout = _timeout(settings, settings.answer_seconds)
        self._import_timeout = _timeout(settings, settings.import_answer_seconds)
        self._http: aiohttp.ClientSession

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the pool of connections to the services for the length of a block; each `Upstream` says how many."""
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=self.settings.keep_alive_seconds)
        self._http = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=NOT_ADDED,
        )
        async with self._http:
            yield

    async def forward(self, route: Route, inbound: Inbound, proof: str | None) -> None:
        """Pass a request on and its answer back.

        `proof` is the Authorization header that says to the service who is asking. Raises a problem only while
        nothing has been answered; what breaks off later breaks off at the caller as well.
        """
        body = self._body(route, inbound)
        content = body.stream() if route.imports else await body.read()
        headers = self._inwards.headers(inbound, request_id=request_id() or "", keeps_cookies=not route.signed_in)
        if proof is not None:
            headers["Authorization"] = proof
        if body.length is not None:
            headers["Content-Length"] = str(body.length)
        services = [name for name in (route.service, route.otherwise) if name is not None]
        for service in services:
            upstream = self.upstreams.get(service)
            if upstream is None:
                raise NotFound
            async with upstream.connection(imports=route.imports):
                upstream.let_through()
                with upstream.failures(body):
                    response = await self._http.request(
                        inbound.method,
                        upstream.url(inbound.scope),
                        headers=headers,
                        data=content,
                        allow_redirects=False,
                        timeout=self._import_timeout if route.imports else self._timeout,
                    )
                upstream.breaker.succeeded()
                try:
                    if response.status != NotFound.status or service == services[-1]:
                        await self._answer(upstream, response, body, inbound)
                        return
                finally:
                    response.release()

    def _body(self, route: Route, inbound: Inbound) -> Body:
        settings = self.settings
        if route.imports:
            return Body(inbound, limit=settings.import_limit_bytes, seconds=settings.import_body_seconds)
        limit = settings.body_limit_bytes if route.signed_in else settings.page_body_limit_bytes
        return Body(inbound, limit=limit, seconds=settings.body_seconds)

    async def _answer(self, upstream: Upstream, response: aiohttp.ClientResponse, body: Body, inbound: Inbound) -> None:
        send = inbound.send
        headers = self.outwards.headers(upstream.answer_headers(response))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        try:
            chunk = await response.content.readany()
            if response.content.at_eof():
                await send({"type": "http.response.body", "body": chunk})
                return
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            async with _until_caller_leaves(response, body, inbound.receive):
                while chunk := await response.content.readany():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except (aiohttp.ClientError, TimeoutError) as error:
            # Half an answer must not look like a whole one: returning now makes the server close the connection.
            response.close()
            log.warning("answer_broke_off", upstream=upstream.name, error=type(error).__name__)


@asynccontextmanager
async def _until_caller_leaves(response: aiohttp.ClientResponse, body: Body, receive: Receive) -> AsyncIterator[None]:
    """Hang up on the service when the caller leaves in the middle of a long answer."""

    async def hang_up() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        response.close()

    # While a body is still being sent, whoever sends it is who notices.
    watcher = asyncio.create_task(hang_up()) if body.whole else None
    try:
        yield
    finally:
        if watcher is not None:
            watcher.cancel()


def _timeout(settings: GatewaySettings, seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=settings.connect_seconds, sock_read=seconds)
