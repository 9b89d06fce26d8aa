"""A conference of the past for its children: what it was, when it had been due and what followed, from the records."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from chassis.base.fields import new_id
from chassis.command import Command
from chassis.law.violations import Violation
from chassis.web.importing import Record, plain
from services.conferences.children.cases import Case, practice_of
from services.conferences.children.deadlines import following, record
from services.conferences.imports.rows import ConferenceRow
from services.conferences.meetings.holding import ON_PLAN, hold_part, wrong_for_child
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.plans.actions import decide
from services.conferences.rules.conferences import ConferenceDue
from services.conferences.rules.timescales import others, report_due_on
from services.conferences.rules.vocabulary import (
    INITIAL_KINDS,
    ConferenceKind,
    ConferenceState,
    Outcome,
    OwedKind,
    RequestKind,
)

Numbered = Sequence[tuple[int, ConferenceRow]]
Problem = tuple[int, str, str]


@dataclass
class PastMeeting:
    """The rows of a conference that was held, its record, and each child's part, in the order of the rows."""

    rows: Numbered
    conference: Conference
    parts: list[ChildConference] = field(default_factory=list)


def past_meeting(command: Command, rows: Numbered, cases: Mapping[str, Case], reference: str) -> PastMeeting:
    """A conference as its rows tell of it, before it is known what it was for each child."""
    first = rows[0][1]
    children = [cases[row.person_id].child for _, row in rows]
    is_on_plan = any(row.outcome in ON_PLAN for _, row in rows)
    practice = practice_of(command)
    copied = (
        "held_on", "chair_id", "mode", "venue", "planned_time", "minute_taker", "family_contacted_on", "family_met",
        "outline_plan_on", "record_on", "distributed_on", "distributed_to", "closed_on",
    )  # fmt: skip
    conference = plain(
        Conference,
        id=new_id(),
        reference=reference,
        state=ConferenceState.CLOSED if first.closed_on else ConferenceState.HELD,
        person_ids=[row.person_id for _, row in rows],
        planned_on=first.held_on,
        area_id=children[0].area_id,
        report_due_on=first.held_on,
        outline_plan_due_on=others(practice)[OwedKind.OUTLINE_PLAN].due_on(first.held_on) if is_on_plan else None,
        record_due_on=others(practice)[OwedKind.RECORD].due_on(first.held_on),
        restricted=any(one.restricted for one in children),
        imported=True,
        version=1,
        core_group=[],
        safety_scores=[],
        dissent=[],
        record={},
        **{name: getattr(first, name) for name in copied},
    )
    return PastMeeting(rows, conference)


def place(command: Command, meeting: PastMeeting, cases: Mapping[str, Case]) -> Iterator[Problem]:
    """Find out what the conference was for each child, by what had happened until then; what cannot have been so."""
    practice, conference = practice_of(command), meeting.conference
    for number, row in meeting.rows:
        case = cases[row.person_id]
        due = case.due(practice)
        if due is None:
            message = "No section 47 enquiry of this child waits for a conference, and there is no plan."
            yield number, "person_id", message
        elif planned := case.in_hand():
            yield number, "person_id", f"{planned.reference} is planned for this child: cancel it, and plan it again."
        else:
            part = _part(case, due, conference)
            meeting.parts.append(part)
            refusals = [*wrong_for_child(case, part, row, row.held_on, ""), _overlapped(case, part, row.held_on)]
            found = [one for one in refusals if one is not None]
            if not any(one.field == "held_on" for one in found):
                found += _out_of_order(case, row.held_on)
            yield from ((number, one.field, one.message) for one in found)
    kinds = [ConferenceKind(one.kind) for one in meeting.parts]
    if kinds:
        conference.report_due_on = report_due_on(kinds, meeting.rows[0][1].held_on, practice)


def _out_of_order(case: Case, held_on: date) -> Iterator[Violation]:
    last = max((one.held_on for one in case.parts if one.held_on), default=held_on)
    ended_on = max((one.ends_on for one in case.plans if one.ends_on), default=held_on)
    if held_on < last:
        message = f"The child had a conference on {last}: a child's conferences come in order."
        yield Violation("held_on", "in_order", message)
    elif held_on < ended_on:
        yield Violation("held_on", "no_overlap", f"The child's plan ended on {ended_on}: the next starts after that.")


