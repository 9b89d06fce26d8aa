"""A service's settings in the tests."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from chassis.base import clock
from chassis.base.council import Council
from chassis.base.settings import Settings, Subscriber
from deploy.local.databases import Addresses
from tests.support import keys

if TYPE_CHECKING:
    from chassis.service import Service

# An invented council, and how a process is told of it.
COUNCIL = Council(
    "Northshire County Council",
    "Independent Chairs' service, Children's Services",
    "questions@northshire.example",
    "01632 960042",
)
OF_THE_COUNCIL = {f"council_{name}": value for name, value in asdict(COUNCIL).items()}


def own_clock(environment: str = "development", **_others: Any) -> dict[str, Any]:
    """The setting by which a process goes by this process's clock; in production there is only the machine's."""
    return {"clock_offset_seconds": clock.offset().total_seconds()} if environment == "development" else {}


def settings_for(service: "Service", addresses: Addresses, **changes: Any) -> Settings:
    """Generated keys, its own database, nobody to tell events to."""
    given: dict[str, Any] = {
        "environment": "development",
        "service_name": service.name,
        "database_url": addresses.runtime,
        "migration_database_url": addresses.owner,
        "internal_signing_key": keys.private_jwk(service.name),
        "internal_trusted_keys": keys.trusted_keys(service.name),
        "webhook_publishers": {name: [keys.webhook_secret(name, service.name)] for name in keys.ISSUERS},
        "pool_size": 4,
    }
    return service.settings(**given | own_clock(**changes) | changes)


def subscriber(publisher: str, listener: str, address: str) -> Subscriber:
    """A service that is told the events of another one at its address, under the secret of the two."""
    secret = cast("Any", keys.webhook_secret(publisher, listener))
    return Subscriber(name=listener, url=f"{address}/webhooks/events", secrets=[secret])
