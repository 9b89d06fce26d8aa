"""What this service does by the clock: missed deadlines are told once."""

from chassis.missed_deadlines import telling
from services.conferences.events import DeadlineMissed
from services.conferences.tables import Deadline


def _missed(row: Deadline) -> DeadlineMissed:
    return DeadlineMissed(
        deadline_id=row.id,
        person_id=row.person_id,
        kind=row.kind,
        subject=row.subject,
        due_on=row.due_on,
        owner_id=row.owner_id,
        chair_id=row.chair_id,
        conference_reference=row.conference_reference,
    )


JOBS = (telling(Deadline, _missed),)
