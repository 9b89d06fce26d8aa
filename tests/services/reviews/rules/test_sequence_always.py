"""Whatever became of a child, these hold of the reviews that are due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.reviews.rules.sequence import Care, Episode, Held, reviews_due
from services.reviews.rules.timescales import REVIEWS
from services.reviews.rules.vocabulary import (
    MAIN_TRACKS,
    SECURE_PLACEMENT,
    SHORT_BREAK_STATUSES,
    TRACKS,
    LegalStatus,
    ReviewKind,
    Track,
)

DAYS = st.dates(date(2015, 1, 1), date(2028, 12, 31))
PLACEMENTS = st.sampled_from(["U1", SECURE_PLACEMENT, "A3", "A5"])
HELD = st.lists(st.builds(Held, st.sampled_from(list(ReviewKind)), DAYS), max_size=6)


@st.composite
def periods(draw: st.DrawFn) -> Care:
    """An open period of care, with any episodes in order; no child with short breaks may be placed for adoption."""
    starts = sorted(draw(st.lists(DAYS, min_size=1, max_size=5)))
    made = [Episode(day, draw(st.sampled_from(list(LegalStatus))), draw(PLACEMENTS)) for day in starts]
    authorised = draw(st.none() | st.integers(0, 900).map(lambda after: starts[0] + timedelta(days=after)))
    if any(episode.legal_status in SHORT_BREAK_STATUSES for episode in made):
        authorised = None
    return Care(starts[0], None, made, authorised)


@given(of=periods(), held=HELD)
def test_one_main_review_is_due_and_at_most_one_secure_and_one_after_a_return(of: Care, held: list[Held]) -> None:
    main, *beside = reviews_due(of, held)
    assert main.track in MAIN_TRACKS
    assert (Track.SECURE in {review.track for review in beside}) == (of.episodes[-1].placement == SECURE_PLACEMENT)
    returned = [review for review in beside if review.track is Track.ADOPTION_RETURNED]
    assert [review.event_on for review in returned] in ([], [of.returned_by_adopters_on()])
    assert len(beside) == len({review.track for review in beside})


@given(of=periods(), held=HELD)
def test_an_authority_to_place_never_makes_a_review_due_later(of: Care, held: list[Held]) -> None:
    if of.placed_for_adoption_since():
        return
    ordinary = [replace(episode, legal_status=LegalStatus.CARE_ORDER) for episode in of.episodes]
    if any(episode.legal_status in SHORT_BREAK_STATUSES for episode in of.episodes):
        return
    without = Care(of.starts_on, None, ordinary)
    assert reviews_due(of, held)[0].due_on <= reviews_due(without, held)[0].due_on


@given(of=periods(), held=HELD)
def test_a_review_is_due_after_its_event_which_is_in_the_period(of: Care, held: list[Held]) -> None:
    for review in reviews_due(of, held):
        assert of.starts_on <= review.event_on < review.due_on
        assert review.due_on == REVIEWS[review.kind].due_on(review.event_on)
        assert TRACKS[review.kind] is review.track


@given(of=periods(), held=HELD)
def test_the_order_in_which_reviews_are_told_is_nothing(of: Care, held: list[Held]) -> None:
    assert reviews_due(of, held) == reviews_due(of, held[::-1])


def held_in_turn(of: Care, gaps: Sequence[int]) -> tuple[list[Held], list[date]]:
    """Main reviews held so many days after one another, and what each one's due date was when it became due."""
    held: list[Held] = []
    dues = []
    for gap in gaps:
        [next_due, *_] = reviews_due(of, held)
        dues.append(next_due.due_on)
        held.append(Held(next_due.kind, next_due.event_on + timedelta(days=gap)))
    return held, dues


@given(of=periods(), gaps=st.lists(st.integers(1, 300), min_size=1, max_size=6), by=st.integers(1, 90))
def test_moving_a_meeting_never_moves_its_own_due_date(of: Care, gaps: list[int], by: int) -> None:
    held, dues = held_in_turn(of, gaps)
    moved, same = held_in_turn(of, [*gaps[:-1], gaps[-1] + by])
    assert same == dues
    assert moved[-1].held_on == held[-1].held_on + timedelta(days=by)
    # What follows is counted from the day on which it was really held, or from an authority to place after it.
    assert reviews_due(of, moved)[0].event_on in {moved[-1].held_on, of.adoption_authorised_since()}
