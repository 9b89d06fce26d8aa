"""The parent of this service's tables."""

from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""
