"""Contacts with children and midpoint checks, rendered by PostgreSQL."""

from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import between, equal, whether
from chassis.web.pagination import JsonRows
from services.reviews.children.visibility import about_child
from services.reviews.visits.models import Contact, MidpointCheck

CONTACTS = JsonRows(
    about_child(Contact, *columns(Contact)),
    filters=equal(Contact, "person_id", "kind", "made_by") | between(col(Contact.happened_on), "happened"),
    order=[col(Contact.happened_on).desc(), col(Contact.id).desc()],
    hidden=["person_ids"],
)
MIDPOINT_CHECKS = JsonRows(
    about_child(MidpointCheck, *columns(MidpointCheck)),
    filters=equal(MidpointCheck, "person_id", "done_by")
    | between(col(MidpointCheck.done_on), "done")
    | whether("on_track", col(MidpointCheck.on_track)),
    order=[col(MidpointCheck.done_on).desc(), col(MidpointCheck.id).desc()],
    hidden=["person_ids"],
)
