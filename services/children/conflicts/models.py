"""What a service says of a child in a field that has another value here."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from chassis.db.database import moment
from services.children.columns import Base


class ChildConflictBase(Shared):
    """What the table and the answers say of a conflict."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    person_id: str = Column(foreign_key="child.person_id")
    field: str = Column(description="The field of the child's record, such as `born_on`.")
    source: str = Column(description="The service that says something else.")
    kept: str = Column(description="What the child's record has, as text.")
    found: str = Column(description="What the service says, as text.")
    found_at: datetime = moment()
    settled_at: datetime | None = moment(
        nullable=True, description="When the case-management system sent the record anew."
    )
    settled_by: str | None = None


class ChildConflict(ChildConflictBase, Base, table=True):
    """A conflict between two records of a child; it stays until somebody sends the child's record anew."""
