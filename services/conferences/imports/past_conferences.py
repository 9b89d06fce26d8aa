"""A conference of the past for its children: what it was, when it had been due and what followed, from the records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from chassis.base.fields import new_id
from chassis.children.models import Child
from chassis.command import Command
from chassis.importing.report import Report
from chassis.importing.writing import Record, plain
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation
from chassis.meetings.vocabulary import Mode
from services.conferences.children.cases import Case, practice_of
from services.conferences.children.deadlines import following, record
from services.conferences.imports.rows import ConferenceRow
from services.conferences.meetings.holding import ON_PLAN, hold_part, wrong_for_child
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.schemas import ChildConferenceHeldIn
from services.conferences.plans.actions import decide
from services.conferences.records.actions import TEMPLATE
from services.conferences.rules.conferences import ConferenceDue
from services.conferences.rules.timescales import Practice, others, report_due_on
from services.conferences.rules.vocabulary import INITIAL_KINDS, ConferenceKind, ConferenceState, Outcome, RequestKind

Numbered = Sequence[tuple[int, ConferenceRow]]
COPIED = (
    "mode", "venue", "planned_time", "minute_taker", "family_contacted_on", "family_met", "outline_plan_on",
    "record_on", "distributed_on", "distributed_to", "closed_on",
)  # fmt: skip


@dataclass
class PastMeeting:
    """The rows of a conference that was held, its record, and each child's part, in the order of the rows."""

    rows: Numbered
    conference: Conference
    parts: list[ChildConference] = field(default_factory=list)


def past_conference(reference: str, children: Sequence[Child], held_on: date, chair_id: str, **said: Any) -> Conference:
    """A conference of children that was held on a day, with what else is said of it."""
    usual: dict[str, Any] = {"mode": Mode.IN_PERSON, "distributed_to": [], "report_due_on": held_on, "record": {}}
    return plain(
        Conference,
        id=new_id(),
        reference=reference,
        state=ConferenceState.CLOSED if said.get("closed_on") else ConferenceState.HELD,
        person_ids=[child.person_id for child in children],
        planned_on=held_on,
        held_on=held_on,
        chair_id=chair_id,
        area_id=children[0].area_id,
        version=1,
        core_group=[],
        safety_scores=[],
        dissent=[],
        **usual | said,
    )


def meeting_of(command: Command, rows: Numbered, cases: Mapping[str, Case], reference: str) -> PastMeeting:
    """A conference as its rows tell of it, before it is known what it was for each child."""
    first, timescales = rows[0][1], others(practice_of(command))
    is_on_plan = any(row.outcome in ON_PLAN for _, row in rows)
    conference = past_conference(
        reference,
        [cases[row.person_id].child for _, row in rows],
        first.held_on,
        first.chair_id,
        outline_plan_due_on=timescales[DeadlineKind.OUTLINE_PLAN].due_on(first.held_on) if is_on_plan else None,
        record_due_on=timescales[DeadlineKind.RECORD].due_on(first.held_on),
        record=first.said(),
        record_template=TEMPLATE if first.said() else None,
        **{name: getattr(first, name) for name in COPIED},
    )
    return PastMeeting(rows, conference)


def place(report: Report, command: Command, meeting: PastMeeting, cases: Mapping[str, Case]) -> None:
    """Find out what the conference was for each child, by what had happened until then; refuse what was not so."""
    practice, conference = practice_of(command), meeting.conference
    for number, row in meeting.rows:
        case = cases[row.person_id]
        due = case.due(practice)
        if due is None:
            message = "No section 47 enquiry of this child waits for a conference, and there is no plan."
            report.add(number, "person_id", message)
        elif planned := case.in_hand():
            message = f"{planned.reference} is planned for this child: cancel it, and plan it again."
            report.add(number, "person_id", message)
        else:
            request = case.waiting() if due.kind in INITIAL_KINDS else None
            part = past_part(case, due, conference, None if request is None else request.id)
            meeting.parts.append(part)
            refusals = [*wrong_for_child(case, part, row, row.held_on, ""), _overlapped(case, part, row.held_on)]
            found = [refusal for refusal in refusals if refusal is not None]
            if not any(refusal.field == "held_on" for refusal in found):
                found += _out_of_order(case, row.held_on)
            report.refuse(number, found)
    kinds = [ConferenceKind(part.kind) for part in meeting.parts]
    if kinds:
        conference.report_due_on = report_due_on(kinds, meeting.rows[0][1].held_on, practice)


def _out_of_order(case: Case, held_on: date) -> Iterator[Violation]:
    last = max((part.held_on for part in case.parts if part.held_on), default=held_on)
    ended_on = max((plan.ends_on for plan in case.plans if plan.ends_on), default=held_on)
    if held_on < last:
        message = f"The child had a conference on {last}: a child's conferences come in order."
        yield Violation("held_on", "in_order", message)
    elif held_on < ended_on:
        yield Violation("held_on", "no_overlap", f"The child's plan ended on {ended_on}: the next starts after that.")


def _overlapped(case: Case, part: ChildConference, held_on: date) -> Violation | None:
    """Why the enquiry that a conference answers cannot have been so, if it cannot: another one began meanwhile."""
    answered = next((request for request in case.requests if request.id == part.request_id), None)
    for other in case.requests:
        is_enquiry = other.kind == RequestKind.SECTION_47_ENQUIRY and not other.conference_not_required
        if answered and other.id != answered.id and is_enquiry and other.started_on <= held_on:
            message = f"{other.request_id} began on {other.started_on}, before it: one enquiry goes on at a time."
            return Violation("held_on", "one_at_a_time", message)
    return None


def past_part(case: Case, due: ConferenceDue, conference: Conference, request_id: UUID | None) -> ChildConference:
    """A child's part in a conference, which is the one that was due for them."""
    child, plan = case.child, case.plan()
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
        request_id=request_id,
        chair_id=conference.chair_id,
        area_id=child.area_id,
        team=child.team,
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
        hold(case, part, row, row.held_on, practice)
        if row.outcome is Outcome.CONTINUES:
            _follow_chair(case, row.chair_id)
    follows = {DeadlineKind.OUTLINE_PLAN: conference.outline_plan_on, DeadlineKind.RECORD: conference.record_on}
    for kind, done in follows.items():
        if done is None and (kind is DeadlineKind.RECORD or conference.outline_plan_due_on is not None):
            owing = following(kind, meeting.rows[0][1].held_on, conference.reference, practice)
            owed += [record(cases[person_id], owing, conference.chair_id) for person_id in conference.person_ids]
    return owed


def hold(case: Case, part: ChildConference, said: ChildConferenceHeldIn, held_on: date, practice: Practice) -> None:
    """Carry out for a child what a conference decided, without enquiries that began only later."""
    later = [request for request in case.requests if request.started_on > held_on]
    case.requests = [request for request in case.requests if request.started_on <= held_on]
    case.parts.append(part)
    hold_part(case, part, said, held_on)
    decide(case, part, said)
    part.next_due_on = case.next_due_on(practice)
    case.requests += later


def _follow_chair(case: Case, chair_id: str) -> None:
    """Whoever chaired last is the child's chair: history does not tell of allocations."""
    plan = case.plan()
    assert plan is not None
    case.protection.chair_id = plan.chair_id = chair_id
