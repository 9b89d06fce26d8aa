"""What the case-management system says of a child that only conferences use."""

from chassis.children.replica import known_child
from chassis.command import Command
from chassis.web.versions import check_absent, check_version, says_the_same
from services.conferences.children.cases import Case, cases_of
from services.conferences.children.models import Protection
from services.conferences.children.replica import protections
from services.conferences.children.schemas import ProtectionIn


async def put_protection(
    command: Command, person_id: str, version: int | None, wanted: ProtectionIn
) -> tuple[Case, bool]:
    """Bring what conferences know of a child up to date; the case, and whether the child is new here.

    Sending the same record again changes nothing.
    """
    await known_child(command, person_id)
    is_new = await command.session.get(Protection, person_id) is None
    if is_new:
        check_absent(version)
    rows = await protections(command, [person_id])
    (case,) = await cases_of(command.session, list(rows.values()))
    row, said = case.protection, wanted.model_dump()
    if not is_new:
        if says_the_same(row, said):
            return case, False
        check_version(row, version)
        row.version += 1
    for name, value in said.items():
        setattr(row, name, value)
    await command.audit("put_protection", [person_id], person_id)
    return case, is_new
