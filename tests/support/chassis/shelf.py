"""A small service that keeps copies of a shop's things, names them, and imports sales from CSV."""

import io
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from chassis.access.callers import Role
from chassis.command import Command, commanded_by
from chassis.events.directory_replica import EntryChanged, NamedEntry, check_names, subscription
from chassis.web.importing import LARGEST_BYTES, ImportOut, Report, chunks, copy_rows, csv_file, given, template
from tests.support.chassis.toys import Sale, service

COLUMNS = ("number", "times")


class ThingChanged(EntryChanged):
    """What the shelf reads of a thing."""

    source: ClassVar[str] = "shop"
    type: ClassVar[str] = "thing.changed"

    roles: list[str] = Field(default_factory=list)
    size: float | None = None


class PlaceChanged(EntryChanged):
    """What the shelf reads of a place."""

    source: ClassVar[str] = "shop"
    type: ClassVar[str] = "place.changed"


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


@routes.get("/sales/template")
async def get_template() -> Response:
    """The columns of the sales."""
    return template(COLUMNS, {"number": "A-1"}, "sales.csv")


@routes.post("/sales/import", max_body_size=LARGEST_BYTES)
async def import_sales(command: Actor, file: Annotated[io.TextIOWrapper, Depends(csv_file)]) -> ImportOut:
    """Import sales; nothing that is sold zero times."""
    report = Report()
    with file:
        async for chunk in chunks(file, COLUMNS, ("number",), report):
            rows: list[dict[str, Any]] = []
            for line, row in chunk:
                said = given(row)
                rows.append({"number": said["number"], "times": int(said.get("times", "1"))})
                if rows[-1]["times"] == 0:
                    report.add(line, "times", "Not sold.")
            await copy_rows(command.session, Sale, rows)
    if report.problem_count:
        await command.session.rollback()
    return report.out(0 if report.problem_count else report.rows, dry_run=False)


SHELF = service(
    "shelf", routers=[routes], listens=[subscription(ThingChanged, "thing"), subscription(PlaceChanged, "place")]
)
