"""The law and the vocabulary of escalations."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.law.periods import PeriodKind, period_of
from chassis.law.working_days import working_days_between
from services.escalations.rules import (
    CARE_PLANNING_STAGES,
    CHOICE_LABELS,
    CLOSED,
    CONFERENCE_STAGES,
    SUBJECT_NAMES,
    WHOLE_WORKING_DAYS,
    Choice,
    Kind,
    Move,
    MoveRefused,
    Reason,
    Stage,
    Standing,
    State,
    Theme,
    after,
    due_on,
    possible_moves,
    stage_due_on,
)

CARE, CONFERENCE = Kind.CARE_PLANNING, Kind.CONFERENCE_CONTRIBUTION
OPEN, ANSWERED, RESOLVED, WITHDRAWN = State
DAYS = st.dates(date(2015, 1, 1), date(2028, 12, 31))

# What a move makes of each state, in the order open, answered, resolved, withdrawn; None where it is refused. All of
# it holds for care planning below its last stage.
MOVES = [
    # Raising happens once, before there is anything to move.
    (Move.RAISE, None, None, None, None),
    # Setting right leaves it where it stands.
    (Move.AMEND, OPEN, ANSWERED, None, None),
    # An answer can be given, and given anew, until it is closed; below it settles nothing.
    (Move.ANSWER, OPEN, OPEN, None, None),
    # The next stage has not answered yet.
    (Move.MOVE_STAGE, OPEN, OPEN, None, None),
    # A referral and a request for advice do not end it.
    (Move.REFER_TO_CAFCASS, OPEN, ANSWERED, None, None),
    (Move.REQUEST_LEGAL_ADVICE, OPEN, ANSWERED, None, None),
    # Another owner changes nothing else.
    (Move.REASSIGN, OPEN, ANSWERED, None, None),
    # Both ways to close it.
    (Move.RESOLVE, RESOLVED, RESOLVED, None, None),
    (Move.WITHDRAW, WITHDRAWN, WITHDRAWN, None, None),
    # What was closed can be opened again, and nothing else.
    (Move.REOPEN, None, None, OPEN, OPEN),
]
ONLY_CARE = {Move.MOVE_STAGE, Move.REFER_TO_CAFCASS, Move.REQUEST_LEGAL_ADVICE}


def made(move: Move, standing: Standing) -> State | None:
    """The state after a move, or None."""
    try:
        return after(move, standing)
    except MoveRefused:
        return None


@pytest.mark.parametrize(("move", "results"), [(row[0], row[1:]) for row in MOVES])
def test_every_move_from_every_state_of_every_kind(move: Move, results: tuple[State | None, ...]) -> None:
    for kind, (state, result) in product(Kind, zip(State, results, strict=True)):
        possible = result if kind is CARE or move not in ONLY_CARE else None
        assert made(move, Standing(kind, state, 1, 4)) == possible


def test_an_answer_that_settles_it_answers_it() -> None:
    assert made(Move.ANSWER, Standing(CONFERENCE, OPEN, 1, 1, answered=True)) == ANSWERED


def test_the_table_leaves_out_no_move() -> None:
    assert [row[0] for row in MOVES] == list(Move)


def test_a_refusal_says_what_can_be_done_instead() -> None:
    with pytest.raises(MoveRefused) as refused:
        after(Move.ANSWER, Standing(CARE, RESOLVED, 1, 4))
    assert (refused.value.move, refused.value.possible) == (Move.ANSWER, frozenset({Move.REOPEN}))


@pytest.mark.parametrize(
    ("stage", "stages", "possible"),
    [
        # From the first of several.
        (1, 4, True),
        # To the last one.
        (3, 4, True),
        # Beyond the last one there is none.
        (4, 4, False),
        # A council with one stage has none to move to.
        (1, 1, False),
        # A council that took stages away leaves some escalations beyond the last.
        (4, 2, False),
    ],
)
def test_the_last_stage_is_the_end(stage: int, stages: int, possible: bool) -> None:
    assert (made(Move.MOVE_STAGE, Standing(CARE, OPEN, stage, stages)) is OPEN) is possible


@pytest.mark.parametrize(
    ("answered", "state"),
    [
        # Nobody had answered when it was closed.
        (False, OPEN),
        # Somebody had: it need not be answered again.
        (True, ANSWERED),
    ],
)
@pytest.mark.parametrize("closed", sorted(CLOSED))
def test_reopening_remembers_the_answer(answered: bool, state: State, closed: State) -> None:
    assert after(Move.REOPEN, Standing(CONFERENCE, closed, 1, 1, answered)) is state


class Life(RuleBasedStateMachine):
    """Whatever is done with an escalation, in whatever order."""

    @initialize(kind=st.sampled_from(Kind), stages=st.integers(1, 5))
    def begin(self, kind: Kind, stages: int) -> None:
        self.standing = Standing(kind, OPEN, 1, stages)

    @rule(data=st.data())
    def make_a_possible_move(self, data: st.DataObject) -> None:
        before = self.standing
        move = data.draw(st.sampled_from(sorted(possible_moves(before))))
        state = after(move, before)
        self.standing = Standing(
            before.kind,
            state,
            before.stage + (move is Move.MOVE_STAGE),
            before.stages,
            before.answered or move is Move.ANSWER,
        )

    @invariant()
    def refused_moves_are_all_the_others(self) -> None:
        refused = {move for move in Move if made(move, self.standing) is None}
        assert refused == set(Move) - possible_moves(self.standing)
        assert possible_moves(self.standing)

    @invariant()
    def what_is_closed_only_reopens(self) -> None:
        closed = self.standing.state in CLOSED
        assert closed == (possible_moves(self.standing) == {Move.REOPEN})

    @invariant()
    def only_what_was_answered_stands_as_answered(self) -> None:
        assert self.standing.answered or self.standing.state is not ANSWERED

    @invariant()
    def no_stage_is_beyond_the_last(self) -> None:
        assert 1 <= self.standing.stage <= self.standing.stages
        assert self.standing.kind is CARE or self.standing.stage == 1


TestLife = Life.TestCase


@pytest.mark.parametrize(
    ("kind", "raised_on", "due"),
    [
        # Four weeks without a bank holiday.
        (CARE, date(2019, 6, 3), date(2019, 7, 1)),
        # Raised on a Saturday: the days begin on Monday.
        (CARE, date(2019, 6, 1), date(2019, 6, 28)),
        # Good Friday, Easter Monday and the early May bank holiday do not count.
        (CARE, date(2019, 4, 15), date(2019, 5, 16)),
        # Christmas, Boxing Day and New Year do not count.
        (CARE, date(2019, 12, 16), date(2020, 1, 16)),
        # The first and the last day of a quarter are due on the same day.
        (CONFERENCE, date(2019, 4, 1), date(2019, 9, 30)),
        (CONFERENCE, date(2019, 6, 30), date(2019, 9, 30)),
        # Over the turn of the calendar year.
        (CONFERENCE, date(2019, 10, 1), date(2020, 3, 31)),
        # Over the turn of the financial year.
        (CONFERENCE, date(2020, 1, 1), date(2020, 6, 30)),
    ],
)
def test_when_it_is_due(kind: Kind, raised_on: date, due: date) -> None:
    assert due_on(kind, raised_on) == due


@given(DAYS)
def test_care_planning_has_twenty_working_days(day: date) -> None:
    assert working_days_between(day, due_on(CARE, day)) == WHOLE_WORKING_DAYS


@given(DAYS)
def test_a_contribution_is_due_when_the_next_quarter_ends(day: date) -> None:
    due = due_on(CONFERENCE, day)
    quarter = period_of(PeriodKind.QUARTER, due).previous()
    assert quarter.first <= day <= quarter.last
    assert (due + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("stage", "entered_on", "due"),
    [
        # The first stage has its own five days.
        (1, date(2019, 6, 3), date(2019, 6, 10)),
        # Entered in time, so have the later ones.
        (2, date(2019, 6, 10), date(2019, 6, 17)),
        # Entered late, a stage ends with the whole.
        (3, date(2019, 6, 27), date(2019, 7, 1)),
        # Entered after the whole was due, it is due already.
        (4, date(2019, 8, 1), date(2019, 7, 1)),
    ],
)
def test_a_stage_is_due_within_the_whole(stage: int, entered_on: date, due: date) -> None:
    whole = due_on(CARE, date(2019, 6, 3))
    assert stage_due_on(CARE, CARE_PLANNING_STAGES, stage, entered_on, whole) == due


@given(DAYS, st.integers(0, 40), st.lists(st.integers(1, 20), min_size=1, max_size=6), st.data())
def test_no_stage_outlasts_the_whole(day: date, later: int, limits: list[int], data: st.DataObject) -> None:
    stages = [Stage("any", limit) for limit in limits]
    stage = data.draw(st.integers(1, len(stages)))
    whole = due_on(CARE, day)
    assert stage_due_on(CARE, stages, stage, day + timedelta(days=later), whole) <= whole


def test_the_one_stage_of_a_contribution_lasts_as_long_as_the_whole() -> None:
    whole = due_on(CONFERENCE, date(2019, 6, 3))
    assert stage_due_on(CONFERENCE, CONFERENCE_STAGES, 1, date(2019, 6, 3), whole) == whole


def test_everything_has_a_name() -> None:
    assert set(SUBJECT_NAMES) == set(Theme) | set(Reason)
    assert set(CHOICE_LABELS) == set(Choice)
