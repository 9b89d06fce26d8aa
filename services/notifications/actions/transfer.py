"""The directory as CSV files: imported whole or not at all, exported in the same columns."""

import csv
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlmodel import col, select

from chassis.acting import Acting
from chassis.problems import Invalid, Malformed, field_error
from services.notifications.actions import directory
from services.notifications.schemas import (
    AgencyIn,
    AreaIn,
    ColleagueId,
    ColleagueIn,
    CoverageIn,
    DirectoryImportOut,
    ImportProblemOut,
    Slug,
)
from services.notifications.tables import Agency, Area, Base, Colleague, Coverage

LISTS = frozenset({"roles", "positions"})
MOST_ROWS = 20_000
FIRST_ROW = 2
# What a cell begins with that a spreadsheet runs.
FORMULAS = ("=", "+", "-", "@")


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
    put: Callable[[Acting, str, Any, int | None], Awaitable[Any]] | None = None

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


async def export_part(act: Acting, part: Part) -> str:
    """A part of the directory as CSV; lists are separated by semicolons."""
    kind = KINDS[part]
    rows = (await act.session.exec(select(kind.table).order_by(col(kind.table.id)))).all()  # type: ignore[attr-defined]
    text = io.StringIO()
    writer = csv.DictWriter(text, kind.columns)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(getattr(row, name)) for name in kind.columns})
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if _is_like_a_formula(text) else text


def _is_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text, or would if an apostrophe less stood before it."""
    return text.lstrip("'").startswith(FORMULAS)


def _read(cell: str) -> str:
    """A cell's text, without the apostrophe that an export put before it."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and _is_like_a_formula(text) else text


async def import_part(act: Acting, part: Part, body: bytes, *, dry_run: bool) -> DirectoryImportOut:
    """Import a part of the directory: rows with a known identifier replace what is there; all of them, or none."""
    kind = KINDS[part]
    rows = _rows(body, kind)
    problems: list[ImportProblemOut] = []
    for number, row in enumerate(rows, FIRST_ROW):
        try:
            async with act.session.begin_nested():
                await _take_in(act, kind, row)
        except ValidationError as error:
            wrong = [field_error(one) for one in error.errors()]
            problems += [ImportProblemOut(row=number, field=one.field, reason=one.message) for one in wrong]
        except Invalid as error:
            problems += [
                ImportProblemOut(row=number, field=one["field"], reason=one["message"])
                for one in error.members["errors"]
            ]
    imported = 0 if dry_run or problems else len(rows)
    return DirectoryImportOut(rows=len(rows), imported=imported, dry_run=dry_run, problems=problems[:1000])


async def _take_in(act: Acting, kind: Kind, row: Mapping[str, str]) -> None:
    given: dict[str, Any] = {name: text for name, value in row.items() if value and (text := _read(value))}
    for name in LISTS & given.keys():
        given[name] = [one.strip() for one in given[name].split(";")]
    if kind.key is None or kind.put is None:
        await directory.add_coverage(act, CoverageIn.model_validate(given))
        return
    try:
        key = kind.key.validate_python(given.pop("id", ""))
    except ValidationError:
        raise Invalid.field("id", "identifier", "This is no identifier.") from None
    present: Any = await act.session.get(kind.table, key)
    await kind.put(act, key, kind.schema.model_validate(given), present.version if present else None)


def _rows(body: bytes, kind: Kind) -> Sequence[Mapping[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        heading, rows = list(reader.fieldnames or []), list(reader)
    except UnicodeDecodeError:
        raise Malformed("The file is not in UTF-8.") from None
    except csv.Error as error:
        raise Malformed(f"The file is not CSV: {error}.") from None
    if unknown := sorted(set(heading) - set(kind.columns)):
        raise Malformed(f"Unknown columns: {', '.join(unknown)}. Known are {', '.join(kind.columns)}.")
    if any(None in row for row in rows):
        raise Malformed("A row has more fields than the heading.")
    if len(rows) > MOST_ROWS:
        raise Malformed(f"At most {MOST_ROWS} rows at once.")
    return rows
