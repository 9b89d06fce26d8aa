"""Which reviews are due next: the clocks of a period of care, from what really happened."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.reviews.rules.sequence import Care, Episode, Held, is_in_time, reviews_due
from services.reviews.rules.timescales import REVIEWS, Practice, UntilPlaced
from services.reviews.rules.vocabulary import LegalStatus, ReviewKind, Track

K = ReviewKind
FOSTERED, SECURE, PLACED_WITH_CONSENT, PLACED_BY_ORDER = "U1", "K1", "A3", "A5"
CARE_ORDER, ACCOMMODATED, PLACEMENT_ORDER = (
    LegalStatus.CARE_ORDER,
    LegalStatus.ACCOMMODATED,
    LegalStatus.PLACEMENT_ORDER,
)
SHORT_BREAKS, SHORT_BREAKS_SINGLY = LegalStatus.SHORT_BREAKS, LegalStatus.SHORT_BREAKS_RECORDED_SINGLY
REMAND = LegalStatus.REMAND
Review = tuple[ReviewKind, str]


def on(day: str) -> date:
    """A day as tables write it."""
    return date.fromisoformat(day)


def care(*episodes: tuple[str, LegalStatus, str], authorised: str | None = None, ends: str | None = None) -> Care:
    """A period of care that begins with its first episode."""
    made = [Episode(on(day), status, placement) for day, status, placement in episodes]
    return Care(made[0].starts_on, on(ends) if ends else None, made, on(authorised) if authorised else None)


def due(of: Care, *reviews: Review) -> list[tuple[ReviewKind, str, str]]:
    """What is due after these reviews: kind, last day and the day from which that is counted."""
    held = [Held(kind, on(day)) for kind, day in reviews]
    return [(review.kind, str(review.due_on), str(review.event_on)) for review in reviews_due(of, held)]


ORDINARY = care(("2019-04-01", CARE_ORDER, FOSTERED))
FIRST, SECOND, LATER = (K.FIRST, "2019-04-24"), (K.SECOND, "2019-07-10"), (K.LATER, "2020-01-08")
# Care from April 2019, authorised by a placement order in February 2020, placed in June 2020.
AUTHORISED = care(("2019-04-01", CARE_ORDER, FOSTERED), ("2020-02-03", PLACEMENT_ORDER, FOSTERED))
PLACED = replace(AUTHORISED, episodes=[*AUTHORISED.episodes, Episode(on("2020-06-15"), PLACEMENT_ORDER, "A5")])
RETURNED = replace(PLACED, episodes=[*PLACED.episodes, Episode(on("2020-11-02"), PLACEMENT_ORDER, FOSTERED)])
REVOKED = replace(RETURNED, episodes=[*RETURNED.episodes, Episode(on("2021-03-01"), CARE_ORDER, FOSTERED)])
IN_CARE = (FIRST, SECOND, LATER)
WAITING = (K.ADOPTION_AUTHORISED_FIRST, "2020-04-20")
BACK = (K.ADOPTION_RETURNED, "2020-12-07")
# In care from January 2019 and reviewed until September; a placement order in February 2020.
ORDERED = care(("2019-01-07", CARE_ORDER, FOSTERED), ("2020-02-03", PLACEMENT_ORDER, FOSTERED))
ORDERED_AND_PLACED = replace(ORDERED, episodes=[*ORDERED.episodes, Episode(on("2020-02-17"), PLACEMENT_ORDER, "A5")])
IN_CARE_UNTIL_2019 = ((K.FIRST, "2019-02-01"), (K.SECOND, "2019-04-30"), (K.LATER, "2019-09-30"))
PLACED_FIRST, PLACED_SECOND = (K.ADOPTION_PLACED_FIRST, "2020-07-08"), (K.ADOPTION_PLACED_SECOND, "2020-10-01")


@pytest.mark.parametrize(
    ("of", "reviews", "kind", "due_on", "event_on"),
    [
        # Easter 2019 lies within the twenty working days.
        (ORDINARY, (), K.FIRST, "2019-05-01", "2019-04-01"),
        # From the day on which the first was held, a week before it was due.
        (ORDINARY, (FIRST,), K.SECOND, "2019-07-24", "2019-04-24"),
        # Held late: the clock runs from what really happened.
        (ORDINARY, ((K.FIRST, "2019-05-20"),), K.SECOND, "2019-08-20", "2019-05-20"),
        (ORDINARY, (FIRST, SECOND), K.LATER, "2020-01-10", "2019-07-10"),
        (ORDINARY, (FIRST, SECOND, LATER), K.LATER, "2020-07-08", "2020-01-08"),
        # In whatever order they are told.
        (ORDINARY, (LATER, FIRST, SECOND), K.LATER, "2020-07-08", "2020-01-08"),
        # The day of becoming looked after counts as within the period.
        (ORDINARY, ((K.FIRST, "2019-04-01"),), K.SECOND, "2019-07-01", "2019-04-01"),
        # A review of an earlier period never counts, even if it is handed over.
        (ORDINARY, ((K.LATER, "2019-03-29"),), K.FIRST, "2019-05-01", "2019-04-01"),
        # A disruption meeting is no review of the sequence.
        (ORDINARY, (FIRST, (K.DISRUPTION, "2019-05-02")), K.SECOND, "2019-07-24", "2019-04-24"),
        # A placement order: three months after it, which is sooner than six after the last review.
        (AUTHORISED, IN_CARE, K.ADOPTION_AUTHORISED_FIRST, "2020-05-03", "2020-02-03"),
        # The ordinary sequence goes on beside it, and is sooner: an order lets no review fall away.
        (ORDERED, IN_CARE_UNTIL_2019, K.LATER, "2020-03-30", "2019-09-30"),
        # Overdue stays overdue.
        (ORDERED, ((K.FIRST, "2019-02-01"),), K.SECOND, "2019-05-01", "2019-02-01"),
        # One review meets both laws: whichever clock it was held by, it counts for the other.
        (
            ORDERED,
            (*IN_CARE_UNTIL_2019, (K.LATER, "2020-03-20")),
            K.ADOPTION_AUTHORISED_LATER,
            "2020-09-20",
            "2020-03-20",
        ),
        # On the same day, the law of adoption is named.
        (
            ORDERED,
            (*IN_CARE_UNTIL_2019, (K.LATER, "2019-11-03")),
            K.ADOPTION_AUTHORISED_FIRST,
            "2020-05-03",
            "2020-02-03",
        ),
        # From the placement on it is the law of adoption alone.
        (ORDERED_AND_PLACED, IN_CARE_UNTIL_2019, K.ADOPTION_PLACED_FIRST, "2020-03-16", "2020-02-17"),
        (AUTHORISED, (*IN_CARE, WAITING), K.ADOPTION_AUTHORISED_LATER, "2020-10-20", "2020-04-20"),
        # Placed: four weeks, three months, six months.
        (PLACED, (*IN_CARE, WAITING), K.ADOPTION_PLACED_FIRST, "2020-07-13", "2020-06-15"),
        (PLACED, (*IN_CARE, WAITING, PLACED_FIRST), K.ADOPTION_PLACED_SECOND, "2020-10-08", "2020-07-08"),
        (
            PLACED,
            (*IN_CARE, WAITING, PLACED_FIRST, PLACED_SECOND),
            K.ADOPTION_PLACED_LATER,
            "2021-04-01",
            "2020-10-01",
        ),
        # The placement failed and the order stands: six months after the previous review, which was after the return.
        (
            RETURNED,
            (*IN_CARE, WAITING, PLACED_FIRST, PLACED_SECOND, BACK),
            K.ADOPTION_AUTHORISED_LATER,
            "2021-06-07",
            "2020-12-07",
        ),
        # The order was revoked: back in care, where every review counts.
        (REVOKED, (*IN_CARE, WAITING, PLACED_FIRST, PLACED_SECOND, BACK), K.LATER, "2021-06-07", "2020-12-07"),
        # Back in care after a single review: the second is next.
        (REVOKED, (BACK,), K.SECOND, "2021-03-07", "2020-12-07"),
    ],
)
def test_a_child_has_one_main_clock(
    of: Care, reviews: Sequence[Review], kind: ReviewKind, due_on: str, event_on: str
) -> None:
    assert due(of, *reviews) == [(kind, due_on, event_on)]


@pytest.mark.parametrize(
    ("of", "earlier", "kind", "due_on"),
    [
        # Authorised a second time, after the first order was revoked: its reviews are of then.
        (
            care(
                ("2019-01-07", PLACEMENT_ORDER, FOSTERED),
                ("2019-08-05", CARE_ORDER, FOSTERED),
                ("2020-02-03", PLACEMENT_ORDER, FOSTERED),
            ),
            (K.ADOPTION_AUTHORISED_FIRST, "2019-04-01"),
            # For the ordinary sequence it counts: the second is overdue.
            K.SECOND,
            "2019-07-01",
        ),
        # Placed a second time, after the first placement failed.
        (
            care(
                ("2019-01-07", PLACEMENT_ORDER, PLACED_BY_ORDER),
                ("2019-08-05", PLACEMENT_ORDER, FOSTERED),
                ("2020-02-03", PLACEMENT_ORDER, PLACED_BY_ORDER),
            ),
            (K.ADOPTION_PLACED_FIRST, "2019-02-01"),
            K.ADOPTION_PLACED_FIRST,
            "2020-03-02",
        ),
        # A series of short breaks begins anew with a new period.
        (
            care(("2020-02-03", SHORT_BREAKS, FOSTERED)),
            (K.SHORT_BREAK_LATER, "2020-01-31"),
            K.SHORT_BREAK_FIRST,
            "2020-05-03",
        ),
    ],
)
def test_reviews_held_before_a_clock_began_do_not_count(
    of: Care, earlier: Review, kind: ReviewKind, due_on: str
) -> None:
    assert [row[:2] for row in due(of, earlier)] == [(kind, due_on)]


@pytest.mark.parametrize(
    ("of", "reviews", "kind", "due_on"),
    [
        # Each code of short breaks, and a change between the two.
        (care(("2019-04-01", SHORT_BREAKS, FOSTERED)), (), K.SHORT_BREAK_FIRST, "2019-07-01"),
        (care(("2019-04-01", SHORT_BREAKS_SINGLY, FOSTERED)), (), K.SHORT_BREAK_FIRST, "2019-07-01"),
        (
            care(("2019-04-01", SHORT_BREAKS_SINGLY, FOSTERED), ("2019-06-03", SHORT_BREAKS, FOSTERED)),
            ((K.SHORT_BREAK_FIRST, "2019-06-28"),),
            K.SHORT_BREAK_LATER,
            "2019-12-28",
        ),
        # Remand makes a child looked after: as first, second and later.
        (care(("2019-04-01", REMAND, FOSTERED)), (), K.FIRST, "2019-05-01"),
        # Authorised by the parents' consent, without an order.
        (
            care(("2019-04-01", ACCOMMODATED, FOSTERED), authorised="2019-06-03"),
            ((K.FIRST, "2019-04-24"), (K.SECOND, "2019-05-31")),
            K.ADOPTION_AUTHORISED_FIRST,
            "2019-09-03",
        ),
        # An order after the consent, or a consent after the order, does not begin the clock anew.
        (
            care(
                ("2019-04-01", ACCOMMODATED, FOSTERED),
                ("2019-09-02", PLACEMENT_ORDER, FOSTERED),
                authorised="2019-06-03",
            ),
            ((K.FIRST, "2019-04-24"), (K.ADOPTION_AUTHORISED_FIRST, "2019-08-01")),
            K.ADOPTION_AUTHORISED_LATER,
            "2020-02-01",
        ),
        (
            care(("2019-04-01", PLACEMENT_ORDER, FOSTERED), authorised="2019-06-03"),
            (),
            K.FIRST,
            "2019-05-01",
        ),
        # Placed with that consent.
        (
            care(
                ("2019-04-01", ACCOMMODATED, FOSTERED),
                ("2019-07-01", ACCOMMODATED, PLACED_WITH_CONSENT),
                authorised="2019-06-03",
            ),
            (),
            K.ADOPTION_PLACED_FIRST,
            "2019-07-29",
        ),
        # An order while placed with consent changes the code of the placement, not the day of placing.
        (
            care(
                ("2019-04-01", ACCOMMODATED, PLACED_WITH_CONSENT),
                ("2019-07-01", PLACEMENT_ORDER, PLACED_BY_ORDER),
                authorised="2019-03-01",
            ),
            (),
            K.ADOPTION_PLACED_FIRST,
            "2019-04-29",
        ),
    ],
)
def test_which_clock_runs(of: Care, reviews: Sequence[Review], kind: ReviewKind, due_on: str) -> None:
    assert [row[:2] for row in due(of, *reviews)] == [(kind, due_on)]


def test_a_period_with_anything_but_short_breaks_is_no_series_of_them() -> None:
    mixed = care(("2019-04-01", SHORT_BREAKS, FOSTERED), ("2019-06-03", ACCOMMODATED, FOSTERED))
    assert [review.track for review in reviews_due(mixed, [])] == [Track.CARE]


FULL = care(("2020-01-06", SHORT_BREAKS, FOSTERED), ("2020-03-16", ACCOMMODATED, FOSTERED))
AGAIN = replace(FULL, episodes=[*FULL.episodes, Episode(on("2020-06-01"), SHORT_BREAKS, FOSTERED)])


@pytest.mark.parametrize(
    ("of", "reviews", "kind", "due_on"),
    [
        # Easter 2020 and the early May holiday of Friday 8 May: 20 working days from the day of full care.
        (FULL, (), K.FIRST, "2020-04-15"),
        # Whatever short-break reviews were held, before that day or after it.
        (FULL, ((K.SHORT_BREAK_FIRST, "2020-03-02"),), K.FIRST, "2020-04-15"),
        (FULL, ((K.SHORT_BREAK_FIRST, "2020-04-01"),), K.FIRST, "2020-04-15"),
        (FULL, ((K.SHORT_BREAK_FIRST, "2020-03-02"), (K.FIRST, "2020-04-14")), K.SECOND, "2020-07-14"),
        # Once full care has begun, the stricter law stays.
        (AGAIN, ((K.FIRST, "2020-04-14"),), K.SECOND, "2020-07-14"),
    ],
)
def test_short_breaks_that_become_full_care_are_reviewed_first_within_20_working_days(
    of: Care, reviews: Sequence[Review], kind: ReviewKind, due_on: str
) -> None:
    assert [row[:2] for row in due(of, *reviews)] == [(kind, due_on)]


@pytest.mark.parametrize(
    ("of", "reviews", "owed"),
    [
        (RETURNED, (), [(K.ADOPTION_RETURNED, "2020-12-14", "2020-11-02")]),
        # A review before the 28 days are over is none of it; any after them is, by whatever clock.
        (RETURNED, ((K.ADOPTION_AUTHORISED_LATER, "2020-11-29"),), [(K.ADOPTION_RETURNED, "2020-12-14", "2020-11-02")]),
        (RETURNED, ((K.ADOPTION_AUTHORISED_LATER, "2020-11-30"),), []),
        (RETURNED, (BACK,), []),
        (REVOKED, (PLACED_SECOND,), [(K.ADOPTION_RETURNED, "2020-12-14", "2020-11-02")]),
        # Nobody is waiting for it once the child is placed again.
        (replace(RETURNED, episodes=[*RETURNED.episodes, Episode(on("2020-11-20"), PLACEMENT_ORDER, "A5")]), (), []),
        (PLACED, (), []),
    ],
)
def test_a_return_by_adopters_is_reviewed_beside_the_running_clock(
    of: Care, reviews: Sequence[Review], owed: list[tuple[ReviewKind, str, str]]
) -> None:
    main, *beside = due(of, *IN_CARE, *reviews)
    assert beside == owed
    assert main[0] is not K.ADOPTION_RETURNED


def test_a_council_may_let_the_law_of_adoption_take_the_place_of_the_ordinary_one() -> None:
    held = [Held(kind, on(day)) for kind, day in IN_CARE_UNTIL_2019]
    (only,) = reviews_due(ORDERED, held, Practice(UntilPlaced.ADOPTION_ONLY))
    assert (only.kind, only.due_on) == (K.ADOPTION_AUTHORISED_FIRST, on("2020-05-03"))


IN_SECURE = care(("2019-04-01", CARE_ORDER, FOSTERED), ("2019-05-31", CARE_ORDER, SECURE))


@pytest.mark.parametrize(
    ("of", "reviews", "secure"),
    [
        # One month after 31 May, which June does not have.
        (IN_SECURE, (FIRST,), (K.SECURE_FIRST, "2019-06-30", "2019-05-31")),
        # Then every three months, from when they were held.
        (IN_SECURE, (FIRST, (K.SECURE_FIRST, "2019-06-25")), (K.SECURE_LATER, "2019-09-25", "2019-06-25")),
        # A review of an earlier secure placement is of then.
        (IN_SECURE, (FIRST, (K.SECURE_LATER, "2019-05-30")), (K.SECURE_FIRST, "2019-06-30", "2019-05-31")),
        # Another legal status in the same placement does not begin it anew.
        (
            replace(IN_SECURE, episodes=[*IN_SECURE.episodes, Episode(on("2019-06-17"), REMAND, SECURE)]),
            (FIRST,),
            (K.SECURE_FIRST, "2019-06-30", "2019-05-31"),
        ),
    ],
)
def test_a_secure_placement_has_a_clock_beside_care(
    of: Care, reviews: Sequence[Review], secure: tuple[ReviewKind, str, str]
) -> None:
    assert due(of, *reviews) == [(K.SECOND, "2019-07-24", "2019-04-24"), secure]


def test_the_secure_clock_ends_with_the_placement() -> None:
    left = replace(IN_SECURE, episodes=[*IN_SECURE.episodes, Episode(on("2019-06-17"), CARE_ORDER, FOSTERED)])
    assert [row[0] for row in due(left, FIRST, (K.SECURE_FIRST, "2019-06-10"))] == [K.SECOND]


def test_nothing_is_due_once_the_period_has_ended() -> None:
    for of in (ORDINARY, AUTHORISED, PLACED, IN_SECURE):
        assert due(replace(of, ends_on=on("2021-06-01")), FIRST) == []


def test_what_was_due_on_a_day_is_asked_of_the_period_as_it_was() -> None:
    ended = replace(REVOKED, ends_on=on("2021-06-01"))
    assert [row[0] for row in due(ended.as_on(on("2020-02-02")), *IN_CARE)] == [K.LATER]
    assert [row[0] for row in due(ended.as_on(on("2020-02-03")), *IN_CARE)] == [K.ADOPTION_AUTHORISED_FIRST]
    assert [row[0] for row in due(ended.as_on(on("2020-06-15")), *IN_CARE)] == [K.ADOPTION_PLACED_FIRST]
    consented = care(("2019-04-01", ACCOMMODATED, FOSTERED), authorised="2019-06-03")
    assert [row[0] for row in due(consented.as_on(on("2019-06-02")))] == [K.FIRST]
    whole = ((K.FIRST, "2019-04-24"), (K.SECOND, "2019-05-31"))
    assert [row[0] for row in due(consented.as_on(on("2019-06-02")), *whole)] == [K.LATER]
    assert [row[0] for row in due(consented.as_on(on("2019-06-03")), *whole)] == [K.ADOPTION_AUTHORISED_FIRST]


def test_what_is_due_says_its_track_and_its_rule() -> None:
    main, secure = reviews_due(IN_SECURE, [])
    assert (main.track, main.rule) == (Track.CARE, REVIEWS[K.FIRST].words())
    assert (secure.track, secure.rule) == (Track.SECURE, REVIEWS[K.SECURE_FIRST].words())


@pytest.mark.parametrize(
    ("sat_on", "in_time"),
    [
        ("2019-04-30", True),
        # On its last day.
        ("2019-05-01", True),
        ("2019-05-02", False),
    ],
)
def test_in_time_is_on_the_last_day_or_before(sat_on: str, in_time: bool) -> None:
    assert is_in_time(on("2019-05-01"), on(sat_on)) is in_time
