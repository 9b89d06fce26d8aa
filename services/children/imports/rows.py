"""Rows of a file of children, and their rules."""

from chassis.base.fields import PersonId
from chassis.importing.rows import KnownArea, KnownColleague
from services.children.children.schemas import ChildIn


class ChildRow(ChildIn):
    """A child of an import: what the case-management system would send."""

    person_id: PersonId
    area_id: KnownArea
    social_worker_id: KnownColleague | None = None
    supervisor_id: KnownColleague | None = None
    manager_id: KnownColleague | None = None
