"""Which reviews of a child are due next: the clocks of a period of care, from what really happened."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.reviews.rules.timescales import REVIEWS
from services.reviews.rules.vocabulary import (
    ADOPTION_PLACEMENTS,
    MAIN_TRACKS,
    SECURE_PLACEMENT,
    SHORT_BREAK_STATUSES,
    TRACKS,
    LegalStatus,
    ReviewKind,
    Track,
)

ADOPTION_TRACKS = frozenset({Track.ADOPTION_AUTHORISED, Track.ADOPTION_PLACED})


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
        begun = [one for one in self.episodes if one.starts_on <= day] or list(self.episodes[:1])
        authorised = self.adoption_authorised_on
        return Care(self.starts_on, None, begun, authorised if authorised and authorised <= day else None)

    def is_short_breaks(self) -> bool:
        """Whether it is a series of short breaks (regulation 48): every episode has legal status V3 or V4."""
        return bool(self.episodes) and all(one.legal_status in SHORT_BREAK_STATUSES for one in self.episodes)

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
        return self._since(lambda one: one.placement == SECURE_PLACEMENT)

    def placed_for_adoption_since(self) -> date | None:
        """The day on which the present placement for adoption began."""
        return self._since(lambda one: one.placement in ADOPTION_PLACEMENTS)

    def adoption_authorised_since(self) -> date | None:
        """The day on which placing for adoption was first authorised, by a placement order or by consent."""
        ordered = self._since(lambda one: one.legal_status is LegalStatus.PLACEMENT_ORDER)
        return min((day for day in (ordered, self.adoption_authorised_on) if day), default=None)

    def _since(self, applies: Callable[[Episode], bool]) -> date | None:
        found = None
        for one in reversed(self.episodes):
            if not applies(one):
                break
            found = one.starts_on
        return found


@dataclass(frozen=True)
class ReviewDue:
    """A review that is due: its sequence, its kind, the last day and the event from which that is counted."""

    track: Track
    kind: ReviewKind
    due_on: date
    event_on: date
    rule: str


def reviews_due(care: Care, held: Sequence[Held]) -> list[ReviewDue]:
    """The next review of each sequence that a child in care has running; none once the period has ended.

    One main sequence at a time: a child placed for adoption, or whom the council may place, is reviewed under the
    Adoption Agencies Regulations 2005 (regulation 36) instead of the care planning regulations; a series of short
    breaks under regulation 48 of these; every other child under regulation 33. A secure placement adds a sequence of
    its own (Secure Accommodation Regulations 1991, regulation 15).
    """
    if care.ends_on is not None:
        return []
    due = [_main(care, held)]
    if secure_since := care.secure_since():
        kinds = (ReviewKind.SECURE_FIRST, ReviewKind.SECURE_LATER)
        due.append(_next(_days(held, {Track.SECURE}), Track.SECURE, secure_since, kinds))
    return due


def _main(care: Care, held: Sequence[Held]) -> ReviewDue:
    if placed := care.placed_for_adoption_since():
        kinds = (
            ReviewKind.ADOPTION_PLACED_FIRST,
            ReviewKind.ADOPTION_PLACED_SECOND,
            ReviewKind.ADOPTION_PLACED_LATER,
        )
        return _next(_days(held, {Track.ADOPTION_PLACED}), Track.ADOPTION_PLACED, placed, kinds)
    if authorised := care.adoption_authorised_since():
        kinds_authorised = (ReviewKind.ADOPTION_AUTHORISED_FIRST, ReviewKind.ADOPTION_AUTHORISED_LATER)
        # Whoever returns from a placement that came to nothing was reviewed meanwhile: the last adoption review counts.
        return _next(_days(held, ADOPTION_TRACKS), Track.ADOPTION_AUTHORISED, authorised, kinds_authorised)
    if care.is_short_breaks():
        kinds_short = (ReviewKind.SHORT_BREAK_FIRST, ReviewKind.SHORT_BREAK_LATER)
        return _next(_days(held, {Track.SHORT_BREAKS}), Track.SHORT_BREAKS, care.starts_on, kinds_short)
    # Whoever returns from an adoption that came to nothing goes on where they were: every main review counts.
    kinds_care = (ReviewKind.FIRST, ReviewKind.SECOND, ReviewKind.LATER)
    return _next(_days(held, MAIN_TRACKS), Track.CARE, care.starts_on, kinds_care)


def _days(held: Sequence[Held], tracks: Collection[Track]) -> Iterable[date]:
    return (one.held_on for one in held if TRACKS[one.kind] in tracks)


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
    return max(_days(held, MAIN_TRACKS), default=None)


def is_in_time(due_on: date, sat_on: date) -> bool:
    """Whether a review was in time: held, or for one that was adjourned begun, on its last day or before.

    Source: regulation 33; regulation 36 of the same for the adjournment.
    """
    return sat_on <= due_on
