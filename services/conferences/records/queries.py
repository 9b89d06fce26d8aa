"""A conference as its papers need it, rendered by PostgreSQL."""

from sqlalchemy import select

from chassis.access.visibility import columns, visible
from chassis.children.names import births_of
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.conferences.meetings.models import Conference
from services.conferences.meetings.queries import CHILDREN, INVITATIONS

CONFERENCE_PAPERS = JsonRows(
    select(*columns(Conference, "id"), births_of(Conference), CHILDREN, INVITATIONS).where(visible(Conference)),
    filters=equal(Conference, "reference"),
)
