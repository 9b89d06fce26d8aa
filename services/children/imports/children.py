"""Children from elsewhere: a row for each."""

from collections.abc import Sequence

from sqlmodel import col

from chassis.children.events import ChildChanged
from chassis.command import Command
from chassis.events.event import Outgoing
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records
from services.children.children.actions import SENT, wrong_with
from services.children.children.models import Child
from services.children.imports.rows import ChildRow


async def import_children(importing: CsvImport[ChildRow]) -> None:
    """Import children from CSV: every row, or none if one of them is wrong; the answer says row, field and reason."""
    async for rows in importing.rows():
        for number, row in rows:
            importing.report.refuse(number, wrong_with(row.person_id, row, importing.command))
        await importing.check_new(rows, "person_id", "a child with this number", col(Child.person_id))
        if importing.writes:
            await _write(importing.command, [row for _, row in rows])


async def _write(command: Command, rows: Sequence[ChildRow]) -> None:
    records = Records(Child, Outgoing)
    for row in rows:
        said = {name: getattr(row, name) for name in SENT}
        child = Child(person_id=row.person_id, registered_on=command.today, sent_at=command.now, **said)
        event = ChildChanged.model_validate(child, from_attributes=True)
        records.add(Child, [child])
        records.add(Outgoing, [Outgoing.of(event, command.now)])
    await records.write(command.session)
    ids = [row.person_id for row in rows]
    await command.audit("import_children", ids, f"{ids[0]} and {len(ids) - 1} more")
