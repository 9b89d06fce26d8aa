"""A review meeting that is about to be changed, locked with its children and their parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from chassis.base.problems import Conflict, NotFound
from chassis.command import Command
from chassis.meetings.locking import for_update, locked_with_children, to_be_changed
from services.reviews.children.cases import Case, cases_of
from services.reviews.children.models import LookedAfterChild
from services.reviews.meetings.models import ChildReview, Review
from services.reviews.moves import HELD, OPEN


class ReviewNotOpen(Conflict):
    """This review has been held or cancelled."""


class ReviewNotHeld(Conflict):
    """This review has not been held: nothing is carried out before it is completed (regulation 36)."""


@dataclass(frozen=True)
class Meeting:
    """A review with the cases of its children and their parts, by person number."""

    review: Review
    cases: dict[str, Case]
    parts: dict[str, ChildReview]

    def ordered(self) -> Sequence[Case]:
        """The cases in the order in which the children were named."""
        return [self.cases[person_id] for person_id in self.review.person_ids]

    def born_on(self) -> Sequence[date | None]:
        """When the children were born, in the same order."""
        return [case.born_on for case in self.ordered()]


async def locked_review(command: Command, reference: str, version: int | None) -> Review:
    """A review, locked; with a version, it must still be that version."""
    query = for_update(select(Review).where(col(Review.reference) == reference))
    return await to_be_changed(command, (await command.session.exec(query)).first(), version)


def check_open(review: Review) -> None:
    """Raise `ReviewNotOpen` unless a review is planned or adjourned."""
    if review.state not in OPEN:
        raise ReviewNotOpen(f"{review.reference} is {review.state}.", reference=review.reference, state=review.state)


def check_held(review: Review) -> None:
    """Raise `ReviewNotHeld` unless a review was held."""
    if review.state not in HELD:
        raise ReviewNotHeld(f"{review.reference} is {review.state}.", reference=review.reference, state=review.state)


async def locked_meeting(
    command: Command, reference: str, version: int, check: Callable[[Review], None] = check_open
) -> Meeting:
    """A review that passes the check, locked with all its children."""
    found, children = await locked_with_children(command.session, Review, LookedAfterChild, reference)
    review = await to_be_changed(command, found, version)
    check(review)
    # Whole, before the cases are read, which have no more of a part than what decides what comes next.
    parts = (await command.session.exec(select(ChildReview).where(col(ChildReview.review_id) == review.id))).all()
    cases = await cases_of(command, children)
    return Meeting(
        review,
        {case.child.person_id: case for case in cases},
        {part.person_id: part for part in parts},
    )


async def locked_part(command: Command, reference: str, person_id: str, version: int) -> tuple[Review, ChildReview]:
    """One child's part in a review, with the review; its version counts for all parts."""
    review = await locked_review(command, reference, version)
    query = select(ChildReview).where(col(ChildReview.review_id) == review.id, col(ChildReview.person_id) == person_id)
    part = (await command.session.exec(for_update(query))).first()
    if part is None or person_id not in review.person_ids:
        raise NotFound
    return review, part
