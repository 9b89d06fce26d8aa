"""The rows of a file as Pydantic models: a field is a column, a validator a rule, its context what is known here."""

import csv
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import IO, Annotated, Any, Generic, Self, TypeVar, get_origin

from pydantic import AfterValidator, BaseModel, ValidationInfo
from sqlmodel import col, select

from chassis.base.cells import list_in
from chassis.base.fields import ColleagueId, PastDay, Slug
from chassis.base.problems import Invalid
from chassis.command import Command
from chassis.events.directory_replica import ReplicaEntry
from chassis.importing.reading import Line, chunks
from chassis.importing.report import Report
from chassis.importing.writing import Records
from chassis.law.violations import future_violation

COLLEAGUE, AREA, AGENCY = "colleague", "area", "agency"
MISQUOTED = (
    "Separate values with semicolons. Put one with a semicolon, a line break or a quotation mark before it within "
    "quotation marks, and double those in it."
)
Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class Known:
    """What rows are checked against: the day, and the directory with those who left, who are named by history.

    `entries` are the roles of each by its kind and identifier.
    """

    today: date
    entries: Mapping[tuple[str, str], Sequence[str]]

    @classmethod
    async def by(cls, command: Command) -> Self:
        """What is known to this service."""
        query = select(ReplicaEntry.kind, ReplicaEntry.id, ReplicaEntry.attributes)
        found = await command.session.exec(query.where(col(ReplicaEntry.kind).in_([COLLEAGUE, AREA, AGENCY])))
        return cls(command.today, {(kind, id_): read.get("roles") or [] for kind, id_, read in found})


def _known(info: ValidationInfo) -> Known:
    assert isinstance(info.context, Known)
    return info.context


def _has_come(day: date, info: ValidationInfo) -> date:
    if violation := future_violation(str(info.field_name), day, _known(info).today):
        raise ValueError(violation.message)
    return day


def _entry(kind: str) -> AfterValidator:
    def is_known(id_: str, info: ValidationInfo) -> str:
        if (kind, id_) not in _known(info).entries:
            raise ValueError(f"The directory has no such {kind}.")
        return id_

    return AfterValidator(is_known)


def _is_of_agency(role: str, info: ValidationInfo) -> str:
    agency_id = info.data.get("agency_id")
    if agency_id is not None and role not in (roles := _known(info).entries[AGENCY, agency_id]):
        raise ValueError(f"The agency's roles are: {', '.join(sorted(roles)) or 'none'}.")
    return role


# Fields of a row: a day that has come, whom the directory knows or knew, and a role of the agency named before it.
DayPast = Annotated[PastDay, AfterValidator(_has_come)]
KnownColleague = Annotated[ColleagueId, _entry(COLLEAGUE)]
KnownArea = Annotated[Slug, _entry(AREA)]
KnownAgency = Annotated[Slug, _entry(AGENCY)]
RoleOfAgency = Annotated[Slug, AfterValidator(_is_of_agency)]


@cache
def _lists(model: type[BaseModel]) -> frozenset[str]:
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if get_origin(field.annotation) is list)


def values_of(model: type[BaseModel], cells: Mapping[str, str]) -> dict[str, Any]:
    """What cells say, without blanks around it and where something is left."""
    said: dict[str, Any] = {name: stripped for name, cell in cells.items() if (stripped := cell.strip())}
    for name in _lists(model) & said.keys():
        try:
            said[name] = list_in(said[name])
        except csv.Error:
            raise Invalid.field(name, "list", MISQUOTED) from None
    return said


@dataclass
class CsvImport(Generic[Row]):
    """A CSV file that is being imported: rows of one model, and the report about them."""

    command: Command
    model: type[Row]
    file: IO[str]
    known: Known
    dry_run: bool = False
    report: Report = field(default_factory=Report)
    seen: set[str] = field(default_factory=set)

    @property
    def writes(self) -> bool:
        """Whether rows are to be written: nothing was wrong so far, and it is no dry run."""
        return not self.dry_run and not self.report.problem_count

    def lines(self) -> AsyncIterator[list[Line]]:
        """The lines of the file as they are, some hundred at a time."""
        fields = self.model.model_fields
        required = [name for name, field in fields.items() if field.is_required()]
        return chunks(self.file, fields, required, self.report)

    async def groups(self, column: str) -> AsyncIterator[list[list[Line]]]:
        """The lines that stand together and have the same in a column, some hundred such groups at a time."""
        waiting: list[Line] = []
        async for lines in self.lines():
            whole: list[list[Line]] = []
            for line in lines:
                if waiting and cell(line, column) != cell(waiting[-1], column):
                    whole.append(waiting)
                    waiting = []
                waiting.append(line)
            yield whole
        if waiting:
            yield [waiting]

    def read(self, lines: Iterable[Line]) -> list[tuple[int, Row]]:
        """The rows of these lines; one that breaks a rule of its model is reported and left out."""
        found = []
        for number, cells in lines:
            with self.report.catching(number):
                said = values_of(self.model, cells)
                found.append((number, self.model.model_validate(said, context=self.known)))
        return found

    async def rows(self) -> AsyncIterator[list[tuple[int, Row]]]:
        """The rows of the file, some hundred at a time."""
        async for lines in self.lines():
            yield self.read(lines)

    def check_once(self, rows: Iterable[tuple[int, Row]], name: str) -> None:
        """Refuse rows that say in a field what an earlier one says."""
        for number, row in rows:
            value = getattr(row, name)
            if value in self.seen:
                self.report.add(number, name, f"Another row has the same {name.replace('_', ' ')}.")
            elif value is not None:
                self.seen.add(value)

    async def check_new(self, rows: Sequence[tuple[int, Row]], name: str, what: str, column: Any, *where: Any) -> None:
        """Refuse rows that say in a field what another one says, or what the column has already; `what` names it."""
        self.check_once(rows, name)
        brought = [getattr(row, name) for _, row in rows]
        taken = set((await self.command.session.exec(select(column).where(column.in_(brought), *where))).all())
        for number, row in rows:
            if getattr(row, name) in taken:
                self.report.add(number, name, f"There is {what} already.")


def cell(line: Line, column: str) -> str:
    """What a line has in a column."""
    return line[1].get(column, "").strip()


async def import_past_rows(
    importing: CsvImport[Any],
    table: type[Any],
    made_of: Callable[[int, Any, Any], Any],
    known_cases: Callable[[Command, Collection[str]], Awaitable[Mapping[str, Any]]],
    refresh_all: Callable[[Command, Sequence[str]], Awaitable[None]],
) -> None:
    """Write a record of a table for each row, and bring the deadlines of the children to what is owed then.

    `made_of` makes the record from the number of a row, the row and its child's case, or reports why there is none.
    """
    command, concerned = importing.command, set[str]()
    async for rows in importing.rows():
        cases = await known_cases(command, {row.person_id for _, row in rows})
        records = Records(table)
        for number, row in rows:
            if (case := cases.get(row.person_id)) is None:
                importing.report.add(number, "person_id", "There is no child with this number.")
            elif made := made_of(number, row, case):
                records.add(table, [made])
        ids = records.of(table, "person_id")
        # A dry run writes as well, so that later rows are checked against earlier ones; all is undone afterwards.
        if ids and not importing.report.problem_count:
            await records.write(command.session)
            await command.audit(f"import_{table.__tablename__}s", ids, f"{ids[0]} and {len(ids) - 1} more")
        concerned |= cases.keys()
    if importing.writes:
        await refresh_all(command, sorted(concerned))