def _overlapped(case: Case, part: ChildConference, held_on: date) -> Violation | None:
    """Why the enquiry that a conference answers cannot have been so, if it cannot: another one began meanwhile."""
    answered = next((one for one in case.requests if one.id == part.request_id), None)
    for other in case.requests:
        is_enquiry = other.kind == RequestKind.SECTION_47_ENQUIRY and not other.conference_not_required
        if answered and other.id != answered.id and is_enquiry and other.started_on <= held_on:
            message = f"{other.request_id} began on {other.started_on}, before it: one enquiry goes on at a time."
            return Violation("held_on", "one_at_a_time", message)
    return None


def _part(case: Case, due: ConferenceDue, conference: Conference) -> ChildConference:
    child, plan = case.child, case.plan()
    request = case.waiting() if due.kind in INITIAL_KINDS else None
    return plain(
        ChildConference,
        id=new_id(),
        conference_id=conference.id,
        reference=conference.reference,
        person_id=child.person_id,
        kind=due.kind,
        due_on=due.due_on,
        event_on=due.event_on,
        rule=due.rule,
        request_id=None if request is None else request.id,
        chair_id=conference.chair_id,
        area_id=child.area_id,
        team=child.team,
        restricted=child.restricted,
        plan_id=None if plan is None else plan.id,
        cancelled=False,
    )


def carry_out(command: Command, meeting: PastMeeting, cases: Mapping[str, Case]) -> list[Record]:
    """Carry out what the conference decided; the deadlines that are still open because of it.

    Nothing is wrong in it. It is told to nobody: it is history.
    """
    practice, conference = practice_of(command), meeting.conference
    owed: list[Record] = []
    for (_, row), part in zip(meeting.rows, meeting.parts, strict=True):
        case = cases[row.person_id]
        with as_known_on(case, row.held_on):
            case.parts.append(part)
            hold_part(case, part, row, row.held_on)
            decide(case, part, row)
            part.next_due_on = case.next_due_on(practice)
        if row.outcome is Outcome.CONTINUES:
            _follow_chair(case, row.chair_id)
    for kind, done in ((OwedKind.OUTLINE_PLAN, conference.outline_plan_on), (OwedKind.RECORD, conference.record_on)):
        if done is None and (kind is OwedKind.RECORD or conference.outline_plan_due_on is not None):
            owing = following(kind, meeting.rows[0][1].held_on, conference.reference, practice)
            owed += [record(cases[one].child, owing, conference.chair_id) for one in conference.person_ids]
    return owed


@contextmanager
def as_known_on(case: Case, day: date) -> Iterator[None]:
    """What follows in this block does not know of enquiries that began after a day."""
    later = [one for one in case.requests if one.started_on > day]
    case.requests = [one for one in case.requests if one.started_on <= day]
    yield
    case.requests += later


def _follow_chair(case: Case, chair_id: str) -> None:
    """Whoever chaired last is the child's chair: history does not tell of allocations."""
    plan = case.plan()
    assert plan is not None
    case.child.chair_id = plan.chair_id = chair_id


def wrong_days(rows: Numbered, today: date) -> Iterator[Problem]:
    """What cannot be so about the days of a conference, whatever it was."""
    number, first = rows[0]
    for name, day in first.days().items():
        if day > today:
            yield number, name, "The date must be today or in the past."
        elif name == "family_contacted_on" and day > first.held_on:
            yield number, name, f"The conference was held on {first.held_on}: the family is contacted before that."
        elif name != "family_contacted_on" and day < (_before(first, name) or day):
            yield number, name, f"The step before was on {_before(first, name)}."
    if first.outline_plan_on is not None and not any(row.outcome in ON_PLAN for _, row in rows):
        yield number, "outline_plan_on", "This conference made no plan, and none goes on: there is nothing to outline."


def _before(row: ConferenceRow, name: str) -> date | None:
    return row.record_on if name == "distributed_on" else row.held_on
