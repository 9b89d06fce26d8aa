"""A directory that other services ask for names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, Query

from tests.support.serving import listening

NAMES = {
    ("colleague", "chair-1"): "Ilva Thornbury",
    ("area", "west"): "West of the river",
    ("agency", "general-practice"): "Mill Lane Surgery",
    ("agency", "surgeries"): "Local surgeries",
    ("agency", "community-health"): "Health for Children Trust",
    ("agency", "childrens-social-care"): "Children's Social Care",
}

TELEPHONES = {"chair-1": "01632 960001"}


@asynccontextmanager
async def directory() -> AsyncIterator[str]:
    """A notifications service that knows these names; the value is its address."""
    app = FastAPI()

    @app.get("/internal/directory-names")
    async def names(
        colleague_id: Annotated[list[str] | None, Query(max_length=200)] = None,
        agency_id: Annotated[list[str] | None, Query(max_length=200)] = None,
        area_id: Annotated[list[str] | None, Query(max_length=200)] = None,
    ) -> list[dict[str, str | None]]:
        asked = [("colleague", key) for key in colleague_id or []] + [("agency", key) for key in agency_id or []]
        asked += [("area", key) for key in area_id or []]
        return [
            {"kind": kind, "id": key, "name": NAMES[kind, key], "telephone": TELEPHONES.get(key), "email": None}
            for kind, key in asked
            if (kind, key) in NAMES
        ]

    async with listening(app) as address:
        yield address
