"""After a conference: the outline plan is sent; the record is written in stages, completed and distributed."""

from datetime import date
from typing import Any

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation, step_violation
from services.conferences.children.deadlines import settle
from services.conferences.events import OutlinePlanSent, RecordCompleted, RecordDistributed
from services.conferences.meetings.meeting import check_held, locked_conference
from services.conferences.meetings.models import Conference
from services.conferences.records.schemas import ConferenceRecordIn, DistributeConferenceRecordIn

# The shape of the record as it is now; a record keeps the one in which it was written.
TEMPLATE = "signs-of-safety-1"
# Beside the record itself, since a conference that is held says them as well.
APART = frozenset({"safety_scores", "dissent"})
# What a complete record says: at least one point of each of these.
NEEDED = {
    "what we are worried about": ("past_harm", "future_danger"),
    "what is working well": ("working_well",),
    "what needs to happen": ("safety_goals", "next_steps"),
}


class ConferenceRecordComplete(Conflict):
    """This record is complete and cannot be changed."""


class ConferenceRecordIncomplete(Conflict):
    """A record must be complete before it is distributed."""


class NoPlanToOutline(Conflict):
    """This conference neither made nor continued a plan, so there is no outline plan to send."""


class OutlinePlanAlreadySent(Conflict):
    """The outline plan of this conference has already been sent."""


async def write_record(command: Command, reference: str, version: int, wanted: ConferenceRecordIn) -> Conference:
    """Write the record of a held conference, or part of it."""
    conference = await locked_conference(command, reference, version)
    check_held(conference)
    if conference.record_on is not None:
        raise ConferenceRecordComplete(f"It was completed on {conference.record_on}.")
    said: dict[str, Any] = wanted.model_dump(mode="json", exclude_unset=True)
    apart = {name: said.pop(name) or [] for name in APART & said.keys()}
    record = conference.record | {name: value or [] for name, value in said.items()}
    _change(conference, record=record, record_template=TEMPLATE, **apart)
    return await _done(command, conference, "write_record")


async def complete_record(command: Command, reference: str, version: int, completed_on: date | None) -> Conference:
    """Complete the record, which cannot be changed from now on."""
    conference = await locked_conference(command, reference, version)
    check_held(conference)
    if conference.record_on is not None:
        raise ConferenceRecordComplete(f"It was completed on {conference.record_on}.")
    day = completed_on or command.today
    refuse([step_violation("completed_on", day, conference.held_on, command.today), *_unsaid(conference)])
    _change(conference, record_on=day)
    await settle(command.session, reference, conference.person_ids, DeadlineKind.RECORD)
    command.publish(RecordCompleted(reference=reference, chair_id=conference.chair_id, completed_on=day))
    return await _done(command, conference, "complete_record")


def _unsaid(conference: Conference) -> list[Violation]:
    return [
        Violation(names[0], "required", f"A complete record says {what}.")
        for what, names in NEEDED.items()
        if not any(_says_something(point) for name in names for point in conference.record.get(name, []))
    ]


def _says_something(point: str | dict[str, Any]) -> bool:
    return bool((point if isinstance(point, str) else point["step"]).strip())


async def distribute_record(
    command: Command, reference: str, version: int, wanted: DistributeConferenceRecordIn, *, by_link: bool = False
) -> Conference:
    """Record who was sent the record, and when. Recipients sent later are added."""
    conference = await locked_conference(command, reference, version)
    if conference.record_on is None:
        raise ConferenceRecordIncomplete
    day = wanted.distributed_on or command.today
    refuse([step_violation("distributed_on", day, conference.record_on, command.today)])
    everybody = list(dict.fromkeys([*conference.distributed_to, *wanted.recipients]))
    _change(conference, distributed_on=conference.distributed_on or day, distributed_to=everybody)
    command.publish(
        RecordDistributed(reference=reference, chair_id=conference.chair_id, distributed_on=day, by_link=by_link)
    )
    return await _done(command, conference, "distribute_record")


async def send_outline_plan(
    command: Command, reference: str, version: int, sent_on: date | None, *, by_link: bool = False
) -> Conference:
    """Record that the outline plan was sent; it is due within a working day of the conference."""
    conference = await locked_conference(command, reference, version)
    check_held(conference)
    if conference.outline_plan_due_on is None:
        raise NoPlanToOutline
    if conference.outline_plan_on is not None:
        raise OutlinePlanAlreadySent(f"It was sent on {conference.outline_plan_on}.")
    day = sent_on or command.today
    refuse([step_violation("sent_on", day, conference.held_on, command.today)])
    _change(conference, outline_plan_on=day)
    await settle(command.session, reference, conference.person_ids, DeadlineKind.OUTLINE_PLAN)
    command.publish(OutlinePlanSent(reference=reference, chair_id=conference.chair_id, sent_on=day, by_link=by_link))
    return await _done(command, conference, "send_outline_plan")


def _change(conference: Conference, **values: Any) -> None:
    """Change a conference, and count that in its version before anything is written."""
    conference.version += 1
    for name, value in values.items():
        setattr(conference, name, value)


async def _done(command: Command, conference: Conference, action: str) -> Conference:
    await command.audit(action, conference.person_ids, conference.reference)
    return conference
