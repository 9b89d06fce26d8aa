"""The directory as it is on one day, for whatever looks up many of its entries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.process import Process
from services.notifications.clients import Item
from services.notifications.directory.coverage import covered
from services.notifications.models import Agency, Area, Colleague
from services.notifications.rules import Covered, Position, officers_for


@dataclass(frozen=True)
class Directory:
    """Who is there on a day, and who covers what; names of those who left are still known."""

    colleagues: dict[str, Colleague]
    names: dict[str, str]
    agencies: dict[str, Agency]
    areas: dict[str, Area]
    coverage: list[Covered]
    day: date

    @classmethod
    async def on(cls, process: Process, day: date) -> "Directory":
        """The directory on a day."""
        async with process.database.reading() as session:
            return await cls.of(session, day)

    @classmethod
    async def of(cls, session: AsyncSession, day: date) -> "Directory":
        """The same, read in a session that is open already."""
        everybody = (await session.exec(select(Colleague))).all()
        there = (one for one in everybody if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day))
        return cls(
            colleagues={one.id: one for one in there},
            names={one.id: one.name for one in everybody},
            agencies={one.id: one for one in (await session.exec(select(Agency))).all()},
            areas={one.id: one for one in (await session.exec(select(Area))).all()},
            coverage=await covered(session, day),
            day=day,
        )

    def in_position(self, *positions: Position) -> list[Colleague]:
        """Everybody there who is one of these, by identifier."""
        wanted = set(positions)
        return [one for _, one in sorted(self.colleagues.items()) if wanted & set(one.positions)]

    def agency_name(self, agency_id: str) -> str:
        """An agency's name; its identifier if it is not known."""
        agency = self.agencies.get(agency_id)
        return agency.name if agency else agency_id

    def area_name(self, area_id: str) -> str:
        """An area's name; its identifier if it is not known."""
        area = self.areas.get(area_id)
        return area.name if area else area_id

    def officer_for(self, item: Item) -> Colleague | None:
        """Who receives an escalation; nobody if nobody covers it."""
        officers = officers_for(self.coverage, item.agency_id, item.agency_role, item.area_id, self.day)
        return self.colleagues.get(officers[0]) if officers else None

    def by_officer(self, items: Iterable[Item]) -> dict[str | None, list[Item]]:
        """Escalations by the identifier of whoever receives them; None for those that nobody covers."""
        grouped: dict[str | None, list[Item]] = defaultdict(list)
        for item in items:
            officer = self.officer_for(item)
            grouped[officer.id if officer else None].append(item)
        return grouped
