"""Taking back what was written down between reviews by mistake."""

from uuid import UUID

from fastapi import APIRouter, Response

from chassis.access.audit import Look
from chassis.access.visibility import seen_by
from chassis.base.problems import Invalid, NotFound, responses
from chassis.db.database import Reading
from chassis.meetings.corrections import TakeBackIn, TakenBackOut
from services.reviews.children.queries import WHOLE_CHILD
from services.reviews.endpoints import Decider, Person, Reader, Writer
from services.reviews.visits import void as taking_back
from services.reviews.visits.queries import TAKEN_BACK
from services.reviews.visits.schemas import TakeBackPromptIn

routes = APIRouter(prefix="/v1", tags=["between reviews"])
CHILD = "/looked-after-children/{person_id}"
TAKEN = responses(NotFound, Invalid)


@routes.post(f"{CHILD}/contacts/{{contact_id}}/take-back", responses=TAKEN)
async def take_back_contact(person_id: Person, contact_id: UUID, wanted: TakeBackIn, command: Writer) -> TakenBackOut:
    """Take back a contact that was not so, with the reason: the next visit is due from the one before."""
    return await taking_back.take_back_contact(command, person_id, contact_id, wanted.because)


@routes.post(f"{CHILD}/midpoint-checks/{{check_id}}/take-back", responses=TAKEN)
async def take_back_midpoint_check(
    person_id: Person, check_id: UUID, wanted: TakeBackIn, command: Decider
) -> TakenBackOut:
    """Take back a midpoint check that was not done, with the reason: it is owed again."""
    return await taking_back.take_back_midpoint_check(command, person_id, check_id, wanted.because)


@routes.post(f"{CHILD}/prompts-done/take-back", responses=TAKEN)
async def take_back_prompt_done(person_id: Person, wanted: TakeBackPromptIn, command: Writer) -> TakenBackOut:
    """Take back that something was seen to in the child's last period of care: its chair is reminded again."""
    return await taking_back.take_back_prompt(command, person_id, wanted.prompt, wanted.because)


@routes.post("/feedback/{feedback_id}/take-back", responses=TAKEN)
async def take_back_feedback(feedback_id: UUID, wanted: TakeBackIn, command: Writer) -> TakenBackOut:
    """Take back feedback about a review that was not given so, with the reason."""
    return await taking_back.take_back_feedback(command, feedback_id, wanted.because)


@routes.get(f"{CHILD}/taken-back", response_model=list[TakenBackOut], responses=responses(NotFound))
async def list_taken_back_of_looked_after_child(person_id: Person, reading: Reading, caller: Reader) -> Response:
    """What was taken back about a child, with who did so and why, oldest first."""
    look = Look(caller, "list_taken_back_of_looked_after_child", person_id)
    return await TAKEN_BACK.all_of(WHOLE_CHILD, reading, look=look, person_id=person_id, **seen_by(caller))
