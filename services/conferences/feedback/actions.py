"""Recording feedback about a conference."""

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.law.violations import future_violation
from chassis.meetings.feedback import MeetingFeedbackIn
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.meeting import check_held, locked_conference


async def record_feedback(command: Command, reference: str, wanted: MeetingFeedbackIn) -> Feedback:
    """Record feedback about a conference that was held."""
    conference = await locked_conference(command, reference, None)
    check_held(conference)
    given_on = wanted.given_on or command.today
    refuse([future_violation("given_on", given_on, command.today)])
    row = Feedback(
        reference=reference,
        person_ids=conference.person_ids,
        given_on=given_on,
        **wanted.model_dump(exclude={"given_on"}),
        recorded_by=command.caller.subject,
    )
    command.session.add(row)
    await command.audit("record_feedback", conference.person_ids, reference)
    return row
