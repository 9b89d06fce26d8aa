"""A child's open deadlines: those that follow from the child's situation, and those of a review."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.law.ages import adult_on
from chassis.law.deadlines import DeadlineKind, DeadlineOwner
from chassis.law.labels import label
from chassis.law.timescales import midpoint
from chassis.meetings.deadlines import DeadlineBook, Followed, Key, OpenDeadline
from services.reviews.children.cases import Case, ChildInCare, Span, care_of
from services.reviews.children.models import Deadline, PeriodOfCare
from services.reviews.rules.children import prompts_of
from services.reviews.rules.sequence import Care, Held, ReviewDue, last_main_review
from services.reviews.rules.timescales import CARE_END_RULE, MIDPOINT_RULE, OTHERS, PRACTICE, REVIEWS
from services.reviews.rules.vocabulary import CASE_TRACKS, TRACKS, Prompt, ReviewKind

# These follow from a child's situation and are worked out again with each change; the others belong to one review.
STANDING = frozenset(
    {
        DeadlineKind.REVIEW,
        DeadlineKind.ALLOCATION,
        DeadlineKind.VISIT,
        DeadlineKind.MIDPOINT,
        DeadlineKind.PROMPT,
        DeadlineKind.CARE_END,
    }
)
# A check or a prompt whose day had gone by for so long before it could be known is history, and nobody is asked.
HISTORY = timedelta(days=28)
LEAVERS_GET = Prompt.LATER_LIFE_LETTER


def standing(case: Case, today: date, already: Collection[Key] = ()) -> list[OpenDeadline]:
    """The deadlines that follow from a child's situation; none for a child who is not looked after.

    `already` says what is on the list: that stays until it is done, and does not become history by being late.
    """
    return [
        deadline
        for deadline in everything(case, today)
        if deadline.key() in already or not _is_history(deadline, today)
    ]


def everything(case: Case, today: date) -> list[OpenDeadline]:
    """All of these deadlines, including those that are history by now."""
    if not case.periods or case.identity.merged_into or case.identity.died_on:
        return []
    period = case.periods[-1]
    span, care = case.running(today), care_of(period)
    due = span.due() if span else []
    found = [*_letters(case, care, _second_review_on(period, span))]
    if span is not None:
        found += _standing(case, span, due)
    return _until_childhood_is_over(case, found, due, today)


def _until_childhood_is_over(
    case: Case, found: Sequence[OpenDeadline], due: Sequence[ReviewDue], today: date
) -> list[OpenDeadline]:
    """Leave out deadlines after the 18th birthday, and from that day all but what care leavers get.

    Recording the end of care becomes due as soon as at most one review is due before the birthday.
    """
    over_on = adult_on(case.born_on)
    left = [deadline for deadline in found if deadline.subject == LEAVERS_GET or max(deadline.due_on, today) < over_on]
    if due and REVIEWS[ReviewKind.LATER].due_on(max(due[0].due_on, today)) >= over_on:
        kind = DeadlineKind.CARE_END
        left.append(OpenDeadline(kind, kind, over_on, over_on, CARE_END_RULE, DeadlineOwner.SOCIAL_WORKER))
    return left


def _is_history(owing: OpenDeadline, today: date) -> bool:
    return owing.kind in {DeadlineKind.MIDPOINT, DeadlineKind.PROMPT} and owing.due_on < today - HISTORY


def _standing(case: Case, span: Span, due: Sequence[ReviewDue]) -> Iterator[OpenDeadline]:
    yield from _reviews(case, due)
    start = span.care.starts_on
    if case.child.chair_id is None:
        scale = OTHERS[DeadlineKind.ALLOCATION]
        kind = DeadlineKind.ALLOCATION
        yield OpenDeadline(kind, kind, start, scale.due_on(start), scale.words(), DeadlineOwner.TEAM_MANAGER)
    if not span.care.is_short_breaks():
        scale = OTHERS[DeadlineKind.VISIT]
        # Visits of before this system knew of the child are not in it, and nobody is blamed for them.
        since = max(span.care.full_care_since(), case.child.last_visit_on or case.child.registered_on)
        kind = DeadlineKind.VISIT
        yield OpenDeadline(kind, kind, since, scale.due_on(since), scale.words(), DeadlineOwner.CHAIR)
    yield from _midpoint(case, span.held, due)


def _reviews(case: Case, reviews: Sequence[ReviewDue]) -> Iterator[OpenDeadline]:
    for due in reviews:
        in_hand = case.in_hand(due.track)
        # Once it is adjourned, the resumed meeting has a deadline instead.
        if in_hand is not None and in_hand.sat_on is not None:
            continue
        reference = None if in_hand is None else in_hand.reference
        yield OpenDeadline(
            DeadlineKind.REVIEW,
            due.kind,
            due.event_on,
            due.due_on,
            due.rule,
            DeadlineOwner.CHAIR,
            reference,
        )


def _midpoint(case: Case, held: Sequence[Held], due: Sequence[ReviewDue]) -> Iterator[OpenDeadline]:
    reviewed_on = last_main_review(held)
    if reviewed_on is None or reviewed_on in case.midpoints_done:
        return
    due_on = midpoint(reviewed_on, due[0].due_on)
    kind = DeadlineKind.MIDPOINT
    yield OpenDeadline(kind, kind, reviewed_on, due_on, MIDPOINT_RULE, DeadlineOwner.CHAIR)


def _letters(case: Case, care: Care, second_review_on: date | None) -> Iterator[OpenDeadline]:
    prompts = prompts_of(
        care,
        case.born_on,
        disabled=case.is_disabled,
        unaccompanied=case.child.unaccompanied,
        second_review_on=second_review_on,
    )
    for prompt in prompts:
        # A leaflet about becoming looked after is of no use any more to who has left.
        is_over = care.ends_on is not None and prompt.prompt is not LEAVERS_GET
        if (prompt.prompt, care.starts_on) not in case.prompts_done and not is_over:
            rule = f"{label('Prompt', prompt.prompt)} ({PRACTICE})"
            yield OpenDeadline(
                DeadlineKind.PROMPT, prompt.prompt, prompt.from_on, prompt.from_on, rule, DeadlineOwner.CHAIR
            )


def _second_review_on(period: PeriodOfCare, span: Span | None) -> date | None:
    """When the second review is or was due; what it must consider stays open until it is done."""
    if span is None or period.reviews_before > 1:
        return None
    since = span.care.full_care_since()
    main = [held for held in span.held if TRACKS[held.kind] in CASE_TRACKS and held.held_on >= since]
    if not main:
        return None
    due = span._replace(held=[min(main, key=lambda held: held.held_on)]).due()[0]
    return due.due_on if due.kind is ReviewKind.SECOND else None


def _repeated(of: ChildInCare, owner_role: str) -> dict[str, Any]:
    """What a deadline repeats of its child."""
    owner = {
        DeadlineOwner.CHAIR: of.child.chair_id,
        DeadlineOwner.SOCIAL_WORKER: of.identity.social_worker_id,
        DeadlineOwner.SOCIAL_WORK_MANAGER: of.identity.manager_id,
    }.get(DeadlineOwner(owner_role))
    return {
        "chair_id": of.child.chair_id,
        "area_id": of.identity.area_id,
        "team": of.identity.team,
        "owner_id": owner,
    }


def _added(owing: OpenDeadline) -> dict[str, Any]:
    """The sequence that a review's deadline belongs to."""
    is_review = owing.kind == DeadlineKind.REVIEW
    return {"track": str(TRACKS[ReviewKind(owing.subject)]) if is_review else None}


