"""What the records of reviews and of conferences take alike."""

from pydantic import BaseModel

from chassis.base.fields import Input, Line, Words


class FamilyViewIn(Input):
    """What a parent or another member of the family said."""

    by: Line
    words: Words


class FamilyViewOut(BaseModel):
    """What a parent or another member of the family said."""

    by: str
    words: str
