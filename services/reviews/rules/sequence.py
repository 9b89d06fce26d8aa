"""Which reviews of a child are due next: the clocks of a period of care, from what really happened."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from services.reviews.rules.timescales import REVIEWS, USUAL, Practice, UntilPlaced
from services.reviews.rules.vocabulary import (
    ADOPTION_PLACEMENTS,
    CASE_TRACKS,
    SECURE_PLACEMENT,
    SHORT_BREAK_STATUSES,
    TRACKS,
    LegalStatus,
    ReviewKind,
    Track,
)


@dataclass(frozen=True)
class Episode:
    """A stretch of a period of care with one legal status and one placement, by their SSDA903 codes."""

    starts_on: date
    legal_status: LegalStatus
    placement: str


class Held(NamedTuple):
    """A review of this child that was held, on the day on which it was completed."""

    kind: ReviewKind
    held_on: date


@dataclass(frozen=True)
class Care:
    """A period of care as the rules see it: its episodes in order, and an adoption authorised by consent, if any."""

    starts_on: date
    ends_on: date | None
    episodes: Sequence[Episode]
    adoption_authorised_on: date | None = None

    def as_on(self, day: date) -> "Care":
        """The period as it was on a day in it: still running, with the episodes that had begun."""
        begun = [episode for episode in self.episodes if episode.starts_on <= day] or list(self.episodes[:1])
        authorised = self.adoption_authorised_on
        return Care(self.starts_on, None, begun, authorised if authorised and authorised <= day else None)

    def is_short_breaks(self) -> bool:
        """Whether it is a series of short breaks (regulation 48): every episode has legal status V3 or V4."""
        return bool(self.episodes) and all(episode.legal_status in SHORT_BREAK_STATUSES for episode in self.episodes)

    def is_recorded_singly(self) -> bool:
        """Whether it is a stay of a series of short breaks in which each is returned as a period of its own (V3)."""
        statuses = {episode.legal_status for episode in self.episodes}
        return statuses == {LegalStatus.SHORT_BREAKS_RECORDED_SINGLY}

    def full_care_since(self) -> date:
        """The day on which care began that is no short break: of a series that became full care, that day."""
        full = (episode.starts_on for episode in self.episodes if episode.legal_status not in SHORT_BREAK_STATUSES)
        return next(full, self.starts_on)

    def legal_status(self) -> LegalStatus | None:
        """The latest legal status."""
        return self.episodes[-1].legal_status if self.episodes else None

    def is_remand(self) -> bool:
        """Whether the child is looked after because of a remand.

        Source: Legal Aid, Sentencing and Punishment of Offenders Act 2012, section 104.
        """
        return self.legal_status() is LegalStatus.REMAND

    def secure_since(self) -> date | None:
        """The day on which the present secure placement began."""
        return self._since(lambda episode: episode.placement == SECURE_PLACEMENT)

    def placed_for_adoption_since(self) -> date | None:
        """The day on which the present placement for adoption began."""
        return self._since(lambda episode: episode.placement in ADOPTION_PLACEMENTS)

    def returned_by_adopters_on(self) -> date | None:
        """The day on which the last placement for adoption came to an end while the child stayed in care."""
        if self.placed_for_adoption_since():
            return None
        moves = pairwise(self.episodes)
        back = (to.starts_on for before, to in moves if before.placement in ADOPTION_PLACEMENTS)
        return max(back, default=None)

    def adoption_authorised_since(self) -> date | None:
        """The day on which placing for adoption was first authorised, by a placement order or by consent."""
        ordered = self._since(lambda episode: episode.legal_status is LegalStatus.PLACEMENT_ORDER)
        return min((day for day in (ordered, self.adoption_authorised_on) if day), default=None)

    def _since(self, applies: Callable[[Episode], bool]) -> date | None:
        found = None
        for episode in reversed(self.episodes):
            if not applies(episode):
                break
            found = episode.starts_on
        return found


@dataclass(frozen=True)
class ReviewDue:
    """A review that is due: its sequence, its kind, the last day and the event from which that is counted."""

    track: Track
    kind: ReviewKind
    due_on: date
    event_on: date
    rule: str


def reviews_due(care: Care, held: Sequence[Held], practice: Practice = USUAL) -> list[ReviewDue]:
    """The next review of each sequence that a child in care has running, the main one first; none once it has ended.

    One main sequence at a time: a child placed for adoption is reviewed under the Adoption Agencies Regulations 2005
    (regulation 36); one whom the council may place under these as well, beside the care planning regulations until
    the child is placed: the sooner date counts, and one review meets both (six councils' published procedures; a
    setting). A series of short breaks is reviewed under regulation 48 of the care planning regulations, until full care
    begins; every other child under regulation 33. A secure placement adds a sequence of its own (Secure Accommodation
    Regulations 1991, regulation 15), and a return by prospective adopters a review no earlier than 28 and no later
    than 42 days after it (regulation 36 of the Adoption Agencies Regulations 2005, as published procedures quote it),
    which any review of the child's case within that window or later is.
    """
    if care.ends_on is not None:
        return []
    due = [_main(care, held, practice)]
    if secure_since := care.secure_since():
        kinds = (ReviewKind.SECURE_FIRST, ReviewKind.SECURE_LATER)
        due.append(_next(_days(held, {Track.SECURE}), Track.SECURE, secure_since, kinds))
    if returned_on := care.returned_by_adopters_on():
        earliest_on = REVIEWS[ReviewKind.ADOPTION_RETURNED].earliest_on(returned_on)
        if not any(day >= earliest_on for day in _days(held, CASE_TRACKS)):
            due.append(_next((), Track.ADOPTION_RETURNED, returned_on, (ReviewKind.ADOPTION_RETURNED,)))
    return due


def _main(care: Care, held: Sequence[Held], practice: Practice) -> ReviewDue:
    if placed := care.placed_for_adoption_since():
        kinds = (
            ReviewKind.ADOPTION_PLACED_FIRST,
            ReviewKind.ADOPTION_PLACED_SECOND,
            ReviewKind.ADOPTION_PLACED_LATER,
        )
        return _next(_days(held, {Track.ADOPTION_PLACED}), Track.ADOPTION_PLACED, placed, kinds)
    authorised = care.adoption_authorised_since()
    if authorised is None:
        return _ordinary(care, held)
    kinds_authorised = (ReviewKind.ADOPTION_AUTHORISED_FIRST, ReviewKind.ADOPTION_AUTHORISED_LATER)
    # Every review of the child's case since then counts, whichever clock it was held by.
    adoption = _next(_days(held, CASE_TRACKS), Track.ADOPTION_AUTHORISED, authorised, kinds_authorised)
    if practice.until_placed is UntilPlaced.ADOPTION_ONLY:
        return adoption
    return min(adoption, _ordinary(care, held), key=lambda due: due.due_on)


def _ordinary(care: Care, held: Sequence[Held]) -> ReviewDue:
    """The sequence of the care planning regulations."""
    if care.is_short_breaks():
        kinds_short = (ReviewKind.SHORT_BREAK_FIRST, ReviewKind.SHORT_BREAK_LATER)
        return _next(_days(held, {Track.SHORT_BREAKS}), Track.SHORT_BREAKS, care.starts_on, kinds_short)
    kinds_care = (ReviewKind.FIRST, ReviewKind.SECOND, ReviewKind.LATER)
    return _next(_days(_in_full_care(care, held), CASE_TRACKS), Track.CARE, care.full_care_since(), kinds_care)


def _in_full_care(care: Care, held: Sequence[Held]) -> Sequence[Held]:
    """The reviews that count for the ordinary sequence.

    A child who returns from an adoption that did not go ahead continues where they were. Of a series that became full
    care the reviews of short breaks do not count, whenever they were held.
    """
    if care.full_care_since() == care.starts_on:
        return held
    return [review for review in held if TRACKS[review.kind] is not Track.SHORT_BREAKS]


def _days(held: Sequence[Held], tracks: Collection[Track]) -> Iterable[date]:
    return (review.held_on for review in held if TRACKS[review.kind] in tracks)


def _next(held_on: Iterable[date], track: Track, since: date, kinds: Sequence[ReviewKind]) -> ReviewDue:
    days = [day for day in held_on if day >= since]
    kind = kinds[min(len(days), len(kinds) - 1)]
    event_on = max(days, default=since)
    scale = REVIEWS[kind]
    return ReviewDue(track, kind, scale.due_on(event_on), event_on, scale.words())


def last_main_review(held: Sequence[Held]) -> date | None:
    """The day of the last review of the main sequence, after which the plan is checked halfway to the next.

    Source: local practice.
    """
    return max(_days(held, CASE_TRACKS), default=None)


def is_in_time(due_on: date, sat_on: date) -> bool:
    """Whether a review was in time: held, or for one that was adjourned begun, on its last day or before.

    Source: Care Planning, Placement and Case Review (England) Regulations 2010, regulation 33, and regulation 36 for
    the adjournment.
    """
    return sat_on <= due_on
