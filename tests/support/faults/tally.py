"""A small service that counts how often each escalation was told to it: the subscriber of the tests with faults."""

from pathlib import Path

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field as Column
from sqlmodel import col

from chassis.db.database import Table, own_registry
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.service import Service


class TallyBase(Table, registry=own_registry()):
    """The parent of the tally's table."""


class Counted(TallyBase, table=True):
    """How often an escalation was told."""

    reference: str = Column(primary_key=True)
    times: int = 1


class Raised(ReceivedEvent):
    """What the tally reads."""

    source = "escalations"
    type = "escalation.raised"

    reference: str


async def count(event: Raised, receipt: Receipt) -> None:
    """Count one more: an event that took its effect twice is seen."""
    row = insert(Counted).values(reference=event.reference, times=1)
    once_more = row.on_conflict_do_update(index_elements=["reference"], set_={"times": col(Counted.times) + 1})
    await receipt.session.exec(once_more)


TALLY = Service(
    name="tally",
    title="Tally",
    description="Counts what it is told.",
    metadata=TallyBase.metadata,
    migrations=Path(__file__).parent / "tally_migrations",
    listens=[Subscription(Raised, count)],
)
