"""The prompts that were done for children, rendered by PostgreSQL."""

from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import between, equal
from chassis.web.pagination import JsonRows
from services.reviews.children.visibility import about_child
from services.reviews.prompts.models import PromptDone

PROMPTS_DONE = JsonRows(
    about_child(PromptDone, *columns(PromptDone)),
    filters=equal(PromptDone, "person_id", "prompt", "done_by", "outcome") | between(col(PromptDone.done_on), "done"),
    order=[col(PromptDone.done_on).desc(), col(PromptDone.id).desc()],
    hidden=["person_ids"],
)
