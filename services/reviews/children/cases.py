"""Children with all that decides what is due for them, locked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy.orm import load_only
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.visibility import check_may_see, hidden_among
from chassis.base.problems import NotFound, refuse
from chassis.children.models import Child
from chassis.children.vocabulary import Disability
from chassis.command import Command
from chassis.law.timescales import midpoint
from chassis.law.violations import Violation
from chassis.meetings.locking import for_update
from services.reviews.children.models import LookedAfterChild, PeriodOfCare
from services.reviews.meetings.models import ChildReview
from services.reviews.prompts.models import PromptDone
from services.reviews.rules.children import is_within_care, runs_on, spans_of
from services.reviews.rules.sequence import Care, Episode, Held, ReviewDue, last_main_review, reviews_due
from services.reviews.rules.timescales import USUAL, Practice
from services.reviews.rules.vocabulary import CASE_TRACKS, LegalStatus, ReviewKind, Track
from services.reviews.settings import settings_of
from services.reviews.visits.models import MidpointCheck

COLLEAGUE, AREA = "colleague", "area"
_PART = cast("Any", ChildReview)
# What of a child's review decides what comes next; the texts of all reviews of a childhood are long.
DECIDING = load_only(
    _PART.reference, _PART.person_id, _PART.track, _PART.kind, _PART.sat_on, _PART.held_on, _PART.cancelled,
    raiseload=True,
)  # fmt: skip


class Span(NamedTuple):
    """A period of care in which reviews are counted, those that were held in it, and what varies by council."""

    care: Care
    held: list[Held]
    practice: Practice

    def due(self) -> list[ReviewDue]:
        """The next review of each sequence, the main one first."""
        return reviews_due(self.care, self.held, self.practice)

    def until(self, day: date) -> "Span":
        """The same with the reviews that were held by a day."""
        return self._replace(held=[review for review in self.held if review.held_on <= day])


class Midpoint(NamedTuple):
    """The review that a check belongs to, and when the check halfway to the next was due."""

    reviewed_on: date
    due_on: date


@dataclass
class ChildInCare:
    """A child's care, and who the child is."""

    child: LookedAfterChild
    identity: Child

    @property
    def person_id(self) -> str:
        """The child's person number."""
        return self.child.person_id

    @property
    def born_on(self) -> date:
        """When the child was born; the owner of children sends this, or when the birth is expected."""
        born_on = self.identity.born_on or self.identity.expected_on
        assert born_on is not None
        return born_on

    @property
    def is_disabled(self) -> bool:
        """Whether the child has a disability."""
        return any(code != Disability.NONE for code in self.identity.disabilities)


@dataclass
class Case(ChildInCare):
    """A child, their periods of care in order, their parts in reviews, and the checks and prompts done.

    Of reviews that are not being changed, only the fields that decide what comes next are loaded.
    """

    periods: list[PeriodOfCare]
    reviews: list[ChildReview] = field(default_factory=list)
    practice: Practice = USUAL
    midpoints_done: set[date] = field(default_factory=set)
    prompts_done: set[tuple[str, date]] = field(default_factory=set)

    def cares(self) -> list[Care]:
        """The periods of care as the rules see them."""
        return [care_of(period) for period in self.periods]

    def current(self) -> PeriodOfCare | None:
        """The period of care that still runs."""
        return self.periods[-1] if self.periods and self.periods[-1].ends_on is None else None

    def spans(self) -> list[Care]:
        """The periods of care in which reviews are counted: the stays of a series of short breaks are one."""
        return spans_of(self.cares(), self.child.short_breaks_ended_on)

    def running(self, day: date) -> Span | None:
        """The period of care whose reviews are due from a day on; between its stays a series of short breaks is one."""
        spans = self.spans()
        if not spans or not runs_on(spans[-1], day):
            return None
        return Span(replace(spans[-1], ends_on=None), self._held_in(spans[-1]), self.practice)

    def span_on(self, day: date) -> Span | None:
        """The period of care in which a day lies, as it was on that day."""
        within = [care for care in self.spans() if is_within_care([care], day)]
        return Span(within[-1].as_on(day), self._held_in(within[-1]), self.practice) if within else None

    def midpoint_by(self, day: date) -> Midpoint | None:
        """What a check on a day belongs to: the last review that was held by then, if any was."""
        span = self.span_on(day) or self.running(day)
        if span is None or (reviewed_on := last_main_review(span.until(day).held)) is None:
            return None
        return Midpoint(reviewed_on, midpoint(reviewed_on, span.until(day).due()[0].due_on))

    def _held_in(self, span: Care) -> list[Held]:
        """The reviews held in a period of care, those before these records began included."""
        last = span.ends_on or date.max
        before = [held for period in self.periods if _is_of(period, span) for held in _held_before(period)]
        here = [
            Held(ReviewKind(review.kind), review.held_on)
            for review in self.reviews
            if review.held_on is not None and span.starts_on <= review.held_on <= last
        ]
        return [*before, *here]

    def after(self, part: ChildReview) -> list[ChildReview]:
        """The reviews of the same sequence that came after this one, or are planned."""
        family = CASE_TRACKS if part.track in CASE_TRACKS else {part.track}
        others = [other for other in self.reviews if other.id != part.id and other.track in family]
        return [
            other
            for other in others
            if not other.cancelled and (other.held_on is None or (part.held_on and other.held_on > part.held_on))
        ]

    def in_hand(self, track: Track) -> ChildReview | None:
        """The review of a sequence that is planned or adjourned."""
        waiting = (part for part in self.reviews if part.track == track and part.held_on is None and not part.cancelled)
        return next(waiting, None)


