"""The statutory return: what is wrong before it is sent."""

from datetime import date

from pydantic import BaseModel, Field


class CensusFindingOut(BaseModel):
    """Something about the return that has to be put right, or that is good to know."""

    rule: str = Field(description="Such as `initial_on_weekend`, `plan_apart_from_conference` or `late`.")
    blocking: bool = Field(description="The return is not sent before it is put right; others are for information.")
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
