"""Past reviews from elsewhere: a row for each child of each review.

What each review was and when it had been due follow from the records, by the same rules as for one that is held now.
Imported reviews are history, so no event is published.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest

from sqlalchemy import update
from sqlmodel import col, select

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.db.numbering import references_of
from chassis.importing.rows import CsvImport
from chassis.importing.writing import Record, Records, lots, plain
from chassis.law.deadlines import DeadlineKind
from chassis.law.participation import code_violation
from chassis.meetings.locking import for_update
from chassis.papers.paper import ELSEWHERE
from services.reviews.children.cases import Case, cases_of
from services.reviews.children.deadlines import following, record, refresh
from services.reviews.children.models import Deadline, LookedAfterChild
from services.reviews.decisions.models import Decision
from services.reviews.disruption.models import DisruptionReferral
from services.reviews.imports.past_reviews import OutOfPlace, past_meeting, past_review
from services.reviews.imports.rows import ReviewRow
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.meetings.planning import PREFIX, WAITING_REFERRAL
from services.reviews.rules.meetings import objection_due_on
from services.reviews.rules.vocabulary import DecisionState, Track

COPIED = (
    "attended", "seen_alone", "views", "next_step", "consultation_sent_on", "consultation_returned_on", "decisions_on",
    "record_text", "child_text", "record_on", "distributed_on", "distributed_to",
)  # fmt: skip
# What the rows of one meeting repeat; some of it they may leave empty.
OF_MEETING = frozenset({"held_on", "chair_id", "sequence", "mode"})
MAY_BE_EMPTY = frozenset({"venue", "early_trigger"})
Rows = list[tuple[int, ReviewRow]]


async def import_reviews(importing: CsvImport[ReviewRow]) -> None:
    """Import past reviews from CSV: all rows, or none. The rules say what each was and when it was due.

    Rows of one meeting are together, and a child's reviews are in the order in which they were held.
    """
    command, concerned = importing.command, set[str]()
    async for groups in importing.groups("meeting"):
        meetings = [rows for lines in groups if (rows := importing.read(lines))]
        cases = await known_cases(command, {row.person_id for rows in meetings for _, row in rows})
        years = [rows[0][1].held_on.year for rows in meetings]
        statements = command.process.database.statements
        numbers = await references_of(statements, PREFIX, years, in_vain=importing.dry_run)
        records = Records(Review, ChildReview, Decision, Deadline)
        for rows in meetings:
            _check(importing, rows, cases)
            known = [(number, row) for number, row in rows if row.person_id in cases]
            if known:
                _take_in(importing, known, cases, next(numbers[rows[0][1].held_on.year]), records)
        # A dry run writes as well, so that later rows are checked against earlier ones; all is undone afterwards.
        if not importing.report.problem_count:
            await _write(command, records)
        concerned |= cases.keys()
    if importing.writes:
        await refresh_all(command, sorted(concerned))


async def known_cases(command: Command, person_ids: Collection[str]) -> dict[str, Case]:
    """The cases of those of these children who are known, by person number, locked."""
    query = select(LookedAfterChild).where(col(LookedAfterChild.person_id).in_(person_ids))
    children = (await command.session.exec(for_update(query.order_by(col(LookedAfterChild.person_id))))).all()
    return {case.child.person_id: case for case in await cases_of(command, children)}


def _check(importing: CsvImport[ReviewRow], rows: Rows, cases: Mapping[str, Case]) -> None:
    """Refuse what of a meeting cannot be so, whatever it was."""
    first = rows[0][1]
    for number, row in rows:
        names = OF_MEETING | (MAY_BE_EMPTY & row.model_fields_set)
        if any(getattr(row, name) != getattr(first, name) for name in names):
            message = "The rows of one meeting say the same of all that is the meeting's."
            importing.report.add(number, "meeting", message)
        if row.person_id in cases:
            born_on = cases[row.person_id].born_on
            wrong = code_violation(born_on, row.held_on, row.participation, attended=row.attended)
            importing.report.refuse(number, [wrong])
        else:
            importing.report.add(number, "person_id", "There is no child with this number.")


def _take_in(
    importing: CsvImport[ReviewRow], rows: Rows, cases: Mapping[str, Case], reference: str, records: Records
) -> None:
    first = rows[0][1]
    together = [cases[row.person_id] for _, row in rows]
    details = {"venue": first.venue, "early_trigger": first.early_trigger}
    meeting = past_meeting(reference, together, first.held_on, first.chair_id, first.mode, **details)
    records.add(Review, [meeting])
    for number, row in rows:
        case = cases[row.person_id]
        copied = {name: getattr(row, name) for name in COPIED}
        try:
            part = past_review(case, meeting, row.held_on, row.sequence, row.participation, **copied)
        except OutOfPlace as error:
            importing.report.add(number, "held_on", str(error))
            continue
        records.add(ChildReview, [part])
        records.add(Decision, _decisions(case, part, row, importing.command.today))
        records.add(Deadline, _still_owed(case, part))


def _decisions(case: Case, part: ChildReview, row: ReviewRow, today: date) -> Iterator[Decision]:
    """The decisions, of which it may be known only when they were sent and what the manager said.

    What a manager objected to is the first.
    """
    if row.decisions_on is None:
        return
    respond_by = objection_due_on(row.decisions_on)
    # Silence that is history is agreement already, and nobody is told of it.
    silent = DecisionState.AGREED_BY_SILENCE if respond_by < today else DecisionState.SENT
    first = {
        "agreed": DecisionState.AGREED,
        "objected": DecisionState.SETTLED if row.settlement else DecisionState.OBJECTED,
        "silent": silent,
    }[row.manager or "silent"]
    decided = zip_longest(row.decisions or [ELSEWHERE], row.decision_owners or [ELSEWHERE], row.decisions_due_on)
    for number, (decision, owner, due_on) in enumerate(decided, 1):
        state = DecisionState.AGREED if row.manager == "objected" and number > 1 else first
        objected = state in {DecisionState.OBJECTED, DecisionState.SETTLED}
        yield plain(
            Decision,
            id=new_id(),
            child_review_id=part.id,
            reference=part.reference,
            person_id=part.person_id,
            number=number,
            decision=decision,
            owner=owner,
            due_on=due_on,
            state=state,
            manager_id=case.identity.manager_id,
            sent_on=row.decisions_on,
            respond_by=respond_by,
            responded_on=None if state is DecisionState.SENT else respond_by,
            objection=(row.objection or ELSEWHERE) if objected else None,
            settlement=row.settlement if objected else None,
            chair_id=part.chair_id,
            version=1,
        )


def _still_owed(case: Case, part: ChildReview) -> list[Record]:
    if part.track == Track.SECURE or part.held_on is None:
        return []
    stages = {
        DeadlineKind.DECISIONS: part.decisions_on,
        DeadlineKind.RECORD: part.record_on,
        DeadlineKind.DISTRIBUTION: part.distributed_on,
    }
    return [record(case, following(kind, part.held_on, part.reference)) for kind, done in stages.items() if not done]


async def _write(command: Command, records: Records) -> None:
    ids, references = sorted(set(records.of(ChildReview, "person_id"))), records.of(Review, "reference")
    held = [records.of(ChildReview, name) for name in ("track", "person_id", "held_on", "reference")]
    await records.write(command.session)
    for track, person_id, held_on, reference in zip(*held, strict=True):
        if track == Track.DISRUPTION:
            await _link_referral(command, person_id, held_on, reference)
    if ids:
        await command.audit("import_reviews", ids, f"{references[0]} and {len(references) - 1} more")


async def _link_referral(command: Command, person_id: str, held_on: date, reference: str) -> None:
    """A disruption meeting is the one for which a child had been referred before."""
    referred = (col(DisruptionReferral.person_id) == person_id, col(DisruptionReferral.referred_on) <= held_on)
    waiting = update(DisruptionReferral).where(*referred, *WAITING_REFERRAL)
    await command.session.exec(waiting.values(review_reference=reference, version=col(DisruptionReferral.version) + 1))


async def refresh_all(command: Command, person_ids: Sequence[str]) -> None:
    """Bring the deadlines of children to what is owed now, some hundred children at a time."""
    for ids in lots(person_ids):
        query = select(LookedAfterChild).where(col(LookedAfterChild.person_id).in_(ids))
        cases = await cases_of(command, (await command.session.exec(query)).all())
        await refresh(command.session, cases, command.today)
