"""Prompts that were done."""

from pydantic import Field

from chassis.base.fields import Input, PastDay
from chassis.children.names import Named
from chassis.web.pagination import Page
from services.reviews.prompts.models import PromptDoneBase
from services.reviews.rules.vocabulary import Prompt, ReferralOutcome


class PromptDoneIn(Input):
    """A prompt that was done."""

    prompt: Prompt
    done_on: PastDay | None = Field(default=None, description="Today by default.")


class ReferralOutcomeIn(Input):
    """What became of a Life Links referral."""

    outcome: ReferralOutcome
    outcome_on: PastDay | None = Field(default=None, description="Today by default.")


class PromptDoneOut(PromptDoneBase, Named):
    """A prompt that was done."""

    prompt: Prompt
    outcome: ReferralOutcome | None


class PromptDonePage(Page[PromptDoneOut]):
    """One page of prompts that were done, newest first."""
