"""The law and the vocabulary of escalations: what can be raised, how it moves, and when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.law.labels import label
from chassis.law.periods import PeriodKind, period_of
from chassis.law.working_days import add_working_days

# IRO Handbook 2010, chapter 6: the formal process takes at most 20 working days from beginning to end.
WHOLE_WORKING_DAYS = 20
# The kinds of entries of the directory that escalations name.
COLLEAGUE, AGENCY, AREA = "colleague", "agency", "area"


class Kind(StrEnum):
    """What a formal escalation is about."""

    CARE_PLANNING = "care_planning"
    CONFERENCE_CONTRIBUTION = "conference_contribution"


class Theme(StrEnum):
    """What a care-planning escalation is about, as the annual report counts it."""

    DRIFT_AND_DELAY = "drift_and_delay"
    PRACTICE_ISSUES = "practice_issues"
    SAFEGUARDING_CONCERNS = "safeguarding_concerns"
    PLACEMENT_CONCERNS = "placement_concerns"
    PROVISION_OF_SERVICE = "provision_of_service"
    TRANSITIONS = "transitions"


class Reason(StrEnum):
    """How a professional failed a conference: no report, no attendance, or both."""

    NO_REPORT_NO_APOLOGIES = "no_report_no_apologies"
    NO_REPORT_SENT_APOLOGIES = "no_report_sent_apologies"
    NO_REPORT_ATTENDED = "no_report_attended"
    NO_APOLOGIES = "no_apologies"
    REPORT_LATE = "report_late"


SUBJECT_NAMES = {str(theme): label("Theme", theme) for theme in Theme}
SUBJECT_NAMES |= {str(reason): label("Reason", reason) for reason in Reason}


class State(StrEnum):
    """The state of a formal escalation."""

    OPEN = "open"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({State.RESOLVED, State.WITHDRAWN})


class Move(StrEnum):
    """What can be done with a formal escalation."""

    RAISE = "raise"
    AMEND = "amend"
    ANSWER = "answer"
    MOVE_STAGE = "move_stage"
    REFER_TO_CAFCASS = "refer_to_cafcass"
    REQUEST_LEGAL_ADVICE = "request_legal_advice"
    REASSIGN = "reassign"
    RESOLVE = "resolve"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


_WHILE_OPEN = frozenset(set(Move) - {Move.RAISE, Move.REOPEN})
# Children Act 1989, section 25B(3): an IRO may refer a looked-after child's case to Cafcass; Handbook chapter 6 for
# stages and legal advice. None of them applies to a report that was missing at a conference.
_CARE_PLANNING_ONLY = frozenset({Move.MOVE_STAGE, Move.REFER_TO_CAFCASS, Move.REQUEST_LEGAL_ADVICE})


@dataclass(frozen=True)
class Standing:
    """What decides the moves of an escalation: `stage` counts from 1, `stages` is how many there are.

    `answered` says whether there is an answer that settles it: one that is given now, or one from before it was closed.
    """

    kind: Kind
    state: State
    stage: int
    stages: int
    answered: bool = False


class MoveRefused(Exception):
    """This cannot be done with the escalation as it stands; `possible` says what can."""

    def __init__(self, move: Move, possible: frozenset[Move]) -> None:
        super().__init__(move)
        self.move = move
        self.possible = possible


def possible_moves(standing: Standing) -> frozenset[Move]:
    """What can be done with an escalation as it stands."""
    if standing.state in CLOSED:
        return frozenset({Move.REOPEN})
    moves = _WHILE_OPEN
    if standing.kind is not Kind.CARE_PLANNING:
        moves -= _CARE_PLANNING_ONLY
    if standing.stage >= standing.stages:
        moves -= {Move.MOVE_STAGE}
    return moves


def after(move: Move, standing: Standing) -> State:
    """The state after a move; `MoveRefused` where it cannot be made."""
    possible = possible_moves(standing)
    if move not in possible:
        raise MoveRefused(move, possible)
    match move:
        case Move.ANSWER:
            return State.ANSWERED if standing.answered else State.OPEN
        case Move.MOVE_STAGE:
            return State.OPEN
        case Move.RESOLVE:
            return State.RESOLVED
        case Move.WITHDRAW:
            return State.WITHDRAWN
        case Move.REOPEN:
            return State.ANSWERED if standing.answered else State.OPEN
        case _:
            return standing.state


@dataclass(frozen=True)
class Stage:
    """One level of seniority, and the working days within which it answers."""

    name: str
    working_days: int


# IRO Handbook 2010, chapter 6: rising seniority up to the director's level; councils set their own names and limits.
CARE_PLANNING_STAGES = (
    Stage("Team manager", 5),
    Stage("Service manager", 5),
    Stage("Head of service", 5),
    Stage("Director of children's services", 5),
)
CONFERENCE_STAGES = (Stage("Senior Liaison Officer", WHOLE_WORKING_DAYS),)


def due_on(kind: Kind, raised_on: date) -> date:
    """The last day for the whole escalation.

    Care planning: 20 working days (IRO Handbook 2010, chapter 6). Conference contribution: the end of the quarter after
    the one in which it was raised, since officers are asked once a quarter and can answer until then.
    """
    if kind is Kind.CARE_PLANNING:
        return add_working_days(raised_on, WHOLE_WORKING_DAYS)
    return period_of(PeriodKind.QUARTER, raised_on).next().last


def stage_due_on(kind: Kind, stages: Sequence[Stage], stage: int, entered_on: date, whole_due_on: date) -> date:
    """The last day for a stage (from 1) that was entered on a day: its own working days, within the whole."""
    if kind is not Kind.CARE_PLANNING:
        return whole_due_on
    return min(add_working_days(entered_on, stages[stage - 1].working_days), whole_due_on)


class Choice(StrEnum):
    """The answers that a liaison officer can choose from."""

    DEALT_WITH = "dealt_with"
    CHANGED_PRACTICE = "changed_practice"
    RECORDS_DIFFER = "records_differ"
    NOT_OUR_STAFF = "not_our_staff"
    STILL_LOOKING = "still_looking"


# With the others it is still to be answered: by the right officer, or on the day that was named.
SETTLING = frozenset({Choice.DEALT_WITH, Choice.CHANGED_PRACTICE, Choice.RECORDS_DIFFER})

CHOICE_LABELS = {choice: label("Choice", choice) for choice in Choice}
CHOICE_HINTS = {
    Choice.RECORDS_DIFFER: "For example, a report was sent.",
    Choice.NOT_OUR_STAFF: "We will send it elsewhere.",
    Choice.STILL_LOOKING: "Please say when you will know.",
}


class ChallengeState(StrEnum):
    """The state of a positive challenge."""

    OPEN = "open"
    RESOLVED = "resolved"
    RAISED_FORMALLY = "raised_formally"
