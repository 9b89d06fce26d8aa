"""A service's parts put together: from one description to its web app, its worker and its database."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from sqlalchemy import MetaData

from chassis import worker
from chassis.access import audit_entries, denials
from chassis.base import logs, observe, problems
from chassis.base.settings import Settings
from chassis.db import database, migrating
from chassis.events import inbox, outbox
from chassis.events.event import Event
from chassis.events.inbox import PassOn, Subscription
from chassis.events.outbox import NOBODY, Outside
from chassis.jobs import housekeeping, scheduler
from chassis.jobs.schedule import Job
from chassis.process import Process, ProcessDep, running_process
from chassis.web import idempotency
from chassis.web.openapi import DocumentedApp
from chassis.worker import Loop

Gauges = Callable[[Process], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a service is made of.

    `routers` are its endpoints, `listens` what it does when another service publishes an event, `jobs` what it does by
    the clock, `loops` what its worker does all the time, `gauges` refresh its own figures when ops look at them, and
    `referenced` are the tables whose records people know by a reference. One service keeps the subscribers `outside`,
    and `passes_on` to them what the others publish.
    """

    name: str
    title: str
    description: str
    metadata: MetaData
    migrations: Path
    settings: type[Settings] = Settings
    routers: Sequence[APIRouter] = ()
    publishes: Sequence[type[Event]] = ()
    listens: Sequence[Subscription] = ()
    outside: Outside = NOBODY
    passes_on: PassOn | None = None
    jobs: Sequence[Job] = ()
    loops: Mapping[str, Loop] = field(default_factory=dict)
    gauges: Sequence[Gauges] = ()
    referenced: Sequence[str] = ()

    def read_settings(self) -> Settings:
        """The service's settings as the environment gives them; production is refused development's."""
        return self.settings(service_name=self.name).check_production()

    def web(self, settings: Settings) -> DocumentedApp:
        """The service's HTTP face; with `worker_in_web` its loops as well."""
        app = self._app(settings, self.all_loops() if settings.worker_in_web else {})
        for router in (*self.routers, *self._chassis_routers()):
            app.include_router(router)
        return app

    def worker(self, settings: Settings) -> DocumentedApp:
        """The service's loops, behind an app that answers for health and metrics alone."""
        return self._app(settings, self.all_loops())

    async def migrate(self, settings: Settings) -> None:
        """Bring the service's database to its newest version."""
        await migrating.migrate(settings, self.migrations)

    def all_loops(self) -> dict[str, Loop]:
        """Everything that the service's worker does, by name."""
        loops: dict[str, Loop] = {"housekeeping": housekeeping.keep_house}
        if self.publishes:
            loops["relay"] = partial(outbox.relay, outside=self.outside)
        if self.jobs:
            loops["schedule"] = partial(scheduler.keep_time, jobs=self.jobs)
        return loops | dict(self.loops)

    def _chassis_routers(self) -> list[APIRouter]:
        routers: list[APIRouter] = [audit_entries.routes]
        if self.listens:
            routers.append(inbox.router(self.listens, self.passes_on))
        return routers

    def _app(self, settings: Settings, loops: Mapping[str, Loop]) -> DocumentedApp:
        app = DocumentedApp(
            service=self.name,
            title=self.title,
            description=self.description,
            lifespan=partial(self._lifespan, settings=settings, loops=loops),
        )
        record = denials.recorder(self.metadata, self.referenced)
        problems.install(app, unavailable=database.unreachable, record=record)
        database.refuse_unstorable(app)
        idempotency.install(app)
        app.include_router(self._operations())
        return app

    def _operations(self) -> APIRouter:
        """The endpoints by which a process is watched; they are reached on its own port, never through the gateway."""
        routes = APIRouter(include_in_schema=False)

        @routes.get("/health/live")
        async def live(process: ProcessDep) -> JSONResponse:
            """The process runs, and each of its loops said lately that it does; one that does not wants a restart."""
            lively = process.is_lively()
            return JSONResponse({"status": "live" if lively else "frozen"}, 200 if lively else 503)

        @routes.get("/health/ready")
        async def ready(process: ProcessDep) -> JSONResponse:
            """Whether the process can do its work: its database answers and is migrated."""
            reachable = await process.database.answers()
            migrated = reachable and await migrating.is_migrated(process.database, self.migrations)
            checks = {"database": reachable, "migrated": migrated, "loops": process.is_lively()}
            return JSONResponse({"checks": checks}, 200 if all(checks.values()) else 503)

        @routes.get("/metrics")
        async def metrics(process: ProcessDep) -> Response:
            """Figures for Prometheus."""
            await self._refresh(process)
            return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

        return routes

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI, *, settings: Settings, loops: Mapping[str, Loop]) -> AsyncIterator[None]:
        logs.set_up(settings)
        observe.BUILD.labels(self.name, settings.build).set(1)
        async with running_process(settings) as process, worker.running(loops, process):
            app.state.process = process
            yield

    async def _refresh(self, process: Process) -> None:
        for engine, used in process.database.connections_in_use().items():
            observe.POOL_IN_USE.labels(self.name, engine).set(used)
        for loop, seconds in process.overdue().items():
            observe.LOOP_OVERDUE.labels(self.name, loop).set(seconds)
        if self.publishes:
            await outbox.refresh_gauges(process)
        for gauges in self.gauges:
            await gauges(process)
