"""Prompts that a chair has done, and voiding them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import VoidedOut, VoidIn
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from services.reviews.chairs.actions import NotLookedAfter
from services.reviews.endpoints import Person, Reader, Writer
from services.reviews.prompts import actions as prompts
from services.reviews.prompts.queries import PROMPTS_DONE
from services.reviews.prompts.schemas import PromptDoneIn, PromptDoneOut, PromptDonePage, ReferralOutcomeIn
from services.reviews.rules.vocabulary import Prompt, ReferralOutcome

routes = Routes(prefix="/v1", tags=["reviews"])


@routes.post("/children/{person_id}/prompts", responses=responses(NotFound, Invalid, NotLookedAfter))
async def do_prompt(person_id: Person, wanted: PromptDoneIn, command: Writer) -> PromptDoneOut:
    """Mark a prompt as done. Doing it again changes nothing."""
    row = await prompts.do_prompt(command, person_id, wanted)
    return PromptDoneOut.model_validate(row)


class PromptsQuery(PageQuery):
    """The parameters of `list_prompts_done`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    prompt: Several[Prompt] = Field(None, description="Filter by prompt.")
    done_by: Several[str] = Field(None, description="Filter by the colleague who marked it as done.")
    outcome: Several[ReferralOutcome] = Field(None, description="Filter by what became of a Life Links referral.")
    done_from: Omittable[Day] = Field(None, description="Done on or after this date.")
    done_to: Omittable[Day] = Field(None, description="Done on or before this date.")
    sort: str = sorted_by("-done_on", "person_id")


@routes.get("/prompts", response_model=PromptDonePage)
async def list_prompts_done(reader: Reader, query: Annotated[PromptsQuery, Query()]) -> Response:
    """List the prompts that were done, newest first: leaflets, Life Links, permanence, the later-life letter."""
    return await reader.page(PROMPTS_DONE, query)


@routes.post("/prompts/{prompt_id}/conclude", responses=responses(NotFound, Invalid, prompts.NoReferral))
async def conclude_referral(prompt_id: UUID, wanted: ReferralOutcomeIn, command: Writer) -> PromptDoneOut:
    """Record what became of a Life Links referral: declined, or worked with. Until then it counts as open."""
    return PromptDoneOut.model_validate(await prompts.conclude_referral(command, prompt_id, wanted))


@routes.post("/prompts/{prompt_id}/void", responses=responses(NotFound, Invalid))
async def void_prompt_done(prompt_id: UUID, wanted: VoidIn, command: Writer) -> VoidedOut:
    """Void that a prompt was done, with the reason. In this period of care the chair is reminded again."""
    return await prompts.void_prompt(command, prompt_id, wanted.reason)
