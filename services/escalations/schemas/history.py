"""Reports about imports."""

from pydantic import BaseModel, Field


class ImportProblemOut(BaseModel):
    """What is wrong with one row of an import."""

    row: int = Field(description="The row's number; the heading is row 1.")
    field: str
    reason: str


class ImportOut(BaseModel):
    """What became of an import."""

    rows: int = Field(description="How many rows were read.")
    imported: int = Field(description="All of them, or none.")
    dry_run: bool
    problems: list[ImportProblemOut] = Field(description="The first thousand problems.")
    problem_count: int
