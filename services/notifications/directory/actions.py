"""Changes of the directory; each is published and audited."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.events.event import Event
from chassis.law.violations import Violation
from chassis.web.versions import check_absent, check_version, says_the_same
from services.notifications.directory.models import Agency, Area, Colleague, Coverage
from services.notifications.directory.schemas import AgencyIn, AreaIn, ColleagueIn, CoverageIn
from services.notifications.events import AgencyChanged, AreaChanged, ColleagueChanged, CoverageChanged
from services.notifications.models import Base
from services.notifications.rules import Position

T = TypeVar("T", bound=Base)


async def put_area(command: Command, area_id: str, wanted: AreaIn, version: int | None) -> tuple[Area, bool]:
    """Create or replace an area; returns it, and whether it is new."""
    area, changed = await _put(command, Area, area_id, wanted, version)
    if changed != []:
        command.publish(AreaChanged(id=area.id, ends_on=area.ends_on, version=area.version))
    return area, changed is None


async def put_agency(command: Command, agency_id: str, wanted: AgencyIn, version: int | None) -> tuple[Agency, bool]:
    """Create or replace an agency; returns it, and whether it is new."""
    agency, changed = await _put(command, Agency, agency_id, wanted, version)
    if changed != []:
        command.publish(AgencyChanged(id=agency.id, roles=agency.roles, ends_on=agency.ends_on, version=agency.version))
    return agency, changed is None


async def put_colleague(
    command: Command, colleague_id: str, wanted: ColleagueIn, version: int | None
) -> tuple[Colleague, bool]:
    """Create or replace a colleague; returns them, and whether they are new. They leave by a date."""
    refuse(await _wrong_names(command, wanted))
    colleague, changed = await _put(command, Colleague, colleague_id, wanted, version)
    if changed != []:
        command.publish(_changed(colleague, address_changed="email" in (changed or ())))
    return colleague, changed is None


def _changed(colleague: Colleague, *, address_changed: bool) -> Event:
    share = colleague.full_time_equivalent
    return ColleagueChanged(
        id=colleague.id,
        roles=sorted(colleague.positions),
        area_id=colleague.area_id,
        full_time_equivalent=None if share is None else float(share),
        starts_on=colleague.starts_on,
        ends_on=colleague.ends_on,
        address_changed=address_changed,
        version=colleague.version,
    )


async def _put(
    command: Command, table: type[T], key: str, wanted: BaseModel, version: int | None
) -> tuple[T, Sequence[str] | None]:
    """Create or replace an entry; returns it, and the names of the changed fields, or None if it is new.

    What is sent again changes nothing.
    """
    values = wanted.model_dump()
    found: Any = await command.session.get(table, key, with_for_update=True)
    if found is None:
        check_absent(version)
        made = table(id=key, **values)
        try:
            async with command.session.begin_nested():
                command.session.add(made)
        except IntegrityError:
            # Somebody else created it at the same time.
            found = await command.session.get_one(table, key, with_for_update=True)
        else:
            await _audit(command, table, key, "created")
            return made, None
    if says_the_same(found, values):
        return found, []
    check_version(found, version)
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    await command.session.flush()
    await _audit(command, table, key, ", ".join(changed))
    return found, changed


async def _audit(command: Command, table: type[Base], key: object, what: str) -> None:
    """Audit who changed the directory and which fields; the values are in the directory itself."""
    name = table.__name__.lower()
    await command.audit(f"put_{name}", [], f"{name} {key}: {what}")


async def _wrong_names(command: Command, wanted: ColleagueIn) -> list[Violation]:
    errors = []
    if wanted.area_id is not None and await command.session.get(Area, wanted.area_id) is None:
        errors.append(Violation("area_id", "in_directory", "There is no such area."))
    if wanted.team_manager_id is not None:
        manager = await command.session.get(Colleague, wanted.team_manager_id)
        if manager is None or Position.TEAM_MANAGER not in manager.positions:
            message = "There is no such team manager."
            errors.append(Violation("team_manager_id", "in_directory", message))
    return errors


async def add_coverage(command: Command, wanted: CoverageIn) -> Coverage:
    """Let an officer cover an agency, or a role or area of it."""
    await _check_coverage(command, wanted)
    coverage = Coverage(**wanted.model_dump())
    command.session.add(coverage)
    await command.session.flush()
    await _audit(command, Coverage, coverage.id, "created")
    _publish_coverage(command, coverage)
    return coverage


async def change_coverage(command: Command, coverage: Coverage, wanted: CoverageIn, version: int | None) -> None:
    """Change what an officer covers, or the last day; what is sent again changes nothing."""
    if says_the_same(coverage, wanted.model_dump()):
        return
    check_version(coverage, version)
    await _check_coverage(command, wanted)
    changed = [name for name, value in wanted.model_dump().items() if getattr(coverage, name) != value]
    for name, value in wanted.model_dump().items():
        setattr(coverage, name, value)
    coverage.version += 1
    await _audit(command, Coverage, coverage.id, ", ".join(changed))
    _publish_coverage(command, coverage)


async def set_coverage(command: Command, wanted: CoverageIn) -> None:
    """Set the last day of this coverage if it exists; otherwise add it."""
    same = select(Coverage).filter_by(**wanted.model_dump(exclude={"ends_on"})).order_by(col(Coverage.id))
    known = (await command.session.exec(same.with_for_update())).first()
    if known is None:
        await add_coverage(command, wanted)
    else:
        await change_coverage(command, known, wanted, known.version)


def _publish_coverage(command: Command, coverage: Coverage) -> None:
    command.publish(CoverageChanged(**coverage.model_dump()))


async def _check_coverage(command: Command, wanted: CoverageIn) -> None:
    """Refuse coverage that names something unknown, or a role that the agency does not have."""
    errors = []
    if await command.session.get(Colleague, wanted.colleague_id) is None:
        errors.append(Violation("colleague_id", "in_directory", "There is no such colleague."))
    if wanted.area_id is not None and await command.session.get(Area, wanted.area_id) is None:
        errors.append(Violation("area_id", "in_directory", "There is no such area."))
    agency = await command.session.get(Agency, wanted.agency_id) if wanted.agency_id else None
    if wanted.agency_id is not None and agency is None:
        errors.append(Violation("agency_id", "in_directory", "There is no such agency."))
    if agency is not None and wanted.agency_role is not None and wanted.agency_role not in agency.roles:
        message = f"The agency's roles are: {', '.join(agency.roles)}."
        errors.append(Violation("agency_role", "agency_role", message))
    refuse(errors)


async def present(session: Any, position: Position, day: date) -> Sequence[Colleague]:
    """Colleagues in a position on a day, by identifier."""
    query = select(Colleague).where(
        col(Colleague.positions).contains([position]),
        col(Colleague.starts_on) <= day,
        (col(Colleague.ends_on).is_(None)) | (col(Colleague.ends_on) >= day),
    )
    found: Sequence[Colleague] = (await session.exec(query.order_by(col(Colleague.id)))).all()
    return found
