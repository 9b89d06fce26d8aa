"""Who a child is: the columns that the owner, every replica and the answers share, and the table of the replica."""

from datetime import date

from sqlmodel import Field as Column

from chassis.children.vocabulary import Disability
from chassis.db.columns import Shared, texts
from chassis.db.database import Base


class ChildIdentityBase(Shared):
    """Who a child is, who works with them, and whether their record is restricted."""

    person_id: str = Column(primary_key=True)
    given_name: str | None = None
    family_name: str | None = Column(default=None, description="Null for a child known only from a statutory return.")
    born_on: date | None = None
    expected_on: date | None = Column(default=None, description="The expected date of birth, before the child is born.")
    died_on: date | None = None
    sex: str | None = None
    ethnicity: str | None = None
    disabilities: list[Disability] = texts()
    upn: str | None = None
    upn_unknown: str | None = None
    family_id: str | None = None
    siblings: list[str] = texts()
    mother_person_id: str | None = None
    school: str | None = None
    gp_practice: str | None = None
    address: str | None = Column(default=None, description="Where letters to the child go.")
    communication_needs: str | None = None
    email: str | None = None
    area_id: str
    team: str | None = None
    social_worker: str | None = None
    social_worker_id: str | None = None
    supervisor_id: str | None = None
    manager_id: str | None = None
    restricted: bool = False
    merged_into: str | None = Column(default=None, description="The person number that this one was merged into.")
    version: int = 1


class Child(ChildIdentityBase, Base, table=True):
    """The replica of a child. Version 0 was found here, by an import, and the owner has not said anything yet."""

    @property
    def name(self) -> str | None:
        """The child's name as people read it; nothing if nobody has said it yet."""
        return " ".join(filter(None, (self.given_name, self.family_name))) or None


IDENTITY = tuple(ChildIdentityBase.model_fields)
