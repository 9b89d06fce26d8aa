"""What this service does when the directory changes: it keeps the copies that it needs."""

from typing import ClassVar

from pydantic import Field

from chassis.copies import Copied, subscription
from services.escalations.rules import AGENCY, AREA, COLLEAGUE


class DirectoryChanged(Copied):
    """What is read of a change in the directory."""

    source: ClassVar[str] = "notifications"


class ColleagueChanged(DirectoryChanged):
    """A colleague came, changed or left."""

    type: ClassVar[str] = "directory.colleague_changed"

    roles: list[str] = Field(default_factory=list)


class AgencyChanged(DirectoryChanged):
    """An agency, or its roles, changed."""

    type: ClassVar[str] = "directory.agency_changed"

    roles: list[str] = Field(default_factory=list)


class AreaChanged(DirectoryChanged):
    """An area changed."""

    type: ClassVar[str] = "directory.area_changed"


SUBSCRIPTIONS = (
    subscription(ColleagueChanged, COLLEAGUE),
    subscription(AgencyChanged, AGENCY),
    subscription(AreaChanged, AREA),
)
