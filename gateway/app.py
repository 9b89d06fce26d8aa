"""The gateway's web process, put together from its settings."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI, Request, Response
from jwt.algorithms import OKPAlgorithm
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.access.callers import GATEWAY, TokenIssuer, TokenReader
from chassis.base import clock, logs, observe, problems
from chassis.base.http import http_client
from chassis.web.openapi import DocumentedApp
from gateway import development, docs_page, front_end
from gateway.asking import TIMEOUT, Process, Services, process_of
from gateway.development import DevelopmentSignIn
from gateway.door import Door
from gateway.error_pages import ErrorPages
from gateway.guard import Guard
from gateway.headers import behind_proxies, open_to_front_ends
from gateway.keys import PublishedKeys
from gateway.proxy import Proxy
from gateway.routes import ELSEWHERE, TABLE
from gateway.settings import GatewaySettings
from gateway.sign_in import SignIn, Trusted
from gateway.together import ROUTERS

TITLE = "Independent Chairs"
DESCRIPTION = (
    "Looked-after children's reviews; child protection conferences; escalations raised by Independent Chairs, what is "
    "sent, how they are answered. "
    "Errors are problem documents (RFC 9457); lists are pages (`limit`, `cursor`), "
    "and answer as CSV for spreadsheets where `Accept` says `text/csv`, as figures do; "
    "changes carry the version that they were decided on (`If-Match`)."
)

for_operations = APIRouter(include_in_schema=False)


def read_settings() -> GatewaySettings:
    """The gateway's settings as the environment gives them; production is refused development's."""
    return GatewaySettings().check_production()


def web(settings: GatewaySettings) -> ASGIApp:
    """The gateway as an ASGI application, which wants its lifespan run.

    Its server must leave X-Forwarded-For alone (uvicorn: `proxy_headers=False`): uvicorn's own middleware in here
    believes `trusted_proxies` alone.

    Raises `NotInProduction` if the settings would let anybody sign in there, and `ValueError` without a sound
    internal signing key.
    """
    gateway = Gateway(settings)
    shown = ErrorPages(gateway, settings.council)
    observed = observe.Observed(open_to_front_ends(shown, settings), GATEWAY, gateway.route_templates)
    return behind_proxies(observed, settings.trusted_proxies)


class Pages(DocumentedApp):
    """The gateway's own pages; they are observed at the door, with everything else."""

    def build_middleware_stack(self) -> ASGIApp:
        """The stack without what observes it."""
        return self.unobserved()


class Gateway:
    """The door to the services, and behind it the gateway's own pages."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.settings = settings
        self.tokens = TokenIssuer(settings)
        self.development = DevelopmentSignIn(settings) if settings.development_sign_in else None
        self.pages = self._pages()
        self._door: Door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The pages' lifespan is the whole gateway's; everything else begins at the door."""
        await (self.pages if scope["type"] == "lifespan" else self._door)(scope, receive, send)

    def route_templates(self) -> dict[Any, str]:
        """What metrics call each route: the services' by their beginnings, the own pages by their functions."""
        proxied = {route.template: route.template for route in (*TABLE.values(), ELSEWHERE)}
        return proxied | observe.route_templates(self.pages)

    def _pages(self) -> Pages:
        pages = Pages(service=GATEWAY, title=TITLE, description=DESCRIPTION, openapi_url=None, lifespan=self._lifespan)
        problems.install(pages)
        routers = [for_operations, docs_page.routes, front_end.routes, *ROUTERS]
        if self.development is not None:
            routers.append(development.router(self.development, self.settings.public_url))
            routers.append(development.records_router(self.development))
        for routes in routers:
            pages.include_router(routes)
        return pages

    @asynccontextmanager
    async def _lifespan(self, pages: FastAPI) -> AsyncIterator[None]:
        settings = self.settings
        logs.set_up(settings)
        clock.shift(settings.clock_offset)
        observe.BUILD.labels(GATEWAY, settings.build).set(1)
        proxy = Proxy(settings)
        # Whoever answers slowly uses up no connection that a question to somebody else needs.
        async with proxy.running(), http_client(TIMEOUT, per_host=settings.connections_per_service) as http:
            services = Services(settings.services, http)
            pages.state.process = Process(own_reader(settings), services, settings.council)
            sign_in = SignIn(self._trusted(http), remembered_seconds=settings.token_remembered_seconds)
            self._door = Door(settings, Guard(settings, sign_in, self.tokens), proxy, pages)
            yield

    def _trusted(self, http: httpx.AsyncClient) -> list[Trusted]:
        settings = self.settings
        trusted = [Trusted(issuer, PublishedKeys(issuer, http, settings)) for issuer in settings.issuers]
        return trusted if self.development is None else [*trusted, self.development.trusted()]


def own_reader(settings: GatewaySettings) -> TokenReader:
    """Reads what this gateway itself said at the door: its own pages take nobody else's word."""
    private = json.loads(settings.internal_signing_key.get_secret_value())
    public = OKPAlgorithm.from_jwk({name: value for name, value in private.items() if name != "d"})
    return TokenReader({settings.service_name: {private["kid"]: public}})


@for_operations.get("/health/live")
async def live() -> dict[str, str]:
    """The process runs."""
    return {"status": "live"}


@for_operations.get("/health/ready")
async def ready(request: Request) -> dict[str, object]:
    """The gateway takes requests; `services` says which of them are ready.

    A service that is down does not make the gateway unready: taken out of the load balancer, it would take the other
    services with it.
    """
    return {"status": "ready", "services": await process_of(request).services.readiness()}


@for_operations.get("/metrics")
async def metrics() -> Response:
    """Figures for Prometheus."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
