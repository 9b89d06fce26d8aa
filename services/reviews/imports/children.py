"""Children's care from elsewhere, with its periods: a row for each episode, checked child by child."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlmodel import col

from chassis.base.fields import new_id
from chassis.children.models import Child
from chassis.children.replica import known_children
from chassis.command import Command
from chassis.events.event import Outgoing
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Records, plain
from services.reviews.chairs.models import Allocation
from services.reviews.children.actions import COPIED, check_care, period_record, registered, stand
from services.reviews.children.cases import Case, practice_of
from services.reviews.children.deadlines import record, standing
from services.reviews.children.models import Deadline, LookedAfterChild, PeriodOfCare
from services.reviews.children.schemas import CareIn
from services.reviews.imports.rows import EpisodeRow

# What all rows of a child repeat, and all rows of one period of care; a row may leave it empty.
OF_CARE = frozenset({*COPIED, "chair_id", "chair_from"})
OF_PERIOD = frozenset({"period_ends_on", "adoption_authorised_on", "reviews_before", "reviewed_before_on"})


@dataclass
class ImportedCare:
    """A child's care: who the child is, what is said of the care, and the first of its rows, which names the chair."""

    number: int
    row: EpisodeRow
    identity: Child
    wanted: CareIn


async def import_care(importing: CsvImport[EpisodeRow]) -> None:
    """Import children's care from CSV: all rows, or none if one is wrong. The answer says row, field and reason.

    Import the children first. Give one row for each episode. A child's rows are together and repeat the care's details.
    """
    chairs, mothers = dict[str, str | None](), list[ImportedCare]()
    async for groups in importing.groups("person_id"):
        read = [rows for lines in groups if len(rows := importing.read(lines)) == len(lines)]
        identities = await known_children(importing.command, [rows[0][1].person_id for rows in read])
        children = [child for rows in read if (child := _care(importing, rows, identities))]
        firsts = [(child.number, child.row) for child in children]
        await importing.check_new(firsts, "person_id", "the care of this child", col(LookedAfterChild.person_id))
        chairs |= {row.person_id: row.chair_id for _, row in firsts if row.chair_id}
        mothers += [child for child in children if child.identity.mother_person_id and child.row.chair_id]
        if children and importing.writes:
            await _write(importing.command, children)
    for child in mothers:
        if child.row.chair_id == chairs.get(child.identity.mother_person_id or ""):
            message = "A looked-after mother and her looked-after child have different chairs (IRO Handbook 2010)."
            importing.report.add(child.number, "chair_id", message)


def _care(
    importing: CsvImport[EpisodeRow], rows: Sequence[tuple[int, EpisodeRow]], identities: Mapping[str, Child]
) -> ImportedCare | None:
    """What the rows of one child say, if it hangs together and the child is known."""
    number, first = rows[0]
    identity = identities.get(first.person_id)
    if identity is None:
        importing.report.add(number, "person_id", "There is no child with this number: send the child first.")
        return None
    if first.chair_id is not None and first.chair_id in {identity.manager_id, identity.social_worker_id}:
        message = "A chair does not manage the child's case or work on it (regulation 46)."
        importing.report.add(number, "chair_id", message)
    if contradictions := list(_contradictions(rows)):
        for at, field, message in contradictions:
            importing.report.add(at, field, message)
        return None
    with importing.report.catching(number):
        wanted = _wanted([row for _, row in rows])
        check_care(identity, wanted, importing.command.today)
        return ImportedCare(number, first, identity, wanted)
    return None


def _contradictions(rows: Sequence[tuple[int, EpisodeRow]]) -> Iterator[tuple[int, str, str]]:
    """Where a row says otherwise than an earlier one of the same child, by number and field: it would be lost."""
    firsts: dict[date, EpisodeRow] = {}
    began = set[tuple[date, date]]()
    for number, row in rows:
        of_period = firsts.setdefault(row.period_starts_on, row)
        for names, first, what in ((OF_CARE, rows[0][1], "child"), (OF_PERIOD, of_period, "period")):
            for name in sorted(names & row.model_fields_set):
                if getattr(row, name) != getattr(first, name):
                    yield number, name, f"The first row of this {what} says otherwise."
        begins = (row.period_starts_on, row.episode_starts_on)
        if begins in began:
            yield number, "episode_starts_on", "Another row has an episode of this child that begins on this day."
        began.add(begins)


def _wanted(rows: Sequence[EpisodeRow]) -> CareIn:
    """What the rows of one child say, as the case-management system would have sent it."""
    periods: list[dict[str, Any]] = []
    for starts_on, several in groupby(rows, lambda row: row.period_starts_on):
        episodes = list(several)
        episode = episodes[0]
        period = {
            "starts_on": starts_on,
            "ends_on": episode.period_ends_on,
            "adoption_authorised_on": episode.adoption_authorised_on,
            "reviews_before": episode.reviews_before,
            "reviewed_before_on": episode.reviewed_before_on,
            "episodes": [
                {"starts_on": row.episode_starts_on, "legal_status": row.legal_status, "placement": row.placement}
                for row in episodes
            ],
        }
        periods.append(period)
    return CareIn.model_validate(rows[0].model_dump(include=set(COPIED)) | {"periods_of_care": periods})


async def _write(command: Command, children: Sequence[ImportedCare]) -> None:
    records = Records(LookedAfterChild, PeriodOfCare, Allocation, Deadline, Outgoing)
    for child in children:
        case = _case(command, child)
        add_case(records, command, case)
        records.add(Allocation, _allocations(command, child.row, case))
    await records.write(command.session)
    ids = [child.row.person_id for child in children]
    await command.audit("import_care", ids, f"{ids[0]} and {len(ids) - 1} more")


def _case(command: Command, child: ImportedCare) -> Case:
    person_id = child.row.person_id
    copied = {name: getattr(child.wanted, name) for name in COPIED}
    row = LookedAfterChild(person_id=person_id, registered_on=command.today, **copied)
    periods = [PeriodOfCare(**period_record(person_id, period)) for period in child.wanted.periods_of_care]
    case = Case(row, child.identity, periods, practice=practice_of(command))
    stand(case)
    if row.looked_after_since is not None:
        row.chair_id = child.row.chair_id
    return case


def add_case(records: Records, command: Command, case: Case) -> None:
    """Add a child who was not known, their periods of care, and what is due.

    The past is told to nobody; who is looked after today is, since others keep it.
    """
    records.add(LookedAfterChild, [case.child])
    records.add(PeriodOfCare, case.periods)
    records.add(Deadline, [record(case, owing) for owing in standing(case, command.today)])
    records.add(Outgoing, [Outgoing.of(event, command.now) for event in registered(case)])


def _allocations(command: Command, row: EpisodeRow, case: Case) -> Iterator[Allocation]:
    if row.chair_id is None or not case.periods:
        return
    period = case.periods[-1]
    starts_on = row.chair_from or period.starts_on
    yield plain(
        Allocation,
        id=new_id(),
        person_id=row.person_id,
        chair_id=row.chair_id,
        starts_on=starts_on,
        ends_on=None if period.ends_on is None else max(starts_on, period.ends_on),
        allocated_by=command.caller.subject,
        allocated_at=command.now,
    )
