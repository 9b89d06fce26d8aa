"""What this service does when the directory changes: it keeps the copies that it needs."""

from typing import ClassVar

from pydantic import Field

from chassis.command import command_for
from chassis.events.directory_replica import EntryChanged, subscription
from chassis.events.inbox import Receipt, Subscription
from services.escalations.answers import links as linking
from services.escalations.rules import AGENCY, AREA, COLLEAGUE


class DirectoryChanged(EntryChanged):
    """What is read of a change in the directory."""

    source: ClassVar[str] = "notifications"


class ColleagueChanged(DirectoryChanged):
    """A colleague came, changed or left."""

    type: ClassVar[str] = "directory.colleague_changed"

    roles: list[str] = Field(default_factory=list)
    address_changed: bool = Field(default=False, exclude=True)


class AgencyChanged(DirectoryChanged):
    """An agency, or its roles, changed."""

    type: ClassVar[str] = "directory.agency_changed"

    roles: list[str] = Field(default_factory=list)


class AreaChanged(DirectoryChanged):
    """An area changed."""

    type: ClassVar[str] = "directory.area_changed"


_KEPT = subscription(ColleagueChanged, COLLEAGUE)


async def keep_colleague(told: ColleagueChanged, receipt: Receipt) -> None:
    """Keep a copy of the colleague; links that went to an address that was corrected are replaced."""
    await _KEPT.handler(told, receipt)
    if told.address_changed:
        await linking.replace_links(command_for(receipt), told.id, told.version)


SUBSCRIPTIONS = (
    Subscription(ColleagueChanged, keep_colleague),
    subscription(AgencyChanged, AGENCY),
    subscription(AreaChanged, AREA),
)
