"""The parent of the tables that the chassis keeps in every service's database, in a schema of their own."""

from chassis.db.database import Table, own_registry

SCHEMA = "chassis"


class Base(Table, registry=own_registry(SCHEMA)):
    """The parent of the chassis's tables."""
