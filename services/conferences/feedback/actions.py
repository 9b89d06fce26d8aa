"""Feedback about conferences: recorded, and withdrawn."""

from uuid import UUID

from chassis.base.problems import NotFound, refuse
from chassis.command import Command
from chassis.meetings.corrections import TakenBackOut, take_back
from services.conferences.children.models import TakenBack
from services.conferences.feedback.models import Feedback
from services.conferences.feedback.schemas import ConferenceFeedbackIn
from services.conferences.meetings.meeting import check_held, locked_conference
from services.conferences.plans.actions import future_violation


async def record_feedback(command: Command, reference: str, wanted: ConferenceFeedbackIn) -> Feedback:
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


async def take_back_feedback(command: Command, feedback_id: UUID, because: str) -> TakenBackOut:
    """Withdraw feedback about a conference."""
    row = await command.session.get(Feedback, feedback_id, with_for_update=True)
    if row is None:
        raise NotFound
    await locked_conference(command, row.reference, None)
    return await take_back(command, TakenBack, row, row.person_ids, because)
