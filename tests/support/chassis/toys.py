"""Two small services that talk to each other, for the tests of what every service can do."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from sqlmodel import Field as Column
from sqlmodel import col, select

from chassis.access.callers import Role, may
from chassis.base.clock import Now
from chassis.db.database import Table, Transaction, own_registry
from chassis.events.event import Event, Outgoing
from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.service import Service


class ShopBase(Table, registry=own_registry()):
    """The parent of the shop's tables."""


class Sale(ShopBase, table=True):
    """Something sold, or heard to be sold."""

    number: str = Column(primary_key=True)
    times: int = 1


class Sold(Event):
    """Something was sold."""

    type = "sale.made"
    about = "number"

    number: str
    fails: bool = False


class WrittenDown(Event):
    """The ledger knows of a sale."""

    type = "sale.written_down"
    about = "number"

    number: str


class SoldHeard(ReceivedEvent):
    """What the ledger reads of a sale."""

    source = "shop"
    type = "sale.made"

    number: str
    fails: bool = False


class BookFull(Exception):
    """The ledger cannot take this one."""


async def write_down(event: SoldHeard, receipt: Receipt) -> None:
    """Keep the sale, or fail."""
    if event.fails:
        raise BookFull
    receipt.session.add(Outgoing.of(WrittenDown(number=event.number), receipt.now))
    known = (await receipt.session.exec(select(Sale).where(col(Sale.number) == event.number))).first()
    if known:
        known.times += 1
    else:
        receipt.session.add(Sale(number=event.number))


routes = APIRouter()


@routes.post("/v1/sales/{number}", status_code=201, dependencies=[may(Role.CHAIR)])
async def sell(number: str, session: Transaction, now: Now, fails: bool = False) -> dict[str, Any]:
    """Sell something."""
    session.add(Sale(number=number))
    session.add(Outgoing.of(Sold(number=number, fails=fails), now))
    return {"number": number}


MIGRATIONS = Path(__file__).parent / "toy_migrations"


def service(name: str, **parts: Any) -> Service:
    """A service of this name with these parts."""
    return Service(name=name, title=name, description=name, metadata=ShopBase.metadata, migrations=MIGRATIONS, **parts)


SHOP = service("shop", routers=[routes], publishes=[Sold])
LEDGER = service("ledger", publishes=[WrittenDown], listens=[Subscription(SoldHeard, write_down)])
