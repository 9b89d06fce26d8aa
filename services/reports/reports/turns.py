"""Whose turn it is with a report, and who can be named in it."""

from collections.abc import Collection

from chassis.access.callers import Caller, Role
from chassis.base.problems import Conflict, Invalid
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, ReplicaEntry, check_names
from services.reports.moves import OF_REPORT
from services.reports.reports.models import Report
from services.reports.rules import TURNS, standing


class ReportElsewhere(Conflict):
    """The report does not stand where this could be done with it."""


class AnothersTurn(Conflict):
    """Somebody else has been asked to do this with the report."""


def possible(report: Report, caller: Caller) -> list[str]:
    """What a caller can do with a report as it stands now."""
    return OF_REPORT.possible(standing(report.state, report.author_id, report.reviewer_id, caller.subject))


def check_turn(command: Command, report: Report, operation: str) -> None:
    """Refuse what cannot be done with a report now, or not by the caller."""
    if operation in possible(report, command.caller):
        return
    if report.state in TURNS and operation in OF_REPORT.possible(TURNS[report.state]):
        raise AnothersTurn(f"{report.reference} is for its reviewer, {report.reviewer_id}.")
    raise ReportElsewhere(f"{report.reference} is {report.state.replace('_', ' ')}.")


async def check_colleague(command: Command, field: str, colleague_id: str, roles: Collection[Role]) -> None:
    """Refuse somebody who is not in the directory, or has none of these roles there."""
    await check_names(command, [NamedEntry(field, "colleague", colleague_id)])
    entry = await command.session.get_one(ReplicaEntry, ("colleague", colleague_id))
    if not set(roles).intersection(entry.attributes.get("roles", ())):
        wanted = " or ".join(role.replace("_", " ") for role in roles)
        raise Invalid.field(field, "colleague_role", f"Name a colleague whom the directory has as {wanted}.")