def _is_of(period: PeriodOfCare, span: Care) -> bool:
    """Whether a period of care is one in which reviews are counted, or a stay of that series of short breaks."""
    if span.is_recorded_singly():
        is_stay = care_of(period).is_recorded_singly()
        return is_stay and span.starts_on <= period.starts_on <= (span.ends_on or date.max)
    return (period.starts_on, period.ends_on) == (span.starts_on, span.ends_on)


def _held_before(period: PeriodOfCare) -> list[Held]:
    """The reviews held before these records began: of the sequence that was running on the day of the last of them."""
    last = period.reviewed_before_on
    if last is None:
        return []
    return [Held(reviews_due(care_of(period).as_on(last), [])[0].kind, last)] * period.reviews_before


def of_sequence(due: Sequence[ReviewDue], sequence: Track | None) -> ReviewDue | None:
    """The review that is due in a sequence; in the main one if none is named."""
    return next((review for review in due if sequence in {None, review.track}), None)


def care_of(period: PeriodOfCare) -> Care:
    """A period of care as the rules see it."""
    episodes = [
        Episode(date.fromisoformat(episode["starts_on"]), LegalStatus(episode["legal_status"]), episode["placement"])
        for episode in period.episodes
    ]
    return Care(period.starts_on, period.ends_on, episodes, period.adoption_authorised_on)


def practice_of(command: Command) -> Practice:
    """This council's choices where practice varies."""
    return settings_of(command.process).practice()


async def locked_cases(command: Command, person_ids: Sequence[str], field_name: str = "person_ids") -> list[Case]:
    """The cases of these children, locked, in the order given.

    Raises `Invalid` for a child who is not known, or that the caller may not see.
    """
    query = select(LookedAfterChild).where(col(LookedAfterChild.person_id).in_(person_ids))
    rows = (await command.session.exec(for_update(query.order_by(col(LookedAfterChild.person_id))))).all()
    hidden = await hidden_among(command, person_ids)
    found = await cases_of(command, [child for child in rows if child.person_id not in hidden])
    cases = {case.person_id: case for case in found if case.identity.merged_into is None}
    refuse(
        Violation(f"{field_name}.{number}", "known_child", "There is no such child, or you may not see the record.")
        for number, person_id in enumerate(person_ids)
        if person_id not in cases
    )
    return [cases[person_id] for person_id in person_ids]


async def locked_case(command: Command, person_id: str) -> Case:
    """The case of one child, locked; `NotFound` if there is none that the caller may see."""
    child = await command.session.get(LookedAfterChild, person_id, with_for_update=True)
    if child is None:
        raise NotFound
    await check_may_see(command, [person_id])
    return (await cases_of(command, [child]))[0]


async def locked_row(command: Command, table: Any, row_id: UUID) -> tuple[Any, Case]:
    """A row about a child with the child's case, locked; `NotFound` where there is none that the caller may see."""
    about = (await command.session.exec(select(table.person_id).where(table.id == row_id))).first()
    if about is None:
        raise NotFound
    case = await locked_case(command, about)
    row = await command.session.get(table, row_id)
    if row is None:
        raise NotFound
    return row, case


async def child_in_care(session: AsyncSession, person_id: str) -> ChildInCare:
    """A child who is known here, and who they are."""
    child = await session.get_one(LookedAfterChild, person_id)
    return ChildInCare(child, await session.get_one(Child, person_id))


async def cases_of(command: Command, children: Sequence[LookedAfterChild]) -> list[Case]:
    """The cases of these children."""
    return await cases_with(command.session, practice_of(command), children)


async def cases_with(session: AsyncSession, practice: Practice, children: Sequence[LookedAfterChild]) -> list[Case]:
    """The cases of these children, for jobs, which have no caller."""
    identities = select(Child).where(col(Child.person_id).in_([child.person_id for child in children]))
    known = {identity.person_id: identity for identity in (await session.exec(identities)).all()}
    cases = {child.person_id: Case(child, known[child.person_id], [], practice=practice) for child in children}
    periods = select(PeriodOfCare).where(col(PeriodOfCare.person_id).in_(cases))
    for period in (await session.exec(periods)).all():
        cases[period.person_id].periods.append(period)
    reviews = select(ChildReview).where(col(ChildReview.person_id).in_(cases)).order_by(col(ChildReview.id))
    for review in (await session.exec(reviews.options(DECIDING))).all():
        cases[review.person_id].reviews.append(review)
    checks = select(MidpointCheck).where(col(MidpointCheck.person_id).in_(cases))
    for check in (await session.exec(checks)).all():
        cases[check.person_id].midpoints_done.add(check.reviewed_on)
    prompts = select(PromptDone).where(col(PromptDone.person_id).in_(cases))
    for done in (await session.exec(prompts)).all():
        cases[done.person_id].prompts_done.add((done.prompt, done.care_since))
    for case in cases.values():
        # One that ends on the day on which another begins comes before it, and an open one last.
        case.periods.sort(key=lambda period: (period.starts_on, period.ends_on or date.max))
    return [cases[child.person_id] for child in children]
