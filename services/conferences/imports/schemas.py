"""What became of imported history."""

from pydantic import BaseModel, Field

from chassis.importing.report import ImportProblemOut


class ConferenceImportProblemOut(ImportProblemOut):
    """What is wrong with one row of one of the files."""

    file: str = Field(description="`conferences`, `invitations` or `plan_ends`.")


class ConferenceImportOut(BaseModel):
    """What became of an import of past conferences."""

    rows: int = Field(description="How many rows were read, of all files.")
    imported: int = Field(description="All of them, or none.")
    conferences: int = Field(description="How many conferences they make.")
    dry_run: bool
    problems: list[ConferenceImportProblemOut] = Field(description="The first thousand problems.")
    problem_count: int


class CensusMisfitOut(BaseModel):
    """Something in a submitted census that does not fit, or was taken otherwise than it was told, and why."""

    year: int = Field(description="The calendar year in which the census ends.")
    child: str = Field(description="The child's number in it.")
    element: str = Field(description="The element's name, such as `CPPreviewDate`.")
    reason: str


class CensusImportOut(BaseModel):
    """What became of submitted censuses."""

    dry_run: bool
    children: int = Field(description="Those with an enquiry or a plan.")
    passed_over: int = Field(description="Children of the census without either, of whom nothing is taken in.")
    section_47_enquiries: int
    plans: int
    conferences: int
    assumed: int = Field(
        description="Plans of which not all is told, such as reviews before the first year: taken as in time."
    )
    notes: list[CensusMisfitOut] = Field(
        description="The first thousand things that were taken otherwise than they were told."
    )
    note_count: int
