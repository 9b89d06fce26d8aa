"""Recording, correcting and voiding what is known of the work's quality, and what of it is due."""

from collections import Counter
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.problems import NotFound, refuse
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import NamedEntry, ReplicaEntry, check_names
from chassis.law.periods import PeriodKind, period_of
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_absent, check_version
from services.reports.quality.models import CaseAudit, Home, HomeVisit, Observation, Priority, Recorded
from services.reports.quality.rules import DueKind, HomeKind, PriorityState, observation_due_on, visit_due_on
from services.reports.quality.schemas import DueOut, HomeIn, ObservationIn, RecordIn

AHEAD = timedelta(days=30)
DONE = {PriorityState.ACHIEVED, PriorityState.CARRIED_OVER, PriorityState.DROPPED}
Kind = TypeVar("Kind", bound=Recorded)


async def record(command: Command, table: type[Kind], wanted: RecordIn) -> Kind:
    """Record something; the colleagues and the home that it names exist, and its days are not in the future."""
    await _check(command, wanted)
    row = table(recorded_by=command.caller.subject, **wanted.model_dump())
    command.session.add(row)
    await command.audit(f"record_{table.__tablename__}", [], str(row.id))
    return row


async def correct(command: Command, table: type[Kind], row_id: UUID, version: int | None, wanted: RecordIn) -> Kind:
    """Set right what was recorded; it says afterwards what is sent."""
    row = await _locked(command, table, row_id)
    if _says_already(row, wanted):
        return row
    check_version(row, version)
    await _check(command, wanted)
    row.sqlmodel_update(wanted.model_dump())
    row.version += 1
    await command.audit(f"correct_{table.__tablename__}", [], str(row_id))
    return row


def _says_already(row: Recorded | Home, wanted: RecordIn | HomeIn) -> bool:
    """Whether a change was made before, as by the same request that came twice."""
    return all(getattr(row, name) == value for name, value in wanted.model_dump().items())


async def void(command: Command, table: type[Kind], row_id: UUID, reason: str) -> None:
    """Take back what was recorded by mistake: it is kept, and shown and counted no more."""
    row = await _locked(command, table, row_id)
    row.voided_on, row.voided_by, row.voided_because = command.today, command.caller.subject, reason
    row.version += 1
    await command.audit(f"void_{table.__tablename__}", [], str(row_id), reason)


async def put_home(command: Command, home_id: str, version: int | None, wanted: HomeIn) -> tuple[Home, bool]:
    """Add a home, or say anew what it is; whether it is new."""
    if wanted.closed_on and wanted.closed_on < wanted.opened_on:
        refuse([Violation("closed_on", "after_opening", "A home is not closed before it is opened.")])
    await advisory_lock(command.session, f"home {home_id}")
    row = await command.session.get(Home, home_id)
    new = row is None
    if row is None:
        check_absent(version)
        row = Home(id=home_id, **wanted.model_dump())
        command.session.add(row)
    elif not _says_already(row, wanted):
        check_version(row, version)
        row.sqlmodel_update(wanted.model_dump())
        row.version += 1
    await command.audit("put_home", [], home_id)
    return row, new


async def due(session: AsyncSession, today: date) -> list[DueOut]:
    """What is due within 30 days or overdue, soonest first."""
    found = [*await _observations(session, today), *await _visits(session, today), *await _outcomes(session)]
    return sorted(
        (
            DueOut(kind=kind, about=about, name=name, due_on=due_on, is_overdue=due_on < today)
            for kind, about, name, due_on in found
            if due_on <= today + AHEAD
        ),
        key=lambda item: (item.due_on, item.kind, item.name),
    )


Owed = tuple[DueKind, str, str, date]


async def _observations(session: AsyncSession, today: date) -> list[Owed]:
    year = period_of(PeriodKind.FINANCIAL_YEAR, today)
    done = select(Observation.chair_id).where(
        col(Observation.observed_on).between(year.first, year.last), col(Observation.voided_on).is_(None)
    )
    counted = Counter(await session.exec(done))
    colleagues = select(ReplicaEntry).where(
        ReplicaEntry.kind == "colleague", col(ReplicaEntry.ends_on).is_(None) | (col(ReplicaEntry.ends_on) >= today)
    )
    return [
        (DueKind.OBSERVATION, entry.id, entry.id, due_on)
        for entry in await session.exec(colleagues)
        if "chair" in entry.attributes.get("roles", ())
        and (due_on := observation_due_on(counted[entry.id], today)) is not None
    ]


async def _visits(session: AsyncSession, today: date) -> list[Owed]:
    visits = (
        select(col(HomeVisit.home_id), func.max(HomeVisit.visited_on))
        .where(col(HomeVisit.voided_on).is_(None))
        .group_by(col(HomeVisit.home_id))
    )
    last = dict((await session.exec(visits)).all())
    homes = select(Home).where(col(Home.closed_on).is_(None) | (col(Home.closed_on) >= today))
    return [
        (DueKind.HOME_VISIT, home.id, home.name, visit_due_on(HomeKind(home.kind), last.get(home.id, home.opened_on)))
        for home in await session.exec(homes)
    ]


async def _outcomes(session: AsyncSession) -> list[Owed]:
    audits = select(CaseAudit).where(
        col(CaseAudit.outcome).is_(None), col(CaseAudit.outcome_due_on).is_not(None), col(CaseAudit.voided_on).is_(None)
    )
    priorities = select(Priority).where(
        col(Priority.due_on).is_not(None), col(Priority.voided_on).is_(None), col(Priority.state).not_in(DONE)
    )
    return [
        (DueKind.AUDIT_OUTCOME, str(audit.id), audit.subject, audit.outcome_due_on)
        for audit in await session.exec(audits)
        if audit.outcome_due_on
    ] + [
        (DueKind.PRIORITY, str(priority.id), priority.title, priority.due_on)
        for priority in await session.exec(priorities)
        if priority.due_on
    ]


async def _locked(command: Command, table: type[Kind], row_id: UUID) -> Kind:
    row = await command.session.get(table, row_id, with_for_update=True)
    if row is None or row.voided_on is not None:
        raise NotFound
    return row


async def _check(command: Command, wanted: RecordIn) -> None:
    given = wanted.model_dump()
    refuse([future_violation(name, given[name], command.today) for name in wanted.past if given[name]])
    await check_names(command, [NamedEntry(name, "colleague", given[name]) for name in wanted.colleagues])
    if isinstance(wanted, ObservationIn) and wanted.observer_id == wanted.chair_id:
        refuse([Violation("observer_id", "another_person", "Somebody else than the chair observes a chair.")])
    if "home_id" in given and await command.session.get(Home, given["home_id"]) is None:
        refuse([Violation("home_id", "known_home", "There is no such home.")])
