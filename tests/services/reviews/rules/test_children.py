"""What is to be seen to for a child: leaflets, prompts, approvals; and which periods of care can be so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reviews.rules.children import (
    approval_needed,
    is_within_care,
    life_links_on,
    periods_violation,
    prompts_of,
)
from services.reviews.rules.sequence import Care, Episode
from services.reviews.rules.vocabulary import Approval, LegalStatus, Prompt

FOSTERED = "U1"
ACCOMMODATED, CARE_ORDER, REMAND = LegalStatus.ACCOMMODATED, LegalStatus.CARE_ORDER, LegalStatus.REMAND
OFFICER, DIRECTOR = Approval.NOMINATED_OFFICER, Approval.DIRECTOR
TODAY = date(2020, 2, 1)


def on(day: str) -> date:
    """A day as tables write it."""
    return date.fromisoformat(day)


def care(starts: str, ends: str | None = None, *statuses: LegalStatus) -> Care:
    """A period of care with an episode for each legal status, all of which begin at once; a care order if none."""
    made = [Episode(on(starts), status, FOSTERED) for status in statuses or (CARE_ORDER,)]
    return Care(on(starts), on(ends) if ends else None, made)


@pytest.mark.parametrize(
    ("born", "day"),
    [
        ("2004-01-15", "2019-10-15"),
        # Into the next year.
        ("2004-06-10", "2020-03-10"),
        # There is no 31 November; February's last day, in a leap year.
        ("2004-02-29", "2019-11-29"),
        ("2004-08-31", "2020-05-31"),
        ("2004-05-31", "2020-02-29"),
    ],
)
def test_life_links_at_15_years_and_9_months(born: str, day: str) -> None:
    assert life_links_on(on(born)) == on(day)


LEAFLET, LIFE_LINKS = (Prompt.LEAFLET, "2019-06-03"), (Prompt.LIFE_LINKS, "2026-03-10")
NOTHING: dict[str, bool] = {"disabled": False, "unaccompanied": False}


@pytest.mark.parametrize(
    ("of", "child", "second", "prompts"),
    [
        # Whoever becomes looked after.
        (care("2019-06-03"), NOTHING, None, [LEAFLET, LIFE_LINKS]),
        # The leaflets for some, together.
        (
            care("2019-06-03", None, REMAND),
            {"disabled": True, "unaccompanied": True},
            None,
            [
                LEAFLET,
                (Prompt.LEAFLET_REMAND, "2019-06-03"),
                (Prompt.LEAFLET_DISABILITY, "2019-06-03"),
                (Prompt.LEAFLET_UNACCOMPANIED, "2019-06-03"),
                LIFE_LINKS,
            ],
        ),
        # The permanence plan at the second review.
        (care("2019-06-03"), NOTHING, "2019-09-24", [LEAFLET, (Prompt.PERMANENCE_PLAN, "2019-09-24"), LIFE_LINKS]),
        # Who left care gets a later-life letter, and no referral any more.
        (care("2019-06-03", "2019-12-02"), NOTHING, None, [LEAFLET, (Prompt.LATER_LIFE_LETTER, "2019-12-02")]),
        # Who had short breaks alone did not leave care.
        (care("2019-06-03", "2019-12-02", LegalStatus.SHORT_BREAKS), NOTHING, None, [LEAFLET]),
    ],
)
def test_what_is_to_be_seen_to(
    of: Care, child: dict[str, bool], second: str | None, prompts: list[tuple[Prompt, str]]
) -> None:
    found = prompts_of(of, on("2010-06-10"), second_review_on=on(second) if second else None, **child)
    assert [(row.prompt, str(row.from_on)) for row in found] == prompts


def test_life_links_for_who_came_late_is_from_the_first_day_of_care() -> None:
    found = prompts_of(care("2019-06-03"), on("2003-01-10"), second_review_on=None, **NOTHING)
    assert (found[-1].prompt, found[-1].from_on) == (Prompt.LIFE_LINKS, on("2019-06-03"))


@pytest.mark.parametrize(
    ("born", "starts", "statuses", "leaving", "approval"),
    [
        # Looked after since Monday 3 June 2019: 28 June is working day 19, 1 July is day 20.
        ("2010-06-10", "2019-06-03", (ACCOMMODATED,), "2019-06-28", None),
        ("2010-06-10", "2019-06-03", (ACCOMMODATED,), "2019-06-30", None),
        ("2010-06-10", "2019-06-03", (ACCOMMODATED,), "2019-07-01", OFFICER),
        # The day before the sixteenth birthday, and on it: the director, from the first day of care on.
        ("2003-07-10", "2019-06-03", (ACCOMMODATED,), "2019-07-09", OFFICER),
        ("2003-07-10", "2019-06-03", (ACCOMMODATED,), "2019-07-10", DIRECTOR),
        ("2003-06-01", "2019-06-03", (ACCOMMODATED,), "2019-06-04", DIRECTOR),
        ("2003-06-01", "2019-06-03", (ACCOMMODATED,), "2019-06-03", DIRECTOR),
        # Seventeen, until the day before the eighteenth birthday.
        ("2002-06-01", "2019-06-03", (ACCOMMODATED,), "2019-06-04", DIRECTOR),
        ("2001-07-10", "2019-06-03", (ACCOMMODATED,), "2019-07-09", DIRECTOR),
        # On that birthday nobody is looked after any more, so nobody is asked.
        ("2001-07-10", "2019-06-03", (ACCOMMODATED,), "2019-07-10", None),
        ("2001-06-10", "2019-06-03", (ACCOMMODATED,), "2019-06-10", None),
        # Born on 29 February: eighteen on 28 February.
        ("2000-02-29", "2018-02-26", (ACCOMMODATED,), "2018-02-27", DIRECTOR),
        ("2000-02-29", "2018-02-26", (ACCOMMODATED,), "2018-02-28", None),
        # Under an order it is not section 20, at any age.
        ("2003-06-01", "2019-06-03", (CARE_ORDER,), "2019-09-03", None),
        ("2010-06-10", "2019-06-03", (LegalStatus.INTERIM_CARE_ORDER,), "2019-09-03", None),
        ("2003-06-01", "2019-06-03", (REMAND,), "2019-09-03", None),
        # Short breaks end without approval.
        ("2003-06-01", "2019-06-03", (LegalStatus.SHORT_BREAKS,), "2019-09-03", None),
        # The latest legal status counts: accommodated once the order had ended, and the other way round.
        ("2003-06-01", "2019-06-03", (CARE_ORDER, ACCOMMODATED), "2019-09-03", DIRECTOR),
        ("2003-06-01", "2019-06-03", (ACCOMMODATED, CARE_ORDER), "2019-09-03", None),
    ],
)
def test_who_approves_that_a_child_under_section_20_leaves(
    born: str, starts: str, statuses: Sequence[LegalStatus], leaving: str, approval: Approval | None
) -> None:
    assert approval_needed(care(starts, None, *statuses), on(born), on(leaving)) is approval


def episodes(of: Care, *days: str) -> Care:
    """The same period with episodes that begin on these days."""
    return replace(of, episodes=[Episode(on(day), CARE_ORDER, FOSTERED) for day in days])


@pytest.mark.parametrize(
    ("periods", "refused"),
    [
        # None at all; one that runs; two that touch on a day; one of a single day; from the day of birth until today.
        ([], None),
        ([care("2019-06-03")], None),
        ([care("2019-04-01", "2019-06-03"), care("2019-06-03")], None),
        ([care("2019-04-01", "2019-04-01")], None),
        ([care("2010-06-10", "2020-02-01")], None),
        ([care("2020-02-01")], None),
        # Before birth, and in the future.
        ([care("2010-06-09")], ("periods_of_care.0.starts_on", "not_before_birth")),
        ([care("2020-02-02")], ("periods_of_care.0.starts_on", "not_in_the_future")),
        ([care("2019-06-03", "2020-02-02")], ("periods_of_care.0.ends_on", "after_its_start")),
        # It ends before it begins.
        ([care("2019-06-03", "2019-06-02")], ("periods_of_care.0.ends_on", "after_its_start")),
        # By one day; within; after one that still runs; in the wrong order.
        (
            [care("2019-04-01", "2019-06-04"), care("2019-06-03")],
            ("periods_of_care.1.starts_on", "no_overlap"),
        ),
        (
            [care("2019-04-01", "2019-12-02"), care("2019-06-03", "2019-07-01")],
            ("periods_of_care.1.starts_on", "no_overlap"),
        ),
        ([care("2019-04-01"), care("2019-06-03")], ("periods_of_care.1.starts_on", "no_overlap")),
        (
            [care("2019-06-03", "2019-07-01"), care("2019-04-01", "2019-05-01")],
            ("periods_of_care.1.starts_on", "no_overlap"),
        ),
        # Episodes: the first begins with the period, they follow one another, and end with it.
        ([episodes(care("2019-06-03"), "2019-06-03", "2019-07-01", "2019-07-01")], None),
        (
            [episodes(care("2019-06-03"), "2019-06-04")],
            ("periods_of_care.0.episodes.0.starts_on", "first_episode"),
        ),
        (
            [episodes(care("2019-06-03"), "2019-06-03", "2019-08-01", "2019-07-31")],
            ("periods_of_care.0.episodes.2.starts_on", "in_order"),
        ),
        ([episodes(care("2019-06-03", "2019-07-01"), "2019-06-03", "2019-07-01")], None),
        (
            [episodes(care("2019-06-03", "2019-07-01"), "2019-06-03", "2019-07-02")],
            ("periods_of_care.0.episodes.1.starts_on", "within_period"),
        ),
        # An episode that has not come yet would set a clock running.
        (
            [episodes(care("2019-06-03"), "2019-06-03", "2020-02-02")],
            ("periods_of_care.0.episodes.1.starts_on", "not_in_the_future"),
        ),
    ],
)
def test_which_periods_of_care_can_be_so(periods: list[Care], refused: tuple[str, str] | None) -> None:
    refusal = periods_violation(periods, on("2010-06-10"), TODAY)
    assert (refusal and (refusal.field, refusal.rule)) == refused


@st.composite
def well_formed(draw: st.DrawFn) -> list[Care]:
    """Periods of care one after the other, the last of which may still run."""
    days = st.dates(date(2010, 6, 10), TODAY)
    bounds = sorted(draw(st.lists(days, min_size=2, max_size=8, unique=True)))
    made = []
    for starts, ends in zip(bounds[::2], bounds[1::2], strict=False):
        begun = draw(st.lists(st.dates(starts, ends), max_size=3))
        made.append(Care(starts, ends, [Episode(day, CARE_ORDER, FOSTERED) for day in [starts, *sorted(begun)]]))
    return [*made[:-1], replace(made[-1], ends_on=None)] if draw(st.booleans()) else made


@given(periods=well_formed())
def test_well_formed_periods_are_accepted(periods: list[Care]) -> None:
    assert periods_violation(periods, on("2010-06-10"), TODAY) is None


@given(periods=well_formed().filter(lambda made: len(made) > 1), data=st.data())
def test_overlapping_periods_are_refused(periods: list[Care], data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(periods) - 1))
    ends = data.draw(st.none() | st.dates(periods[number].starts_on + timedelta(days=1), TODAY))
    periods[number - 1] = replace(periods[number - 1], ends_on=ends)
    refusal = periods_violation(periods, on("2010-06-10"), TODAY)
    assert refusal is not None
    assert (refusal.field, refusal.rule) == (f"periods_of_care.{number}.starts_on", "no_overlap")


@pytest.mark.parametrize(
    ("day", "within"),
    [
        # The day before, the first and the last day, and the day after.
        ("2019-03-31", False),
        ("2019-04-01", True),
        ("2019-06-03", True),
        ("2019-06-04", False),
        # The second period still runs.
        ("2019-09-02", True),
        ("2030-01-01", True),
    ],
)
def test_whether_a_child_was_looked_after(day: str, within: bool) -> None:
    assert is_within_care([care("2019-04-01", "2019-06-03"), care("2019-09-02")], on(day)) is within
