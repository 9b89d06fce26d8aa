"""The statutory return: what was taken in from it, and what is wrong before it is sent."""

from datetime import date

from pydantic import BaseModel, Field

from chassis.web.importing import ImportProblemOut


class MisfitOut(ImportProblemOut):
    """A row of a submitted return that does not fit, or was taken otherwise than it was told, and why."""

    file: str = Field(description="`header`, `episodes` or `reviews`.")


class ReturnImportOut(BaseModel):
    """What became of a submitted return."""

    dry_run: bool
    rows: int = Field(description="How many rows were read, of all three files; all of them were taken in.")
    children: int
    periods_of_care: int
    reviews: int
    assumed: int = Field(
        description="Periods of which the files do not tell all reviews, short breaks among them: taken as in time."
    )
    notes: list[MisfitOut] = Field(description="The first thousand rows that were taken otherwise than they were told.")
    note_count: int


class ReturnFindingOut(BaseModel):
    """Something about the return that the national validator does not catch, or that is good to know."""

    rule: str = Field(description="Such as `duplicate`, `outside_year`, `outside_care`, `code_and_age` or `late`.")
    blocking: bool = Field(description="The return is not sent before it is put right; others are for information.")
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
