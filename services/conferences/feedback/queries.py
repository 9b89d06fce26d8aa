"""Feedback about conferences, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.models import Conference

FEEDBACK = JsonRows(
    select(*columns(Feedback))
    .join(Conference, col(Conference.reference) == col(Feedback.reference))
    .where(visible(Conference)),
    filters=equal(Feedback, "reference", "from_whom", "rating"),
    order=[col(Feedback.id).desc()],
    hidden=["person_ids"],
)
