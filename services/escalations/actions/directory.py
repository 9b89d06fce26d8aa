"""Whether those whom an escalation names are in the directory."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from chassis.acting import Acting
from chassis.problems import FieldError, Invalid
from chassis.statements import Statements

COLLEAGUE, AGENCY, AREA = "colleague", "agency", "area"
# What was found is believed for so long; whoever was not found is looked up each time.
REMEMBERED_SECONDS = 5.0
FIND = """
    SELECT copy.kind, copy.id, copy.roles, copy.ends_on FROM directory_copy copy
    JOIN unnest($1::text[], $2::text[]) AS wanted (kind, id) ON wanted.kind = copy.kind AND wanted.id = copy.id
"""


@dataclass(frozen=True)
class Named:
    """Somebody or something of the directory that a field of a request names; an agency with the role there."""

    field: str
    kind: str
    id: str
    role: str | None = None


@dataclass(frozen=True)
class Entry:
    """What is known of an entry of the directory."""

    roles: frozenset[str]
    ends_on: date | None
    believed_until: float


Known = dict[tuple[str, str], Entry]
_known: WeakKeyDictionary[Statements, Known] = WeakKeyDictionary()


async def wrong_names(act: Acting, named: Iterable[Named]) -> list[FieldError]:
    """What is wrong with the names given: nobody there, somebody who left, or a role that the agency does not have."""
    wanted = list(named)
    known = await _entries(act.work.database.statements, {(one.kind, one.id) for one in wanted})
    errors = []
    for one in wanted:
        found = known.get((one.kind, one.id))
        if found is None or (found.ends_on is not None and found.ends_on < act.today):
            message = f"The directory has no such {one.kind}."
            errors.append(FieldError(field=one.field, rule="in_directory", message=message))
        elif one.role is not None and one.role not in found.roles:
            field = one.field.removesuffix("_id") + "_role"
            roles = ", ".join(sorted(found.roles)) or "none"
            errors.append(FieldError(field=field, rule="agency_role", message=f"The agency's roles are: {roles}."))
    return errors


async def check_names(act: Acting, named: Iterable[Named]) -> None:
    """Refuse a request that names nobody: `Invalid` with each field at fault."""
    if errors := await wrong_names(act, named):
        raise Invalid.of(errors)


async def _entries(statements: Statements, keys: set[tuple[str, str]]) -> Known:
    known = _known.setdefault(statements, {})
    moment = asyncio.get_running_loop().time()
    unknown = [key for key in keys if key not in known or known[key].believed_until < moment]
    if unknown:
        kinds, ids = [kind for kind, _ in unknown], [key for _, key in unknown]
        rows = await statements.rows(FIND, kinds, ids)
        # Only now: whoever waits for other entries meanwhile still relies on these.
        for key in unknown:
            known.pop(key, None)
        for row in rows:
            until = moment + REMEMBERED_SECONDS
            known[row["kind"], row["id"]] = Entry(frozenset(row["roles"]), row["ends_on"], until)
    return known
