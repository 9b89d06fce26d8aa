"""A small service that keeps copies of a shop's things, names them, and imports sales from CSV."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.access.callers import Role
from chassis.base.fields import Input
from chassis.command import Command, commanded_by
from chassis.events.directory_replica import EntryChanged, NamedEntry, check_names, subscription
from chassis.importing.api import csv_import
from chassis.importing.rows import CsvImport
from chassis.importing.writing import copy_rows
from tests.support.chassis.toys import Sale, service


class ThingChanged(EntryChanged):
    """What the shelf reads of a thing."""

    source = "shop"
    type = "thing.changed"

    roles: list[str] = Field(default_factory=list)
    size: float | None = None


class PlaceChanged(EntryChanged):
    """What the shelf reads of a place."""

    source = "shop"
    type = "place.changed"


class NamesIn(BaseModel):
    """A thing in one of its roles, at a place."""

    thing_id: str
    thing_role: str | None = None
    place_id: str


routes = APIRouter(prefix="/v1")
Actor = Annotated[Command, commanded_by(Role.CHAIR)]


@routes.post("/names", status_code=204)
async def name_them(wanted: NamesIn, command: Actor) -> None:
    """Refuse whoever is not there."""
    thing = NamedEntry("thing_id", "thing", wanted.thing_id, wanted.thing_role)
    await check_names(command, [thing, NamedEntry("place_id", "place", wanted.place_id)])


class SaleRow(Input):
    """A sale of an import."""

    number: str
    times: int = 1


async def import_sales(importing: CsvImport[SaleRow]) -> None:
    """Import sales; nothing that is sold zero times."""
    async for rows in importing.rows():
        for line, row in rows:
            if row.times == 0:
                importing.report.add(line, "times", "Not sold.")
        await copy_rows(importing.command.session, Sale, [row.model_dump() for _, row in rows])


csv_import(routes, "/sales", SaleRow, import_sales, example={"number": "A-1"}, roles=[Role.CHAIR])

SHELF = service(
    "shelf", routers=[routes], listens=[subscription(ThingChanged, "thing"), subscription(PlaceChanged, "place")]
)
