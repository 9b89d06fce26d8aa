"""The statutory return: what was imported from it, and its checks before it is sent."""

from datetime import date

from pydantic import BaseModel, Field

from chassis.importing.report import ImportProblemOut


class MisfitOut(ImportProblemOut):
    """A row of a submitted return that does not fit, or was changed, and why."""

    file: str = Field(description="`header`, `episodes` or `reviews`.")


class ReturnImportOut(BaseModel):
    """The result of importing a submitted return."""

    dry_run: bool
    rows: int = Field(description="Rows read from all three files; all were imported.")
    children: int
    periods_of_care: int
    reviews: int
    assumed: int = Field(
        description="Periods whose reviews are not all in the files, including short breaks: taken as in time."
    )
    notes: list[MisfitOut] = Field(description="The first thousand rows that were changed.")
    note_count: int


class ReturnFindingOut(BaseModel):
    """A finding about the return that the national validator does not catch, or for information."""

    rule: str = Field(description="Such as `duplicate`, `outside_year`, `outside_care`, `code_and_age` or `late`.")
    blocking: bool = Field(description="Whether this must be corrected before the return is sent.")
    person_id: str
    reference: str
    held_on: date
    message: str


class ReturnChecksOut(BaseModel):
    """The checks of a year's return before it is sent."""

    year: str
    rows: int
    children: int
    short_break_reviews_left_out: int
    findings: list[ReturnFindingOut]
