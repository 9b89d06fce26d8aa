"""What this service does when the directory changes: it keeps the copies that it needs."""

from typing import ClassVar

from pydantic import Field

from chassis.events.directory_replica import EntryChanged, subscription
from services.conferences.children.cases import AGENCY, AREA, COLLEAGUE


class ColleagueChanged(EntryChanged):
    """A colleague joined, changed or left."""

    source: ClassVar[str] = "notifications"
    type: ClassVar[str] = "directory.colleague_changed"

    roles: list[str] = Field(default_factory=list)
    area_id: str | None = None
    full_time_equivalent: float | None = None


class AgencyChanged(EntryChanged):
    """An agency, or its roles, changed."""

    source: ClassVar[str] = "notifications"
    type: ClassVar[str] = "directory.agency_changed"

    roles: list[str] = Field(default_factory=list)


class AreaChanged(EntryChanged):
    """An area changed."""

    source: ClassVar[str] = "notifications"
    type: ClassVar[str] = "directory.area_changed"


SUBSCRIPTIONS = (
    subscription(ColleagueChanged, COLLEAGUE),
    subscription(AgencyChanged, AGENCY),
    subscription(AreaChanged, AREA),
)