BOOK = DeadlineBook(Deadline, STANDING, "review_reference", _repeated, _added)
record, settle = BOOK.record, BOOK.settle


async def refresh(
    session: AsyncSession,
    cases: Sequence[Case],
    today: date,
    followed: Followed | None = None,
    again: Collection[Key] = (),
    *,
    anew: bool = False,
) -> None:
    """Bring the deadlines of these children up to date, as `DeadlineBook.refresh` does.

    Deadlines named `again` return to the list however long ago they were due.
    """

    def owed(case: Case, already: Collection[Key]) -> list[OpenDeadline]:
        return standing(case, today, {*already, *again})

    await BOOK.refresh(session, cases, owed, followed, anew=anew)


async def owe_again(session: AsyncSession, case: Case, today: date, kind: str, subject: str) -> None:
    """Put back on the list what was marked as done by mistake."""
    deadlines = everything(case, today)
    again = {deadline.key() for deadline in deadlines if (deadline.kind, deadline.subject) == (kind, subject)}
    await refresh(session, [case], today, again=again)


_OWNERS = {
    DeadlineKind.SOCIAL_WORKER_REPORT: DeadlineOwner.SOCIAL_WORKER,
    DeadlineKind.MANAGER_RESPONSE: DeadlineOwner.SOCIAL_WORK_MANAGER,
    DeadlineKind.DISTRIBUTION: DeadlineOwner.BUSINESS_SUPPORT,
}


def following(kind: DeadlineKind, event_on: date, reference: str) -> OpenDeadline:
    """A deadline that follows from a review."""
    scale = OTHERS[kind]
    owner = _OWNERS.get(kind, DeadlineOwner.CHAIR)
    return OpenDeadline(kind, kind, event_on, scale.due_on(event_on), scale.words(), owner, reference)
