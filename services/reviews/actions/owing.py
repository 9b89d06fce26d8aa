"""What is owed for a child: the deadlines that follow from where the child stands, and those of a review."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, delete, update
from sqlalchemy import select as select_rows
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.ids import new_id
from chassis.inserting import Record, insert_together
from services.reviews.actions.cases import Case, care_of
from services.reviews.rules.children import prompts_of
from services.reviews.rules.sequence import reviews_due
from services.reviews.rules.timescales import MIDPOINT_RULE, OTHERS, PRACTICE, midpoint
from services.reviews.rules.vocabulary import MAIN_TRACKS, TRACKS, DeadlineKind, OwnerRole, Prompt, ReviewKind, Track
from services.reviews.tables import Deadline, LookedAfterChild, PeriodOfCare

# These follow from where a child stands and are worked out anew with each change; the others belong to one review.
STANDING = frozenset(
    {
        DeadlineKind.REVIEW,
        DeadlineKind.ALLOCATION,
        DeadlineKind.VISIT,
        DeadlineKind.MIDPOINT,
        DeadlineKind.PROMPT,
    }
)
# A check or a prompt whose day had gone by for so long before it could be known is history, and nobody is asked.
HISTORY = timedelta(days=28)


@dataclass(frozen=True)
class Owing:
    """Something that is owed: what decides whether it is the same thing as before comes first."""

    kind: DeadlineKind
    subject: str
    event_on: date
    due_on: date
    rule: str
    owner_role: OwnerRole = OwnerRole.CHAIR
    track: Track | None = None
    review_reference: str | None = None

    def key(self) -> "Key":
        """What makes it the same thing: its kind, its subject and the event from which it is counted."""
        return self.kind, self.subject, self.event_on


Key = tuple[str, str, date]


def standing(case: Case, today: date, already: Collection[Key] = ()) -> list[Owing]:
    """All that is owed for a child because of where they stand; nothing for one who is not looked after.

    `already` says what is on the list: that stays until it is done, and does not become history by being late.
    """
    return [one for one in _standing(case) if one.key() in already or not _is_history(one, today)]


def _is_history(owing: Owing, today: date) -> bool:
    return owing.kind in {DeadlineKind.MIDPOINT, DeadlineKind.PROMPT} and owing.due_on < today - HISTORY


def _standing(case: Case) -> list[Owing]:
    found = [*_letters(case)]
    period = case.current()
    if period is None or case.child.merged_into:
        return [] if case.child.merged_into else found
    found += _reviews(case, period)
    start = period.starts_on
    if case.child.chair_id is None:
        scale = OTHERS[DeadlineKind.ALLOCATION]
        kind = DeadlineKind.ALLOCATION
        found.append(Owing(kind, kind, start, scale.due_on(start), scale.words(), OwnerRole.TEAM_MANAGER))
    if not period.short_breaks:
        scale = OTHERS[DeadlineKind.VISIT]
        # Visits of before this system knew of the child are not in it, and nobody is blamed for them.
        since = max(start, case.child.last_visit_on or case.child.registered_on)
        kind = DeadlineKind.VISIT
        found.append(Owing(kind, kind, since, scale.due_on(since), scale.words()))
    return [*found, *_midpoint(case, period)]


def _reviews(case: Case, period: PeriodOfCare) -> Iterator[Owing]:
    for due in reviews_due(care_of(period), case.held_in(period)):
        in_hand = case.in_hand(due.track)
        # Once it is adjourned, it is the resumed meeting that is owed.
        if in_hand is not None and in_hand.sat_on is not None:
            continue
        reference = None if in_hand is None else in_hand.reference
        yield Owing(
            DeadlineKind.REVIEW,
            due.kind,
            due.event_on,
            due.due_on,
            due.rule,
            track=due.track,
            review_reference=reference,
        )


def _midpoint(case: Case, period: PeriodOfCare) -> Iterator[Owing]:
    reviewed_on = case.last_main_review(period)
    if reviewed_on is None or reviewed_on in case.midpoints_done:
        return
    main = next(one for one in reviews_due(care_of(period), case.held_in(period)) if one.track in MAIN_TRACKS)
    due_on = midpoint(reviewed_on, main.due_on)
    kind = DeadlineKind.MIDPOINT
    yield Owing(kind, kind, reviewed_on, due_on, MIDPOINT_RULE)


def _letters(case: Case) -> Iterator[Owing]:
    if not case.periods:
        return
    period, child = case.periods[-1], case.child
    prompts = prompts_of(
        care_of(period),
        child.born_on,
        disabled=child.disabled,
        unaccompanied=child.unaccompanied,
        second_review_on=_second_review_on(case, period),
    )
    for one in prompts:
        # A leaflet about becoming looked after is of no use any more to who has left.
        is_over = period.ends_on is not None and one.prompt is not Prompt.LATER_LIFE_LETTER
        if (one.prompt, period.starts_on) not in case.prompts_done and not is_over:
            rule = f"{one.prompt.replace('_', ' ').capitalize()} ({PRACTICE})"
            yield Owing(DeadlineKind.PROMPT, one.prompt, one.from_on, one.from_on, rule)


def _second_review_on(case: Case, period: PeriodOfCare) -> date | None:
    """When the second review is due, or was: what is to be considered there stays owed until it is done."""
    held = sorted((one for one in case.held_in(period) if TRACKS[one.kind] in MAIN_TRACKS), key=lambda one: one.held_on)
    if period.ends_on is not None or not held or period.reviews_before > 1:
        return None
    due = reviews_due(care_of(period), held[:1])[0]
    return due.due_on if due.kind is ReviewKind.SECOND else None


@dataclass(frozen=True)
class Followed:
    """What a review brought about besides where the children stand: what is done, and what it owes from now on."""

    reference: str
    done: frozenset[str]
    owed: Sequence[Owing] = ()


async def refresh(
    session: AsyncSession,
    cases: Sequence[Case],
    today: date,
    followed: Followed | None = None,
    together: Mapping[Any, Sequence[Record]] | None = None,
) -> None:
    """Bring the deadlines of these children to what is owed now; a due date that was set stays.

    `followed` is what a review of theirs settles and owes; `together` are rows of other tables that are inserted by
    the same statement.
    """
    await session.flush()
    connection = await session.connection()
    known = defaultdict(list)
    for row in await connection.execute(_KNOWN, {"ids": [case.child.person_id for case in cases]}):
        known[row.person_id].append(row)
    fresh: list[Record] = []
    gone: list[UUID] = []
    for case in cases:
        already = {(row.kind, row.subject, row.event_on) for row in known[case.child.person_id]}
        owed = [*standing(case, today, already), *(followed.owed if followed else ())]
        kept, added, over = _compared(known[case.child.person_id], owed, followed)
        fresh += [record(case.child, owing) for owing in added]
        gone += over
        for row, reference in kept:
            await _follow(session, row, case.child, reference)
    if gone:
        await connection.execute(delete(Deadline).where(col(Deadline.id).in_(gone)))
    if fresh or together:
        await insert_together(session, {Deadline: fresh, **(together or {})})


_KNOWN = select_rows(*Deadline.__table__.c).where(  # type: ignore[attr-defined]
    col(Deadline.person_id) == any_(bindparam("ids", type_=ARRAY(Text)))
)
Kept = list[tuple[Any, str | None]]


def _compared(
    known: Sequence[Any], owed: Sequence[Owing], followed: Followed | None
) -> tuple[Kept, list[Owing], list[UUID]]:
    """The rows that stay, each with the review that it now belongs to; what is owed anew; and the rows that go."""
    wanted = {one.key(): one for one in owed}
    kept: Kept = []
    gone = []
    for row in known:
        own = row.kind in STANDING
        owing = wanted.pop((row.kind, row.subject, row.event_on), None) if own else None
        settled = followed is not None and row.review_reference == followed.reference and row.kind in followed.done
        if (own and owing is None) or (not own and settled):
            gone.append(row.id)
        else:
            kept.append((row, owing.review_reference if owing else row.review_reference))
    return kept, list(wanted.values()), gone


async def _follow(session: AsyncSession, row: Any, child: LookedAfterChild, reference: str | None) -> None:
    """What a deadline repeats of its child and its review, for lists, is as it is there."""
    values = {
        "chair_id": child.chair_id,
        "area_id": child.area_id,
        "team": child.team,
        "restricted": child.restricted,
        "owner_id": _owner(OwnerRole(row.owner_role), child),
        "review_reference": reference,
    }
    if any(getattr(row, name) != value for name, value in values.items()):
        await session.exec(update(Deadline).where(col(Deadline.id) == row.id).values(values))


def record(child: LookedAfterChild, owing: Owing) -> dict[str, Any]:
    """The row of something that is owed for a child."""
    return {
        "id": new_id(),
        "person_id": child.person_id,
        "kind": str(owing.kind),
        "subject": str(owing.subject),
        "track": None if owing.track is None else str(owing.track),
        "due_on": owing.due_on,
        "event_on": owing.event_on,
        "rule": owing.rule,
        "owner_role": str(owing.owner_role),
        "owner_id": _owner(owing.owner_role, child),
        "chair_id": child.chair_id,
        "area_id": child.area_id,
        "team": child.team,
        "review_reference": owing.review_reference,
        "restricted": child.restricted,
    }


def _owner(role: OwnerRole, child: LookedAfterChild) -> str | None:
    return {
        OwnerRole.CHAIR: child.chair_id,
        OwnerRole.SOCIAL_WORKER: child.social_worker_id,
        OwnerRole.SOCIAL_WORK_MANAGER: child.manager_id,
    }.get(role)


_OWNERS = {
    DeadlineKind.SOCIAL_WORKER_REPORT: OwnerRole.SOCIAL_WORKER,
    DeadlineKind.MANAGER_RESPONSE: OwnerRole.SOCIAL_WORK_MANAGER,
    DeadlineKind.DISTRIBUTION: OwnerRole.BUSINESS_SUPPORT,
}


def following(kind: DeadlineKind, event_on: date, reference: str) -> Owing:
    """Something that is owed because of a review."""
    scale = OTHERS[kind]
    owner = _OWNERS.get(kind, OwnerRole.CHAIR)
    return Owing(kind, kind, event_on, scale.due_on(event_on), scale.words(), owner, review_reference=reference)


async def settle(session: AsyncSession, reference: str, person_ids: Sequence[str], *kinds: DeadlineKind) -> None:
    """Take what a review owed off the list: it was done, or is no longer wanted."""
    done = delete(Deadline).where(
        col(Deadline.review_reference) == reference,
        col(Deadline.person_id).in_(person_ids),
        col(Deadline.kind).in_([str(one) for one in kinds]),
    )
    await session.exec(done)
