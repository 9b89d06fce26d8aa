"""How PostgreSQL goes about what a service reads."""

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from unittest.mock import AsyncMock, patch

from chassis.process import Process

Plan = dict[str, Any]


async def plans_of(process: Process, ask: Callable[[], Awaitable[Any]]) -> list[Plan]:
    """The steps of the plans of every statement by which a request is answered."""
    statements = process.database.statements
    with patch.object(statements, "first_row", AsyncMock(wraps=statements.first_row)) as asked:
        await ask()
    found: list[Plan] = []
    for call in asked.await_args_list:
        statement, *values = call.args
        ((plan,),) = await statements.rows(f"EXPLAIN (FORMAT JSON) {statement}", *values)
        found += _steps(json.loads(plan)[0]["Plan"])
    return found


def _steps(plan: Plan) -> Iterator[Plan]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _steps(part)
