"""What a chair's calendar shows besides reviews, and the addresses under which it is read."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field as Column

from chassis.base.fields import new_id
from chassis.db.columns import Shared
from chassis.db.database import moment
from services.reviews.columns import Base


class DiaryFeedBase(Shared):
    """What the table and the answers say of an address of a diary."""

    id: UUID = Column(default_factory=new_id, primary_key=True, description="Use this to revoke the address.")
    chair_id: str = Column(description="The chair whose diary it shows.")
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
    last_used_on: date | None = Column(default=None, description="The last day a calendar read it; null if never.")


class DiaryFeed(DiaryFeedBase, Base, table=True):
    """A secret address under which a chair's calendar reads their diary; the token itself is not kept.

    `last_used_on` is the last day on which something was read there.
    """

    token_hash: bytes = Column(sa_type=LargeBinary)


class ConferenceInDiary(Base, table=True):
    """A conference as the conferences service published it, so that one calendar shows all of a chair's meetings.

    What no event has said yet is empty.
    """

    reference: str = Column(primary_key=True)
    chair_id: str
    state: str
    planned_on: date
    planned_time: time | None = None
    mode: str | None = None
    children: int | None = None
    review_reference: str | None = None
    version: int
