"""What became of an import: how much was read, and what is wrong with it, of which the first thousand are shown."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, TypeVar

from pydantic import BaseModel, Field, ValidationError

from chassis.base.problems import Invalid, Problem
from chassis.base.validation import violations_of
from chassis.law.violations import Violation

PROBLEMS_SHOWN = 1000
Said = ParamSpec("Said")
Note = TypeVar("Note", bound=BaseModel)


class NothingTakenIn(Problem):
    """Nothing was taken in, since something in the files does not fit."""

    status = 422


class ImportProblemOut(BaseModel):
    """What is wrong with one row of an import."""

    row: int = Field(description="The line of the file in which the row begins; the heading is in line 1.")
    field: str
    reason: str


class ImportWarningOut(BaseModel):
    """What to look at again in one row of an import; nothing was refused for it."""

    row: int = Field(description="The line of the file in which the row begins; the heading is in line 1.")
    field: str
    rule: str = Field(description="What it is about, as a stable word for programs.")
    message: str = Field(description="The same for people.")


class ImportOut(BaseModel):
    """What became of an import."""

    rows: int = Field(description="How many rows were read.")
    imported: int = Field(description="All of them, or none.")
    dry_run: bool
    problems: list[ImportProblemOut] = Field(description="The first thousand problems.")
    problem_count: int
    warnings: list[ImportWarningOut] = Field(description="The first thousand rows to look at again.")
    warning_count: int


@dataclass
class Report:
    """What became of an import so far."""

    rows: int = 0
    problem_count: int = 0
    problems: list[ImportProblemOut] = field(default_factory=list)
    warning_count: int = 0
    warnings: list[ImportWarningOut] = field(default_factory=list)

    def add(self, row: int, where: str, reason: str) -> None:
        """Note what is wrong with a row."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(ImportProblemOut(row=row, field=where, reason=reason))

    def warn(self, row: int, where: str, rule: str, message: str) -> None:
        """Note what to look at again in a row, which is taken in all the same."""
        self.warning_count += 1
        if len(self.warnings) < PROBLEMS_SHOWN:
            self.warnings.append(ImportWarningOut(row=row, field=where, rule=rule, message=message))

    def refuse(self, row: int, violations: Iterable[Violation | None]) -> None:
        """Note the rules that a row breaks, if any."""
        for violation in violations:
            if violation is not None:
                self.add(row, violation.field, violation.message)

    @contextmanager
    def catching(self, row: int) -> Iterator[None]:
        """Note what a model or a rule refuses in this block."""
        try:
            yield
        except ValidationError as error:
            self.refuse(row, violations_of(error.errors()))
        except Invalid as problem:
            self.refuse(row, [Violation(**error) for error in problem.members["errors"]])

    def out(self, imported: int, dry_run: bool) -> ImportOut:  # noqa: FBT001 -- both are fields of the answer.
        """The report as it is answered."""
        return ImportOut(
            rows=self.rows,
            imported=imported,
            dry_run=dry_run,
            problems=self.problems,
            problem_count=self.problem_count,
            warnings=self.warnings,
            warning_count=self.warning_count,
        )


@dataclass
class Notes(Generic[Said, Note]):
    """Notes about a submitted return, made by `make`: how many there are, and the first thousand."""

    make: Callable[Said, Note]
    count: int = 0
    shown: list[Note] = field(default_factory=list)

    def add(self, *said: Said.args, **more: Said.kwargs) -> None:
        """Note something."""
        self.count += 1
        if len(self.shown) < PROBLEMS_SHOWN:
            self.shown.append(self.make(*said, **more))


class Misfits(Generic[Said, Note]):
    """What of a submitted return does not fit, and what is taken in otherwise than it was told, `notes`.

    `read` counts what was read of what is taken in, `passed_over` what is about somebody else.
    """

    def __init__(self, make: Callable[Said, Note]) -> None:
        self.read = self.passed_over = 0
        self.left_out = Notes(make)
        self.notes = Notes(make)
        self.add, self.note = self.left_out.add, self.notes.add

    def refuse(self, what: str, **members: Any) -> None:
        """Raise `NothingTakenIn`, with what was read and what does not fit, if anything."""
        if count := self.left_out.count:
            shown = [note.model_dump() for note in self.left_out.shown]
            detail = f"{count:,} {what} do not fit. Nothing was imported."
            raise NothingTakenIn(detail, **members, left_out=shown, left_out_count=count)
