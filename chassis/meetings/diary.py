"""A chair's diary: which days of it are asked for, and the open deadlines beside it."""

from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid
from chassis.web.pagination import PageQuery, sorted_by

LONGEST = timedelta(days=400)
AHEAD = timedelta(days=42)


def until(first: date, last: date | None, ahead: timedelta) -> date:
    """The last day that is meant, where none is given."""
    return last or (first + ahead if first < date.max - ahead else date.max)


class DiaryQuery(BaseModel):
    """The parameters of a diary."""

    model_config = ConfigDict(extra="forbid")

    chair_id: Omittable[str] = Field(None, description="The chair; the caller by default.")
    first: Omittable[Day] = Field(None, description="On or after this day; today by default.")
    last: Omittable[Day] = Field(None, description="On or before this day; six weeks after the first by default.")

    def wanted(self, caller: str, today: date) -> dict[str, Any]:
        """Whose diary and which days are meant; `Invalid` if these are too many, or in the wrong order."""
        first = self.first or today
        last = until(first, self.last, AHEAD)
        if not timedelta() <= last - first <= LONGEST:
            message = f"The last day must be on or after the first, and within {LONGEST.days} days."
            raise Invalid.field("last", "after_first", message)
        return {"chair_id": self.chair_id or caller, "first": first, "last": last}


class OpenDeadlinesQuery(PageQuery):
    """The parameters that lists of open deadlines share."""

    owner_id: Several[str] = Field(None, description="Filter by the colleague who must act.")
    chair_id: Several[str] = Field(None, description="Filter by the child's chair.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    team: Several[str] = Field(None, description="Filter by social work team.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    due_from: Omittable[Day] = Field(None, description="Due on or after this day.")
    due_to: Omittable[Day] = Field(None, description="Due on or before this day.")
    overdue: Omittable[bool] = Field(None, description="Filter by whether the deadline has passed.")
    sort: str = sorted_by("due_on")
