"""Taking back what was written down between conferences by mistake."""

from uuid import UUID

from fastapi import APIRouter, Response

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.problems import Invalid, NotFound, responses
from chassis.db.database import Reading
from chassis.meetings.corrections import TakeBackIn, TakenBackOut
from services.conferences.checks import void as taking_back
from services.conferences.checks.queries import TAKEN_BACK
from services.conferences.children.queries import WHOLE_CHILD
from services.conferences.endpoints import Decider, Person, Reader, Writer

routes = APIRouter(prefix="/v1", tags=["between conferences"])
TAKEN = responses(NotFound, Invalid)


@routes.post("/core-groups/{group_id}/take-back", responses=responses(NotFound, Invalid, taking_back.CoreGroupFollowed))
async def take_back_core_group(group_id: UUID, wanted: TakeBackIn, command: Writer) -> TakenBackOut:
    """Take back that a child's core group met or did not, with the reason; siblings are taken back one by one."""
    return await taking_back.take_back_core_group(command, group_id, wanted.because)


@routes.post("/plan-checks/{check_id}/take-back", responses=TAKEN)
async def take_back_plan_check(check_id: UUID, wanted: TakeBackIn, command: Decider) -> TakenBackOut:
    """Take back a check of a plan that was not done, with the reason: it is owed again.

    A concern that it raised was sent already: whoever got it is to be told.
    """
    return await taking_back.take_back_plan_check(command, check_id, wanted.because)


@routes.post("/twelve-month-discussions/{discussion_id}/take-back", responses=TAKEN)
async def take_back_twelve_month_discussion(discussion_id: UUID, wanted: TakeBackIn, command: Decider) -> TakenBackOut:
    """Take back a 12-month discussion that was not held, with the reason: it is owed again while the plan runs."""
    return await taking_back.take_back_discussion(command, discussion_id, wanted.because)


@routes.post("/conference-feedback/{feedback_id}/take-back", responses=TAKEN)
async def take_back_conference_feedback(feedback_id: UUID, wanted: TakeBackIn, command: Writer) -> TakenBackOut:
    """Take back feedback about a conference that was not given so, with the reason."""
    return await taking_back.take_back_feedback(command, feedback_id, wanted.because)


@routes.get("/children/{person_id}/taken-back", response_model=list[TakenBackOut], responses=responses(NotFound))
async def list_taken_back_of_child(person_id: Person, reading: Reading, caller: Reader) -> Response:
    """What was taken back about a child, with who did so and why, oldest first."""
    look = Look(caller, "list_taken_back_of_child", person_id)
    return await TAKEN_BACK.all_of(WHOLE_CHILD, reading, look=look, person_id=person_id, **seen_by(caller))
