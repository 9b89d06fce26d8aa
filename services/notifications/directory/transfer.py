"""The directory as CSV files: imported all or nothing, and exported in the same columns."""

import csv
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python
from sqlmodel import col, select

from chassis.base.cells import cell
from chassis.base.fields import ColleagueId, Slug
from chassis.base.problems import Invalid
from chassis.command import Command
from chassis.importing.reading import UnreadableFile, chunks
from chassis.importing.report import ImportOut, Report
from chassis.importing.rows import values_of
from services.notifications.directory import actions as directory
from services.notifications.directory.models import Agency, Area, Colleague, Coverage
from services.notifications.directory.schemas import AgencyIn, AreaIn, ColleagueIn, CoverageIn
from services.notifications.models import Base

MOST_ROWS = 20_000


class Part(StrEnum):
    """A part of the directory."""

    AREAS = "areas"
    AGENCIES = "agencies"
    COLLEAGUES = "colleagues"
    COVERAGE = "coverage"


@dataclass(frozen=True)
class Kind:
    """How a part is read from rows and put in its place; `key` is None where rows have no identifier of their own."""

    table: type[Base]
    schema: type[BaseModel]
    key: TypeAdapter[str] | None
    put: Callable[[Command, str, Any, int | None], Awaitable[Any]] | None = None

    @property
    def columns(self) -> list[str]:
        """The columns of its file."""
        return [*(["id"] if self.key else []), *self.schema.model_fields]


KINDS: Mapping[Part, Kind] = {
    Part.AREAS: Kind(Area, AreaIn, TypeAdapter(Slug), directory.put_area),
    Part.AGENCIES: Kind(Agency, AgencyIn, TypeAdapter(Slug), directory.put_agency),
    Part.COLLEAGUES: Kind(Colleague, ColleagueIn, TypeAdapter(ColleagueId), directory.put_colleague),
    Part.COVERAGE: Kind(Coverage, CoverageIn, None),
}


async def export_part(command: Command, part: Part) -> str:
    """A part of the directory as CSV."""
    kind = KINDS[part]
    rows = (await command.session.exec(select(kind.table).order_by(col(kind.table.id)))).all()  # type: ignore[attr-defined]
    text = io.StringIO()
    writer = csv.DictWriter(text, kind.columns)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: cell(to_jsonable_python(getattr(row, name))) for name in kind.columns})
    return text.getvalue()


async def import_part(command: Command, part: Part, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import a part of the directory: rows with a known identifier replace what is there; all of them, or none.

    The caller rolls back if nothing was imported.
    """
    kind, report = KINDS[part], Report()
    async for chunk in chunks(file, kind.columns, (), report):
        if report.rows > MOST_ROWS:
            raise UnreadableFile(f"At most {MOST_ROWS} rows at once.")
        for number, row in chunk:
            with report.catching(number):
                async with command.session.begin_nested():
                    await _take_in(command, kind, row)
    return report.out(0 if dry_run or report.problem_count else report.rows, dry_run)


async def _take_in(command: Command, kind: Kind, row: Mapping[str, str]) -> None:
    said = values_of(kind.schema, row)
    if kind.key is None or kind.put is None:
        await directory.set_coverage(command, CoverageIn.model_validate(said))
        return
    try:
        key = kind.key.validate_python(said.pop("id", ""))
    except ValidationError:
        raise Invalid.field("id", "identifier", "This is not an identifier.") from None
    present: Any = await command.session.get(kind.table, key)
    await kind.put(command, key, kind.schema.model_validate(said), present.version if present else None)
