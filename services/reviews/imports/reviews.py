"""Past reviews from elsewhere: a CSV with a row for each child of each review, all of it or none.

What each review was and when it had been due follow from the records, by the same rules as for one that is held now.
Imported reviews are history, so no event is published.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from pydantic import ValidationError
from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.base.problems import violation_of
from chassis.command import Command
from chassis.db.numbering import references
from chassis.events.directory_replica import ReplicaEntry
from chassis.law.participation import code_violation
from chassis.meetings.locking import for_update
from chassis.web.importing import ImportOut, Record, Report, chunks, columns_of, copy_rows, given
from services.reviews.children.cases import COLLEAGUE, Case, cases_of
from services.reviews.children.deadlines import following, record, refresh
from services.reviews.children.models import Deadline, LookedAfterChild
from services.reviews.decisions.models import Decision
from services.reviews.imports.past_reviews import OutOfPlace, past_review
from services.reviews.imports.rows import REVIEW_COLUMNS, REVIEW_REQUIRED, ReviewRow
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.meetings.planning import PREFIX
from services.reviews.rules.meetings import objection_due_on
from services.reviews.rules.vocabulary import DeadlineKind, DecisionState, ReviewState, Track

EARLIER_SYSTEM = "Kept in the earlier system."
CHILDREN_AT_ONCE = 500
Rows = list[tuple[int, ReviewRow]]


@dataclass(frozen=True)
class Written:
    """The records of some meetings, by table."""

    reviews: list[Record]
    parts: list[Record]
    decisions: list[Record]
    deadlines: list[Record]


async def import_reviews(command: Command, file: IO[str], *, dry_run: bool) -> ImportOut:
    """Import past reviews from a CSV file in UTF-8 with a heading; all rows, or none if one of them is wrong.

    Rows of one meeting stand together; a child's reviews come in the order in which they were held. A dry run only
    checks. Whoever calls undoes the transaction where nothing was imported.
    """
    report, concerned = Report(), set[str]()
    chairs = set((await command.session.exec(select(ReplicaEntry.id).where(col(ReplicaEntry.kind) == COLLEAGUE))).all())
    async for meetings in _meetings(file, report):
        cases = await _cases(command, meetings)
        numbers = await _numbers(command, meetings)
        written = Written([], [], [], [])
        for rows in meetings:
            _check_chair(rows, chairs, report)
            _take_in(command, rows, cases, numbers, written, report)
        # A dry run writes as well, so that later rows are checked against earlier ones; the caller undoes it.
        if not report.problem_count:
            await _write(command, written)
        concerned |= cases.keys()
    if not dry_run and not report.problem_count:
        await _refresh(command, sorted(concerned))
    return report.out(0 if dry_run or report.problem_count else report.rows, dry_run)


async def _meetings(file: IO[str], report: Report) -> AsyncIterator[list[Rows]]:
    """The rows of each meeting, some hundred meetings at a time; rows that say nothing sensible are reported."""
    waiting: Rows = []
    async for chunk in chunks(file, REVIEW_COLUMNS, REVIEW_REQUIRED, report):
        whole: list[Rows] = []
        for number, line in chunk:
            try:
                row = ReviewRow.model_validate(given(line))
            except ValidationError as error:
                for problem in error.errors():
                    wrong = violation_of(problem)
                    report.add(number, wrong.field, wrong.message)
                continue
            if waiting and row.meeting != waiting[-1][1].meeting:
                whole.append(waiting)
                waiting = []
            waiting.append((number, row))
        yield whole
    if waiting:
        yield [waiting]


async def _cases(command: Command, meetings: Sequence[Rows]) -> dict[str, Case]:
    ids = sorted({row.person_id for rows in meetings for _, row in rows})
    query = select(LookedAfterChild).where(col(LookedAfterChild.person_id).in_(ids))
    children = (await command.session.exec(for_update(query.order_by(col(LookedAfterChild.person_id))))).all()
    return {case.child.person_id: case for case in await cases_of(command, children)}


async def _numbers(command: Command, meetings: Sequence[Rows]) -> dict[int, list[str]]:
    years = Counter(rows[0][1].held_on.year for rows in meetings)
    statements = command.process.database.statements
    return {year: (await references(statements, PREFIX, year, count))[::-1] for year, count in years.items()}


def _check_chair(rows: Rows, chairs: set[str], report: Report) -> None:
    first = rows[0][1]
    for number, row in rows:
        if (row.held_on, row.chair_id, row.sequence, row.mode) != (
            first.held_on,
            first.chair_id,
            first.sequence,
            first.mode,
        ):
            report.add(number, "meeting", "The rows of one meeting have one day, one chair, one sequence and one mode.")
    if first.chair_id not in chairs:
        report.add(rows[0][0], "chair_id", "The directory has no such colleague.")


def _take_in(
    command: Command,
    rows: Rows,
    cases: dict[str, Case],
    numbers: dict[int, list[str]],
    written: Written,
    report: Report,
) -> None:
    meeting = _meeting(rows, cases, numbers[rows[0][1].held_on.year].pop())
    for number, row in rows:
        for name, day in row.days().items():
            if day is not None and day > command.today:
                report.add(number, name, "This day has not come yet.")
        case = cases.get(row.person_id)
        if case is None:
            report.add(number, "person_id", "There is no child with this number.")
            continue
        wrong = code_violation(case.child.born_on, row.held_on, row.participation, attended=row.attended)
        if wrong is not None:
            report.add(number, wrong.field, wrong.message)
        try:
            part = _past(case, row, meeting)
        except OutOfPlace as error:
            report.add(number, "held_on", str(error))
            continue
        written.parts.append(columns_of(part))
        written.decisions.extend(_decision(case, part, row, command.today))
        written.deadlines.extend(_still_owed(case, part))
    written.reviews.append(meeting | {"panel": "[]"})


def _meeting(rows: Rows, cases: dict[str, Case], reference: str) -> Record:
    first = rows[0][1]
    children = [cases[row.person_id].child for _, row in rows if row.person_id in cases]
    return {
        "id": new_id(),
        "reference": reference,
        "state": ReviewState.HELD,
        "person_ids": [row.person_id for _, row in rows],
        "planned_on": first.held_on,
        "chair_id": first.chair_id,
        "area_id": children[0].area_id if children else "",
        "mode": first.mode,
        "venue": first.venue,
        "early_trigger": first.early_trigger,
        "held_on": first.held_on,
        "restricted": any(child.restricted for child in children),
        "imported": True,
        "version": 1,
    }


def _past(case: Case, row: ReviewRow, meeting: Record) -> ChildReview:
    copied = ("attended", "seen_alone", "views", "next_step", "consultation_sent_on", "consultation_returned_on")
    stages = ("decisions_on", "record_on", "distributed_on")
    return past_review(
        case,
        row.held_on,
        row.sequence,
        row.participation,
        meeting=meeting,
        **{name: getattr(row, name) for name in (*copied, *stages)},
    )


def _decision(case: Case, part: ChildReview, row: ReviewRow, today: date) -> list[Record]:
    """What is known of the decisions: when they were sent, and what the manager said."""
    if row.decisions_on is None:
        return []
    respond_by = objection_due_on(row.decisions_on)
    # Silence that is history is agreement already, and nobody is told of it.
    silent = DecisionState.AGREED_BY_SILENCE if respond_by < today else DecisionState.SENT
    states = {"agreed": DecisionState.AGREED, "objected": DecisionState.OBJECTED, "silent": silent}
    state = states[row.manager or "silent"]
    return [
        {
            "id": new_id(),
            "child_review_id": part.id,
            "reference": part.reference,
            "person_id": part.person_id,
            "number": 1,
            "decision": EARLIER_SYSTEM,
            "owner": EARLIER_SYSTEM,
            "state": state,
            "manager_id": case.child.manager_id,
            "sent_on": row.decisions_on,
            "respond_by": respond_by,
            "responded_on": None if state is DecisionState.SENT else respond_by,
            "objection": EARLIER_SYSTEM if state is DecisionState.OBJECTED else None,
            "restricted": part.restricted,
            "chair_id": part.chair_id,
            "version": 1,
        }
    ]


def _still_owed(case: Case, part: ChildReview) -> list[Record]:
    if part.track == Track.SECURE or part.held_on is None:
        return []
    stages = {
        DeadlineKind.DECISIONS: part.decisions_on,
        DeadlineKind.RECORD: part.record_on,
        DeadlineKind.DISTRIBUTION: part.distributed_on,
    }
    return [
        record(case.child, following(kind, part.held_on, part.reference)) for kind, done in stages.items() if not done
    ]


async def _write(command: Command, written: Written) -> None:
    tables: dict[Any, list[Record]] = {
        Review: written.reviews,
        ChildReview: written.parts,
        Decision: written.decisions,
        Deadline: written.deadlines,
    }
    for table, records in tables.items():
        await copy_rows(command.session, table, records)
    if written.parts:
        ids = sorted({part["person_id"] for part in written.parts})
        first = written.reviews[0]["reference"]
        await command.audit("import_reviews", ids, f"{first} and {len(written.reviews) - 1} more")


async def _refresh(command: Command, person_ids: Sequence[str]) -> None:
    for begin in range(0, len(person_ids), CHILDREN_AT_ONCE):
        ids = person_ids[begin : begin + CHILDREN_AT_ONCE]
        query = select(LookedAfterChild).where(col(LookedAfterChild.person_id).in_(ids))
        cases = await cases_of(command, (await command.session.exec(query)).all())
        await refresh(command.session, cases, command.today)
