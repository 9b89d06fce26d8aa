"""Approvals to leave care, rendered by PostgreSQL."""

from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import equal, whether
from chassis.web.pagination import JsonRows
from services.reviews.children.visibility import about_child
from services.reviews.leaving_care.models import LeavingCareDecision

LEAVING_CARE = JsonRows(
    about_child(LeavingCareDecision, *columns(LeavingCareDecision)),
    filters=equal(LeavingCareDecision, "person_id", "approval")
    | whether("decided", col(LeavingCareDecision.decided_on).is_not(None)),
    order=[col(LeavingCareDecision.id).desc()],
    hidden=["person_ids"],
)
