"""When what follows each conference was done: the outline plan, the record, closing, and deciding what to escalate."""

from dataclasses import dataclass
from datetime import date
from random import Random

from chassis.law.working_days import add_working_days, subtract_working_days
from demo.protection.model import ON_PLAN, SEED, Meeting
from demo.published import AS_OF

OPEN_SINCE = date(2020, 2, 3)
# Of the latest conferences some are not closed yet.
NOT_CLOSED = 0.15
INQUORATE_BECAUSE = (
    "The risk to the children did not allow waiting for another day.",
    "The agencies that were missing had sent full reports.",
    "Heavy snow kept people away; the family had come.",
)


@dataclass(frozen=True)
class Paperwork:
    """The days of what follows a conference; None where it has not been done."""

    contacted_on: date | None
    outline_plan_on: date | None
    record_on: date | None
    distributed_on: date | None
    closed_on: date | None
    decided_on: date | None


def paperwork(meeting: Meeting) -> Paperwork:
    """When what follows a conference was done: mostly in time, sometimes late, and of the latest some not yet."""
    random = Random(f"{SEED} paperwork {meeting.key}")
    held_on, told = meeting.held_on, meeting.is_told()
    on_plan = any(part.outcome in ON_PLAN for part in meeting.parts)
    contacted_on = subtract_working_days(held_on, random.randint(1, 4))
    outline = add_working_days(held_on, random.randint(2, 4) if random.random() < 0.06 else random.randint(0, 1))
    record = add_working_days(held_on, random.randint(16, 24) if random.random() < 0.08 else random.randint(5, 15))
    sent = add_working_days(record, random.randint(0, 4))
    closed = add_working_days(held_on, random.randint(0, 3))
    decided = add_working_days(closed, random.randint(0, 2))
    latest = held_on >= OPEN_SINCE
    recorded = record <= AS_OF and not (latest and random.random() < 0.08)
    is_closed = closed <= AS_OF and not (held_on >= date(2020, 3, 23) and random.random() < NOT_CLOSED)
    return Paperwork(
        contacted_on if meeting.is_initial() and random.random() < 0.93 else None,
        outline if on_plan and outline <= AS_OF else None,
        record if recorded else None,
        sent if recorded and sent <= AS_OF and not (latest and random.random() < 0.08) else None,
        closed if is_closed else None,
        decided if told and is_closed and decided <= AS_OF else None,
    )
