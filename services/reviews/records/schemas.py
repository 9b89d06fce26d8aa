"""The record of a review."""

from typing import Annotated

from pydantic import AfterValidator, EmailStr, Field

from chassis.base.fields import Input, Line, PastDay, PersonId, without_nul
from chassis.papers.schemas import FamilyViewIn

RecordText = Annotated[str, Field(max_length=100_000), AfterValidator(without_nul)]
ChildText = Annotated[str, Field(max_length=20_000), AfterValidator(without_nul)]


class RecordIn(Input):
    """The record of a review for a child; fields left out do not change."""

    record_text: RecordText | None = None
    child_text: ChildText | None = Field(default=None, description="Written for the child.")
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


class RecordRecipientIn(Input):
    """Somebody who is sent a link to the record."""

    name: Annotated[Line, Field(max_length=100)] = Field(description="Their name.")
    role: Annotated[Line, Field(max_length=90)] = Field(description="Why they have it, such as `Foster carer`.")
    email: EmailStr


class GiveRecordIn(Input):
    """Who is sent a link to the record of a review."""

    person_id: PersonId | None = Field(default=None, description="This child alone; all children, if left out.")
    recipients: list[RecordRecipientIn] = Field(min_length=1, max_length=50)
