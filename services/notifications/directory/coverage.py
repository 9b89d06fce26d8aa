"""Who covers what, and what nobody does."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.directory.schemas import CoverageCheckOut, PlaceOut
from services.notifications.models import Agency, Area, Colleague, Coverage
from services.notifications.rules import Covered, officers_for


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
    """Every role of every agency in every area that nobody covers on a day, or more than one officer equally."""
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
