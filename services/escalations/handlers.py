"""What this service does when the directory changes: it keeps the copies that it needs."""

from datetime import date
from typing import ClassVar

from pydantic import Field
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from chassis.inbox import Heard, Hearing, Subscription
from services.escalations.tables import DirectoryCopy


class DirectoryChanged(Heard):
    """What is read of a change in the directory."""

    source: ClassVar[str] = "notifications"

    id: str
    version: int
    ends_on: date | None = None


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


async def _keep(kind: str, event: DirectoryChanged, roles: list[str], hearing: Hearing) -> None:
    """Keep what is newer than what is known, in whichever order events arrive."""
    row = {"kind": kind, "id": event.id, "roles": roles, "ends_on": event.ends_on, "version": event.version}
    kept = insert(DirectoryCopy).values(row)
    newer = kept.on_conflict_do_update(
        index_elements=["kind", "id"],
        set_={name: kept.excluded[name] for name in ("roles", "ends_on", "version")},
        where=col(DirectoryCopy.version) < kept.excluded.version,
    )
    await hearing.session.exec(newer)


async def keep_colleague(event: ColleagueChanged, hearing: Hearing) -> None:
    """Remember that a colleague is there, and until when."""
    await _keep("colleague", event, event.roles, hearing)


async def keep_agency(event: AgencyChanged, hearing: Hearing) -> None:
    """Remember an agency and its roles."""
    await _keep("agency", event, event.roles, hearing)


async def keep_area(event: AreaChanged, hearing: Hearing) -> None:
    """Remember an area."""
    await _keep("area", event, [], hearing)


SUBSCRIPTIONS = (
    Subscription(ColleagueChanged, keep_colleague),
    Subscription(AgencyChanged, keep_agency),
    Subscription(AreaChanged, keep_area),
)
