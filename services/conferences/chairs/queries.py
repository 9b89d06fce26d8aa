"""Who chaired a child's conferences, rendered by PostgreSQL."""

from sqlmodel import col

from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.conferences.chairs.models import Allocation
from services.conferences.children.queries import about_visible

ALLOCATIONS = JsonRows(
    about_visible(Allocation, "id", "person_id").order_by(col(Allocation.starts_on), col(Allocation.id)),
    filters=equal(Allocation, "person_id"),
    hidden=["person_ids"],
)
