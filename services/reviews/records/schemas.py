"""The record of a review."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chassis.base.fields import Input, Line, PastDay, without_nul
from chassis.papers.schemas import FamilyViewIn


class RecordIn(Input):
    """The record of a review for a child; fields left out do not change."""

    record_text: Annotated[str, Field(max_length=100_000), AfterValidator(without_nul)] | None = None
    child_text: Annotated[str, Field(max_length=20_000), AfterValidator(without_nul)] | None = Field(
        default=None, description="Written for the child."
    )
    family_views: list[FamilyViewIn] = Field(
        default_factory=list, max_length=40, description="What parents and the family said."
    )


class CompleteRecordIn(Input):
    """When the full record was completed."""

    completed_on: PastDay | None = Field(default=None, description="Today by default.")


class DistributeRecordIn(Input):
    """Who received the record, and when."""

    distributed_on: PastDay | None = Field(default=None, description="Today by default.")
    recipients: list[Line] = Field(min_length=1, max_length=50)
