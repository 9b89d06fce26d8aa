"""Volume: the same questions over 300,000 escalations as over 3,000."""

import asyncio
import statistics
import time
from datetime import date
from typing import Any

from bench.http import Result
from bench.system import migrated, seeded
from chassis.db.statements import Statements
from chassis.law.periods import parse
from chassis.web.pagination import PageQuery, cursor_after
from deploy.local.postgres import Server
from services.escalations.escalations.queries import ESCALATIONS
from services.escalations.figures import queries as figures
from services.escalations.figures.queries import By, Question

SMALL, LARGE = 3_000, 300_000
TIMES, WARMING = 200, 20
SIZE, FAR = 15, 1000
TODAY = date(2020, 4, 6)
FILTER: dict[str, Any] = {"agency_id": "agency-1", "today": TODAY}


async def _milliseconds(question: "object", times: int = TIMES) -> float:
    measured = []
    for _ in range(WARMING):
        await question()  # type: ignore[operator]
    for _ in range(times):
        began = time.perf_counter()
        await question()  # type: ignore[operator]
        measured.append((time.perf_counter() - began) * 1000)
    return statistics.median(measured)


async def _deep_cursor(statements: Statements, page: int, size: int) -> list[str]:
    row = await statements.first_row(
        "SELECT raised_on::text, id::text FROM escalation WHERE agency_id = 'agency-1' "
        "ORDER BY raised_on DESC, id DESC OFFSET $1 LIMIT 1",
        page * size,
    )
    return list(row)


async def measure(running: Server) -> list[Result]:
    """Pages of a filtered list, near and far, and a year's figures."""
    found = {}
    for name, count in (("small", SMALL), ("large", LARGE)):
        settings = await migrated(running, "escalations", f"bench_volume_{name}")
        await seeded(settings, count)
        statements = Statements(settings)
        first = PageQuery(limit=SIZE)
        far = 3 if name == "small" else FAR
        deep = PageQuery(limit=SIZE, cursor=cursor_after(*await _deep_cursor(statements, far, SIZE)))
        year = Question(By.MONTH, parse("2018-19"))
        found[name] = {
            "first": await _milliseconds(lambda: ESCALATIONS.page(statements, first, **FILTER)),  # noqa: B023
            "deep": await _milliseconds(
                lambda: ESCALATIONS.page(statements, deep, **FILTER)  # noqa: B023
            ),
            "figures": await _milliseconds(lambda: figures.count(statements, year, TODAY, None), 10),  # noqa: B023
        }
        await statements.close()
        await asyncio.sleep(0)
    small, large = found["small"], found["large"]
    return [
        Result(
            "page 1 of a filtered list, 300,000", "the same at 3,000", large["first"], small["first"], "ms", "≤ 1.5"
        ),
        Result(
            "page 1,000 of a filtered list, 300,000", "page 1 at 3,000", large["deep"], small["first"], "ms", "≤ 1.5"
        ),
        Result("a year's figures by month, 300,000", "200 ms", large["figures"], 200.0, "ms", "≤ 1"),
    ]
