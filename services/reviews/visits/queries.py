"""Contacts with children and midpoint checks, rendered by PostgreSQL."""

from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.reviews.children.visibility import about_child
from services.reviews.visits.models import Contact, MidpointCheck

CONTACTS = JsonRows(
    about_child(Contact, *columns(Contact)).order_by(col(Contact.happened_on), col(Contact.id)),
    filters=equal(Contact, "person_id"),
    hidden=["person_ids"],
)
MIDPOINT_CHECKS = JsonRows(
    about_child(MidpointCheck, *columns(MidpointCheck)).order_by(col(MidpointCheck.done_on)),
    filters=equal(MidpointCheck, "person_id"),
    hidden=["person_ids"],
)
