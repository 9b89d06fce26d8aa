"""What became of imported history."""

from pydantic import BaseModel, Field

from chassis.importing import ImportProblemOut


class ConferenceImportProblemOut(ImportProblemOut):
    """What is wrong with one row of one of the two files."""

    file: str = Field(description="`conferences` or `invitations`.")


class ConferenceImportOut(BaseModel):
    """What became of an import of past conferences."""

    rows: int = Field(description="How many rows were read, of both files.")
    imported: int = Field(description="All of them, or none.")
    conferences: int = Field(description="How many conferences they make.")
    dry_run: bool
    problems: list[ConferenceImportProblemOut] = Field(description="The first thousand problems of each file.")
    problem_count: int
