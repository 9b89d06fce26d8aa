"""Figures have connections and a time limit of their own: however many are asked for, lists are answered."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from chassis.access.callers import Role
from chassis.db.database import figures, reading
from tests.support.contracts import services
from tests.support.running import DatabaseOf, Running
from tests.support.waiting import eventually

AT_ONCE = 12
FIGURES = "/v1/figures/escalations?period=2019-20"


def calls(dependant: Dependant) -> Iterator[object]:
    """Everything that an endpoint depends on."""
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from calls(dependency)


@pytest.mark.parametrize("name", ["reviews", "conferences", "escalations"])
def test_every_figure_is_counted_on_the_connections_for_figures(name: str) -> None:
    routes = list(iter_route_contexts(services.application(name).routes))
    needed = {route.path: set(calls(route.dependant)) for route in routes if str(route.path).startswith("/v1/figures/")}
    assert len(needed) > 1
    assert {path for path, found in needed.items() if figures not in found or reading in found} == set()


async def test_many_figures_at_once_leave_a_list_usable(running: Running) -> None:
    escalations = await running("escalations", figures_pool_size=2)
    counting = escalations.process.database.figures
    waiting = asyncio.gather(*(counting.rows("SELECT pg_sleep(1)") for _ in range(AT_ONCE)))

    async def are_counted() -> bool:
        return counting.in_use() == 2

    assert await eventually(are_counted)
    listed = await escalations.get("/v1/escalations", headers=escalations.as_(Role.TEAM_MANAGER))
    assert (listed.status_code, waiting.done()) == (200, False)
    await waiting


async def test_a_figure_that_takes_too_long_is_given_up(database_of: DatabaseOf, running: Running) -> None:
    settings = await database_of("escalations", figures_seconds=1)
    escalations = await running("escalations", settings)
    owner = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    try:
        async with owner.transaction():
            await owner.execute("LOCK TABLE escalation IN ACCESS EXCLUSIVE MODE")
            answer = await escalations.get(FIGURES, headers=escalations.as_(Role.TEAM_MANAGER))
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    finally:
        await owner.close()
    assert (await escalations.get(FIGURES, headers=escalations.as_(Role.TEAM_MANAGER))).status_code == 200
