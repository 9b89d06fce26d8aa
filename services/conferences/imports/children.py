"""Children from elsewhere: a row for each."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import col, select

from chassis.command import Command
from chassis.events.directory_replica import ReplicaEntry
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records
from services.conferences.children.actions import COPIED, LOOKED_AFTER, take_over_looked_after, wrong_with_child
from services.conferences.children.models import Child
from services.conferences.imports.rows import ChildRow


async def import_family_children(importing: CsvImport[ChildRow]) -> None:
    """Import children from CSV: every row, or none if one of them is wrong; the answer says row, field and reason."""
    # Who is looked after is not told meanwhile: either it is read here, or it finds the child.
    lock = text("LOCK TABLE chassis.copy IN SHARE MODE")
    await importing.command.session.exec(lock)  # type: ignore[call-overload]
    async for rows in importing.rows():
        for number, row in rows:
            importing.report.refuse(number, wrong_with_child(row, importing.command))
        await importing.check_new(rows, "person_id", "a child with this number", col(Child.person_id))
        if importing.writes:
            await _write(importing.command, [row for _, row in rows])


async def _write(command: Command, rows: Sequence[ChildRow]) -> None:
    ids, records = [row.person_id for row in rows], Records(Child)
    query = select(ReplicaEntry).where(col(ReplicaEntry.kind) == LOOKED_AFTER, col(ReplicaEntry.id).in_(ids))
    looked_after = {entry.id: entry for entry in (await command.session.exec(query)).all()}
    for row in rows:
        copied = {name: getattr(row, name) for name in COPIED}
        child = Child(person_id=row.person_id, registered_on=command.today, **copied)
        if entry := looked_after.get(row.person_id):
            take_over_looked_after(child, entry)
        records.add(Child, [child])
    await records.write(command.session)
    await command.audit("import_children", ids, f"{ids[0]} and {len(ids) - 1} more")
