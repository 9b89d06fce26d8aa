"""The prompts that were done for a child, rendered by PostgreSQL."""

from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.reviews.children.visibility import about_child
from services.reviews.prompts.models import PromptDone

PROMPTS_DONE = JsonRows(
    about_child(PromptDone, *columns(PromptDone)).order_by(col(PromptDone.done_on)),
    filters=equal(PromptDone, "person_id"),
    hidden=["person_ids"],
)
