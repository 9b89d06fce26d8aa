"""The directory on a day: who is there, who covers what, and what nobody covers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.clock import london_day
from chassis.events.inbox import Receipt
from chassis.process import Process
from services.notifications.clients.escalations import Item
from services.notifications.directory.models import Agency, Area, Colleague, Coverage
from services.notifications.directory.schemas import CoverageCheckOut, PlaceOut
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
        """The directory on a day, read in an open session."""
        everybody = (await session.exec(select(Colleague))).all()
        there = (
            entry for entry in everybody if entry.starts_on <= day and (entry.ends_on is None or entry.ends_on >= day)
        )
        return cls(
            colleagues={entry.id: entry for entry in there},
            names={entry.id: entry.name for entry in everybody},
            agencies={entry.id: entry for entry in (await session.exec(select(Agency))).all()},
            areas={entry.id: entry for entry in (await session.exec(select(Area))).all()},
            coverage=await covered(session, day),
            day=day,
        )

    @classmethod
    async def at(cls, receipt: Receipt) -> "Directory":
        """The directory on the day on which an event was received, read in its transaction."""
        return await cls.of(receipt.session, london_day(receipt.now))

    def in_position(self, *positions: Position) -> list[Colleague]:
        """The colleagues in one of these positions, by identifier."""
        wanted = set(positions)
        return [colleague for _, colleague in sorted(self.colleagues.items()) if wanted & set(colleague.positions)]

    def agency_name(self, agency_id: str) -> str:
        """An agency's name, or its identifier if it is not known."""
        agency = self.agencies.get(agency_id)
        return agency.name if agency else agency_id

    def area_name(self, area_id: str) -> str:
        """An area's name, or its identifier if it is not known."""
        area = self.areas.get(area_id)
        return area.name if area else area_id

    def officer_for(self, item: Item) -> Colleague | None:
        """The officer who receives an escalation; None if nobody covers it."""
        return self.officer_of(item.agency_id, item.agency_role, item.area_id)

    def officer_of(self, agency_id: str, agency_role: str, area_id: str) -> Colleague | None:
        """The officer who covers a role at an agency in an area; None if nobody does."""
        officers = officers_for(self.coverage, agency_id, agency_role, area_id, self.day)
        return self.colleagues.get(officers[0]) if officers else None

    def is_covered(self, item: Item) -> bool:
        """Whether somebody covers an escalation who is not only a fallback."""
        applies = (item.agency_id, item.agency_role, item.area_id, self.day)
        return any(covered.applies(*applies) for covered in self.coverage if not covered.fallback)

    def by_officer(self, items: Iterable[Item]) -> dict[str | None, list[Item]]:
        """Escalations by the officer who receives them; None for those that nobody covers."""
        grouped: dict[str | None, list[Item]] = defaultdict(list)
        for item in items:
            officer = self.officer_for(item)
            grouped[officer.id if officer else None].append(item)
        return grouped


async def covered(session: AsyncSession, day: date) -> list[Covered]:
    """All coverage by officers who are there on a day."""
    query = (
        select(Coverage)
        .join(Colleague, col(Colleague.id) == col(Coverage.colleague_id))
        .where(
            col(Colleague.starts_on) <= day,
            or_(col(Colleague.ends_on).is_(None), col(Colleague.ends_on) >= day),
            col(Coverage.starts_on) <= day,
            or_(col(Coverage.ends_on).is_(None), col(Coverage.ends_on) >= day),
        )
    )
    return [_covered(row) for row in (await session.exec(query)).all()]


def _covered(row: Coverage) -> Covered:
    return Covered(
        officer_id=row.colleague_id,
        agency_id=row.agency_id,
        agency_role=row.agency_role,
        area_id=row.area_id,
        fallback=row.fallback,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


async def check(session: AsyncSession, day: date) -> CoverageCheckOut:
    """The gaps and overlaps among all roles of all agencies in all areas on a day."""
    coverage = await covered(session, day)
    agencies = await _there(session, Agency, day)
    areas = await _there(session, Area, day)
    places = [
        PlaceOut(
            agency_id=agency.id,
            agency_role=role,
            area_id=area.id,
            officers=officers_for(coverage, agency.id, role, area.id, day),
        )
        for agency in agencies
        for role in agency.roles
        for area in areas
    ]
    gaps = [place for place in places if not place.officers]
    return CoverageCheckOut(on=day, gaps=gaps, overlaps=[place for place in places if len(place.officers) > 1])


async def _there(session: AsyncSession, table: type[Agency] | type[Area], day: date) -> Sequence[Any]:
    query = select(table).where(or_(col(table.ends_on).is_(None), col(table.ends_on) >= day))
    return (await session.exec(query.order_by(col(table.id)))).all()
