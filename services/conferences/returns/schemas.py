"""The statutory return: what is wrong before it is sent."""

from datetime import date

from pydantic import BaseModel, Field


class CensusFindingOut(BaseModel):
    """A finding about the return: an error to correct, or information."""

    rule: str = Field(description="Such as `initial_on_weekend`, `plan_apart_from_conference` or `late`.")
    blocking: bool = Field(
        description="Must be corrected before the return is sent; other findings are for information."
    )
    person_id: str
    reference: str | None = Field(description="The conference, or the number of the enquiry.")
    on: date
    message: str


class CensusChecksOut(BaseModel):
    """The checks of a year's return before it is sent."""

    year: str
    children: int
    section_47_enquiries: int
    initial_conferences: int
    plans: int
    reviews: int
    findings: list[CensusFindingOut]
