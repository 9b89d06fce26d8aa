"""Whether those whom an escalation names are in the directory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.problems import FieldError, Invalid
from services.escalations.tables import DirectoryCopy

COLLEAGUE, AGENCY, AREA = "colleague", "agency", "area"


@dataclass(frozen=True)
class Named:
    """Somebody or something of the directory that a field of a request names; an agency with the role there."""

    field: str
    kind: str
    id: str
    role: str | None = None


async def wrong_names(session: AsyncSession, named: Iterable[Named], today: date) -> list[FieldError]:
    """What is wrong with the names given: nobody there, somebody who left, or a role that the agency does not have."""
    wanted = list(named)
    keys = {(one.kind, one.id) for one in wanted}
    rows = select(DirectoryCopy).where(tuple_(col(DirectoryCopy.kind), col(DirectoryCopy.id)).in_(keys))
    rows = rows.where(or_(col(DirectoryCopy.ends_on).is_(None), col(DirectoryCopy.ends_on) >= today))
    present = {(row.kind, row.id): row for row in (await session.exec(rows)).all()}
    errors = []
    for one in wanted:
        found = present.get((one.kind, one.id))
        if found is None:
            errors.append(
                FieldError(field=one.field, rule="in_directory", message=f"The directory has no such {one.kind}.")
            )
        elif one.role is not None and one.role not in found.roles:
            field = one.field.removesuffix("_id") + "_role"
            roles = ", ".join(found.roles) or "none"
            errors.append(FieldError(field=field, rule="agency_role", message=f"The agency's roles are: {roles}."))
    return errors


async def check_names(session: AsyncSession, named: Iterable[Named], today: date) -> None:
    """Refuse a request that names nobody: `Invalid` with each field at fault."""
    if errors := await wrong_names(session, named, today):
        raise Invalid.of(errors)
