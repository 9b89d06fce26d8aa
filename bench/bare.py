"""What the floors of all services have: FastAPI, the bare driver's pool, and orjson."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from fastapi import FastAPI, Response

from chassis.db.connecting import plain_url


def bare(given: dict[str, Any]) -> FastAPI:
    """An application with a pool of the service's database at `app.state.pool`, and no route but whether it runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = plain_url(given["database_url"])
        app.state.pool = await asyncpg.create_pool(url, min_size=10, max_size=10, server_settings={"jit": "off"})
        yield
        await app.state.pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {}

    return app


def as_json(found: Any) -> Response:
    """An answer made without any model."""
    return Response(orjson.dumps(found, default=str), media_type="application/json")
