"""Children: who they are, and since when they are known."""

from datetime import date, datetime

from sqlmodel import Field as Column

from chassis.children.models import ChildIdentityBase
from chassis.db.database import moment
from services.children.columns import Base


class ChildBase(ChildIdentityBase):
    """What the table and the answers say of a child."""

    registered_on: date = Column(description="When this system first knew of the child.")


class Child(ChildBase, Base, table=True):
    """A child, born or expected. Until the case-management system sends them, they are known by an import alone."""

    sent_at: datetime | None = moment(nullable=True)


class NameWord(Base, table=True):
    """A word that is in a child's name, written by the database, so that words spelled alike are found."""

    word: str = Column(primary_key=True)
