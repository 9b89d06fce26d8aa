"""Refusals in the audit: who asked for what they may not have, or for a record that is not there for them.

A restricted record and one that does not exist get the same answer (404), so both are written down.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import MetaData

from chassis.access import audit
from chassis.access.callers import Caller, Role
from chassis.base.problems import Forbidden, NotFound, Problem
from chassis.db.database import database_of

REFUSALS = (Forbidden.status, NotFound.status)


def recorder(metadata: MetaData, referenced: Sequence[str]) -> Callable[[Request, Problem], Awaitable[None]]:
    """What writes a service's refusals into its audit, with the children whom its tables say the address is about.

    `referenced` names the tables whose records people know by a reference.
    """
    people = _people_statement(metadata, referenced)

    async def record(request: Request, problem: Problem) -> None:
        caller: Caller | None = getattr(request.state, "caller", None)
        if caller is None or problem.status not in REFUSALS or caller.roles == {Role.SERVICE}:
            return
        named = {name: str(value) for name, value in request.path_params.items()}
        if problem.status == NotFound.status and not named:
            return
        database = database_of(request)
        found = await database.statements.rows(people, *_keys(named)) if named else []
        concerned = {person for row in found for person in row["person_ids"] or ()}
        if "person_id" in named:
            concerned.add(named["person_id"])
        forwarded = request.headers.get("x-forwarded-for")
        entry = audit.entry(
            caller,
            action=f"refused_{problem.status}",
            person_ids=sorted(concerned),
            record=f"{request.method} {request.url.path}",
        )
        address = forwarded or (request.client.host if request.client else None)
        async with database.transaction() as session:
            session.add(audit.AuditEntry(**entry, address=address))

    return record


def _keys(named: Mapping[str, str]) -> tuple[list[str], list[UUID]]:
    """The references and the identifiers that an address names."""
    references, identifiers = [], []
    for value in named.values():
        try:
            identifiers.append(UUID(value))
        except ValueError:
            references.append(value)
    return references, identifiers


def _people_statement(metadata: MetaData, referenced: Sequence[str]) -> str:
    """Whom a record is about, by its reference or its identifier, from every table that says so."""
    # Whichever tables there are, the statement has both parameters.
    selects = ["SELECT NULL::text[] AS person_ids FROM (SELECT $1::text[], $2::uuid[]) AS asked"]
    for table in metadata.sorted_tables:
        columns: Any = table.c
        people = "person_ids" if "person_ids" in columns else "ARRAY[person_id]" if "person_id" in columns else None
        if people is None:
            continue
        if table.name in referenced:
            selects.append(f"SELECT {people} AS person_ids FROM {table.fullname} WHERE reference = ANY($1::text[])")
        if "id" in columns:
            selects.append(f"SELECT {people} AS person_ids FROM {table.fullname} WHERE id = ANY($2::uuid[])")
    return " UNION ALL ".join(selects)
