"""Who the children of an import are, put into the replica of reviews before their care is imported."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.children.models import IDENTITY, ChildIdentityBase
from chassis.children.replica import keep_children
from chassis.importing.writing import lots
from tests.support.serving import Serving

LISTS = ("siblings", "disabilities")
Row = dict[str, Any]


async def care_of(service: Serving, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Keep who the children of these rows are, as the children service told; the rows with their care alone."""
    care, who = list[Row](), dict[str, Row]()
    for row in rows:
        said = {name: row[name] for name in IDENTITY if row.get(name) not in {None, ""}}
        said |= {name: said[name].split(";") for name in LISTS if name in said}
        who.setdefault(row["person_id"], said)
        care.append({name: value for name, value in row.items() if name not in IDENTITY or name == "person_id"})
    async with service.client.process.database.transaction() as session:
        for several in lots(list(who.values())):
            await keep_children(session, map(ChildIdentityBase.model_validate, several))
    return care
