"""Prompts that a chair has done, and taking them back."""

from fastapi import APIRouter, Response

from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import VoidedOut
from services.reviews.chairs.actions import NotLookedAfter
from services.reviews.children.queries import WHOLE_CHILD
from services.reviews.endpoints import CHILD, Person, Reader, Writer
from services.reviews.prompts import actions as prompts
from services.reviews.prompts.queries import PROMPTS_DONE
from services.reviews.prompts.schemas import PromptDoneIn, PromptDoneOut, VoidPromptIn

routes = APIRouter(prefix="/v1", tags=["reviews"])


@routes.post(f"{CHILD}/prompts-done", responses=responses(NotFound, Invalid, NotLookedAfter))
async def do_prompt(person_id: Person, wanted: PromptDoneIn, command: Writer) -> PromptDoneOut:
    """Mark a prompt as done. Doing it again changes nothing."""
    row = await prompts.do_prompt(command, person_id, wanted)
    return PromptDoneOut.model_validate(row)


@routes.get(f"{CHILD}/prompts-done", response_model=list[PromptDoneOut], responses=responses(NotFound))
async def list_prompts_done(person_id: Person, reader: Reader) -> Response:
    """List the prompts done for a child: leaflets, Life Links, permanence, the later-life letter."""
    return await reader.all_of(PROMPTS_DONE, WHOLE_CHILD, person_id=person_id)


@routes.post(f"{CHILD}/prompts-done/void", responses=responses(NotFound, Invalid))
async def void_prompt_done(person_id: Person, wanted: VoidPromptIn, command: Writer) -> VoidedOut:
    """Void that a prompt was done in the child's last period of care. The chair is reminded again."""
    return await prompts.void_prompt(command, person_id, wanted.prompt, wanted.reason)
